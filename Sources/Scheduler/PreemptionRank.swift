/// How bad it would be to preempt on a node; the smallest is taken (`pickOneNodeForPreemption`).
struct PreemptionRank: Comparable {
  var violations: Int
  private var highest = Int.min
  private var sum = 0
  private var count = 0
  /// The earliest start among the victims of the highest priority; one that has not started starts now.
  private var start = Int64.max
  var exists = true

  init(violations: Int) { self.violations = violations }

  mutating func add(_ priority: Int, _ started: Int64?) {
    let started = started ?? .max
    if priority > highest {
      highest = priority
      start = started
    } else if priority == highest {
      start = min(start, started)
    }
    sum += priority + Int(Int32.max) + 1
    count += 1
  }

  static func < (a: PreemptionRank, b: PreemptionRank) -> Bool {
    if a.violations != b.violations { return a.violations < b.violations }
    if a.highest != b.highest { return a.highest < b.highest }
    if a.sum != b.sum { return a.sum < b.sum }
    if a.count != b.count { return a.count < b.count }
    return a.start > b.start
  }
}

/// Ranks of nodes for pods of one class, good until the node changes.
struct PreemptionRanks {
  private var podClass: PodClass?
  private var version = -1
  private var stamps: [Int] = []
  private var ranks: [PreemptionRank] = []

  mutating func begin(_ podClass: PodClass, _ version: Int, _ count: Int) {
    if self.podClass === podClass && self.version == version && stamps.count == count { return }
    self.podClass = podClass
    self.version = version
    stamps = [Int](repeating: -1, count: count)
    ranks = [PreemptionRank](repeating: PreemptionRank(violations: 0), count: count)
  }

  func find(_ slot: Int, _ stamp: Int) -> PreemptionRank? { stamps[slot] == stamp ? ranks[slot] : nil }

  mutating func keep(_ slot: Int, _ stamp: Int, _ rank: PreemptionRank?) {
    stamps[slot] = stamp
    ranks[slot] = rank ?? PreemptionRank(violations: 0)
    ranks[slot].exists = rank != nil
  }
}
