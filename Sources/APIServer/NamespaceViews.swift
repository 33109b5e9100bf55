import APIMachinery
import Store

/// Short lists that admission asks for at every write, kept until one of their objects changes.
final class NamespaceViews {
  private static let kept: Set<GroupKind> = [
    .limitRange, .resourceQuota, .priorityClass, .storageClass, .ingressClass, .podDisruptionBudget,
    ValidatingAdmissionPolicy.bindingKind, MutatingAdmissionPolicy.bindingKind,
  ]
  /// Kinds on which the admission of a pod depends besides the pod.
  private static let podAdmission: Set<GroupKind> = [
    .limitRange, .priorityClass, .serviceAccount, .runtimeClass, .namespace,
    ValidatingAdmissionPolicy.policyKind, ValidatingAdmissionPolicy.bindingKind,
    MutatingAdmissionPolicy.policyKind, MutatingAdmissionPolicy.bindingKind,
  ]

  /// By kind and namespace.
  private var lists: [ObjectKey: [Value]] = [:]
  /// Counts the changes that may make the admission of a pod come out otherwise.
  private(set) var podEpoch = 0

  func list(_ kind: GroupKind, _ namespace: Key, _ store: ObjectStore) -> [Value] {
    let place = ObjectKey(kind, namespace, .empty)
    if let known = lists[place] { return known }
    let all = store.list(kind, namespace: namespace)
    lists[place] = all
    return all
  }

  func note(_ event: WatchEvent) {
    let kind = event.key.kind
    if Self.kept.contains(kind) { lists[ObjectKey(kind, event.key.namespace, .empty)] = nil }
    if Self.podAdmission.contains(kind) { podEpoch += 1 }
  }
}

extension APIServer {
  func inNamespace(_ kind: GroupKind, _ namespace: Key) -> [Value] {
    views.list(kind, namespace, store)
  }
}
