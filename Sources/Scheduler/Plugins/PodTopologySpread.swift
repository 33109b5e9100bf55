import API
import APIMachinery

/// What PodTopologySpread found out before the nodes are filtered.
struct SpreadState {
  struct Hard {
    var domains: TopologyDomains
    /// Pods per domain; -1 where the domain does not count.
    var counts: [Int]
    var least: Int
    var maxSkew: Int
    var selfMatch: Int
  }
  var hard: [Hard] = []
}

/// Keeps pods spread over the values of node labels: `DoNotSchedule` constraints reject.
final class PodTopologySpread: FilterPlugin {
  let id = PluginID.podTopologySpread

  func prepare(_ cycle: Cycle) -> Preparation {
    let podClass = cycle.podClass
    guard !podClass.hardSpread.isEmpty else { return .skip }
    let world = cycle.world
    let keys = podClass.hardSpread.map { world.domains(of: $0.topologyKey) }
    cycle.spread.hard.removeAll(keepingCapacity: true)
    for (constraint, domains) in zip(podClass.hardSpread, keys) {
      let counter = world.counter(constraint, namespace: podClass.namespace)
      var counts = [Int](repeating: -1, count: domains.count)
      for slot32 in world.order {
        let slot = Int(slot32)
        guard keys.allSatisfy({ $0.ids[slot] >= 0 }), Self.includes(constraint, podClass, world, slot) else {
          continue
        }
        let domain = Int(domains.ids[slot])
        counts[domain] = max(counts[domain], 0) + Int(counter.counts[slot])
      }
      let present = counts.filter { $0 >= 0 }
      var least = present.min() ?? Int(Int32.max)
      if present.count < constraint.minDomains { least = 0 }
      let matches = !constraint.selector.isEverything && constraint.selector.matches(labels: podClass.labels)
      let selfMatch =
        matches || (constraint.selector.isEverything && constraint.selectorIdentity.isObject) ? 1 : 0
      cycle.spread.hard.append(
        .init(
          domains: domains, counts: counts, least: least, maxSkew: constraint.maxSkew, selfMatch: selfMatch))
    }
    return .ready
  }

  /// The inclusion policies of a constraint.
  static func includes(_ constraint: SpreadConstraint, _ podClass: PodClass, _ world: World, _ slot: Int)
    -> Bool
  {
    guard let node = world.nodes[slot] else { return false }
    if constraint.honorsAffinity && !podClass.nodes.isEverything
      && !podClass.nodes.matches(name: node.name, labels: node.labels)
    {
      return false
    }
    return !(constraint.honorsTaints && TaintToleration.rejects(podClass, node))
  }

  func filter(_ cycle: Cycle, _ slots: ArraySlice<Int32>, _ codes: inout [UInt16]) {
    for slot32 in slots {
      let slot = Int(slot32)
      if codes[slot] != 0 { continue }
      for hard in cycle.spread.hard {
        let domain = Int(hard.domains.ids[slot])
        if domain < 0 {
          codes[slot] = FilterCode.spreadLabel
          break
        }
        let count = max(hard.counts[domain], 0)
        if count + hard.selfMatch - hard.least > hard.maxSkew {
          codes[slot] = FilterCode.spread
          break
        }
      }
    }
  }
}
