/// Amounts per slot, a column for each; what the inner loops read.
///
/// The columns are plain memory: an array in a class would cost a count of references and a check of access for
/// every number read.
final class NodeColumns {
  typealias Column = UnsafeMutableBufferPointer<Int>

  /// The columns themselves. A copy is good until a node is added.
  struct Table {
    fileprivate(set) var allocCPU, allocMemory, allocEphemeral, allocPods: Column
    fileprivate(set) var freeCPU, freeMemory, freeEphemeral, freePods: Column
    fileprivate(set) var nonZeroCPU, nonZeroMemory: Column
    /// When the slot last changed, as a count of all changes.
    fileprivate(set) var stamp: Column

    fileprivate init(room: Int) {
      func make() -> Column {
        let column = Column.allocate(capacity: room)
        column.initialize(repeating: 0)
        return column
      }
      (allocCPU, allocMemory, allocEphemeral, allocPods) = (make(), make(), make(), make())
      (freeCPU, freeMemory, freeEphemeral, freePods) = (make(), make(), make(), make())
      (nonZeroCPU, nonZeroMemory, stamp) = (make(), make(), make())
    }

    fileprivate var all: [Column] {
      [
        allocCPU, allocMemory, allocEphemeral, allocPods, freeCPU, freeMemory, freeEphemeral, freePods,
        nonZeroCPU, nonZeroMemory, stamp,
      ]
    }
  }

  private(set) var table = Table(room: 64)
  private(set) var count = 0
  private var room = 64

  var allocCPU: Column { table.allocCPU }
  var allocMemory: Column { table.allocMemory }
  var allocEphemeral: Column { table.allocEphemeral }
  var allocPods: Column { table.allocPods }
  var freeCPU: Column { table.freeCPU }
  var freeMemory: Column { table.freeMemory }
  var freeEphemeral: Column { table.freeEphemeral }
  var freePods: Column { table.freePods }
  var nonZeroCPU: Column { table.nonZeroCPU }
  var nonZeroMemory: Column { table.nonZeroMemory }
  var stamp: Column { table.stamp }

  deinit { for column in table.all { column.deallocate() } }

  func append() {
    if count == room {
      room *= 2
      let wider = Table(room: room)
      for (old, new) in zip(table.all, wider.all) {
        for i in 0..<count { new[i] = old[i] }
        old.deallocate()
      }
      table = wider
    }
    clear(count)
    count += 1
  }

  func clear(_ slot: Int) { for column in table.all { column[slot] = 0 } }

  func renumber(_ fresh: [Int32], _ size: Int) {
    for column in table.all {
      let old = Array(column[..<count])
      for (slot, to) in fresh.enumerated() where to >= 0 { column[Int(to)] = old[slot] }
    }
    count = size
  }
}
