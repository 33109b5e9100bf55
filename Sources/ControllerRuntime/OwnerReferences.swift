public import APIMachinery

/// Who owns what: owner references and the keeping of dependents by labels
/// (`pkg/controller/controller_ref_manager.go`).
public enum OwnerReferences {
  /// The reference of `owner` as the one controller of a dependent (`metav1.NewControllerRef`).
  public static func controller(_ owner: Value) -> Value {
    .fields(
      (.apiVersion, .string(owner.apiVersion)), (.kind, .string(owner.kindName)),
      (.name, .string(owner.name)), (.uid, .string(owner.uid)), (.controller, true),
      (.blockOwnerDeletion, true))
  }

  /// Whether `owner` is the controller of `object`.
  public static func isController(_ owner: Value, of object: Value) -> Bool {
    object.controllerReference?[.uid].text.map { uid in owner.metadata[.uid].text.map { $0 == uid } ?? false }
      ?? false
  }

  /// The key of the controller of `object` if it is of that kind.
  public static func controllerKey(of object: Value, kind: GroupKind) -> ObjectKey? {
    guard let reference = object.controllerReference, let version = reference[.apiVersion].text,
      let name = reference[.kind].text, kind.isSpelled(apiVersion: version, kind: name)
    else { return nil }
    return ObjectKey(kind, object.namespaceKey, reference[.name].key)
  }
}

/// Keeps the dependents of one kind for one owner: those that it controls and that match, and orphans that
/// match.
public struct ControllerRefManager {
  let owner: Value
  let selector: LabelSelector
  let client: any ObjectWriter
  /// What an adopted object gets besides the reference.
  public var finalizer: String?

  public init(_ owner: Value, _ selector: LabelSelector, _ client: any ObjectWriter) {
    self.owner = owner
    self.selector = selector
    self.client = client
  }

  /// All objects of `kind` that the owner keeps; adopts and releases on the way. `orphans` may hold keys of
  /// objects of other kinds and namespaces. What is not `isMember` is treated as if it did not match.
  public func claim(
    _ kind: GroupKind, orphans: OrphanIndex, isMember: (Value) -> Bool = { _ in true }
  ) throws(APIError) -> [Value] {
    var kept: [Value] = []
    let namespace = owner.namespaceKey
    for key in client.owned(by: owner.uidKey, in: namespace)
    where key.kind == kind && key.namespace == namespace {
      guard let object = client.get(key), OwnerReferences.isController(owner, of: object) else { continue }
      if selector.matches(object) && isMember(object) {
        kept.append(object)
      } else if owner.isTerminating {
        continue
      } else {
        try release(object)
      }
    }
    if owner.isTerminating { return kept }
    for key in orphans.keys(kind, owner.namespaceKey) {
      guard let object = client.get(key), object.controllerReference == nil, !object.isTerminating,
        selector.matches(object), isMember(object)
      else { continue }
      kept.append(try adopt(object))
    }
    return kept
  }

  /// The same for pods, found in the shared index; `key` is the owner's.
  public func claimPods(
    _ pods: PodIndex, _ key: ObjectKey, isMember: (PodRecord) -> Bool = { _ in true }
  ) throws(APIError) -> [PodRecord] {
    // Pods of one template share their labels.
    var last: (group: PodGroup, matches: Bool)?
    var kept = pods.owned(by: key, uid: owner.uidKey)
    var strangers: [PodRecord] = []
    for pod in kept {
      if last?.group !== pod.group { last = (pod.group, selector.matches(labels: pod.group.labels)) }
      if !(last?.matches ?? false) || !isMember(pod) { strangers.append(pod) }
    }
    if !strangers.isEmpty {
      let gone = Set(strangers.map { ObjectIdentifier($0) })
      kept.removeAll { gone.contains(ObjectIdentifier($0)) }
      if !owner.isTerminating { for pod in strangers { try release(pod.object) } }
    }
    if owner.isTerminating { return kept }
    for pod in pods.orphans(in: key.namespace) {
      guard !pod.facts.isTerminating, pod.object.controllerReference == nil,
        selector.matches(labels: pod.group.labels), isMember(pod)
      else { continue }
      pods.note(try adopt(pod.object), of: pod)
      kept.append(pod)
    }
    return kept
  }

  func adopt(_ object: Value) throws(APIError) -> Value {
    var next = object
    next[.metadata][.ownerReferences].append(OwnerReferences.controller(owner))
    if let finalizer, !next.metadata[.finalizers].items.contains(where: { $0.string == finalizer }) {
      next[.metadata][.finalizers].append(.string(finalizer))
    }
    return try client.update(next)
  }

  func release(_ object: Value) throws(APIError) {
    var next = object
    let left = object.metadata[.ownerReferences].items.filter { $0[.uid] != owner.metadata[.uid] }
    next[.metadata].set(.ownerReferences, left.isEmpty ? nil : .array(left))
    if let finalizer {
      let rest = object.metadata[.finalizers].items.filter { $0.string != finalizer }
      next[.metadata].set(.finalizers, rest.isEmpty ? nil : .array(rest))
    }
    do {
      try client.update(next)
    } catch  where error.reason == .notFound {
      return
    }
  }
}
