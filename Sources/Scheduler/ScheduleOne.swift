import API
import APIMachinery

/// One scheduling cycle: prepare, filter, score, choose (`schedule_one.go`).
final class ScheduleOne {
  enum Outcome {
    case node(Int, Cycle)
    /// Fits nowhere: the message, the plugins that said no, and the codes per slot.
    case unschedulable(message: String, rejectors: UInt32, codes: [UInt16], cycle: Cycle)
  }

  let world: World
  let volumes: VolumeView
  private let filters = PluginRegistry.filters()
  private let scores = PluginRegistry.scores()
  /// Where the next search begins, so that all nodes get their turn.
  var nextStart = 0
  private var ranks: [Int] = []

  init(_ world: World, _ volumes: VolumeView) {
    self.world = world
    self.volumes = volumes
  }

  func run(_ pod: PodInfo) -> Outcome {
    world.refreshOrder()
    let cycle = Cycle(world, pod, volumes)
    if world.nodeCount == 0 {
      return .unschedulable(
        message: "no nodes available to schedule pods", rejectors: 0, codes: [], cycle: cycle)
    }
    if let (message, plugin) = prepare(cycle) {
      // DynamicResources' PostFilter misses the state of its own PreFilter, which did not run: its error ends
      // the matter before preemption.
      return .unschedulable(
        message: "0/\(world.nodeCount) nodes are available: \(message). not found", rejectors: plugin.bit,
        codes: [], cycle: cycle)
    }
    if !pod.nominatedNode.isEmpty, let slot = world.slotOf[pod.nominatedNode], check(cycle, slot) == 0 {
      return .node(slot, cycle)
    }
    let (feasible, codes) = filter(cycle)
    if feasible.isEmpty { return failed(cycle, codes) }
    if feasible.count == 1 { return .node(Int(feasible[0]), cycle) }
    var totals = [Int](repeating: 0, count: feasible.count)
    for plugin in scores { plugin.score(cycle, feasible, &totals) }
    return .node(Int(feasible[choose(totals)]), cycle)
  }

  /// PreFilter of all plugins; what it says if the pod fits nowhere for sure.
  func prepare(_ cycle: Cycle) -> (message: String, plugin: PluginID)? {
    cycle.filters.removeAll(keepingCapacity: true)
    for plugin in filters {
      switch plugin.prepare(cycle) {
      case .skip: continue
      case .ready: cycle.filters.append(plugin)
      case .reject(let message): return (message, plugin.id)
      }
    }
    return nil
  }

  // MARK: Filter

  private func filter(_ cycle: Cycle) -> (feasible: [Int32], codes: [UInt16]) {
    var codes = [UInt16](repeating: 0, count: world.nodes.count)
    var order = world.order
    let named = cycle.podClass.nodes.namedNodes.map { Set($0) }
    if let named {
      for slot in order { codes[Int(slot)] = FilterCode.notNamed }
      order = order.filter { named.contains(world.nodes[Int($0)]!.name) }
      for slot in order { codes[Int(slot)] = 0 }
    }
    let count = order.count
    if count == 0 { return ([], codes) }
    let wanted = Self.feasibleToFind(count)
    let start = nextStart % count
    var rotated = Array(order[start...])
    rotated += order[..<start]
    var feasible: [Int32] = []
    feasible.reserveCapacity(wanted)
    var processed = 0
    var at = 0
    search: while at < count {
      let block = rotated[at..<min(count, at + max(64, wanted - feasible.count))]
      run(cycle, block, &codes)
      for slot in block {
        if codes[Int(slot)] == 0 {
          if feasible.count == wanted { break search }
          feasible.append(slot)
        }
        processed += 1
      }
      at = block.endIndex
    }
    nextStart = (nextStart + processed) % max(world.nodeCount, 1)
    return (feasible, codes)
  }

  private func run(_ cycle: Cycle, _ block: ArraySlice<Int32>, _ codes: inout [UInt16]) {
    for plugin in cycle.filters { plugin.filter(cycle, block, &codes) }
    for slot in block where codes[Int(slot)] == 0 {
      guard let node = world.nodes[Int(slot)], !node.nominated.isEmpty else { continue }
      codes[Int(slot)] = checkNominated(cycle, Int(slot), node)
    }
  }

  /// Filters again as if the pods nominated to the node were there already.
  private func checkNominated(_ cycle: Cycle, _ slot: Int, _ node: NodeInfo) -> UInt16 {
    let others = node.nominated.filter {
      $0 !== cycle.pod && $0.priority >= cycle.pod.priority && $0.slot < 0
    }
    if others.isEmpty { return 0 }
    for other in others { world.place(other, slot) }
    let code = prepare(cycle) == nil ? check(cycle, slot, nominated: false) : FilterCode.fit
    for other in others.reversed() { world.remove(other) }
    _ = prepare(cycle)
    return code
  }

  /// The code of one node.
  func check(_ cycle: Cycle, _ slot: Int, nominated: Bool = true) -> UInt16 {
    var codes = [UInt16](repeating: 0, count: world.nodes.count)
    let one: [Int32] = [Int32(slot)]
    for plugin in cycle.filters {
      plugin.filter(cycle, one[...], &codes)
      if codes[slot] != 0 { return codes[slot] }
    }
    if nominated, let node = world.nodes[slot], !node.nominated.isEmpty {
      return checkNominated(cycle, slot, node)
    }
    return 0
  }

  /// `numFeasibleNodesToFind` with the adaptive percentage.
  static func feasibleToFind(_ nodes: Int) -> Int {
    if nodes < 100 { return nodes }
    let percentage = max(5, 50 - nodes / 125)
    return max(100, nodes * percentage / 100)
  }

  // MARK: Failure

  private func failed(_ cycle: Cycle, _ codes: [UInt16]) -> Outcome {
    var rejectors: UInt32 = 0
    for slot in world.order { rejectors |= FilterCode.all[Int(codes[Int(slot)])].plugin.bit }
    let text = histogram(cycle, codes)
    return .unschedulable(
      message: "0/\(world.nodeCount) nodes are available: \(text).", rejectors: rejectors, codes: codes,
      cycle: cycle)
  }

  func histogram(_ cycle: Cycle, _ codes: [UInt16]) -> String {
    var counts: [String: Int] = [:]
    for slot32 in world.order {
      let slot = Int(slot32)
      let code = codes[slot]
      if code == FilterCode.fit || code == FilterCode.neverFits {
        for reason in NodeResourcesFit.reasons(cycle.podClass.requests, world, slot) {
          counts[reason, default: 0] += 1
        }
      } else {
        counts[FilterCode.all[Int(code)].reason, default: 0] += 1
      }
    }
    return Self.joined(counts)
  }

  /// `"<count> <reason>"`, sorted as texts.
  static func joined(_ counts: [String: Int]) -> String {
    counts.map { "\($0.value) \($0.key)" }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: ", ")
  }

  // MARK: Choice

  /// The position that a heap of the list yields first: of the best ones the first in pre-order of the tree.
  private func choose(_ totals: [Int]) -> Int {
    if ranks.count != totals.count { ranks = Self.preorder(totals.count) }
    var best = 0
    for i in totals.indices.dropFirst() {
      if totals[i] > totals[best] || (totals[i] == totals[best] && ranks[i] < ranks[best]) { best = i }
    }
    return best
  }

  static func preorder(_ count: Int) -> [Int] {
    var ranks = [Int](repeating: 0, count: count)
    var stack = [0]
    var next = 0
    while let i = stack.popLast() {
      if i >= count { continue }
      ranks[i] = next
      next += 1
      stack.append(2 * i + 2)
      stack.append(2 * i + 1)
    }
    return ranks
  }
}
