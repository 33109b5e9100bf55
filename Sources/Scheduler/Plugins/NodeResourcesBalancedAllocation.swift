import API

/// Prefers nodes whose CPU and memory the pod brings closer together. Weight 1.
final class NodeResourcesBalancedAllocation: ScorePlugin {
  let id = PluginID.nodeResourcesBalancedAllocation

  func score(_ cycle: Cycle, _ feasible: [Int32], _ totals: inout [Int]) {
    let cpu = cycle.podClass.requests.cpu
    let memory = cycle.podClass.requests.memory
    if cpu == 0 && memory == 0 { return }
    let world = cycle.world
    for i in totals.indices {
      let slot = Int(feasible[i])
      let (ac, am) = (world.allocCPU[slot], world.allocMemory[slot])
      let (uc, um) = (world.usedCPU[slot], world.usedMemory[slot])
      let after = Self.balance(uc + cpu, ac, um + memory, am)
      let before = Self.balance(uc, ac, um, am)
      totals[i] += 50 + (50 + after - before) / 2
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
}
