/// A whole number for each slot, most of them 0: a sorted list of those that are not, or an array where they are many.
struct SlotCounts {
  private var slots: [Int32] = []
  private var values: [Int32] = []
  private var dense: [Int32] = []
  /// The slots that are not 0, where they are many.
  private var members = Bitset()
  private(set) var total = 0

  private var isDense: Bool { !dense.isEmpty }

  subscript(_ slot: Int) -> Int {
    if isDense { return slot < dense.count ? Int(dense[slot]) : 0 }
    let i = position(Int32(truncatingIfNeeded: slot))
    return i < slots.count && slots[i] == slot ? Int(values[i]) : 0
  }

  private func position(_ slot: Int32) -> Int {
    var low = 0
    var high = slots.count
    while low < high {
      let middle = (low + high) >> 1
      if slots[middle] < slot { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// `size` is the number of slots there are.
  mutating func add(_ n: Int, at slot: Int, of size: Int) {
    total += n
    if isDense {
      if slot >= dense.count { grow(size) }
      dense[slot] += Int32(truncatingIfNeeded: n)
      members[slot] = dense[slot] != 0
      return
    }
    let i = position(Int32(truncatingIfNeeded: slot))
    if i < slots.count, slots[i] == slot {
      values[i] += Int32(truncatingIfNeeded: n)
      if values[i] == 0 {
        slots.remove(at: i)
        values.remove(at: i)
      }
      return
    }
    slots.insert(Int32(truncatingIfNeeded: slot), at: i)
    values.insert(Int32(truncatingIfNeeded: n), at: i)
    if slots.count > 32 && slots.count > size / 16 { makeDense(size) }
  }

  private mutating func grow(_ size: Int) {
    dense += [Int32](repeating: 0, count: size - dense.count)
    var wider = Bitset(count: size)
    members.visit { wider[$0] = true }
    members = wider
  }

  private mutating func makeDense(_ size: Int) {
    dense = [Int32](repeating: 0, count: size)
    members = Bitset(count: size)
    for i in slots.indices {
      dense[Int(slots[i])] = values[i]
      members[Int(slots[i])] = true
    }
    slots = []
    values = []
  }

  /// Every slot whose number is not 0, in order.
  func visit(_ body: (Int, Int) -> Void) {
    if isDense {
      members.visit { body($0, Int(dense[$0])) }
    } else {
      for i in slots.indices { body(Int(slots[i]), Int(values[i])) }
    }
  }

  /// Takes the slots whose number is above 0 out of `nodes`.
  func exclude(from nodes: inout Bitset) {
    if isDense && members.count == nodes.count {
      nodes.subtract(members)
    } else {
      visit { slot, _ in nodes[slot] = false }
    }
  }

  /// Renumbers the slots; those that become negative are gone.
  mutating func renumber(_ fresh: [Int32], _ size: Int) {
    var moved = SlotCounts()
    visit { slot, n in
      if fresh[slot] >= 0 { moved.add(n, at: Int(fresh[slot]), of: size) }
    }
    self = moved
  }

  mutating func removeAll() { self = SlotCounts() }
}
