import API
import APIMachinery
import Store

/// Pod Security Standards by labels of the namespace: `enforce` refuses pods, `warn` warns, for workloads too
/// (`pod-security-admission`).
enum PodSecurity: AdmissionPlugin {
  static let name = "PodSecurity"
  static let kinds: Set<GroupKind>? = [
    .pod, .deployment, .replicaSet, .statefulSet, .daemonSet, .job, .cronJob, .replicationController,
    GroupKind(group: "", kind: "PodTemplate"), .namespace,
  ]
  static let prefix = "pod-security.kubernetes.io/"
  static let enforce = Key(prefix + "enforce")
  private static let warn = Key(prefix + "warn")

  static func validate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    guard request.operation != .delete, request.subresource == .none else { return }
    if request.kind == .namespace { return try PodSecurityNamespace.validate(server, &request) }
    let found = server.store.get(ObjectKey(.namespace, .empty, request.namespace))
    guard let labels = found?[.metadata][.labels], labels.has(enforce) || labels.has(warn) else { return }
    if request.kind == .pod, let old = request.old, old[.spec] == request.object[.spec] { return }
    guard let (spec, annotations) = podSpec(request.object, request.kind) else { return }
    if request.kind == .pod, let level = labels[enforce].string {
      let why = violations(spec, annotations, level, version(labels, "enforce"))
      if !why.isEmpty {
        throw request.forbidden(
          "violates PodSecurity \"\(level):\(version(labels, "enforce"))\": \(why.joined(separator: ", "))")
      }
    }
    if let level = labels[warn].string {
      let why = violations(spec, annotations, level, version(labels, "warn"))
      if !why.isEmpty {
        request.warnings.append(
          "would violate PodSecurity \"\(level):\(version(labels, "warn"))\": \(why.joined(separator: ", "))")
      }
    }
  }

  static func version(_ labels: Value, _ mode: String) -> String {
    let text = labels[Key("\(prefix)\(mode)-version")].string ?? "latest"
    return text.isEmpty ? "latest" : text
  }

  private static func podSpec(_ object: Value, _ kind: GroupKind) -> (Value, Value)? {
    if kind == .pod { return (object[.spec], object[.metadata][.annotations]) }
    var template = object[.spec][.template]
    if kind == .cronJob { template = object[.spec][.jobTemplate][.spec][.template] }
    if kind.kind == "PodTemplate" { template = object[.template] }
    return template.isObject ? (template[.spec], template[.metadata][.annotations]) : nil
  }

  /// The newest standards that 1.36 knows; a later version means them, too.
  private static let latest = 36

  static func violations(_ spec: Value, _ annotations: Value, _ level: String, _ version: String) -> [String]
  {
    let minor = version.hasPrefix("v1.") ? Int(version.dropFirst(3)) ?? latest : latest
    let pod = PodSecurityView(spec: spec, annotations: annotations, minor: Swift.min(minor, latest))
    switch level {
    case "baseline": return pod.baseline().map(\.text)
    case "restricted": return pod.restricted().map(\.text)
    default: return []
    }
  }
}
