import APIMachinery

/// The values of one node label as small numbers, per slot; -1 where a node has no such label.
final class TopologyDomains {
  let key: Key
  private(set) var ids: [Int32] = []
  private var numbers: [Value.Name: Int32] = [:]
  /// Nodes of each value.
  private var sizes: [Int32] = []
  private var shared = 0
  private var labelled = 0
  /// How many values some node has.
  private(set) var inUse = 0
  /// Every node has the label.
  var isComplete: Bool { labelled == ids.count }
  /// Counts changes of nodes' values.
  private(set) var epoch = 0
  var count: Int { numbers.count }
  /// No two nodes have the same value, so a count per node is a count per value.
  var isUnique: Bool { shared == 0 }
  /// Few enough to keep sums for.
  var isSmall: Bool { count <= 64 && !isUnique }

  init(_ key: Key) { self.key = key }

  func read(_ slot: Int, _ labels: Value) {
    while ids.count <= slot { ids.append(-1) }
    let old = ids[slot]
    let new = labels.get(key).map(number) ?? -1
    if old == new { return }
    epoch += 1
    if old >= 0 { resize(old, -1) }
    if new >= 0 { resize(new, 1) }
    labelled += (new >= 0 ? 1 : 0) - (old >= 0 ? 1 : 0)
    ids[slot] = new
  }

  private func number(_ value: Value) -> Int32 {
    let name = Value.Name(value: value)
    if let known = numbers[name] { return known }
    let made = Int32(numbers.count)
    numbers[name] = made
    sizes.append(0)
    return made
  }

  private func resize(_ id: Int32, _ by: Int32) {
    let before = sizes[Int(id)]
    sizes[Int(id)] = before + by
    shared += (before + by > 1 ? 1 : 0) - (before > 1 ? 1 : 0)
    inUse += (before + by > 0 ? 1 : 0) - (before > 0 ? 1 : 0)
  }

  func forget(_ slot: Int) { if slot < ids.count { read(slot, .null) } }

  func renumber(_ fresh: [Int32], _ size: Int) {
    var moved = [Int32](repeating: -1, count: size)
    for (slot, id) in ids.enumerated() where slot < fresh.count && fresh[slot] >= 0 {
      moved[Int(fresh[slot])] = id
    }
    ids = moved
    epoch += 1
  }
}

extension Value {
  /// A value as a dictionary key.
  struct Name: Hashable {
    let value: Value
    func hash(into hasher: inout Hasher) { hasher.combine(value.hash) }
  }
}

/// Placed pods that match something, per node and, for labels of few values, per value.
struct PodCounts {
  private struct Sums {
    var domains: TopologyDomains
    var epoch: Int
    var perDomain: [Int32]
  }
  private(set) var perNode = SlotCounts()
  private var sums: [Sums] = []
  var total: Int { perNode.total }

  mutating func add(_ n: Int, at slot: Int, of size: Int) {
    perNode.add(n, at: slot, of: size)
    for i in sums.indices where sums[i].epoch == sums[i].domains.epoch {
      let id = Int(sums[i].domains.ids[slot])
      if id >= 0 { sums[i].perDomain[id] += Int32(truncatingIfNeeded: n) }
    }
  }

  /// The sums for each value of a label; not for labels whose values are all different.
  mutating func sums(_ domains: TopologyDomains) -> [Int32] {
    if let i = sums.firstIndex(where: { $0.domains === domains }) {
      if sums[i].epoch == domains.epoch { return sums[i].perDomain }
      sums.remove(at: i)
    }
    let fresh = count(domains) { _ in true }
    if domains.isSmall { sums.append(Sums(domains: domains, epoch: domains.epoch, perDomain: fresh)) }
    return fresh
  }

  /// Sums over some of the nodes.
  func count(_ domains: TopologyDomains, _ includes: (Int) -> Bool) -> [Int32] {
    var counts = [Int32](repeating: 0, count: domains.count)
    let ids = domains.ids
    perNode.visit { slot, n in
      let id = Int(ids[slot])
      if id >= 0 && includes(slot) { counts[id] += Int32(truncatingIfNeeded: n) }
    }
    return counts
  }

  mutating func renumber(_ fresh: [Int32], _ size: Int) {
    perNode.renumber(fresh, size)
    sums = []
  }

  mutating func removeAll() { self = PodCounts() }
}
