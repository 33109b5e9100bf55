import API

/// What pods that were nominated to a node will take of it, per slot.
final class Promises {
  private(set) var slots = Bitset()
  private(set) var cpu: [Int] = []
  private(set) var memory: [Int] = []
  private(set) var ephemeral: [Int] = []
  private(set) var pods: [Int] = []
  /// Nominated pods of each priority, and those that take more than amounts.
  private var priorities: [Int: Int] = [:]
  private var special = 0

  /// Whether amounts are all that matters of them, and none is less important than `priority`.
  func arePlain(for priority: Int) -> Bool {
    special == 0 && (priorities.keys.min() ?? .max) >= priority
  }

  /// Notes a nominated pod (`sign` 1) or that it is one no longer (-1).
  func change(_ pod: PodInfo, _ slot: Int, _ sign: Int, of count: Int) {
    let priority = pod.priority
    let left = priorities[priority, default: 0] + sign
    priorities[priority] = left == 0 ? nil : left
    if !pod.podClass.isPlain { special += sign }
    if slots.count != count { grow(count) }
    let requests = pod.podClass.requests
    cpu[slot] += sign * requests.cpu
    memory[slot] += sign * requests.memory
    ephemeral[slot] += sign * requests.ephemeral
    pods[slot] += sign
    slots[slot] = pods[slot] > 0
  }

  private func grow(_ count: Int) {
    var wider = Bitset(count: count)
    slots.visit { if $0 < count { wider[$0] = true } }
    slots = wider
    for path in [\Promises.cpu, \.memory, \.ephemeral, \.pods] {
      let old = self[keyPath: path]
      self[keyPath: path] = (0..<count).map { $0 < old.count ? old[$0] : 0 }
    }
  }

  /// Forgets all and takes the nodes' nominated pods anew.
  func rebuild(_ nodes: [NodeInfo], of count: Int) {
    (slots, cpu, memory, ephemeral, pods) = (Bitset(), [], [], [], [])
    priorities = [:]
    special = 0
    for node in nodes { for pod in node.nominated { change(pod, node.slot, 1, of: count) } }
  }

  /// Why a pod that asks for amounts only does not fit beside what was promised.
  func check(_ podClass: PodClass, _ table: NodeColumns.Table, _ slot: Int) -> Rejection {
    let wanted = podClass.requests
    var short: UInt64 = table.freePods[slot] - pods[slot] <= 0 ? 1 : 0
    if wanted.cpu > 0 && wanted.cpu > table.freeCPU[slot] - cpu[slot] { short |= 2 }
    if wanted.memory > 0 && wanted.memory > table.freeMemory[slot] - memory[slot] { short |= 4 }
    if wanted.ephemeral > 0 && wanted.ephemeral > table.freeEphemeral[slot] - ephemeral[slot] { short |= 8 }
    if short == 0 { return .none }
    let never =
      wanted.cpu > table.allocCPU[slot] || wanted.memory > table.allocMemory[slot]
      || wanted.ephemeral > table.allocEphemeral[slot]
    return Rejection(code: never ? FilterCode.neverFits : FilterCode.fit, shortages: short)
  }
}
