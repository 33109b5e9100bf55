import API
import APIMachinery

/// Which slots changed, in order, as far back as it is kept.
struct ChangeLog {
  private var entries: [Int32] = []
  private var base = 0
  private static let limit = 1 << 16

  var mark: Int { base + entries.count }

  mutating func note(_ slot: Int) {
    if entries.count == Self.limit {
      base += entries.count
      entries.removeAll(keepingCapacity: true)
    }
    entries.append(Int32(truncatingIfNeeded: slot))
  }

  /// Everything before is of no use any more.
  mutating func forgetAll() {
    base += entries.count + 1
    entries.removeAll(keepingCapacity: true)
  }

  /// The changes since `mark`; nil where they are not known, or are so many that all may be looked at instead.
  func since(_ mark: Int, atMost most: Int) -> ArraySlice<Int32>? {
    if mark < base || self.mark - mark > most { return nil }
    return entries[(mark - base)...]
  }
}

/// What pods with the same tolerations and the same wishes for nodes have in common: the filters and raw scores that
/// look only at a node's name, labels and taints (NodeUnschedulable, TaintToleration, NodeAffinity).
final class StaticShape {
  let profile: Profile?
  let tolerations: [TolerationView]
  /// Those that may tolerate `PreferNoSchedule`.
  let preferTolerations: [TolerationView]
  let nodes: RequiredNodes
  let preferred: [(weight: Int, term: NodeSelectorTerm)]
  /// Per slot: 0, or the code of the first filter that rejects the node.
  private(set) var codes: [UInt8] = []
  private(set) var fits = Bitset()
  /// The nodes that the pod's own selector and affinity match.
  private(set) var affinity = Bitset()
  /// Untolerated `PreferNoSchedule` taints and weights of preferred nodes, per slot; empty where all are 0.
  private(set) var taints: [Int32] = []
  private(set) var wishes: [Int32] = []
  private var mark = -1
  /// The shape of the same pods if they named no nodes: pods that are pinned to one node each have it in common, and
  /// only the nodes they name are looked at for each.
  private let unnamed: StaticShape?
  private let names: [Key]

  init(_ profile: Profile?, _ spec: Value, unnamed: StaticShape? = nil) {
    self.profile = profile
    self.unnamed = unnamed
    tolerations = spec[.tolerations].items.map { TolerationView($0) }
    preferTolerations = tolerations.filter { $0.effect == nil || $0.effect == .preferNoSchedule }
    nodes = RequiredNodes(spec)
    names = unnamed == nil ? [] : nodes.namedNodes ?? []
    let wishes = spec[.affinity][.nodeAffinity][.preferredDuringSchedulingIgnoredDuringExecution].items
    preferred = NodeAffinity.preferred(wishes) + (profile?.addedPreferred ?? [])
  }

  func refresh(_ world: World) {
    let now = world.nodeLog.mark
    if mark == now { return }
    unnamed?.refresh(world)
    if let changes = world.nodeLog.since(mark, atMost: world.columns.count) {
      for slot in changes { read(Int(slot), world) }
    } else if let unnamed {
      take(from: unnamed, world)
    } else {
      let count = world.columns.count
      codes = [UInt8](repeating: 0, count: count)
      fits = Bitset(count: count)
      affinity = Bitset(count: count)
      taints = []
      wishes = []
      for slot in 0..<count { read(slot, world) }
    }
    mark = now
  }

  /// Whether the filter NodeAffinity is on.
  private var filtersAffinity: Bool { (profile?.filterBits ?? .max) & PluginID.nodeAffinity.bit != 0 }

  /// What the nodes are without the names, from which all but the named ones are barred.
  private func take(from unnamed: StaticShape, _ world: World) {
    codes = unnamed.codes
    taints = unnamed.taints
    wishes = unnamed.wishes
    affinity = Bitset(count: codes.count)
    fits = unnamed.fits
    if filtersAffinity {
      let barred = UInt8(FilterCode.affinity)
      codes.withUnsafeMutableBufferPointer { codes in fits.visit { codes[$0] = barred } }
      fits = Bitset(count: codes.count)
    }
    for name in names { if let node = world.node(name) { read(node.slot, world) } }
  }

  private func read(_ slot: Int, _ world: World) {
    guard slot < codes.count, let node = world.nodes[slot] else { return }
    if let unnamed, !names.contains(node.name) {
      let code = unnamed.codes[slot]
      codes[slot] = code == 0 && filtersAffinity ? UInt8(FilterCode.affinity) : code
      fits[slot] = codes[slot] == 0
      affinity[slot] = false
      Self.set(&taints, slot, unnamed.taints.isEmpty ? 0 : Int(unnamed.taints[slot]), codes.count)
      Self.set(&wishes, slot, unnamed.wishes.isEmpty ? 0 : Int(unnamed.wishes[slot]), codes.count)
      return
    }
    codes[slot] = UInt8(code(node))
    fits[slot] = codes[slot] == 0
    affinity[slot] = nodes.isEverything || nodes.matches(name: node.name, labels: node.labels)
    Self.set(&taints, slot, TaintToleration.intolerable(preferTolerations, node), codes.count)
    var sum = 0
    for (weight, term) in preferred where term.matches(name: node.name, labels: node.labels) { sum += weight }
    Self.set(&wishes, slot, sum, codes.count)
  }

  private static func set(_ list: inout [Int32], _ slot: Int, _ value: Int, _ count: Int) {
    if list.isEmpty {
      if value == 0 { return }
      list = [Int32](repeating: 0, count: count)
    }
    list[slot] = Int32(clamping: value)
  }

  private func code(_ node: NodeInfo) -> UInt16 {
    let enabled = profile?.filterBits ?? .max
    if enabled & PluginID.nodeUnschedulable.bit != 0, NodeUnschedulable.rejects(tolerations, node) {
      return FilterCode.unschedulable
    }
    if enabled & PluginID.taintToleration.bit != 0, TaintToleration.rejects(tolerations, node) {
      return FilterCode.taint
    }
    if enabled & PluginID.nodeAffinity.bit != 0 {
      if let added = profile?.addedNodes, !added.matches(name: node.name, labels: node.labels) {
        return FilterCode.addedAffinity
      }
      if !nodes.isEverything, !nodes.matches(name: node.name, labels: node.labels) {
        return FilterCode.affinity
      }
    }
    return 0
  }
}

/// What pods that ask for the same amounts and ports, and are alike for `StaticShape`, have in common: which nodes
/// have room, and the scores that depend on one node's amounts alone.
final class FitShape {
  let statics: StaticShape
  let requests: PodRequests
  let ports: [PortUse]
  let asksScalars: Bool
  private var fits = Bitset()
  private var mark = -1
  private var staticMark = -1
  /// Points per slot, as far as they were asked for, and where they have to be worked out anew.
  private var points: [Int32] = []
  private var stale = Bitset()
  private var slots: [Int32] = []
  private var fresh: [Int] = []

  init(_ statics: StaticShape, _ requests: PodRequests, _ ports: [PortUse]) {
    self.statics = statics
    self.requests = requests
    self.ports = ports
    asksScalars = requests.scalars.contains { $0.amount > 0 }
  }

  /// The nodes that pass the filters which look at one node's labels, amounts and ports.
  func feasible(_ world: World) -> Bitset {
    refresh(world)
    return fits
  }

  private func refresh(_ world: World) {
    statics.refresh(world)
    let now = world.podLog.mark
    let nodesNow = world.nodeLog.mark
    if mark == now && staticMark == nodesNow { return }
    let count = world.columns.count
    if staticMark == nodesNow, let changes = world.podLog.since(mark, atMost: count) {
      update(changes, world)
    } else {
      fits = statics.fits
      narrow(world)
      if !points.isEmpty { stale = Bitset(count: points.count, all: true) }
    }
    mark = now
    staticMark = nodesNow
  }

  private func narrow(_ world: World) {
    let table = world.columns.table
    let (cpu, memory, ephemeral) = (requests.cpu, requests.memory, requests.ephemeral)
    let plain = isPlain
    for i in fits.words.indices {
      var word = fits.words[i]
      var rest = word
      while rest != 0 {
        let bit = rest.trailingZeroBitCount
        let slot = i << 6 + bit
        let room =
          plain
          ? table.freePods[slot] > 0 && (cpu == 0 || cpu <= table.freeCPU[slot])
            && (memory == 0 || memory <= table.freeMemory[slot])
            && (ephemeral == 0 || ephemeral <= table.freeEphemeral[slot])
          : has(slot, world)
        if !room { word &= ~(1 << UInt64(bit)) }
        rest &= rest - 1
      }
      fits.setWord(i, word)
    }
  }

  /// Only amounts that have a column matter.
  private var isPlain: Bool {
    let enabled = statics.profile?.filterBits ?? .max
    return ports.isEmpty && !asksScalars && enabled & PluginID.nodeResourcesFit.bit != 0
  }

  private func update(_ changes: ArraySlice<Int32>, _ world: World) {
    if !points.isEmpty { for slot in changes { stale[Int(slot)] = true } }
    if !isPlain {
      for slot in changes { fits[Int(slot)] = statics.fits[Int(slot)] && has(Int(slot), world) }
      return
    }
    let table = world.columns.table
    let (cpu, memory, ephemeral) = (requests.cpu, requests.memory, requests.ephemeral)
    let allowed = statics.fits
    for slot32 in changes {
      let slot = Int(slot32)
      fits[slot] =
        allowed[slot] && table.freePods[slot] > 0 && (cpu == 0 || cpu <= table.freeCPU[slot])
        && (memory == 0 || memory <= table.freeMemory[slot])
        && (ephemeral == 0 || ephemeral <= table.freeEphemeral[slot])
    }
  }

  private func has(_ slot: Int, _ world: World) -> Bool {
    let enabled = statics.profile?.filterBits ?? .max
    if enabled & PluginID.nodeResourcesFit.bit != 0, !NodeResourcesFit.fits(self, world, slot) {
      return false
    }
    return ports.isEmpty || enabled & PluginID.nodePorts.bit == 0 || NodePorts.isFree(ports, world, slot)
  }

  /// Adds the weighted scores that depend on one node alone to `totals`; those of nodes that did not change since are
  /// kept.
  func score(_ cycle: Cycle, _ window: Window?, _ feasible: [Int32], _ totals: inout [Int]) {
    freshen(cycle, window, feasible)
    points.withUnsafeBufferPointer { points in
      feasible.withUnsafeBufferPointer { feasible in
        totals.withUnsafeMutableBufferPointer { totals in
          for i in feasible.indices { totals[i] &+= Int(points[Int(feasible[i])]) }
        }
      }
    }
  }

  /// The position of the best of the window's nodes: by the scores that depend on one node alone, and those of groups.
  func best(
    _ cycle: Cycle, _ window: Window, _ feasible: [Int32], _ groups: SpreadGroups, _ order: ChoiceOrder
  ) -> Int {
    freshen(cycle, window, feasible)
    return points.withUnsafeMutableBufferPointer { points in
      feasible.withUnsafeBufferPointer { feasible in
        groups.best(points, feasible, order)
      }
    }
  }

  private func makeRoom(_ world: World) {
    world.keepsPoints(self)
    refresh(world)
    let count = world.columns.count
    if points.count == count { return }
    points = [Int32](repeating: 0, count: count)
    stale = Bitset(count: count, all: true)
  }

  /// Works out the points of the feasible nodes where they are not known.
  private func freshen(_ cycle: Cycle, _ window: Window?, _ feasible: [Int32]) {
    makeRoom(cycle.world)
    slots.removeAll(keepingCapacity: true)
    if let window {
      window.visit(stale) { slots.append(Int32(truncatingIfNeeded: $0)) }
    } else {
      for slot in feasible where stale[Int(slot)] { slots.append(slot) }
    }
    if slots.isEmpty { return }
    fresh.removeAll(keepingCapacity: true)
    fresh.append(contentsOf: repeatElement(0, count: slots.count))
    for plugin in cycle.profile.perNode { plugin.plugin.score(cycle, slots, plugin.weight, &fresh) }
    for i in slots.indices {
      points[Int(slots[i])] = Int32(truncatingIfNeeded: fresh[i])
      stale[Int(slots[i])] = false
    }
  }

  /// Lets kept results go, where there are too many shapes.
  func forget() {
    points = []
    fits = Bitset()
    mark = -1
  }
}
