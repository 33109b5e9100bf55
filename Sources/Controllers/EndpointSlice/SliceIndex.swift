import APIMachinery
import Basics
import ControllerRuntime

/// The slices that one controller looks after, by service, and the versions that it wrote itself
/// (`k8s.io/endpointslice/tracker.go`).
struct SliceIndex {
  static let serviceName: Key = "kubernetes.io/service-name"
  static let managedBy: Key = "endpointslice.kubernetes.io/managed-by"

  private let manager: Value
  /// The kind of the objects by which slices are asked for.
  private let owner: GroupKind
  private var all: [ObjectKey: Set<ObjectKey>] = [:]
  private var written: [ObjectKey: Value] = [:]

  init(managedBy manager: Value, owner: GroupKind = .service) {
    self.manager = manager
    self.owner = owner
  }

  /// Notes a change of a slice; the owner that has to be looked at because of it.
  mutating func observe(_ event: WatchEvent) -> ObjectKey? {
    let old = event.old.flatMap { key(of: $0) }
    let new = event.type == .deleted ? nil : key(of: event.object)
    if let old, old != new {
      all[old]?.remove(event.key)
      if all[old]?.isEmpty ?? false { all[old] = nil }
    }
    if let new { all[new, default: []].insert(event.key) }
    let version = written.removeValue(forKey: event.key)
    if event.type == .deleted {
      if let gone = key(of: event.object) {
        all[gone]?.remove(event.key)
        return version == nil ? gone : nil
      }
      return nil
    }
    if version == event.object[.metadata, .resourceVersion] { return nil }
    // What is there at the start needs no look of its own: its owner is new too.
    return event.type == .added ? nil : new ?? old
  }

  private func key(of slice: Value) -> ObjectKey? {
    guard slice.labels[Self.managedBy] == manager, let service = slice.labels.get(Self.serviceName) else {
      return nil
    }
    return ObjectKey(owner, slice.namespaceKey, service.key)
  }

  func keys(of owner: ObjectKey) -> [ObjectKey] { all[owner]?.sorted() ?? [] }

  /// Does what the plan says. `stamp`: notes the time of the change in an annotation.
  mutating func write(_ plan: SlicePlan, _ context: Context, stamp: Bool = true) throws(APIError) {
    for slice in plan.create where !plan.owner.isTerminating {
      var slice = slice
      if stamp { slice.setAnnotation(EndpointPods.triggerTime, context.timestamp.string) }
      do {
        note(try stamp ? context.client.create(canonical: slice) : context.client.create(slice))
      } catch {
        // Nothing is made in a namespace that is being deleted.
        if !PodControl.isNamespaceGoing(error) { throw error }
      }
    }
    for slice in plan.update {
      var slice = slice
      if stamp { slice.setAnnotation(EndpointPods.triggerTime, context.timestamp.string) }
      // The endpoints of pods are made as they are stored, mirrored ones as somebody wrote them.
      if stamp {
        note(try context.client.update(canonical: slice))
      } else {
        note(try context.client.update(slice))
      }
    }
    try delete(plan.delete, context)
  }

  mutating func delete(_ slices: [Value], _ context: Context) throws(APIError) {
    for slice in slices {
      let key = ObjectKey(of: slice)
      written[key] = .null
      do {
        try context.client.delete(key)
      } catch  where error.reason == .notFound {
        written[key] = nil
      }
    }
  }

  private mutating func note(_ slice: Value) {
    written[ObjectKey(of: slice)] = slice[.metadata, .resourceVersion]
  }
}
