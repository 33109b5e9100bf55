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

/// The selectors of a kind's objects by namespace, to find who could adopt an orphan.
public struct SelectorIndex {
  private var all: [Key: [ObjectKey: LabelSelector]] = [:]
  private var sources: [ObjectKey: Value] = [:]

  public init() {}

  public mutating func observe(_ event: WatchEvent) {
    if event.type == .deleted {
      all[event.key.namespace]?[event.key] = nil
      sources[event.key] = nil
      return
    }
    let source = event.object.spec[.selector]
    if sources[event.key] == source { return }
    sources[event.key] = source
    let selector =
      event.key.kind == .replicationController ? LabelSelector(matchLabels: source) : LabelSelector(source)
    all[event.key.namespace, default: [:]][event.key] = selector
  }

  /// The objects whose selector matches the labels of `object`, in the order of their names. An empty
  /// selector matches nothing here.
  public func matching(_ object: Value) -> [ObjectKey] {
    guard let here = all[object.namespaceKey] else { return [] }
    return here.filter { !$0.value.isEverything && $0.value.matches(object) }.map(\.key).sorted()
  }
}
