import API
import APIMachinery

/// The score of NodeResourcesFit: the emptier the better, the fuller the better, or a curve
/// (`noderesources/{least_allocated,most_allocated,requested_to_capacity_ratio}.go`).
final class NodeResourcesScore: PerNodeScore {
  let id = PluginID.nodeResourcesFit
  private let strategy: SchedulerConfiguration.ScoringStrategy
  private let isDefault: Bool

  init(_ strategy: SchedulerConfiguration.ScoringStrategy) {
    self.strategy = strategy
    isDefault = strategy == .init()
  }

  func score(_ cycle: Cycle, _ feasible: [Int32], _ weight: Int, _ totals: inout [Int]) {
    if isDefault {
      leastAllocated(cycle, feasible, weight, &totals)
    } else {
      for i in feasible.indices { totals[i] += weight * points(cycle, Int(feasible[i])) }
    }
  }

  func points(_ cycle: Cycle, _ slot: Int) -> Int {
    var sum = 0
    var weights = 0
    for resource in strategy.resources {
      let (wanted, capacity) = Self.amounts(cycle, slot, resource.name)
      if capacity == 0 { continue }
      var points: Int
      switch strategy.type {
      case .leastAllocated: points = wanted > capacity ? 0 : Self.percent(capacity - wanted, capacity)
      case .mostAllocated: points = Self.percent(min(wanted, capacity), capacity)
      case .requestedToCapacityRatio:
        points = curve(wanted > capacity ? 100 : Self.percent(wanted, capacity))
        if points <= 0 { continue }
      }
      sum += points * resource.weight
      weights += resource.weight
    }
    if weights == 0 { return 0 }
    if strategy.type == .requestedToCapacityRatio {
      return Int((Double(sum) / Double(weights)).rounded(.toNearestOrAwayFromZero))
    }
    return sum / weights
  }

  private static func percent(_ part: Int, _ whole: Int) -> Int {
    let (product, overflow) = part.multipliedReportingOverflow(by: 100)
    return overflow ? Int(Double(part) / Double(whole) * 100) : product / whole
  }

  /// The default strategy for many nodes.
  private func leastAllocated(_ cycle: Cycle, _ slots: [Int32], _ weight: Int, _ totals: inout [Int]) {
    let table = cycle.world.columns.table
    let (cpu, memory) = (cycle.podClass.scoreCPU, cycle.podClass.scoreMemory)
    totals.withUnsafeMutableBufferPointer { totals in
      slots.withUnsafeBufferPointer { slots in
        for i in slots.indices {
          let slot = Int(slots[i])
          let (allocCPU, allocMemory) = (table.allocCPU[slot], table.allocMemory[slot])
          var sum = 0
          if allocCPU != 0 { sum = Self.left(table.nonZeroCPU[slot] + cpu, allocCPU) }
          if allocMemory != 0 { sum += Self.left(table.nonZeroMemory[slot] + memory, allocMemory) }
          if allocCPU != 0 && allocMemory != 0 { sum /= 2 }
          totals[i] += weight * sum
        }
      }
    }
  }

  /// What is left, in hundredths of the whole, rounded down.
  @inline(__always)
  private static func left(_ wanted: Int, _ whole: Int) -> Int {
    if wanted > whole { return 0 }
    // Below this the product and the quotient are exact enough in floating point, which divides faster.
    if whole < 1 << 46 { return Int(Double((whole - wanted) * 100) / Double(whole)) }
    return percent(whole - wanted, whole)
  }

  /// What is asked of a node with the pod on it, and what the node has.
  private static func amounts(_ cycle: Cycle, _ slot: Int, _ name: Key) -> (wanted: Int, capacity: Int) {
    let columns = cycle.world.columns
    let podClass = cycle.podClass
    switch name {
    case .cpu: return (columns.nonZeroCPU[slot] + podClass.scoreCPU, columns.allocCPU[slot])
    case .memory: return (columns.nonZeroMemory[slot] + podClass.scoreMemory, columns.allocMemory[slot])
    case .ephemeralStorage:
      let capacity = columns.allocEphemeral[slot]
      return (capacity - columns.freeEphemeral[slot] + podClass.requests.ephemeral, capacity)
    default:
      let amount = podClass.requests.amount(of: name)
      guard amount > 0, let node = cycle.world.nodes[slot] else { return (0, 0) }
      return (node.usedScalars.amount(of: name) + amount, node.capacity(of: name))
    }
  }

  /// Straight lines between the points of the shape, whose scores reach from 0 to 10.
  private func curve(_ utilization: Int) -> Int {
    let shape = strategy.shape
    guard let last = shape.last else { return 0 }
    for (i, point) in shape.enumerated() where utilization <= point.utilization {
      if i == 0 { return point.score * 10 }
      let before = shape[i - 1]
      let (rise, run) = ((point.score - before.score) * 10, point.utilization - before.utilization)
      return before.score * 10 + rise * (utilization - before.utilization) / run
    }
    return last.score * 10
  }
}
