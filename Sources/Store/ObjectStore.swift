import APIMachinery

/// One object that an overlay changed: what its base holds (nil: nothing) and what the overlay holds (nil: removed).
public struct ObjectChange: Sendable {
  public let key: ObjectKey
  public let old: Value?
  public let new: Value?
  public init(key: ObjectKey, old: Value?, new: Value?) {
    self.key = key
    self.old = old
    self.new = new
  }
}

/// Objects by key, in buckets of one kind and namespace, as etcd's prefixes `/registry/<resource>/<namespace>/`.
///
/// `overlay()` gives a store that keeps its own writes over this one; its `changes` are the difference. A store
/// with live overlays must not be written. Lists are sorted when first asked for and patched after that. Not
/// thread-safe.
public final class ObjectStore: ObjectReader {
  private let base: ObjectStore?
  private var tables: [GroupKind: KindTable] = [:]
  private var sortedKinds: [GroupKind]?
  private var index: StoreIndex?
  /// Indexes of namespaces, as long as nobody needs one of all.
  private var nearIndexes: [Key: StoreIndex] = [:]
  private var liveOverlays = 0
  /// As long as nothing is written.
  private var knownChanges: [ObjectChange]?

  public init() { base = nil }

  private init(over base: ObjectStore) {
    self.base = base
    base.liveOverlays += 1
  }

  deinit { base?.liveOverlays -= 1 }

  /// A store that reads through to this one and keeps its own writes. This store is read-only while it lives.
  public func overlay() -> ObjectStore { ObjectStore(over: self) }

  // MARK: Reading

  public func get(_ key: ObjectKey) -> Value? { bucket(key.kind, key.namespace)?.get(key.name) }

  public func contains(_ key: ObjectKey) -> Bool { get(key) != nil }

  /// Objects of a kind in byte order of namespace and name; those of one namespace touch no others.
  public func list(_ kind: GroupKind, namespace: Key?) -> [Value] {
    if let namespace { return bucket(kind, namespace)?.values ?? [] }
    return table(kind)?.allValues ?? []
  }

  /// Keys of a kind in byte order of namespace and name.
  public func keys(_ kind: GroupKind, namespace: Key? = nil) -> [ObjectKey] {
    if let namespace {
      return (bucket(kind, namespace)?.names ?? []).map { ObjectKey(kind, namespace, $0) }
    }
    return namespaces(of: kind).flatMap { keys(kind, namespace: $0) }
  }

  /// Namespaces that hold objects of a kind (the empty one for cluster-scoped kinds), in byte order.
  public func namespaces(of kind: GroupKind) -> [Key] { table(kind)?.sortedNamespaces ?? [] }

  /// Number of objects of a kind, of one namespace or (nil) of all.
  public func count(_ kind: GroupKind, namespace: Key? = nil) -> Int {
    if let namespace { return bucket(kind, namespace)?.count ?? 0 }
    return table(kind)?.count ?? 0
  }

  /// Number of all objects.
  public var count: Int { kinds.reduce(0) { $0 + count($1) } }

  /// Kinds of which there are objects, in byte order of `Kind.group`.
  public var kinds: [GroupKind] {
    if let sortedKinds { return sortedKinds }
    var all = Set(tables.keys)
    if let base { all.formUnion(base.kinds) }
    let found = all.filter { count($0) > 0 }.sorted()
    sortedKinds = found
    return found
  }

  /// Makes the objects of these kinds that were only read so far, on several cores. Whoever asks for an object makes
  /// those of its namespace by that; this is for those who will need many.
  public func open(_ kinds: [GroupKind]) { KindTable.open(kinds.flatMap { table($0)?.unopened ?? [] }) }

  /// The store below an overlay; nil for a store without one.
  public var below: ObjectStore? { base }

  /// Makes the lists that are otherwise made when first asked for. After that several threads may read this store,
  /// each through an overlay of its own, as long as nobody writes it. Does not make the indexes.
  public func settle() {
    base?.settle()
    for kind in kinds { _ = table(kind)?.allValues }
  }

  // MARK: Indexes

  public func owned(by uid: Key) -> [ObjectKey] { indexed().owners.keys(uid) }

  public func owned(by uid: Key, in namespace: Key) -> [ObjectKey] {
    if namespace.isEmpty { return owned(by: uid) }
    return indexed(namespace).owners.keys(uid).filter { $0.namespace == namespace }
  }

  /// The index of all, if it is there, or one of this namespace alone.
  private func indexed(_ namespace: Key) -> StoreIndex {
    if let made = index ?? nearIndexes[namespace] { return made }
    let made = StoreIndex(base: base?.indexed(namespace), withNodes: false)
    for kind in kinds {
      if base != nil {
        for (name, old, new) in tables[kind]?.changes(in: namespace) ?? [] {
          made.replace(ObjectKey(kind, namespace, name), old: old, new: new)
        }
      } else if let bucket = bucket(kind, namespace) {
        for (name, value) in zip(bucket.names, bucket.values) {
          made.append(ObjectKey(kind, namespace, name), value)
        }
      }
    }
    nearIndexes[namespace] = made
    return made
  }

  /// Objects whose controller (`metav1.GetControllerOf`) has this uid, in order of their keys.
  public func controlled(by uid: Key) -> [Value] {
    owned(by: uid).compactMap { get($0) }.filter { $0.controllerReference?[.uid].key == uid }
  }

  public func pods(onNode node: Key) -> [Value] { podKeys(onNode: node).compactMap { get($0) } }

  /// Keys of the pods whose `spec.nodeName` is `node`.
  public func podKeys(onNode node: Key) -> [ObjectKey] { indexed().nodes?.keys(node) ?? [] }

  private func indexed() -> StoreIndex {
    if let index { return index }
    let made = StoreIndex(base: base?.indexed(), withNodes: true)
    if base == nil {
      open(kinds)
      for kind in kinds {
        for namespace in namespaces(of: kind) {
          guard let bucket = bucket(kind, namespace) else { continue }
          for (name, value) in zip(bucket.names, bucket.values) {
            made.append(ObjectKey(kind, namespace, name), value)
          }
        }
      }
    } else {
      for change in changes { made.replace(change.key, old: change.old, new: change.new) }
    }
    index = made
    nearIndexes = [:]
    return made
  }

  // MARK: Writing

  /// Stores the object under its key.
  public func put(_ key: ObjectKey, _ value: Value) { write(key, value) }

  /// Stores the object under the key that its apiVersion, kind and metadata name.
  public func put(_ value: Value) { write(ObjectKey(of: value), value) }

  /// Removes the object; gives it, or nil if there was none.
  @discardableResult public func remove(_ key: ObjectKey) -> Value? {
    contains(key) ? write(key, nil) : nil
  }

  @discardableResult private func write(_ key: ObjectKey, _ value: Value?) -> Value? {
    precondition(liveOverlays == 0, "a store with live overlays must not be written")
    knownChanges = nil
    let table = ownTable(key.kind)
    let old = table.write(key.namespace, key.name, value)
    if (old == nil) != (value == nil) { sortedKinds = nil }
    index?.replace(key, old: old, new: value)
    if !nearIndexes.isEmpty { nearIndexes[key.namespace]?.replace(key, old: old, new: value) }
    return old
  }

  /// Enters objects of one bucket that come in byte order of their names, as a shard of the state has them.
  /// The bucket must be empty and the store no overlay.
  func load(_ kind: GroupKind, _ namespace: Key, names: [Key], values: [Value]) {
    precondition(base == nil && liveOverlays == 0 && index == nil)
    knownChanges = nil
    ownTable(kind).load(namespace, names: names, values: values)
    sortedKinds = nil
  }

  func load(_ kind: GroupKind, _ namespace: Key, _ shard: LazyShard) {
    precondition(base == nil && liveOverlays == 0 && index == nil)
    knownChanges = nil
    ownTable(kind).load(namespace, shard)
    sortedKinds = nil
  }

  // MARK: Changes

  /// What this overlay changed, in order of the keys; what was set back to the base's value is no change.
  /// For a store without a base: all objects, as added.
  public var changes: [ObjectChange] {
    if let knownChanges { return knownChanges }
    let found = findChanges()
    knownChanges = found
    return found
  }

  private func findChanges() -> [ObjectChange] {
    var all: [ObjectChange] = []
    for kind in tables.keys.sorted() {
      guard let table = tables[kind] else { continue }
      for namespace in table.writtenNamespaces {
        for (name, old, new) in table.changes(in: namespace) {
          all.append(ObjectChange(key: ObjectKey(kind, namespace, name), old: old, new: new))
        }
      }
    }
    return all
  }

  public var changedKeys: [ObjectKey] { changes.map(\.key) }

  // MARK: Tables

  private func table(_ kind: GroupKind) -> KindTable? { tables[kind] ?? base?.table(kind) }

  func bucket(_ kind: GroupKind, _ namespace: Key) -> Bucket? { table(kind)?.bucket(namespace) }

  private func ownTable(_ kind: GroupKind) -> KindTable {
    if let own = tables[kind] { return own }
    let made = KindTable(over: base?.table(kind))
    tables[kind] = made
    return made
  }
}
