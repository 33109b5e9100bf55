import API
import APIMachinery

/// The counters that a class's own terms ask.
struct AffinityCounters {
  var required: SelectorCounter?
  var requiredAnti: [SelectorCounter]
  var preferred: [SelectorCounter]
  var preferredAnti: [SelectorCounter]

  static func of(_ podClass: PodClass, _ world: World) -> AffinityCounters {
    if let known = podClass.affinityCounters { return known }
    let terms = podClass.affinity
    let made = AffinityCounters(
      required: terms.required.isEmpty ? nil : world.counter(terms.required),
      requiredAnti: terms.requiredAnti.map { world.counter([$0]) },
      preferred: terms.preferred.map { world.counter([$0]) },
      preferredAnti: terms.preferredAnti.map { world.counter([$0]) })
    podClass.affinityCounters = made
    return made
  }
}

/// Pods per value of a node label, or per node where all values differ.
struct DomainCount {
  let domains: TopologyDomains
  private var sums: [Int32] = []
  private var perNode: SlotCounts?

  init(_ counts: inout PodCounts, _ domains: TopologyDomains) {
    self.domains = domains
    if domains.isUnique { perNode = counts.perNode } else { sums = counts.sums(domains) }
  }

  /// How many there are in the node's domain; nil where it has none.
  func at(_ slot: Int) -> Int? {
    let id = Int(domains.ids[slot])
    if id < 0 { return nil }
    return perNode.map { $0[slot] } ?? Int(sums[id])
  }

  var isZero: Bool {
    if let perNode {
      var any = false
      perNode.visit { slot, n in if n > 0 && domains.ids[slot] >= 0 { any = true } }
      return !any
    }
    return sums.allSatisfy { $0 == 0 }
  }

  /// Takes the nodes out in whose domain there are any.
  func exclude(from nodes: inout Bitset) {
    if let perNode {
      if domains.isComplete {
        perNode.exclude(from: &nodes)
      } else {
        perNode.visit { slot, n in if n > 0 && domains.ids[slot] >= 0 { nodes[slot] = false } }
      }
      return
    }
    filter(&nodes) { $0 < 0 || sums[Int($0)] <= 0 }
  }

  /// Leaves only nodes in whose domain there are any; with `anyDomain` those that are in any at all.
  func require(in nodes: inout Bitset, anyDomain: Bool) {
    if let perNode, !anyDomain {
      var wanted = Bitset(count: nodes.count)
      perNode.visit { slot, n in if n > 0 && domains.ids[slot] >= 0 { wanted[slot] = true } }
      nodes.formIntersection(wanted)
      return
    }
    filter(&nodes) { $0 >= 0 && (anyDomain || sums[Int($0)] > 0) }
  }

  @inline(__always)
  private func filter(_ nodes: inout Bitset, _ keeps: (Int32) -> Bool) {
    domains.ids.withUnsafeBufferPointer { ids in
      for i in nodes.words.indices {
        var word = nodes.words[i]
        var rest = word
        while rest != 0 {
          let bit = rest.trailingZeroBitCount
          if !keeps(ids[i << 6 + bit]) { word &= ~(1 << UInt64(bit)) }
          rest &= rest - 1
        }
        nodes.setWord(i, word)
      }
    }
  }

  /// Adds `weight` times the count of each node's domain.
  func add(_ weight: Int, _ feasible: [Int32], _ raw: inout [Int]) {
    if let perNode {
      var values = [Int32](repeating: 0, count: domains.ids.count)
      perNode.visit { slot, n in if domains.ids[slot] >= 0 { values[slot] = Int32(truncatingIfNeeded: n) } }
      for i in feasible.indices { raw[i] += weight * Int(values[Int(feasible[i])]) }
      return
    }
    domains.ids.withUnsafeBufferPointer { ids in
      for i in feasible.indices {
        let id = Int(ids[Int(feasible[i])])
        if id >= 0 { raw[i] += weight * Int(sums[id]) }
      }
    }
  }
}

/// What InterPodAffinity found out before the nodes are filtered.
struct AffinityState {
  var affinity: [DomainCount] = []
  /// No pod matches the required affinity, but the pod itself does: it may be the first of its group.
  var isFirst = false
  var anti: [DomainCount] = []
  var existing: [DomainCount] = []
}

/// Required affinity and anti-affinity between pods, in both directions.
final class InterPodAffinity: FilterPlugin {
  let id = PluginID.interPodAffinity

  func prepare(_ cycle: Cycle) -> Preparation {
    let world = cycle.world
    let podClass = cycle.podClass
    let terms = podClass.affinity
    var state = AffinityState()
    for term in podClass.matchingTerms where term.kind == .requiredAnti && term.counts.total > 0 {
      state.existing.append(DomainCount(&term.counts, world.domains(of: term.term.topologyKey)))
    }
    if terms.required.isEmpty && terms.requiredAnti.isEmpty && state.existing.isEmpty { return .skip }
    let counters = AffinityCounters.of(podClass, world)
    if let counter = counters.required {
      state.affinity = terms.required.map {
        DomainCount(&counter.counts, world.domains(of: $0.topologyKey))
      }
      if state.affinity.allSatisfy(\.isZero) {
        state.isFirst = terms.required.allSatisfy {
          $0.matcher.matches(
            namespace: podClass.namespace, labels: podClass.labels, world.matches.labels)
        }
      }
    }
    for (term, counter) in zip(terms.requiredAnti, counters.requiredAnti) where counter.counts.total > 0 {
      state.anti.append(DomainCount(&counter.counts, world.domains(of: term.topologyKey)))
    }
    cycle.affinity = state
    return .ready
  }

  func narrow(_ cycle: Cycle, _ nodes: inout Bitset) {
    let state = cycle.affinity
    for term in state.affinity { term.require(in: &nodes, anyDomain: state.isFirst) }
    for term in state.anti { term.exclude(from: &nodes) }
    for term in state.existing { term.exclude(from: &nodes) }
  }

  func check(_ cycle: Cycle, _ slot: Int) -> Rejection {
    let state = cycle.affinity
    var present = true
    for term in state.affinity {
      guard let n = term.at(slot) else { return Rejection(code: FilterCode.podAffinity) }
      if n <= 0 { present = false }
    }
    if !present && !state.isFirst { return Rejection(code: FilterCode.podAffinity) }
    if state.anti.contains(where: { ($0.at(slot) ?? 0) > 0 }) {
      return Rejection(code: FilterCode.podAntiAffinity)
    }
    if state.existing.contains(where: { ($0.at(slot) ?? 0) > 0 }) {
      return Rejection(code: FilterCode.existingAntiAffinity)
    }
    return .none
  }
}

/// Preferred affinity and anti-affinity between pods, in both directions.
final class InterPodAffinityScore: ScorePlugin {
  let id = PluginID.interPodAffinity

  func isLevel(_ cycle: Cycle) -> Bool {
    let podClass = cycle.podClass
    return podClass.affinity.preferred.isEmpty && podClass.affinity.preferredAnti.isEmpty
      && podClass.matchingTerms.allSatisfy { $0.kind == .requiredAnti || $0.counts.total == 0 }
  }

  func score(_ cycle: Cycle, _ feasible: [Int32], _ weight: Int, _ totals: inout [Int]) {
    let world = cycle.world
    let podClass = cycle.podClass
    let arguments = cycle.profile.arguments
    let terms = podClass.affinity
    if !terms.any && podClass.matchingTerms.isEmpty { return }
    var parts: [(DomainCount, weight: Int)] = []
    let counters = AffinityCounters.of(podClass, world)
    for (list, counters, sign) in [
      (terms.preferred, counters.preferred, 1), (terms.preferredAnti, counters.preferredAnti, -1),
    ] {
      for (term, counter) in zip(list, counters) where counter.counts.total > 0 {
        parts.append(
          (DomainCount(&counter.counts, world.domains(of: term.topologyKey)), sign * term.weight))
      }
    }
    let ignoresOthers =
      arguments.ignorePreferredTermsOfExistingPods && terms.preferred.isEmpty && terms.preferredAnti.isEmpty
    for term in podClass.matchingTerms where term.counts.total > 0 {
      let points: Int
      switch term.kind {
      case .requiredAffinity: points = arguments.hardPodAffinityWeight
      case .preferred: points = term.term.weight
      case .preferredAnti: points = -term.term.weight
      case .requiredAnti: continue
      }
      if points == 0 || ignoresOthers { continue }
      parts.append((DomainCount(&term.counts, world.domains(of: term.term.topologyKey)), points))
    }
    if parts.isEmpty { return }
    var raw = [Int](repeating: 0, count: feasible.count)
    for (count, points) in parts { count.add(points, feasible, &raw) }
    let least = raw.min() ?? 0
    let span = (raw.max() ?? 0) - least
    if span == 0 { return }
    for i in raw.indices { totals[i] += weight * Int(100 * (Double(raw[i] - least) / Double(span))) }
  }
}
