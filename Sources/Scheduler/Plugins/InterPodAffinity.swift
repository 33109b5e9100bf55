import API
import APIMachinery

/// What InterPodAffinity found out before the nodes are filtered.
struct AffinityState {
  struct Count {
    var domains: TopologyDomains
    var counts: [Int]
  }
  var affinity: [Count] = []
  /// No pod matches the required affinity, but the pod itself does: it may be the first of its group.
  var isFirst = false
  var anti: [Count] = []
  var existing: [Count] = []
}

/// Required affinity and anti-affinity between pods, in both directions.
final class InterPodAffinity: FilterPlugin {
  let id = PluginID.interPodAffinity

  func prepare(_ cycle: Cycle) -> Preparation {
    let world = cycle.world
    let podClass = cycle.podClass
    let terms = podClass.affinity
    var state = AffinityState()
    for term in world.termsMatching(podClass) where term.kind == .requiredAnti && term.total > 0 {
      state.existing.append(Self.count(term.counts, term.term.topologyKey, world))
    }
    if terms.required.isEmpty && terms.requiredAnti.isEmpty && state.existing.isEmpty { return .skip }
    if !terms.required.isEmpty {
      let counter = world.counter(terms.required)
      state.affinity = terms.required.map { Self.count(counter.counts, $0.topologyKey, world) }
      if state.affinity.allSatisfy({ $0.counts.allSatisfy { $0 == 0 } }) {
        state.isFirst = terms.required.allSatisfy {
          $0.matcher.matches(
            namespace: podClass.namespace, labels: podClass.labels,
            { world.namespaceLabels[$0] ?? .emptyObject })
        }
      }
    }
    for term in terms.requiredAnti {
      let counter = world.counter([term])
      if counter.total > 0 { state.anti.append(Self.count(counter.counts, term.topologyKey, world)) }
    }
    cycle.affinity = state
    return .ready
  }

  /// Sums counts per node into counts per value of a label.
  static func count(_ perNode: [Int32], _ key: Key, _ world: World) -> AffinityState.Count {
    let domains = world.domains(of: key)
    var counts = [Int](repeating: 0, count: domains.count)
    for slot in perNode.indices where perNode[slot] != 0 {
      let domain = Int(domains.ids[slot])
      if domain >= 0 { counts[domain] += Int(perNode[slot]) }
    }
    return AffinityState.Count(domains: domains, counts: counts)
  }

  func filter(_ cycle: Cycle, _ slots: ArraySlice<Int32>, _ codes: inout [UInt16]) {
    let state = cycle.affinity
    for slot32 in slots {
      let slot = Int(slot32)
      if codes[slot] != 0 { continue }
      if !Self.satisfies(state, slot) {
        codes[slot] = FilterCode.podAffinity
      } else if Self.isHit(state.anti, slot) {
        codes[slot] = FilterCode.podAntiAffinity
      } else if Self.isHit(state.existing, slot) {
        codes[slot] = FilterCode.existingAntiAffinity
      }
    }
  }

  private static func satisfies(_ state: AffinityState, _ slot: Int) -> Bool {
    var present = true
    for term in state.affinity {
      let domain = Int(term.domains.ids[slot])
      if domain < 0 { return false }
      if term.counts[domain] <= 0 { present = false }
    }
    return present || state.isFirst
  }

  private static func isHit(_ list: [AffinityState.Count], _ slot: Int) -> Bool {
    for term in list {
      let domain = Int(term.domains.ids[slot])
      if domain >= 0 && term.counts[domain] > 0 { return true }
    }
    return false
  }
}

/// Preferred affinity and anti-affinity between pods, in both directions. Weight 2.
final class InterPodAffinityScore: ScorePlugin {
  let id = PluginID.interPodAffinity
  private static let weight = 2

  func score(_ cycle: Cycle, _ feasible: [Int32], _ totals: inout [Int]) {
    let world = cycle.world
    let podClass = cycle.podClass
    var parts: [(AffinityState.Count, weight: Int)] = []
    func add(_ perNode: [Int32], _ key: Key, _ weight: Int) {
      parts.append((InterPodAffinity.count(perNode, key, world), weight))
    }
    for term in podClass.affinity.preferred {
      let counter = world.counter([term])
      if counter.total > 0 { add(counter.counts, term.topologyKey, term.weight) }
    }
    for term in podClass.affinity.preferredAnti {
      let counter = world.counter([term])
      if counter.total > 0 { add(counter.counts, term.topologyKey, -term.weight) }
    }
    for term in world.termsMatching(podClass) where term.total > 0 {
      switch term.kind {
      case .requiredAffinity: add(term.counts, term.term.topologyKey, 1)
      case .preferred: add(term.counts, term.term.topologyKey, term.term.weight)
      case .preferredAnti: add(term.counts, term.term.topologyKey, -term.term.weight)
      case .requiredAnti: break
      }
    }
    if parts.isEmpty { return }
    var raw = [Int](repeating: 0, count: feasible.count)
    for (count, weight) in parts {
      for (i, slot) in feasible.enumerated() {
        let domain = Int(count.domains.ids[Int(slot)])
        if domain >= 0 { raw[i] += weight * count.counts[domain] }
      }
    }
    let least = raw.min() ?? 0
    let span = (raw.max() ?? 0) - least
    if span == 0 { return }
    for i in raw.indices {
      totals[i] += Self.weight * Int(100 * (Double(raw[i] - least) / Double(span)))
    }
  }
}
