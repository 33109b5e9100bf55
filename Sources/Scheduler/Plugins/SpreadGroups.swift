/// The points of PodTopologySpread where a node's like pods and its value of one other label are all that matters: one
/// number for each value, and the few nodes with like pods one by one.
final class SpreadGroups {
  /// Labels with more values are not for groups.
  static let most = 64

  /// The label; nil where all nodes are one group.
  private(set) var domains: TopologyDomains?
  /// Points by value, from 1 on; the first are those of nodes without the label.
  private(set) var points: [Int32] = [0]
  /// The nodes with like pods, how many, and their points.
  private(set) var others: [(slot: Int32, count: Int32, points: Int32)] = []
  private var parts = [Double](repeating: 0, count: most + 1)
  /// 1: there are nodes with like pods in the group; 2: others.
  private var seen = [UInt8](repeating: 0, count: most + 1)
  /// Per slot, whether there are like pods; all false in between.
  private var hasLike: [Bool] = []
  private var values: [Int] = []

  /// All nodes have the same points.
  func clear() {
    domains = nil
    others.removeAll(keepingCapacity: true)
    points.removeAll(keepingCapacity: true)
    points.append(0)
    parts[0] = 0
  }

  /// Notes which nodes of the window have like pods.
  func note(_ counts: SlotCounts, _ window: Window, _ size: Int) {
    if hasLike.count < size { hasLike = [Bool](repeating: false, count: size) }
    counts.visit { slot, n in
      if window.contains(slot) {
        others.append((Int32(truncatingIfNeeded: slot), Int32(truncatingIfNeeded: n), 0))
      }
    }
  }

  /// Finds which groups there are; gives their number.
  func find(_ domains: TopologyDomains?, _ feasible: [Int32]) -> Int {
    self.domains = domains
    let count = domains.map { $0.count + 1 } ?? 1
    for i in 0..<count { seen[i] = 0 }
    for other in others { hasLike[Int(other.slot)] = true }
    defer { for other in others { hasLike[Int(other.slot)] = false } }
    guard let domains else {
      seen[0] = (others.isEmpty ? 0 : 1) | (others.count < feasible.count ? 2 : 0)
      return 1
    }
    let all = domains.isComplete ? domains.inUse : domains.inUse + 1
    let none = others.isEmpty
    var left = all
    let ids = domains.ids
    for slot in feasible {
      let group = Int(ids[Int(slot)]) + 1
      let bit: UInt8 = none || !hasLike[Int(slot)] ? 2 : 1
      if seen[group] & bit != 0 { continue }
      seen[group] |= bit
      if bit == 2 {
        left -= 1
        // Those with like pods are in groups that are known by now.
        if left == 0 { break }
      }
    }
    var size = 0
    for i in 0..<count where seen[i] != 0 { size += 1 }
    return size
  }

  /// What each value adds.
  func setSums(_ sums: [Int32], _ weight: Double, _ skew: Double) {
    parts[0] = 0
    for i in sums.indices { parts[i + 1] = Double(sums[i]) * weight + skew }
  }

  private func group(_ slot: Int32) -> Int { domains.map { Int($0.ids[Int(slot)]) + 1 } ?? 0 }

  /// Normalizes what `raw` gives for a number of like pods and what the group adds.
  func finish(_ weight: Int, _ raw: (Int32, Double) -> Int) {
    let count = domains.map { $0.count + 1 } ?? 1
    var (least, most) = (Int.max, 0)
    values.removeAll(keepingCapacity: true)
    for i in 0..<count {
      let value = raw(0, parts[i])
      values.append(value)
      if seen[i] & 2 == 0 { continue }
      least = min(least, value)
      most = max(most, value)
    }
    for i in others.indices {
      let value = raw(others[i].count, parts[group(others[i].slot)])
      others[i].points = Int32(truncatingIfNeeded: value)
      least = min(least, value)
      most = max(most, value)
    }
    if most == 0 {
      // The same for all, thus of no account.
      clear()
      return
    }
    func normalized(_ value: Int) -> Int32 {
      Int32(truncatingIfNeeded: weight * (100 * (most + least - value) / most))
    }
    points.removeAll(keepingCapacity: true)
    for value in values { points.append(normalized(value)) }
    for i in others.indices { others[i].points = normalized(Int(others[i].points)) }
  }

  /// The position of the node with the most of `own` points (by slot) and its group's.
  func best(
    _ own: UnsafeMutableBufferPointer<Int32>, _ feasible: UnsafeBufferPointer<Int32>, _ order: ChoiceOrder
  ) -> Int {
    guard let domains else {
      return best(own, feasible, order) { _ in 0 }
    }
    return domains.ids.withUnsafeBufferPointer { ids in
      points.withUnsafeBufferPointer { points in
        best(own, feasible, order) { slot in Int(points[Int(ids[slot]) + 1]) }
      }
    }
  }

  /// Nodes with like pods get the difference to their group for as long as this takes.
  @inline(__always)
  private func best(
    _ own: UnsafeMutableBufferPointer<Int32>, _ feasible: UnsafeBufferPointer<Int32>, _ order: ChoiceOrder,
    _ points: (Int) -> Int
  ) -> Int {
    for other in others { own[Int(other.slot)] += other.points - self.points[group(other.slot)] }
    let found = order.best(feasible.count) { i in
      let slot = Int(feasible[i])
      return Int(own[slot]) + points(slot)
    }
    for other in others { own[Int(other.slot)] -= other.points - self.points[group(other.slot)] }
    return found
  }
}
