import APIMachinery

/// The objects of one kind in one namespace by name, with their sorted list, which is made when first asked for
/// and patched after that. Over a base bucket it holds only what was written; nil marks what was removed.
final class Bucket {
  private let base: Bucket?
  private var written: [Key: Value?] = [:]
  private(set) var count: Int
  private var sorted = SortedPairs<Key, Value>()
  private var isListed = false
  /// Names written since the list was made.
  private var stale: [Key] = []
  /// What is not taken apart yet.
  private(set) var unopened: LazyShard?

  init(over base: Bucket?) {
    self.base = base
    count = base?.count ?? 0
  }

  func get(_ name: Key) -> Value? {
    if unopened != nil { open() }
    if let own = written[name] { return own }
    return base?.get(name)
  }

  func write(_ name: Key, _ value: Value?) -> Value? {
    let old = get(name)
    if value == nil && base == nil {
      written.removeValue(forKey: name)
    } else {
      written.updateValue(value, forKey: name)
    }
    count += (value == nil ? 0 : 1) - (old == nil ? 0 : 1)
    if isListed {
      if stale.last != name { stale.append(name) }
      // A list that nobody asks for is not worth keeping.
      if stale.count > sorted.count + 64 { dropList() }
    }
    return old
  }

  func load(names: [Key], values: [Value]) {
    precondition(count == 0 && base == nil)
    written = Dictionary(minimumCapacity: names.count)
    for (name, value) in zip(names, values) { written.updateValue(value, forKey: name) }
    count = written.count
    sorted = SortedPairs(keys: names, values: values)
    isListed = true
  }

  func load(_ shard: LazyShard) {
    precondition(count == 0 && base == nil)
    unopened = shard
    count = shard.count
  }

  /// Makes the objects of a file that was only read so far.
  func open() {
    if let shard = unopened { open(LazyShard.open([shard])[0]) }
  }

  func open(_ content: ShardContent) {
    unopened = nil
    count = 0
    load(names: content.names, values: content.values)
  }

  /// This bucket or the one below that is not taken apart yet.
  var deepestUnopened: Bucket? { unopened != nil ? self : base?.deepestUnopened }

  /// The file that has all objects of this bucket, if it is not taken apart and nothing was written over it.
  var unopenedWhole: LazyShard? { unopened ?? (written.isEmpty ? base?.unopenedWhole : nil) }

  var names: [Key] {
    refresh()
    return sorted.keys
  }

  var values: [Value] {
    refresh()
    return sorted.values
  }

  private func dropList() {
    isListed = false
    sorted = SortedPairs()
    stale = []
  }

  private func refresh() {
    if unopened != nil { open() }
    if isListed && stale.isEmpty { return }
    if !isListed {
      isListed = true
      if let base {
        base.refresh()
        sorted = base.sorted
      }
      stale = Array(written.keys)
    }
    stale.sort()
    sorted.patch(stale.map { ($0, get($0)) })
    stale.removeAll(keepingCapacity: stale.count < 64)
  }

  /// What is written here and differs from the base, by name.
  var changes: [(name: Key, old: Value?, new: Value?)] {
    if unopened != nil { open() }
    return written.keys.sorted().compactMap { name in
      let old = base?.get(name)
      let new = get(name)
      return old == new ? nil : (name, old, new)
    }
  }
}
