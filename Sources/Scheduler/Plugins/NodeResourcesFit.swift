import API
import APIMachinery

/// Rejects nodes without room for what the pod asks.
final class NodeResourcesFit: FilterPlugin {
  let id = PluginID.nodeResourcesFit

  func prepare(_ cycle: Cycle) -> Preparation { .ready }

  func filter(_ cycle: Cycle, _ slots: ArraySlice<Int32>, _ codes: inout [UInt16]) {
    let world = cycle.world
    let wanted = cycle.podClass.requests
    let (cpu, memory, ephemeral) = (wanted.cpu, wanted.memory, wanted.ephemeral)
    let scalars = wanted.scalars.contains { $0.amount > 0 }
    for slot32 in slots {
      let slot = Int(slot32)
      if codes[slot] != 0 { continue }
      var fits = world.podCount[slot] < world.allocPods[slot]
      if cpu > 0 && cpu > world.allocCPU[slot] - world.usedCPU[slot] { fits = false }
      if memory > 0 && memory > world.allocMemory[slot] - world.usedMemory[slot] { fits = false }
      if ephemeral > 0 && ephemeral > world.allocEphemeral[slot] - world.usedEphemeral[slot] { fits = false }
      if scalars && fits, let node = world.nodes[slot] { fits = Self.fitsScalars(wanted, node) }
      if !fits { codes[slot] = Self.fitsEmpty(wanted, world, slot) ? FilterCode.fit : FilterCode.neverFits }
    }
  }

  private static func fitsScalars(_ wanted: PodRequests, _ node: NodeInfo) -> Bool {
    for scalar in wanted.scalars where scalar.amount > 0 {
      if scalar.amount > capacity(scalar.name, node) - node.usedScalars.amount(of: scalar.name) {
        return false
      }
    }
    return true
  }

  private static func capacity(_ name: Key, _ node: NodeInfo) -> Int {
    node.scalars.first { $0.name == name }?.amount ?? 0
  }

  /// Whether no shortage is one that an empty node would have too.
  private static func fitsEmpty(_ wanted: PodRequests, _ world: World, _ slot: Int) -> Bool {
    if wanted.cpu > world.allocCPU[slot] || wanted.memory > world.allocMemory[slot]
      || wanted.ephemeral > world.allocEphemeral[slot]
    {
      return false
    }
    guard let node = world.nodes[slot] else { return false }
    return wanted.scalars.allSatisfy { $0.amount <= 0 || $0.amount <= capacity($0.name, node) }
  }

  /// All shortages of a node, in the order in which they are found.
  static func reasons(_ wanted: PodRequests, _ world: World, _ slot: Int) -> [String] {
    var reasons: [String] = []
    if world.podCount[slot] + 1 > world.allocPods[slot] { reasons.append("Too many pods") }
    if wanted.isZero { return reasons }
    if wanted.cpu > 0 && wanted.cpu > world.allocCPU[slot] - world.usedCPU[slot] {
      reasons.append("Insufficient cpu")
    }
    if wanted.memory > 0 && wanted.memory > world.allocMemory[slot] - world.usedMemory[slot] {
      reasons.append("Insufficient memory")
    }
    if wanted.ephemeral > 0 && wanted.ephemeral > world.allocEphemeral[slot] - world.usedEphemeral[slot] {
      reasons.append("Insufficient ephemeral-storage")
    }
    guard let node = world.nodes[slot] else { return reasons }
    for scalar in wanted.scalars where scalar.amount > 0 {
      if scalar.amount > capacity(scalar.name, node) - node.usedScalars.amount(of: scalar.name) {
        reasons.append("Insufficient \(scalar.name)")
      }
    }
    return reasons
  }
}

/// The LeastAllocated strategy of NodeResourcesFit: prefers emptier nodes. Weight 1.
final class LeastAllocated: ScorePlugin {
  let id = PluginID.nodeResourcesFit

  func score(_ cycle: Cycle, _ feasible: [Int32], _ totals: inout [Int]) {
    let world = cycle.world
    let cpu = cycle.podClass.scoreCPU
    let memory = cycle.podClass.scoreMemory
    for i in totals.indices {
      let slot = Int(feasible[i])
      var sum = 0
      var weights = 0
      let allocCPU = world.allocCPU[slot]
      if allocCPU != 0 {
        let wanted = world.nonZeroCPU[slot] + cpu
        if wanted <= allocCPU { sum += (allocCPU - wanted) * 100 / allocCPU }
        weights += 1
      }
      let allocMemory = world.allocMemory[slot]
      if allocMemory != 0 {
        let wanted = world.nonZeroMemory[slot] + memory
        if wanted <= allocMemory { sum += (allocMemory - wanted) &* 100 / allocMemory }
        weights += 1
      }
      if weights > 0 { totals[i] += sum / weights }
    }
  }
}
