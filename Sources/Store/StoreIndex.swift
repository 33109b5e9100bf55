import APIMachinery

/// Where objects are looked up by something else than their key: by owners' uid and pods by node
/// (`client-go/tools/cache.Indexer`).
final class StoreIndex {
  let owners: Postings
  /// None where only owners are asked for.
  let nodes: Postings?

  init(base: StoreIndex?, withNodes: Bool) {
    owners = Postings(over: base?.owners)
    nodes = withNodes ? Postings(over: base?.nodes) : nil
  }

  /// Tells the index that an object changed; nil stands for absent.
  func replace(_ key: ObjectKey, old: Value?, new: Value?) {
    let before = old?[.metadata, .ownerReferences] ?? .null
    let after = new?[.metadata, .ownerReferences] ?? .null
    if before != after {
      for uid in Self.uids(before) { owners.set(uid, key, false) }
      for uid in Self.uids(after) { owners.set(uid, key, true) }
    }
    guard key.kind == .pod, let nodes else { return }
    let left = old?[.spec, .nodeName].key ?? .empty
    let reached = new?[.spec, .nodeName].key ?? .empty
    if left != reached {
      if !left.isEmpty { nodes.set(left, key, false) }
      if !reached.isEmpty { nodes.set(reached, key, true) }
    }
  }

  /// Enters an object; those of all calls come in order of their keys, into an index without a base.
  func append(_ key: ObjectKey, _ value: Value) {
    for uid in Self.uids(value[.metadata, .ownerReferences]) { owners.append(uid, key) }
    guard key.kind == .pod, let nodes else { return }
    let node = value[.spec, .nodeName].key
    if !node.isEmpty { nodes.append(node, key) }
  }

  private static func uids(_ references: Value) -> [Key] {
    references.items.map { $0[.uid].key }.filter { !$0.isEmpty }
  }
}

/// Sorted object keys by term. Over a base it holds the terms that were changed.
final class Postings {
  private struct List {
    var sorted = SortedPairs<ObjectKey, Void>()
    /// What was added (true) or removed since `sorted` was made, in this order.
    var pending: [(key: ObjectKey, isThere: Bool)] = []
  }

  private let base: Postings?
  private var lists: [Key: List] = [:]

  init(over base: Postings?) { self.base = base }

  func set(_ term: Key, _ key: ObjectKey, _ present: Bool) {
    lists[term, default: list(below: term)].pending.append((key, present))
  }

  private func list(below term: Key) -> List {
    var list = List()
    if let below = base?.keys(term), !below.isEmpty {
      list.sorted = SortedPairs(keys: below, values: Array(repeating: (), count: below.count))
    }
    return list
  }

  /// Adds a key that is after all others of its term, or its last one again.
  func append(_ term: Key, _ key: ObjectKey) { lists[term, default: List()].sorted.append(key, ()) }

  func keys(_ term: Key) -> [ObjectKey] {
    guard let list = lists[term] else { return base?.keys(term) ?? [] }
    if list.pending.isEmpty { return list.sorted.keys }
    // Of one key the last word counts.
    let pending = list.pending.enumerated().sorted {
      $0.element.key == $1.element.key ? $0.offset < $1.offset : $0.element.key < $1.element.key
    }
    var changes: [(ObjectKey, Void?)] = []
    for (i, change) in pending.enumerated() {
      if i + 1 < pending.count, pending[i + 1].element.key == change.element.key { continue }
      changes.append((change.element.key, change.element.isThere ? () : nil))
    }
    lists[term]?.pending = []
    lists[term]?.sorted.patch(changes)
    return lists[term]?.sorted.keys ?? []
  }
}
