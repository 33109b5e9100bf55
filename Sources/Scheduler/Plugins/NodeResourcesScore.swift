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

  func points(_ cycle: Cycle, _ slot: Int) -> Int {
    if isDefault { return leastAllocated(cycle, slot) }
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

  private func leastAllocated(_ cycle: Cycle, _ slot: Int) -> Int {
    let columns = cycle.world.columns
    var sum = 0
    var weights = 0
    let allocCPU = columns.allocCPU[slot]
    if allocCPU != 0 {
      let wanted = columns.nonZeroCPU[slot] + cycle.podClass.scoreCPU
      if wanted <= allocCPU { sum += (allocCPU - wanted) * 100 / allocCPU }
      weights += 1
    }
    let allocMemory = columns.allocMemory[slot]
    if allocMemory != 0 {
      let wanted = columns.nonZeroMemory[slot] + cycle.podClass.scoreMemory
      if wanted <= allocMemory { sum += (allocMemory - wanted) &* 100 / allocMemory }
      weights += 1
    }
    return weights > 0 ? sum / weights : 0
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
