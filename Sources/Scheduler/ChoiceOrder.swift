/// Which of several best nodes is taken: the list is made a heap whose first element is taken, so of the best ones it is
/// the first in pre-order of the tree (`selectHost` of `schedule_one.go`).
struct ChoiceOrder {
  /// By position; the highest comes first.
  private var precedence: [Int32] = []
  /// The positions, the lowest precedence first.
  private var positions: [Int32] = []

  mutating func refresh(_ count: Int) {
    if precedence.count == count { return }
    precedence = [Int32](repeating: 0, count: count)
    positions = precedence
    var stack = [0]
    var next = Int32(count)
    while let i = stack.popLast() {
      if i >= count { continue }
      next -= 1
      precedence[i] = next
      positions[Int(next)] = Int32(i)
      stack.append(2 * i + 2)
      stack.append(2 * i + 1)
    }
  }

  /// The position of the highest of `totals`.
  func best(_ totals: [Int]) -> Int {
    totals.withUnsafeBufferPointer { totals in
      precedence.withUnsafeBufferPointer { precedence in
        var most = Int.min
        for total in totals { most = max(most, total) }
        var best: Int32 = -1
        for i in totals.indices where totals[i] == most { best = max(best, precedence[i]) }
        return Int(positions[Int(best)])
      }
    }
  }

  /// The position with the highest total; totals must be below 2 to the power of 31.
  @inline(__always)
  func best(_ count: Int, _ total: (Int) -> Int) -> Int {
    precedence.withUnsafeBufferPointer { precedence in
      var best = Int.min
      for i in 0..<count { best = max(best, total(i) << 32 | Int(precedence[i])) }
      return Int(positions[best & 0xFFFF_FFFF])
    }
  }
}
