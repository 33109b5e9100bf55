import APIMachinery

/// Items of a stored object, which were judged when it was written: those that a new one shares with it, node and
/// all, need not be judged again.
struct JudgedItems {
  private var nodes: Set<ObjectIdentifier> = []

  init(_ items: Value = .null) { add(items) }

  mutating func add(_ items: Value) {
    nodes.reserveCapacity(nodes.count + items.count)
    for item in items.items { if let node = item.identity { nodes.insert(node) } }
  }

  func has(_ item: Value) -> Bool { !nodes.isEmpty && item.identity.map { nodes.contains($0) } ?? false }
}
