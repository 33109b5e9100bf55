/// Keys in order with their values, in two arrays; changes are patched in or, where they are many, merged.
struct SortedPairs<Key: Comparable, Value> {
  private(set) var keys: [Key] = []
  private(set) var values: [Value] = []

  init() {}

  /// The keys must be sorted, each once.
  init(keys: [Key], values: [Value]) {
    self.keys = keys
    self.values = values
  }

  var count: Int { keys.count }

  /// Where `key` stands or would stand.
  private func position(_ key: Key) -> Int {
    var low = 0
    var high = keys.count
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Sets or (nil) removes the given keys, which must be sorted; equal ones must have equal values.
  mutating func patch(_ changes: [(key: Key, value: Value?)]) {
    if changes.count <= 8 && !keys.isEmpty {
      for change in changes { patch(change.key, change.value) }
    } else {
      merge(changes)
    }
  }

  private mutating func patch(_ key: Key, _ value: Value?) {
    let at = position(key)
    let stands = at < keys.count && keys[at] == key
    switch (stands, value) {
    case (true, let value?): values[at] = value
    case (true, nil):
      keys.remove(at: at)
      values.remove(at: at)
    case (false, let value?):
      keys.insert(key, at: at)
      values.insert(value, at: at)
    case (false, nil): break
    }
  }

  private mutating func merge(_ changes: [(key: Key, value: Value?)]) {
    var newKeys: [Key] = []
    var newValues: [Value] = []
    newKeys.reserveCapacity(keys.count + changes.count)
    newValues.reserveCapacity(keys.count + changes.count)
    var old = 0
    for (i, change) in changes.enumerated() {
      if i > 0 && changes[i - 1].key == change.key { continue }
      let from = old
      while old < keys.count && keys[old] < change.key { old += 1 }
      newKeys.append(contentsOf: keys[from..<old])
      newValues.append(contentsOf: values[from..<old])
      if old < keys.count && keys[old] == change.key { old += 1 }
      if let value = change.value {
        newKeys.append(change.key)
        newValues.append(value)
      }
    }
    newKeys.append(contentsOf: keys[old...])
    newValues.append(contentsOf: values[old...])
    keys = newKeys
    values = newValues
  }
}
