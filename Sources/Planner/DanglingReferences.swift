import API
import APIMachinery
import Basics
import ManifestReader
import PlanReport
import Store

/// References to what is not there: in the documents that this pass changes, and in stored objects that lose
/// what they refer to.
struct DanglingReferences {
  let builder: ReportBuilder

  func findings() -> [Finding] {
    var out: [Finding] = []
    var seen: Set<ObjectKey> = []
    for entry in builder.written where entry.before != entry.after || entry.before == nil {
      seen.insert(entry.key)
      var told: Set<String> = []
      for reference in ObjectReferences.of(entry.manifest.value) {
        guard let what = missing(reference), told.insert(what).inserted else { continue }
        out.append(
          Finding(
            .warning, .danglingReference, ObjectName(of: entry.after), "\(reference.path): \(what)",
            source: entry.manifest.spans.place(path: reference.path)))
      }
    }
    return out + orphaned(except: seen)
  }

  /// Objects that nobody changes but whose reference is deleted.
  private func orphaned(except seen: Set<ObjectKey>) -> [Finding] {
    let gone = Set(builder.deleted.map(\.key)).filter { builder.store.get($0) == nil }
    guard gone.contains(where: { Self.referred.contains($0.kind) }) else { return [] }
    var out: [Finding] = []
    for kind in Self.referring {
      for object in builder.store.list(kind, namespace: nil) {
        if object.controllerReference != nil || seen.contains(ObjectKey(of: object)) { continue }
        for reference in ObjectReferences.of(object) where gone.contains(reference.target) {
          out.append(
            Finding(
              .warning, .danglingReference, ObjectName(of: object),
              "\(reference.path): \(Self.named(reference.target)) is deleted"))
        }
      }
    }
    return out
  }

  private static let referred: Set<GroupKind> = [
    .configMap, .secret, .serviceAccount, .service, .ingressClass, .deployment, .statefulSet, .replicaSet,
    GroupKind(group: "rbac.authorization.k8s.io", kind: "Role"),
    GroupKind(group: "rbac.authorization.k8s.io", kind: "ClusterRole"),
  ]
  private static let referring: [GroupKind] = [
    .pod, .deployment, .statefulSet, .daemonSet, .replicaSet, .replicationController, .job,
    .cronJob, .ingress, .horizontalPodAutoscaler,
    GroupKind(group: "rbac.authorization.k8s.io", kind: "RoleBinding"),
    GroupKind(group: "rbac.authorization.k8s.io", kind: "ClusterRoleBinding"),
  ]

  /// What is wrong with the reference; nil if it is sound.
  private func missing(_ reference: ObjectReference) -> String? {
    guard let target = builder.store.get(reference.target) else {
      return "\(Self.named(reference.target)) does not exist"
    }
    guard let key = reference.dataKey else { return nil }
    if target[.data].has(Key(key)) || target[.binaryData].has(Key(key)) { return nil }
    return "\(Self.named(reference.target)) has no key \"\(key)\""
  }

  private static func named(_ key: ObjectKey) -> String {
    "\(key.kind.kind.lowercased()) \"\(key.name)\""
  }
}
