import API
import APIMachinery

/// Prefers domains with fewer like pods: the pod's own `ScheduleAnyway` constraints, or the defaults
/// (hostname with skew 3, zone with skew 5) for pods of a Service or a set. Weight 2.
final class PodTopologySpreadScore: ScorePlugin {
  let id = PluginID.podTopologySpread
  private static let weight = 2

  func score(_ cycle: Cycle, _ feasible: [Int32], _ totals: inout [Int]) {
    let podClass = cycle.podClass
    let world = cycle.world
    let own = podClass.hasSpread
    let constraints = own ? podClass.softSpread : cycle.volumes.defaultSpread(podClass)
    if constraints.isEmpty { return }
    let keys = constraints.map { world.domains(of: $0.topologyKey) }
    var ignored = [Bool](repeating: false, count: feasible.count)
    var kept = feasible.count
    if own {
      for (i, slot) in feasible.enumerated() where keys.contains(where: { $0.ids[Int(slot)] < 0 }) {
        ignored[i] = true
        kept -= 1
      }
    }
    var raw = [Double](repeating: 0, count: feasible.count)
    for (constraint, domains) in zip(constraints, keys) {
      let counter = world.counter(constraint, namespace: podClass.namespace)
      let skew = Double(constraint.maxSkew - 1)
      if constraint.topologyKey == .kubernetesIoHostname {
        let weight = GoLog.log(kept + 2)
        for (i, slot) in feasible.enumerated() where !ignored[i] && domains.ids[Int(slot)] >= 0 {
          raw[i] += Double(counter.counts[Int(slot)]) * weight + skew
        }
        continue
      }
      var counts = [Int](repeating: -1, count: domains.count)
      var size = 0
      var hasNone = false
      for (i, slot) in feasible.enumerated() where !ignored[i] {
        let domain = Int(domains.ids[Int(slot)])
        if domain < 0 {
          hasNone = true
        } else if counts[domain] < 0 {
          counts[domain] = 0
          size += 1
        }
      }
      let weight = GoLog.log(size + (hasNone ? 1 : 0) + 2)
      if counter.total > 0 { count(cycle, constraint, counter, domains, own ? keys : [], &counts) }
      for (i, slot) in feasible.enumerated() where !ignored[i] {
        let domain = Int(domains.ids[Int(slot)])
        if domain >= 0 { raw[i] += Double(counts[domain]) * weight + skew }
      }
    }
    normalize(raw, ignored, &totals)
  }

  /// Sums the pods of each domain that some feasible node is in, over all nodes of the cluster.
  private func count(
    _ cycle: Cycle, _ constraint: SpreadConstraint, _ counter: SelectorCounter, _ domains: TopologyDomains,
    _ required: [TopologyDomains], _ counts: inout [Int]
  ) {
    let world = cycle.world
    let podClass = cycle.podClass
    let all = podClass.nodes.isEverything && !constraint.honorsTaints
    for slot32 in world.order {
      let slot = Int(slot32)
      let n = counter.counts[slot]
      if n == 0 { continue }
      let domain = Int(domains.ids[slot])
      if domain < 0 || counts[domain] < 0 { continue }
      if !required.allSatisfy({ $0.ids[slot] >= 0 }) { continue }
      if !all && !PodTopologySpread.includes(constraint, podClass, world, slot) { continue }
      counts[domain] += Int(n)
    }
  }

  private func normalize(_ raw: [Double], _ ignored: [Bool], _ totals: inout [Int]) {
    var least = Int.max
    var most = 0
    var points = [Int](repeating: 0, count: raw.count)
    for i in raw.indices where !ignored[i] {
      points[i] = Int(raw[i].rounded(.toNearestOrAwayFromZero))
      least = min(least, points[i])
      most = max(most, points[i])
    }
    for i in raw.indices where !ignored[i] {
      totals[i] += Self.weight * (most == 0 ? 100 : 100 * (most + least - points[i]) / most)
    }
  }
}
