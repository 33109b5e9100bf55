import API
public import APIMachinery
public import Basics
public import ControllerRuntime

/// Deletes objects whose owners are gone, and carries out foreground and orphaning deletions
/// (`pkg/controller/garbagecollector/garbagecollector.go`).
public final class GarbageCollector: Controller {
  public let name = "garbage-collector-controller"
  static let foregroundFinalizer = "foregroundDeletion"
  static let orphanFinalizer = "orphan"
  /// Marks queue keys that stand for the uid of an owner that is not there.
  private static let absentOwner = GroupKind(group: "", kind: "")

  /// Every observed object by the hash of its uid.
  private var present: [HashKey: ObjectKey] = [:]
  /// Owners that wait for their dependents, by the hash of their uid.
  private var waiting: [HashKey: ObjectKey] = [:]
  /// Of those, the ones that were waiting before the pass and have not been looked at in it.
  private var resumed: Set<ObjectKey> = []
  /// The reference that was read last: most new objects have the same owner.
  private var lastReference: (reference: Value, namespace: Key, key: ObjectKey)?

  private static func id(_ uid: Value) -> HashKey { HashKey(uid.text?.hash ?? 0) }

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    let object = event.object
    if event.type == .deleted {
      let id = Self.id(object.metadata[.uid])
      present[id] = nil
      waiting[id] = nil
      resumed.remove(event.key)
      queue.add(Self.absent(object.uidKey, event.key.namespace))
      for reference in object.metadata[.ownerReferences].items { wake(reference, queue) }
      return
    }
    if event.type == .added { present[Self.id(object[.metadata, .uid])] = event.key }
    if object.isTerminating { observeTerminating(event, queue) }
    let references = object[.metadata, .ownerReferences]
    if let old = event.old?[.metadata, .ownerReferences] {
      if old == references { return }
      for reference in old.items { wake(reference, queue) }
    }
    for reference in references.items {
      let id = Self.id(reference[.uid])
      guard let owner = present[id] else {
        queue.add(Self.absent(reference[.uid].key, event.key.namespace))
        continue
      }
      let said = readKey(reference, namespace: owner.namespace.isEmpty ? .empty : event.key.namespace)
      // One that comes while its owner waits is found when the owner is looked at again.
      if said != owner { queue.add(event.key) }
    }
  }

  private func observeTerminating(_ event: WatchEvent, _ queue: WorkQueue) {
    let finalizers = event.object.metadata[.finalizers]
    let wasTerminating = event.old?.isTerminating ?? false
    if Self.has(finalizers, Self.foregroundFinalizer) {
      waiting[Self.id(event.object.metadata[.uid])] = event.key
      // Only the start of the wait and the end of a dependent give a reason to look.
      let wasWaiting = Self.has(event.old?.metadata[.finalizers] ?? .null, Self.foregroundFinalizer)
      if !wasTerminating || !wasWaiting { queue.add(event.key) }
      if event.old == nil { resumed.insert(event.key) }
    } else if Self.has(finalizers, Self.orphanFinalizer) {
      queue.add(event.key)
    }
    if wasTerminating { return }
    for reference in event.object.metadata[.ownerReferences].items { wake(reference, queue) }
  }

  /// Looks again at an owner that waits for its dependents.
  private func wake(_ reference: Value, _ queue: WorkQueue) {
    if waiting.isEmpty { return }
    guard let owner = waiting[Self.id(reference[.uid])] else { return }
    resumed.remove(owner)
    queue.add(owner)
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    if key.kind == Self.absentOwner {
      // It may have come since, as when dependents are listed before their owners.
      if present[HashKey(key.name.textHash)] != nil { return }
      for dependent in context.client.owned(by: key.name, in: key.namespace) { queue.add(dependent) }
      return
    }
    guard let object = context.client.get(key) else { return }
    do {
      if object.isTerminating {
        let finalizers = object.metadata[.finalizers]
        if Self.has(finalizers, Self.foregroundFinalizer) {
          try finishForeground(key, object, context, queue)
        } else if Self.has(finalizers, Self.orphanFinalizer) {
          try orphanDependents(key, object, context)
        }
      } else {
        try collect(key, object, context)
      }
    } catch  where error.reason == .notFound {
      return
    }
  }

  // MARK: - Dependents

  /// Deletes the object unless an owner is alive (`attemptToDeleteItem`).
  private func collect(_ key: ObjectKey, _ object: Value, _ context: Context) throws(APIError) {
    let references = object.metadata[.ownerReferences].items
    var solid: [Value] = []
    var someWait = false
    for reference in references {
      switch state(of: reference, key, context) {
      case .solid: solid.append(reference)
      case .waiting: someWait = true
      case .gone: break
      }
    }
    if solid.count == references.count { return }
    if !solid.isEmpty {
      try setReferences(solid, key, context)
      return
    }
    var propagation = DeleteOptions.Propagation.background
    if Self.has(object.metadata[.finalizers], Self.orphanFinalizer) {
      propagation = .orphan
    } else if Self.has(object.metadata[.finalizers], Self.foregroundFinalizer) {
      propagation = .foreground
    }
    if someWait && !context.client.owned(by: object.uidKey, in: key.namespace).isEmpty {
      propagation = .foreground
    }
    try context.client.delete(key, DeleteOptions(propagation: propagation, uid: object.uid))
  }

  private enum OwnerState { case solid, waiting, gone }

  private func state(of reference: Value, _ dependent: ObjectKey, _ context: Context) -> OwnerState {
    let kind = GroupKind(
      apiVersion: reference[.apiVersion].string ?? "", kind: reference[.kind].string ?? "")
    guard let namespaced = isNamespaced(kind, context) else { return .solid }
    // An owner with a namespace cannot be resolved for a dependent without one.
    if namespaced && dependent.namespace.isEmpty { return .solid }
    let key = Self.ownerKey(reference, namespace: namespaced ? dependent.namespace : .empty)
    guard let owner = context.client.get(key), owner.metadata[.uid] == reference[.uid] else { return .gone }
    return owner.isTerminating && Self.has(owner.metadata[.finalizers], Self.foregroundFinalizer)
      ? .waiting : .solid
  }

  /// Whether objects of the kind have namespaces; nil for a kind that is not served.
  private func isNamespaced(_ kind: GroupKind, _ context: Context) -> Bool? {
    if let info = Scheme.builtin.info(kind) { return info.namespaced }
    let group = kind.group
    let name = kind.kind
    for definition in context.client.list(.customResourceDefinition)
    where definition.spec[.group].string == group && definition.spec[.names][.kind].string == name {
      return definition.spec[.scope].says("Namespaced")
    }
    return nil
  }

  // MARK: - Owners

  /// Deletes the dependents; lets the owner go when none is left that blocks it
  /// (`processDeletingDependentsItem`).
  private func finishForeground(
    _ key: ObjectKey, _ object: Value, _ context: Context, _ queue: WorkQueue
  ) throws(APIError) {
    var blocked = false
    let since = resumed.remove(key) == nil ? nil : object.metadata[.deletionTimestamp].string
    for dependent in context.client.owned(by: object.uidKey, in: key.namespace) {
      guard let child = context.client.get(dependent) else { continue }
      // What was made after the wait began stays until another dependent is gone.
      let isLate = since.map { $0 <= child.metadata[.creationTimestamp].string ?? "" } ?? false
      if !child.isTerminating && !isLate { queue.add(dependent) }
      for reference in child.metadata[.ownerReferences].items
      where reference[.uid] == object.metadata[.uid] && reference[.blockOwnerDeletion].bool ?? false {
        blocked = true
      }
    }
    if !blocked { try removeFinalizer(Self.foregroundFinalizer, key, context) }
  }

  /// Takes the owner out of its dependents' references, then lets it go (`orphanDependents`).
  private func orphanDependents(_ key: ObjectKey, _ object: Value, _ context: Context) throws(APIError) {
    for dependent in context.client.owned(by: object.uidKey, in: key.namespace) {
      guard let child = context.client.get(dependent) else { continue }
      let left = child.metadata[.ownerReferences].items.filter { $0[.uid] != object.metadata[.uid] }
      try setReferences(left, dependent, context)
    }
    try removeFinalizer(Self.orphanFinalizer, key, context)
  }

  private func setReferences(_ left: [Value], _ key: ObjectKey, _ context: Context) throws(APIError) {
    guard var object = context.client.get(key) else { return }
    object[.metadata].set(.ownerReferences, left.isEmpty ? nil : .array(left))
    try context.client.update(object)
  }

  private func removeFinalizer(_ name: String, _ key: ObjectKey, _ context: Context) throws(APIError) {
    guard var object = context.client.get(key) else { return }
    let left = object.metadata[.finalizers].items.filter { $0.string != name }
    object[.metadata].set(.finalizers, left.isEmpty ? nil : .array(left))
    try context.client.update(object)
  }

  // MARK: - Keys

  private static func absent(_ uid: Key, _ namespace: Key) -> ObjectKey {
    ObjectKey(absentOwner, namespace, uid)
  }

  private func readKey(_ reference: Value, namespace: Key) -> ObjectKey {
    if let last = lastReference, last.namespace == namespace, last.reference == reference { return last.key }
    let key = Self.ownerKey(reference, namespace: namespace)
    lastReference = (reference, namespace, key)
    return key
  }

  private static func ownerKey(_ reference: Value, namespace: Key) -> ObjectKey {
    let kind = GroupKind(
      apiVersion: reference[.apiVersion].string ?? "", kind: reference[.kind].string ?? "")
    return ObjectKey(kind, namespace, reference[.name].key)
  }

  private static func has(_ finalizers: Value, _ name: String) -> Bool {
    finalizers.items.contains { $0.string == name }
  }
}
