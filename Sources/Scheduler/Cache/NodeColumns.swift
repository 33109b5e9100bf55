/// Amounts per slot, a column for each; what the inner loops read.
final class NodeColumns {
  typealias Column = UnsafeMutableBufferPointer<Int>
  private(set) var count = 0
  private var room = 0
  private(set) var allocCPU = Column(start: nil, count: 0)
  private(set) var allocMemory = Column(start: nil, count: 0)
  private(set) var allocEphemeral = Column(start: nil, count: 0)
  private(set) var allocPods = Column(start: nil, count: 0)
  private(set) var freeCPU = Column(start: nil, count: 0)
  private(set) var freeMemory = Column(start: nil, count: 0)
  private(set) var freeEphemeral = Column(start: nil, count: 0)
  private(set) var freePods = Column(start: nil, count: 0)
  private(set) var nonZeroCPU = Column(start: nil, count: 0)
  private(set) var nonZeroMemory = Column(start: nil, count: 0)
  /// When the slot last changed, as a count of all changes.
  private(set) var stamp = Column(start: nil, count: 0)

  private static var all: [ReferenceWritableKeyPath<NodeColumns, Column>] {
    [
      \.allocCPU, \.allocMemory, \.allocEphemeral, \.allocPods, \.freeCPU, \.freeMemory, \.freeEphemeral,
      \.freePods, \.nonZeroCPU, \.nonZeroMemory, \.stamp,
    ]
  }

  deinit { for path in Self.all { self[keyPath: path].deallocate() } }

  func append() {
    if count == room {
      let size = max(64, room * 2)
      for path in Self.all {
        let old = self[keyPath: path]
        let new = Column.allocate(capacity: size)
        new.initialize(repeating: 0)
        for i in 0..<count { new[i] = old[i] }
        old.deallocate()
        self[keyPath: path] = new
      }
      room = size
    }
    clear(count)
    count += 1
  }

  func clear(_ slot: Int) {
    for column in [
      allocCPU, allocMemory, allocEphemeral, allocPods, freeCPU, freeMemory, freeEphemeral, freePods,
      nonZeroCPU, nonZeroMemory, stamp,
    ] { column[slot] = 0 }
  }

  func renumber(_ fresh: [Int32], _ size: Int) {
    for path in Self.all {
      let old = Array(self[keyPath: path][..<count])
      for (slot, to) in fresh.enumerated() where to >= 0 { self[keyPath: path][Int(to)] = old[slot] }
    }
    count = size
  }
}
