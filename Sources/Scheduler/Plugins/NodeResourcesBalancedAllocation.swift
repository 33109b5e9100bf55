import API
import APIMachinery

/// Prefers nodes whose resources the pod brings closer together.
final class NodeResourcesBalancedAllocation: PerNodeScore {
  let id = PluginID.nodeResourcesBalancedAllocation
  /// The resources that are compared; nil for CPU and memory.
  private let resources: [Key]?

  init(_ resources: [Key]) { self.resources = resources == [.cpu, .memory] ? nil : resources }

  func score(_ cycle: Cycle, _ feasible: [Int32], _ weight: Int, _ totals: inout [Int]) {
    if let resources {
      for i in feasible.indices { totals[i] += weight * points(cycle, Int(feasible[i]), resources) }
      return
    }
    let (cpu, memory) = (cycle.podClass.requests.cpu, cycle.podClass.requests.memory)
    if cpu == 0 && memory == 0 { return }
    let table = cycle.world.columns.table
    totals.withUnsafeMutableBufferPointer { totals in
      feasible.withUnsafeBufferPointer { slots in
        for i in slots.indices {
          let slot = Int(slots[i])
          let (ac, am) = (table.allocCPU[slot], table.allocMemory[slot])
          let (uc, um) = (ac - table.freeCPU[slot], am - table.freeMemory[slot])
          let after = Self.balance(uc + cpu, ac, um + memory, am)
          totals[i] += weight * (50 + (50 + after - Self.balance(uc, ac, um, am)) / 2)
        }
      }
    }
  }

  @inline(__always)
  private static func balance(_ cpu: Int, _ allocCPU: Int, _ memory: Int, _ allocMemory: Int) -> Int {
    var deviation = 0.0
    if allocCPU != 0 && allocMemory != 0 {
      let a = min(1, Double(cpu) / Double(allocCPU))
      let b = min(1, Double(memory) / Double(allocMemory))
      deviation = abs((a - b) / 2)
    }
    return Int((1 - deviation) * 100)
  }

  private func points(_ cycle: Cycle, _ slot: Int, _ resources: [Key]) -> Int {
    let asked = resources.map { Self.asked(cycle, $0) }
    if asked.allSatisfy({ $0 == 0 }) { return 0 }
    var before: [Double] = []
    var after: [Double] = []
    for (name, amount) in zip(resources, asked) {
      let (used, capacity) = Self.taken(cycle, slot, name)
      if capacity == 0 || (amount == 0 && !Self.isNative(name)) { continue }
      before.append(min(1, Double(used) / Double(capacity)))
      after.append(min(1, Double(used + amount) / Double(capacity)))
    }
    return 50 + (50 + Self.balance(after) - Self.balance(before)) / 2
  }

  private static func balance(_ fractions: [Double]) -> Int {
    var deviation = 0.0
    if fractions.count == 2 {
      deviation = abs((fractions[0] - fractions[1]) / 2)
    } else if fractions.count > 2 {
      let mean = fractions.reduce(0, +) / Double(fractions.count)
      let sum = fractions.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      deviation = (sum / Double(fractions.count)).squareRoot()
    }
    return Int((1 - deviation) * 100)
  }

  private static func isNative(_ name: Key) -> Bool {
    name == .cpu || name == .memory || name == .ephemeralStorage
  }

  private static func asked(_ cycle: Cycle, _ name: Key) -> Int {
    let requests = cycle.podClass.requests
    switch name {
    case .cpu: return requests.cpu
    case .memory: return requests.memory
    case .ephemeralStorage: return requests.ephemeral
    default: return requests.amount(of: name)
    }
  }

  private static func taken(_ cycle: Cycle, _ slot: Int, _ name: Key) -> (used: Int, capacity: Int) {
    let columns = cycle.world.columns
    switch name {
    case .cpu: return (columns.allocCPU[slot] - columns.freeCPU[slot], columns.allocCPU[slot])
    case .memory: return (columns.allocMemory[slot] - columns.freeMemory[slot], columns.allocMemory[slot])
    case .ephemeralStorage:
      return (columns.allocEphemeral[slot] - columns.freeEphemeral[slot], columns.allocEphemeral[slot])
    default:
      guard let node = cycle.world.nodes[slot] else { return (0, 0) }
      return (node.usedScalars.amount(of: name), node.capacity(of: name))
    }
  }
}
