import APIMachinery

/// The objects of one kind: a bucket for each namespace. Over a base table it holds only the buckets written.
final class KindTable {
  private let base: KindTable?
  private var buckets: [Key: Bucket] = [:]
  private var namespaces: [Key]?
  private var all: [Value]?
  private(set) var count: Int

  init(over base: KindTable?) {
    self.base = base
    count = base?.count ?? 0
  }

  func bucket(_ namespace: Key) -> Bucket? { buckets[namespace] ?? base?.bucket(namespace) }

  /// Namespaces that hold objects, in byte order.
  var sortedNamespaces: [Key] {
    if let namespaces { return namespaces }
    var names = Set(buckets.keys)
    if let base { names.formUnion(base.sortedNamespaces) }
    let found = names.filter { (bucket($0)?.count ?? 0) > 0 }.sorted()
    namespaces = found
    return found
  }

  var allValues: [Value] {
    if let all { return all }
    let names = sortedNamespaces
    KindTable.open(unopened)
    var found: [Value] = []
    if names.count == 1 {
      found = bucket(names[0])?.values ?? []
    } else {
      found.reserveCapacity(count)
      for name in names { found.append(contentsOf: bucket(name)?.values ?? []) }
    }
    all = found
    return found
  }

  /// Sets or (nil) removes an object; gives the one before.
  func write(_ namespace: Key, _ name: Key, _ value: Value?) -> Value? {
    let bucket = own(namespace)
    let before = bucket.count
    all = nil
    let old = bucket.write(name, value)
    count += bucket.count - before
    if (before == 0) != (bucket.count == 0) { namespaces = nil }
    return old
  }

  func load(_ namespace: Key, names: [Key], values: [Value]) {
    let bucket = own(namespace)
    bucket.load(names: names, values: values)
    count += names.count
    all = nil
    namespaces = nil
  }

  func load(_ namespace: Key, _ shard: LazyShard) {
    own(namespace).load(shard)
    count += shard.count
    all = nil
    namespaces = nil
  }

  /// Buckets whose files are not taken apart yet.
  var unopened: [Bucket] { sortedNamespaces.compactMap { bucket($0)?.deepestUnopened } }

  /// Takes the files of buckets apart, on several cores.
  static func open(_ buckets: [Bucket]) {
    if buckets.isEmpty { return }
    for (bucket, content) in zip(buckets, LazyShard.open(buckets.compactMap(\.unopened))) {
      bucket.open(content)
    }
  }

  private func own(_ namespace: Key) -> Bucket {
    if let own = buckets[namespace] { return own }
    let made = Bucket(over: base?.bucket(namespace))
    buckets[namespace] = made
    return made
  }

  /// Namespaces written here, in byte order.
  var writtenNamespaces: [Key] { buckets.keys.sorted() }

  func changes(in namespace: Key) -> [(name: Key, old: Value?, new: Value?)] {
    buckets[namespace]?.changes ?? []
  }
}
