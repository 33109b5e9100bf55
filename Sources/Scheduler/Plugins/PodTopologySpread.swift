import API
import APIMachinery

/// What PodTopologySpread found out before the nodes are filtered.
struct SpreadState {
  struct Hard {
    var domains: TopologyDomains
    /// Pods per domain.
    var counts: [Int32]
    var least: Int
    var maxSkew: Int
    var selfMatch: Int
  }
  var hard: [Hard] = []
}

/// Keeps pods spread over the values of node labels: `DoNotSchedule` constraints reject.
final class PodTopologySpread: FilterPlugin {
  let id = PluginID.podTopologySpread

  func concerns(_ podClass: PodClass) -> Bool {
    !podClass.hardSpread.isEmpty || podClass.profile?.arguments.spreadDefaults != nil
  }

  func prepare(_ cycle: Cycle) -> Preparation {
    let podClass = cycle.podClass
    var constraints = podClass.hardSpread
    if !podClass.hasSpread, cycle.profile.arguments.spreadDefaults != nil {
      _ = cycle.volumes.defaultSpread(podClass, cycle.profile)
      constraints = podClass.defaultHardSpread
    }
    if constraints.isEmpty { return .skip }
    let world = cycle.world
    podClass.statics.refresh(world)
    let counters =
      podClass.hardCounters ?? constraints.map { world.counter($0, namespace: podClass.namespace) }
    podClass.hardCounters = counters
    let keys = constraints.map { world.domains(of: $0.topologyKey) }
    cycle.spread.hard.removeAll(keepingCapacity: true)
    for (i, constraint) in constraints.enumerated() {
      cycle.spread.hard.append(Self.state(constraint, counters[i], keys[i], keys, cycle))
    }
    return .ready
  }

  private static func state(
    _ constraint: SpreadConstraint, _ counter: SelectorCounter, _ domains: TopologyDomains,
    _ keys: [TopologyDomains], _ cycle: Cycle
  ) -> SpreadState.Hard {
    let podClass = cycle.podClass
    let included = included(constraint, podClass, cycle.world, keys)
    var counts = [Int32](repeating: 0, count: domains.count)
    var exists = [Bool](repeating: false, count: domains.count)
    let ids = domains.ids
    included.visit { exists[Int(ids[$0])] = true }
    counter.counts.perNode.visit { slot, n in
      if included[slot] { counts[Int(ids[slot])] += Int32(truncatingIfNeeded: n) }
    }
    var least = Int32.max
    var present = 0
    for i in counts.indices where exists[i] {
      least = min(least, counts[i])
      present += 1
    }
    if present < constraint.minDomains { least = 0 }
    let matches = !constraint.selector.isEverything && constraint.selector.matches(labels: podClass.labels)
    let selfMatch =
      matches || (constraint.selector.isEverything && constraint.selectorIdentity.isObject) ? 1 : 0
    return .init(
      domains: domains, counts: counts, least: Int(least), maxSkew: constraint.maxSkew, selfMatch: selfMatch)
  }

  /// The nodes that count for a constraint: those with all keys that its inclusion policies let in.
  static func included(
    _ constraint: SpreadConstraint, _ podClass: PodClass, _ world: World, _ keys: [TopologyDomains]
  ) -> Bitset {
    var nodes: Bitset
    if constraint.honorsAffinity {
      nodes = podClass.statics.affinity
    } else {
      nodes = Bitset(count: world.columns.count, all: true)
    }
    for key in keys {
      let ids = key.ids
      for i in nodes.words.indices {
        var word = nodes.words[i]
        var rest = word
        while rest != 0 {
          let bit = rest.trailingZeroBitCount
          if ids[i << 6 + bit] < 0 { word &= ~(1 << UInt64(bit)) }
          rest &= rest - 1
        }
        nodes.setWord(i, word)
      }
    }
    if constraint.honorsTaints {
      nodes.visit { slot in
        if let node = world.nodes[slot], TaintToleration.rejects(podClass.tolerations, node) {
          nodes[slot] = false
        }
      }
    }
    return nodes
  }

  func check(_ cycle: Cycle, _ slot: Int) -> Rejection {
    for hard in cycle.spread.hard {
      let domain = Int(hard.domains.ids[slot])
      if domain < 0 { return Rejection(code: FilterCode.spreadLabel) }
      if Int(hard.counts[domain]) + hard.selfMatch - hard.least > hard.maxSkew {
        return Rejection(code: FilterCode.spread)
      }
    }
    return .none
  }
}
