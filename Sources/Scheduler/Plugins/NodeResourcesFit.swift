import API
import APIMachinery

/// Rejects nodes without room for what the pod asks.
final class NodeResourcesFit: FilterPlugin {
  let id = PluginID.nodeResourcesFit

  func prepare(_ cycle: Cycle) -> Preparation { .ready }

  /// Already done: `FitShape.feasible` starts with it.
  func narrow(_ cycle: Cycle, _ nodes: inout Bitset) {}

  func check(_ cycle: Cycle, _ slot: Int) -> Rejection {
    Self.rejection(cycle.podClass.requests, cycle.world, slot, cycle.podClass.statics.profile)
  }

  func reject(_ cycle: Cycle, _ all: inout [Rejection]) {
    let wanted = cycle.podClass.requests
    if cycle.podClass.fit.asksScalars {
      for slot in all.indices where all[slot].isNone { all[slot] = check(cycle, slot) }
      return
    }
    let table = cycle.world.columns.table
    let (cpu, memory, ephemeral) = (wanted.cpu, wanted.memory, wanted.ephemeral)
    all.withUnsafeMutableBufferPointer { all in
      for slot in all.indices where all[slot].isNone {
        var short: UInt64 = table.freePods[slot] <= 0 ? 1 : 0
        if cpu > 0 && cpu > table.freeCPU[slot] { short |= 2 }
        if memory > 0 && memory > table.freeMemory[slot] { short |= 4 }
        if ephemeral > 0 && ephemeral > table.freeEphemeral[slot] { short |= 8 }
        if short == 0 { continue }
        let never =
          cpu > table.allocCPU[slot] || memory > table.allocMemory[slot]
          || ephemeral > table.allocEphemeral[slot]
        all[slot] = Rejection(code: never ? FilterCode.neverFits : FilterCode.fit, shortages: short)
      }
    }
  }

  static func fits(_ shape: FitShape, _ world: World, _ slot: Int) -> Bool {
    let columns = world.columns
    let wanted = shape.requests
    if columns.freePods[slot] <= 0 { return false }
    if wanted.cpu > 0 && wanted.cpu > columns.freeCPU[slot] { return false }
    if wanted.memory > 0 && wanted.memory > columns.freeMemory[slot] { return false }
    if wanted.ephemeral > 0 && wanted.ephemeral > columns.freeEphemeral[slot] { return false }
    if !shape.asksScalars { return true }
    guard let node = world.nodes[slot] else { return false }
    let profile = shape.statics.profile
    return wanted.scalars.allSatisfy { scalar in
      scalar.amount <= 0 || profile?.ignores(scalar.name) == true
        || scalar.amount <= node.capacity(of: scalar.name) - node.usedScalars.amount(of: scalar.name)
    }
  }

  /// All that is short on a node, and whether an empty node would be too small as well.
  static func rejection(_ wanted: PodRequests, _ world: World, _ slot: Int, _ profile: Profile?) -> Rejection
  {
    let columns = world.columns
    var short: UInt64 = columns.freePods[slot] <= 0 ? 1 : 0
    var never = false
    func look(_ bit: UInt64, _ amount: Int, _ free: Int, _ capacity: Int) {
      guard amount > 0, amount > free else { return }
      short |= 1 << bit
      if amount > capacity { never = true }
    }
    look(1, wanted.cpu, columns.freeCPU[slot], columns.allocCPU[slot])
    look(2, wanted.memory, columns.freeMemory[slot], columns.allocMemory[slot])
    look(3, wanted.ephemeral, columns.freeEphemeral[slot], columns.allocEphemeral[slot])
    if !wanted.scalars.isEmpty, let node = world.nodes[slot] {
      for (i, scalar) in wanted.scalars.prefix(60).enumerated() where profile?.ignores(scalar.name) != true {
        let capacity = node.capacity(of: scalar.name)
        look(UInt64(i + 4), scalar.amount, capacity - node.usedScalars.amount(of: scalar.name), capacity)
      }
    }
    if short == 0 { return .none }
    return Rejection(code: never ? FilterCode.neverFits : FilterCode.fit, shortages: short)
  }
}
