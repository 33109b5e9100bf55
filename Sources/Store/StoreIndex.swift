import APIMachinery

/// Where objects are looked up by something else than their key: by owners' uid and pods by node
/// (`client-go/tools/cache.Indexer`).
final class StoreIndex {
  let owners: Postings
  let nodes: Postings

  init(base: StoreIndex?) {
    owners = Postings(over: base?.owners)
    nodes = Postings(over: base?.nodes)
  }

  /// Tells the index that an object changed; nil stands for absent.
  func replace(_ key: ObjectKey, old: Value?, new: Value?) {
    let before = old?[.metadata].get(.ownerReferences)
    let after = new?[.metadata].get(.ownerReferences)
    if before != after {
      for uid in Self.uids(before) { owners.set(uid, key, false) }
      for uid in Self.uids(after) { owners.set(uid, key, true) }
    }
    guard key.kind == .pod else { return }
    let left = old?[.spec][.nodeName].key ?? .empty
    let reached = new?[.spec][.nodeName].key ?? .empty
    if left != reached {
      if !left.isEmpty { nodes.set(left, key, false) }
      if !reached.isEmpty { nodes.set(reached, key, true) }
    }
  }

  private static func uids(_ references: Value?) -> [Key] {
    (references?.items ?? Value.emptyArray.items).map { $0[.uid].key }.filter { !$0.isEmpty }
  }
}

/// Sorted object keys by term. Over a base it holds the terms that were changed.
final class Postings {
  private struct List {
    var sorted = SortedPairs<ObjectKey, Void>()
    /// What was added (true) or removed since `sorted` was made.
    var pending: [ObjectKey: Bool] = [:]
  }

  private let base: Postings?
  private var lists: [Key: List] = [:]

  init(over base: Postings?) { self.base = base }

  func set(_ term: Key, _ key: ObjectKey, _ present: Bool) {
    if lists[term] == nil {
      var list = List()
      if let below = base?.keys(term), !below.isEmpty {
        list.sorted = SortedPairs(keys: below, values: Array(repeating: (), count: below.count))
      }
      lists[term] = list
    }
    lists[term]?.pending[key] = present
  }

  func keys(_ term: Key) -> [ObjectKey] {
    guard let list = lists[term] else { return base?.keys(term) ?? [] }
    if list.pending.isEmpty { return list.sorted.keys }
    let changes = list.pending.sorted { $0.key < $1.key }.map { ($0.key, $0.value ? () : nil) }
    lists[term]?.pending = [:]
    lists[term]?.sorted.patch(changes)
    return lists[term]?.sorted.keys ?? []
  }
}
