import API
import APIMachinery

/// One scheduling cycle: prepare, filter, score, choose (`schedule_one.go`).
final class ScheduleOne {
  enum Outcome {
    case node(NodeInfo, Cycle)
    /// Fits nowhere: the message, the plugins that said no, and why each node was rejected (empty where none was
    /// looked at).
    case unschedulable(message: String, rejectors: UInt32, rejections: [Rejection], cycle: Cycle)
  }

  let world: World
  let volumes: VolumeView
  /// Where the next search begins, so that all nodes get their turn.
  var nextStart = 0
  private var order = ChoiceOrder()
  private var feasible: [Int32] = []
  private var totals: [Int] = []
  private let groups = SpreadGroups()
  private var reused: Cycle?

  init(_ world: World, _ volumes: VolumeView) {
    self.world = world
    self.volumes = volumes
  }

  func cycle(_ pod: PodInfo, _ profile: Profile) -> Cycle {
    if let reused {
      reused.begin(pod, profile)
      return reused
    }
    let made = Cycle(world, pod, volumes, profile)
    reused = made
    return made
  }

  func run(_ pod: PodInfo, _ profile: Profile) -> Outcome {
    world.refreshOrder()
    let cycle = cycle(pod, profile)
    if world.nodeCount == 0 {
      return .unschedulable(
        message: "no nodes available to schedule pods", rejectors: 0, rejections: [], cycle: cycle)
    }
    if let (message, plugin) = prepare(cycle) {
      // DynamicResources' PostFilter misses the state of its own PreFilter, which did not run: its error ends
      // the matter before preemption.
      let end = profile.asksClaims ? " not found" : ""
      return .unschedulable(
        message: "0/\(world.nodeCount) nodes are available: \(message).\(end)", rejectors: plugin.bit,
        rejections: [], cycle: cycle)
    }
    if !pod.nominatedNode.isEmpty, let node = world.node(pod.nominatedNode), check(cycle, node.slot).isNone {
      return .node(node, cycle)
    }
    let window = findFeasible(cycle)
    if feasible.isEmpty { return failed(cycle) }
    if feasible.count == 1 { return found(0, cycle) }
    order.refresh(feasible.count)
    if let window, let i = chooseByGroups(cycle, window) {
      assert(i == chooseByTotals(cycle, window))
      return found(i, cycle)
    }
    return found(chooseByTotals(cycle, window), cycle)
  }

  private func found(_ i: Int, _ cycle: Cycle) -> Outcome {
    .node(world.nodes[Int(feasible[i])].unsafelyUnwrapped, cycle)
  }

  /// PreFilter of all plugins; what it says if the pod fits nowhere for sure.
  func prepare(_ cycle: Cycle) -> (message: String, plugin: PluginID)? {
    cycle.filters.removeAll(keepingCapacity: true)
    let (podClass, profile) = (cycle.podClass, cycle.profile)
    for plugin in profile === podClass.profile ? podClass.filters : profile.filters {
      switch plugin.prepare(cycle) {
      case .skip: continue
      case .ready: cycle.filters.append(plugin)
      case .reject(let message): return (message, plugin.id)
      }
    }
    cycle.findPlain()
    return nil
  }

  // MARK: Filter

  /// The slots that NodeAffinity's PreFilter leaves; nil for all.
  private func named(_ cycle: Cycle) -> [Int32]? {
    guard cycle.profile.filterBits & PluginID.nodeAffinity.bit != 0 else { return nil }
    return cycle.podClass.nodes.namedNodes?.compactMap { world.node($0).map { Int32($0.slot) } }.sorted()
  }

  /// Gives the window of the search; nil where the nodes were looked at one by one.
  private func findFeasible(_ cycle: Cycle) -> Window? {
    if let named = named(cycle) {
      findAmong(named, cycle)
      return nil
    }
    let count = world.nodeCount
    let nodes = feasibleSet(cycle)
    let start = nextStart % count
    let next = nodes.select(from: start, cycle.profile.feasibleToFind(count), into: &feasible)
    nextStart = next ?? start
    return Window(nodes: nodes, start: start, end: next)
  }

  /// All nodes on which the pod fits.
  func feasibleSet(_ cycle: Cycle) -> Bitset {
    var nodes = cycle.podClass.fit.feasible(world)
    for plugin in cycle.filters { plugin.narrow(cycle, &nodes) }
    if world.nominees.isEmpty { return nodes }
    if let own = promisesAlone(cycle) {
      let table = world.columns.table
      let promises = world.promises
      promises.slots.visit { slot in
        if slot != own, nodes[slot], !promises.check(cycle.podClass, table, slot).isNone {
          nodes[slot] = false
        }
      }
      if own >= 0, nodes[own], let node = world.nodes[own], !checkNominated(cycle, node).isNone {
        nodes[own] = false
      }
      return nodes
    }
    for node in world.nominees where nodes[node.slot] {
      if !checkNominated(cycle, node).isNone { nodes[node.slot] = false }
    }
    return nodes
  }

  /// Where what was promised to nominated pods can be told by amounts alone: the slot of the pod's own nomination, -1
  /// where it has none; else nil.
  private func promisesAlone(_ cycle: Cycle) -> Int? {
    guard cycle.isPlain, world.promises.arePlain(for: cycle.pod.priority) else { return nil }
    return world.node(cycle.pod.nominatedNode)?.slot ?? -1
  }

  /// Looks at some nodes one by one.
  private func findAmong(_ slots: [Int32], _ cycle: Cycle) {
    feasible.removeAll(keepingCapacity: true)
    if slots.isEmpty { return }
    let wanted = cycle.profile.feasibleToFind(slots.count)
    let start = nextStart % slots.count
    var processed = 0
    for i in slots.indices {
      let slot = slots[(start + i) % slots.count]
      if check(cycle, Int(slot)).isNone {
        if feasible.count == wanted { break }
        feasible.append(slot)
      }
      processed += 1
    }
    nextStart = (nextStart + processed) % max(world.nodeCount, 1)
  }

  /// What the filters say of one node.
  func check(_ cycle: Cycle, _ slot: Int, nominated: Bool = true) -> Rejection {
    if nominated, let node = world.nodes[slot], !node.nominated.isEmpty {
      let rejection = checkNominated(cycle, node)
      if !rejection.isNone { return rejection }
    }
    for plugin in cycle.filters {
      let rejection = plugin.check(cycle, slot)
      if !rejection.isNone { return rejection }
    }
    return .none
  }

  /// Filters again as if the pods nominated to the node were there already.
  private func checkNominated(_ cycle: Cycle, _ node: NodeInfo) -> Rejection {
    let slot = node.slot
    func counts(_ other: PodInfo) -> Bool {
      other !== cycle.pod && other.priority >= cycle.pod.priority && other.node == nil
    }
    if !node.nominated.contains(where: counts) { return .none }
    if cycle.isPlain, node.nominated.allSatisfy({ $0.podClass.isPlain }) {
      let statics = cycle.podClass.statics.codes
      if slot < statics.count, statics[slot] != 0 { return Rejection(code: UInt16(statics[slot])) }
      var reservation = Reservation()
      for other in node.nominated where counts(other) { reservation.add(other.podClass.requests) }
      return reservation.check(cycle.podClass, world, slot)
    }
    let others = node.nominated.filter(counts)
    for other in others { world.place(other, slot) }
    let rejection =
      prepare(cycle) == nil ? check(cycle, slot, nominated: false) : Rejection(code: FilterCode.fit)
    for other in others.reversed() { world.remove(other) }
    _ = prepare(cycle)
    return rejection
  }

  // MARK: Score

  /// The position of the best node by the sums of all points.
  private func chooseByTotals(_ cycle: Cycle, _ window: Window?) -> Int {
    totals.removeAll(keepingCapacity: true)
    totals.append(contentsOf: repeatElement(0, count: feasible.count))
    let profile = cycle.profile
    cycle.podClass.fit.score(cycle, window, feasible, &totals)
    for score in profile.normalized { score.plugin.score(cycle, feasible, score.weight, &totals) }
    return profile.isLight
      ? totals.withUnsafeBufferPointer { totals in order.best(totals.count) { totals[$0] } }
      : order.best(totals)
  }

  /// The same where the scores that look at more than one node are the same for all, or for groups of nodes; else
  /// nil. Points that all nodes get are left out.
  private func chooseByGroups(_ cycle: Cycle, _ window: Window) -> Int? {
    let profile = cycle.profile
    guard profile.isLight else { return nil }
    for plugin in profile.unspread where !plugin.isLevel(cycle) { return nil }
    if let spread = profile.spread {
      guard spread.plugin.group(cycle, window, feasible, spread.weight, groups) else { return nil }
    } else {
      groups.clear()
    }
    return cycle.podClass.fit.best(cycle, window, feasible, groups, order)
  }

  // MARK: Failure

  private func failed(_ cycle: Cycle) -> Outcome {
    let rejections = rejections(cycle)
    let kinds = Self.kinds(rejections)
    var rejectors: UInt32 = 0
    for (rejection, _) in kinds { rejectors |= rejection.meaning.plugin.bit }
    let reasons = Self.histogram(kinds, cycle.podClass.requests)
    return .unschedulable(
      message: "0/\(world.nodeCount) nodes are available: \(Self.joined(reasons)).", rejectors: rejectors,
      rejections: rejections, cycle: cycle)
  }

  /// Why each node is rejected, by slot.
  func rejections(_ cycle: Cycle) -> [Rejection] {
    var all = [Rejection](repeating: .none, count: world.nodes.count)
    cycle.podClass.statics.refresh(world)
    if let named = named(cycle).map({ Set($0) }) {
      for slot in all.indices where !named.contains(Int32(slot)) {
        all[slot] = Rejection(code: FilterCode.notNamed)
      }
    }
    if let own = promisesAlone(cycle) {
      let table = world.columns.table
      let statics = cycle.podClass.statics.codes
      world.promises.slots.visit { slot in
        if slot == own || !all[slot].isNone || statics[slot] != 0 { return }
        all[slot] = world.promises.check(cycle.podClass, table, slot)
      }
      if own >= 0, all[own].isNone { all[own] = check(cycle, own) }
    } else {
      for node in world.nominees where all[node.slot].isNone { all[node.slot] = check(cycle, node.slot) }
    }
    for plugin in cycle.filters { plugin.reject(cycle, &all) }
    return all
  }

  /// The different rejections and how many nodes have each.
  static func kinds(_ rejections: [Rejection]) -> [(Rejection, Int)] {
    var kinds: [(Rejection, Int)] = []
    for rejection in rejections where !rejection.isNone {
      if let last = kinds.last, last.0 == rejection {
        kinds[kinds.count - 1].1 += 1
      } else if let i = kinds.firstIndex(where: { $0.0 == rejection }) {
        kinds[i].1 += 1
      } else {
        kinds.append((rejection, 1))
      }
    }
    return kinds
  }

  /// How many nodes have which reason.
  static func histogram(_ kinds: [(Rejection, Int)], _ requests: PodRequests) -> [String: Int] {
    var counts: [String: Int] = [:]
    for (rejection, count) in kinds {
      for reason in rejection.reasons(requests) { counts[reason, default: 0] += count }
    }
    return counts
  }

  /// `"<count> <reason>"`, sorted as texts.
  static func joined(_ counts: [String: Int]) -> String {
    counts.map { "\($0.value) \($0.key)" }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: ", ")
  }
}

/// What pods nominated to a node will take of it.
struct Reservation {
  private var cpu = 0
  private var memory = 0
  private var ephemeral = 0
  private var pods = 0

  mutating func add(_ requests: PodRequests) {
    cpu += requests.cpu
    memory += requests.memory
    ephemeral += requests.ephemeral
    pods += 1
  }

  /// NodeResourcesFit as if they were there.
  func check(_ podClass: PodClass, _ world: World, _ slot: Int) -> Rejection {
    let columns = world.columns.table
    columns.freeCPU[slot] -= cpu
    columns.freeMemory[slot] -= memory
    columns.freeEphemeral[slot] -= ephemeral
    columns.freePods[slot] -= pods
    defer {
      columns.freeCPU[slot] += cpu
      columns.freeMemory[slot] += memory
      columns.freeEphemeral[slot] += ephemeral
      columns.freePods[slot] += pods
    }
    return NodeResourcesFit.rejection(podClass.requests, world, slot, podClass.statics.profile)
  }
}
