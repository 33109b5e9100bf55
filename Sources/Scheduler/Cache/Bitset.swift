/// A set of slots, a bit for each.
struct Bitset {
  private(set) var words: [UInt64]
  private(set) var count: Int

  init(count: Int = 0, all: Bool = false) {
    self.count = count
    words = [UInt64](repeating: all ? .max : 0, count: (count + 63) / 64)
    if all, count % 64 != 0 { words[words.count - 1] = (1 << UInt64(count % 64)) - 1 }
  }

  subscript(_ i: Int) -> Bool {
    get { words[i >> 6] >> UInt64(i & 63) & 1 != 0 }
    set {
      let bit: UInt64 = 1 << UInt64(i & 63)
      if newValue { words[i >> 6] |= bit } else { words[i >> 6] &= ~bit }
    }
  }

  /// Becomes a copy of `other` without new memory where there is room.
  mutating func assign(_ other: Bitset) {
    if count != other.count {
      self = other
      return
    }
    for i in words.indices { words[i] = other.words[i] }
  }

  mutating func formIntersection(_ other: Bitset) {
    for i in words.indices { words[i] &= other.words[i] }
  }

  mutating func subtract(_ other: Bitset) {
    for i in words.indices { words[i] &= ~other.words[i] }
  }

  mutating func removeAll() { for i in words.indices { words[i] = 0 } }

  var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

  func visit(_ body: (Int) -> Void) {
    for (i, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        body(i << 6 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
  }

  /// Sets word `i` as a whole; bits beyond `count` must be 0.
  mutating func setWord(_ i: Int, _ word: UInt64) { words[i] = word }

  /// The first `wanted` members from `start` on, going round; gives the member after them, or nil if there is none.
  func select(from start: Int, _ wanted: Int, into slots: inout [Int32]) -> Int? {
    let room = Swift.min(wanted, count)
    if slots.count != room { slots = [Int32](repeating: 0, count: room) }
    var found = 0
    let next = slots.withUnsafeMutableBufferPointer { slots in
      words.withUnsafeBufferPointer { words in
        Self.select(words, start, wanted, slots, &found)
      }
    }
    if found < room { slots.removeLast(room - found) }
    return next
  }

  private static func select(
    _ words: UnsafeBufferPointer<UInt64>, _ start: Int, _ wanted: Int,
    _ slots: UnsafeMutableBufferPointer<Int32>, _ found: inout Int
  ) -> Int? {
    let first = start >> 6
    let low: UInt64 = (1 << UInt64(start & 63)) - 1
    var n = 0
    defer { found = n }
    for step in 0...words.count {
      let i = first + step < words.count ? first + step : first + step - words.count
      if i >= words.count { break }
      var word = words[i]
      if step == 0 { word &= ~low } else if step == words.count { word &= low }
      if word == .max && n + 64 <= wanted {
        let base = Int32(truncatingIfNeeded: i << 6)
        for k in 0..<64 { slots[n + k] = base &+ Int32(truncatingIfNeeded: k) }
        n += 64
        continue
      }
      while word != 0 {
        let slot = i << 6 + word.trailingZeroBitCount
        if n == wanted { return slot }
        slots[n] = Int32(truncatingIfNeeded: slot)
        n += 1
        word &= word - 1
      }
    }
    return nil
  }
}
