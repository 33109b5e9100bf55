import API
import APIMachinery
import PlanReport

/// The fields in which an object changes, each with what that brings about.
enum FieldDifferences {
  private static let rolledOut: Set<String> = ["Deployment", "StatefulSet", "DaemonSet"]

  static func between(_ before: Value, _ after: Value, _ info: KindInfo?, replaced: Bool) -> [FieldDifference]
  {
    let kind = after.kindName
    return ValueDiff.changes(from: comparable(before), to: comparable(after), facts: info?.type).map {
      change in
      var path = "\(change.path)"
      if path.hasPrefix(".") { path.removeFirst() }
      let effect: FieldEffect
      if replaced && !path.hasPrefix("metadata.") {
        effect = .forcesReplacement
      } else if rolledOut.contains(kind) && path.hasPrefix("spec.template") {
        effect = .forcesRollout
      } else if path == "spec.replicas" {
        effect = .scales
      } else {
        effect = .inPlace
      }
      return FieldDifference(
        path: path, before: change.before, after: change.after, sensitive: SecretMask.isSensitive(kind, path),
        effect: effect)
    }
  }

  /// Without what the server and the controllers write.
  static func comparable(_ object: Value) -> Value {
    var out = object.removing(.status)
    var meta = out.metadata
    for key in [Key.resourceVersion, .generation, .managedFields, .uid, .creationTimestamp] {
      meta.remove(key)
    }
    out.metadata = meta
    out.setAnnotation(.kubectlKubernetesIoLastAppliedConfiguration, nil)
    return out
  }
}
