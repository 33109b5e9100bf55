import API
import APIMachinery

/// Prefers domains with fewer like pods: the pod's own `ScheduleAnyway` constraints, or the defaults
/// (hostname with skew 3, zone with skew 5) for pods of a Service or a set.
final class PodTopologySpreadScore: ScorePlugin {
  let id = PluginID.podTopologySpread
  private var raw: [Double] = []
  private var points: [Int] = []
  private var ignored: [Bool] = []
  /// Room for the counts of one constraint, per slot; all 0 in between.
  private var scratch: [Int32] = []
  private var logs: [(n: Int, log: Double)] = [(-1, 0), (-1, 0)]

  func score(_ cycle: Cycle, _ feasible: [Int32], _ weight: Int, _ totals: inout [Int]) {
    let podClass = cycle.podClass
    let world = cycle.world
    let own = podClass.hasSpread
    let constraints = constraints(cycle)
    if constraints.isEmpty { return }
    let (counters, keys) = counters(cycle, constraints)
    let anyIgnored = own && findIgnored(feasible, keys)
    let kept = anyIgnored ? ignored.count { !$0 } : feasible.count
    if scratch.count < world.columns.count { scratch = [Int32](repeating: 0, count: world.columns.count) }
    raw.removeAll(keepingCapacity: true)
    raw.append(contentsOf: repeatElement(0, count: feasible.count))
    for (i, constraint) in constraints.enumerated() {
      let skew = Double(constraint.maxSkew - 1)
      if constraint.topologyKey == .kubernetesIoHostname {
        addNodes(counters[i].counts.perNode, keys[i], GoLog.log(kept + 2), skew, feasible)
        continue
      }
      let size = size(keys[i], feasible, anyIgnored, world)
      let sums = Self.sums(cycle, constraint, counters[i], keys[i], own ? keys : [])
      let weight = GoLog.log(size + 2)
      addDomains(sums.map { Double($0) * weight + skew }, keys[i], feasible)
    }
    normalize(anyIgnored, weight, &totals)
  }

  private func constraints(_ cycle: Cycle) -> [SpreadConstraint] {
    let podClass = cycle.podClass
    return podClass.hasSpread ? podClass.softSpread : cycle.volumes.defaultSpread(podClass, cycle.profile)
  }

  /// What counts the pods of each constraint, and the values of its label.
  private func counters(
    _ cycle: Cycle, _ constraints: [SpreadConstraint]
  ) -> ([SelectorCounter], [TopologyDomains]) {
    let podClass = cycle.podClass
    if let known = podClass.softCounters { return (known, podClass.softDomains) }
    let world = cycle.world
    let counters = constraints.map { world.counter($0, namespace: podClass.namespace) }
    podClass.softCounters = counters
    podClass.softDomains = constraints.map { world.domains(of: $0.topologyKey) }
    return (counters, podClass.softDomains)
  }

  /// Nodes without all keys of the pod's own constraints take no part.
  private func findIgnored(_ feasible: [Int32], _ keys: [TopologyDomains]) -> Bool {
    if keys.allSatisfy(\.isComplete) { return false }
    ignored.removeAll(keepingCapacity: true)
    var any = false
    for slot in feasible {
      let misses = keys.contains { $0.ids[Int(slot)] < 0 }
      ignored.append(misses)
      if misses { any = true }
    }
    return any
  }

  private func addNodes(
    _ counts: SlotCounts, _ domains: TopologyDomains, _ weight: Double, _ skew: Double, _ feasible: [Int32]
  ) {
    counts.visit { slot, n in scratch[slot] = Int32(truncatingIfNeeded: n) }
    let complete = domains.isComplete
    raw.withUnsafeMutableBufferPointer { raw in
      scratch.withUnsafeBufferPointer { values in
        domains.ids.withUnsafeBufferPointer { ids in
          for i in feasible.indices where complete || ids[Int(feasible[i])] >= 0 {
            raw[i] += Double(values[Int(feasible[i])]) * weight + skew
          }
        }
      }
    }
    counts.visit { slot, _ in scratch[slot] = 0 }
  }

  private func addDomains(_ parts: [Double], _ domains: TopologyDomains, _ feasible: [Int32]) {
    raw.withUnsafeMutableBufferPointer { raw in
      parts.withUnsafeBufferPointer { parts in
        domains.ids.withUnsafeBufferPointer { ids in
          for i in feasible.indices {
            let id = Int(ids[Int(feasible[i])])
            if id >= 0 { raw[i] += parts[id] }
          }
        }
      }
    }
  }

  /// How many values the feasible nodes have; having none counts as one more.
  private func size(
    _ domains: TopologyDomains, _ feasible: [Int32], _ anyIgnored: Bool, _ world: World
  ) -> Int {
    var seen = [Bool](repeating: false, count: domains.count)
    var size = 0
    var hasNone = false
    let ids = domains.ids
    let all = domains.isComplete ? domains.inUse : domains.inUse + 1
    for i in feasible.indices where !anyIgnored || !ignored[i] {
      let id = Int(ids[Int(feasible[i])])
      if id < 0 {
        hasNone = true
      } else if !seen[id] {
        seen[id] = true
        size += 1
        if size == all { break }
      }
    }
    return size + (hasNone ? 1 : 0)
  }

  /// The pods of each domain, over all nodes of the cluster that count.
  private static func sums(
    _ cycle: Cycle, _ constraint: SpreadConstraint, _ counter: SelectorCounter, _ domains: TopologyDomains,
    _ required: [TopologyDomains]
  ) -> [Int32] {
    let podClass = cycle.podClass
    let everywhere = podClass.nodes.isEverything || !constraint.honorsAffinity
    if everywhere && !constraint.honorsTaints && required.allSatisfy(\.isComplete) {
      return counter.counts.sums(domains)
    }
    podClass.statics.refresh(cycle.world)
    let included = PodTopologySpread.included(constraint, podClass, cycle.world, required)
    return counter.counts.count(domains) { included[$0] }
  }

  private func normalize(_ anyIgnored: Bool, _ weight: Int, _ totals: inout [Int]) {
    if anyIgnored {
      normalizeSome(weight, &totals)
      return
    }
    let count = raw.count
    if points.count < count { points = [Int](repeating: 0, count: count) }
    raw.withUnsafeBufferPointer { raw in
      points.withUnsafeMutableBufferPointer { points in
        totals.withUnsafeMutableBufferPointer { totals in
          var least = Int.max
          var most = 0
          for i in 0..<count {
            points[i] = Self.rounded(raw[i])
            least = min(least, points[i])
            most = max(most, points[i])
          }
          if most == 0 {
            for i in 0..<count { totals[i] += weight * 100 }
          } else if most - least > count {
            for i in 0..<count { totals[i] += weight * (100 * (most + least - points[i]) / most) }
          } else {
            // Few different values: each is divided once.
            let (top, low) = (most, least)
            withUnsafeTemporaryAllocation(of: Int.self, capacity: top - low + 1) { table in
              for value in 0...(top - low) { table[value] = weight * (100 * (top - value) / top) }
              for i in 0..<count { totals[i] += table[points[i] - low] }
            }
          }
        }
      }
    }
  }

  /// To the nearest, halves away from zero; there are no negative ones.
  @inline(__always)
  static func rounded(_ value: Double) -> Int {
    let whole = Int(value)
    return value - Double(whole) >= 0.5 ? whole + 1 : whole
  }

  /// Where some nodes take no part.
  private func normalizeSome(_ weight: Int, _ totals: inout [Int]) {
    let live = raw.indices.filter { !ignored[$0] }
    let values = live.map { Self.rounded(raw[$0]) }
    let (least, most) = (values.min() ?? 0, values.max() ?? 0)
    for (i, value) in zip(live, values) {
      totals[i] += weight * (most == 0 ? 100 : 100 * (most + least - value) / most)
    }
  }

  // MARK: Groups

  /// What `score` would add, told by groups of nodes; false where it cannot be told so.
  func group(
    _ cycle: Cycle, _ window: Window, _ feasible: [Int32], _ weight: Int, _ groups: SpreadGroups
  ) -> Bool {
    groups.clear()
    let constraints = constraints(cycle)
    if constraints.isEmpty { return true }
    let (counters, keys) = counters(cycle, constraints)
    if cycle.podClass.hasSpread && !keys.allSatisfy(\.isComplete) { return false }
    var (host, other): (Int?, Int?)
    for i in keys.indices {
      if keys[i].key == .kubernetesIoHostname {
        if host != nil || !keys[i].isComplete { return false }
        host = i
      } else {
        if other != nil || keys[i].count > SpreadGroups.most { return false }
        other = i
      }
    }
    if let host { groups.note(counters[host].counts.perNode, window, cycle.world.columns.count) }
    let size = groups.find(other.map { keys[$0] }, feasible)
    let nodeWeight = log(0, feasible.count + 2)
    let nodeSkew = host.map { Double(constraints[$0].maxSkew - 1) } ?? 0
    if let i = other {
      let sums = Self.sums(cycle, constraints[i], counters[i], keys[i], cycle.podClass.hasSpread ? keys : [])
      groups.setSums(sums, log(1, size + 2), Double(constraints[i].maxSkew - 1))
    }
    groups.finish(weight) { n, part in Self.rounded(Double(n) * nodeWeight + nodeSkew + part) }
    return true
  }

  /// The logarithm, kept in one of two places, as it is mostly the same as for the last pod.
  private func log(_ place: Int, _ n: Int) -> Double {
    if logs[place].n != n { logs[place] = (n, GoLog.log(n)) }
    return logs[place].log
  }
}
