public import APIMachinery

/// Objects without a controller, by kind and namespace: the only ones that can be adopted, so that nobody
/// has to look through all pods for them.
public struct OrphanIndex {
  private var all: [Place: Set<ObjectKey>] = [:]

  private struct Place: Hashable {
    var kind: GroupKind
    var namespace: Key
  }

  public init() {}

  /// Notes a change; true if the object can now be adopted.
  @discardableResult public mutating func observe(_ event: WatchEvent) -> Bool {
    let place = Place(kind: event.key.kind, namespace: event.key.namespace)
    if event.type == .deleted || event.object.controllerReference != nil {
      if all[place] != nil {
        all[place]?.remove(event.key)
        if all[place]?.isEmpty ?? false { all[place] = nil }
      }
      return false
    }
    all[place, default: []].insert(event.key)
    return true
  }

  /// The objects in the order of their names.
  public func keys(_ kind: GroupKind, _ namespace: Key) -> [ObjectKey] {
    all[Place(kind: kind, namespace: namespace)]?.sorted() ?? []
  }
}
