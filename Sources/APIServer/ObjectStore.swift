public import APIMachinery

/// Objects by key with the indexes that components read: kind and namespace in order, owner, node.
public final class ObjectStore: ObjectReader {
  private var objects: [ObjectKey: Value] = [:]
  private var shelves: [GroupKind: [Key: Shelf]] = [:]
  private var dependents: [Key: Set<ObjectKey>] = [:]
  private var podsOfNode: [Key: Set<ObjectKey>] = [:]

  /// The names of a kind in a namespace; put in order when read after a change.
  private struct Shelf {
    var names: [Key] = []
    var isSorted = true
  }

  public init() {}

  public var count: Int { objects.count }
  /// All kinds that have or had objects, in order.
  public var kinds: [GroupKind] { shelves.keys.sorted() }

  public func get(_ key: ObjectKey) -> Value? { objects[key] }

  public func put(_ key: ObjectKey, _ value: Value) {
    let old = objects.updateValue(value, forKey: key)
    if old == nil {
      shelves[key.kind, default: [:]][key.namespace, default: Shelf()].names.append(key.name)
      shelves[key.kind]?[key.namespace]?.isSorted = false
    }
    index(key, old, value)
  }

  public func remove(_ key: ObjectKey) {
    guard let old = objects.removeValue(forKey: key) else { return }
    shelves[key.kind]?[key.namespace]?.isSorted = false
    index(key, old, nil)
  }

  private func index(_ key: ObjectKey, _ old: Value?, _ new: Value?) {
    let before = old?[.metadata][.ownerReferences] ?? .null
    let after = new?[.metadata][.ownerReferences] ?? .null
    if before != after {
      for owner in before.items { dependents[owner[.uid].key]?.remove(key) }
      for owner in after.items { dependents[owner[.uid].key, default: []].insert(key) }
    }
    guard key.kind == .pod else { return }
    let from = old?[.spec][.nodeName] ?? .null
    let to = new?[.spec][.nodeName] ?? .null
    if from == to { return }
    if !from.isNull { podsOfNode[from.key]?.remove(key) }
    if !to.isNull { podsOfNode[to.key, default: []].insert(key) }
  }

  public func list(_ kind: GroupKind, namespace: Key?) -> [Value] {
    keys(kind, namespace: namespace).compactMap { objects[$0] }
  }

  /// Keys of a kind, of one namespace or of all, in order of namespace and name.
  public func keys(_ kind: GroupKind, namespace: Key? = nil) -> [ObjectKey] {
    guard let namespaces = shelves[kind] else { return [] }
    let wanted = namespace.map { [$0] } ?? namespaces.keys.sorted()
    return wanted.flatMap { place in sorted(kind, place).map { ObjectKey(kind, place, $0) } }
  }

  private func sorted(_ kind: GroupKind, _ namespace: Key) -> [Key] {
    guard var shelf = shelves[kind]?[namespace] else { return [] }
    if shelf.isSorted { return shelf.names }
    shelf.names = Set(shelf.names).filter { objects[ObjectKey(kind, namespace, $0)] != nil }.sorted()
    shelf.isSorted = true
    shelves[kind]?[namespace] = shelf
    return shelf.names
  }

  public func owned(by uid: Key) -> [ObjectKey] { dependents[uid]?.sorted() ?? [] }

  public func pods(onNode node: Key) -> [Value] {
    (podsOfNode[node]?.sorted() ?? []).compactMap { objects[$0] }
  }
}
