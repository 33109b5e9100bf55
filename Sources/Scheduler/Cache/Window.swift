/// The nodes that one search took: those of a set from `start` on, going round, up to `end`.
struct Window {
  let nodes: Bitset
  let start: Int
  /// The first member that was not taken; nil where all were.
  let end: Int?

  func contains(_ slot: Int) -> Bool {
    if !nodes[slot] { return false }
    guard let end else { return true }
    return start < end ? slot >= start && slot < end : slot >= start || slot < end
  }

  /// The slots of another set that are in the window.
  func visit(_ set: Bitset, _ body: (Int) -> Void) {
    guard let end else {
      visit(set, 0, nodes.count, body)
      return
    }
    if start < end {
      visit(set, start, end, body)
    } else {
      visit(set, start, nodes.count, body)
      visit(set, 0, end, body)
    }
  }

  private func visit(_ set: Bitset, _ from: Int, _ to: Int, _ body: (Int) -> Void) {
    if from >= to { return }
    nodes.words.withUnsafeBufferPointer { mine in
      set.words.withUnsafeBufferPointer { other in
        for i in from >> 6...(to - 1) >> 6 {
          var word = mine[i] & other[i]
          if i == from >> 6 { word &= .max << UInt64(from & 63) }
          if i == to >> 6 { word &= (1 << UInt64(to & 63)) - 1 }
          while word != 0 {
            body(i << 6 + word.trailingZeroBitCount)
            word &= word - 1
          }
        }
      }
    }
  }
}
