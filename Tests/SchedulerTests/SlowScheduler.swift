import API
import APIMachinery
import Basics

@testable import Scheduler

/// The default profile as plainly as it can be written: every count is taken anew from the objects, for every pod and
/// node. Slow, and only there to compare with.
struct SlowScheduler {
  final class Node {
    var value: Value
    /// In the order of `framework.NodeInfo.Pods`.
    var pods: [Value] = []
    var nominated: [Value] = []
    init(_ value: Value) { self.value = value }
    var name: Key { value.nameKey }
    var labels: Value { value.labels }
  }
  enum Decision: Equatable {
    case node(String)
    case pending(String)
    case preempts(String, victims: [String])
  }
  struct Verdict {
    var reasons: [String] = []
    var unresolvable = false
    static func no(_ reason: String, unresolvable: Bool) -> Verdict {
      Verdict(reasons: [reason], unresolvable: unresolvable)
    }
    var fits: Bool { reasons.isEmpty }
  }

  /// In the order in which they were added.
  var added: [Node] = []
  var services: [Value] = []
  var sets: [Value] = []
  var namespaces: [Key: Value] = [:]
  var budgets: [Value] = []
  var nextStart = 0

  /// One node of each zone in turn.
  var nodes: [Node] {
    var zones: [(String, [Node])] = []
    for node in added {
      func label(_ name: String) -> String { node.labels[Key("topology.kubernetes.io/\(name)")].string ?? "" }
      let zone = "\(label("region"))|\(label("zone"))"
      if let i = zones.firstIndex(where: { $0.0 == zone }) {
        zones[i].1.append(node)
      } else {
        zones.append((zone, [node]))
      }
    }
    var all: [Node] = []
    for i in 0..<added.count { for zone in zones where i < zone.1.count { all.append(zone.1[i]) } }
    return all
  }

  mutating func decide(_ pod: Value) -> Decision {
    let nodes = nodes
    if nodes.isEmpty { return .pending("no nodes available to schedule pods") }
    let verdicts = nodes.map { verdict(pod, $0, nodes) }
    var percentage = 50 - nodes.count / 125
    percentage = max(5, percentage)
    let wanted = nodes.count < 100 ? nodes.count : max(100, nodes.count * percentage / 100)
    var feasible: [Node] = []
    var processed = 0
    for i in nodes.indices {
      let at = (nextStart + i) % nodes.count
      if verdicts[at].fits {
        if feasible.count == wanted { break }
        feasible.append(nodes[at])
      }
      processed += 1
    }
    nextStart = (nextStart + processed) % nodes.count
    if feasible.isEmpty { return preempt(pod, nodes, verdicts) }
    if feasible.count == 1 { return .node(feasible[0].name.string) }
    return .node(choose(feasible, totals(pod, feasible, nodes)).name.string)
  }

  /// The root of a heap that was made of the list.
  private func choose(_ feasible: [Node], _ totals: [Int]) -> Node {
    var heap = Array(feasible.indices)
    for start in stride(from: heap.count / 2 - 1, through: 0, by: -1) {
      var i = start
      while 2 * i + 1 < heap.count {
        var child = 2 * i + 1
        if child + 1 < heap.count, totals[heap[child + 1]] > totals[heap[child]] { child += 1 }
        if totals[heap[child]] <= totals[heap[i]] { break }
        heap.swapAt(i, child)
        i = child
      }
    }
    return feasible[heap[0]]
  }

  // MARK: Filters

  private func verdict(_ pod: Value, _ node: Node, _ nodes: [Node]) -> Verdict {
    let priority = pod.spec[.priority].int ?? 0
    let others = node.nominated.filter { ($0.spec[.priority].int ?? 0) >= priority && $0.name != pod.name }
    if !others.isEmpty {
      let kept = node.pods
      node.pods += others
      let with = filter(pod, node, nodes)
      node.pods = kept
      if !with.fits { return with }
    }
    return filter(pod, node, nodes)
  }

  private func filter(_ pod: Value, _ node: Node, _ nodes: [Node]) -> Verdict {
    let spec = pod.spec
    let tolerations = [TolerationView](of: pod)
    let cordon = TaintView(key: "node.kubernetes.io/unschedulable", value: "", effect: .noSchedule)
    if node.value.spec[.unschedulable].bool == true, !tolerations.tolerate(cordon) {
      return .no("node(s) were unschedulable", unresolvable: true)
    }
    if !toleratesAll(tolerations, node) { return .no("node(s) had untolerated taint(s)", unresolvable: true) }
    if !RequiredNodes(spec).matches(node.value) {
      return .no("node(s) didn't match Pod's node affinity/selector", unresolvable: true)
    }
    let ports = PortUse.of(spec)
    let used = node.pods.flatMap { PortUse.of($0.spec) }
    if ports.contains(where: { port in used.contains { $0.conflicts(with: port) } }) {
      return .no("node(s) didn't have free ports for the requested pod ports", unresolvable: false)
    }
    let fit = fit(pod, node)
    if !fit.fits { return fit }
    let spread = spread(pod, node, nodes)
    return spread.fits ? affinity(pod, node, nodes) : spread
  }

  private func toleratesAll(_ tolerations: [TolerationView], _ node: Node) -> Bool {
    node.value.spec[.taints].items.map { TaintView($0) }.allSatisfy {
      $0.effect == .preferNoSchedule || tolerations.tolerate($0)
    }
  }

  private func fit(_ pod: Value, _ node: Node) -> Verdict {
    let wanted = PodRequests.of(pod.spec)
    let has = PodRequests(node.value.status[.allocatable])
    var used = PodRequests()
    for other in node.pods { used.add(PodRequests.of(other.spec)) }
    var verdict = Verdict()
    if node.pods.count + 1 > Quantity(node.value.status[.allocatable][.pods])?.value ?? 0 {
      verdict.reasons.append("Too many pods")
    }
    func look(_ name: String, _ amount: Int, _ used: Int, _ has: Int) {
      if amount > 0, amount > has - used {
        verdict.reasons.append("Insufficient \(name)")
        if amount > has { verdict.unresolvable = true }
      }
    }
    look("cpu", wanted.cpu, used.cpu, has.cpu)
    look("memory", wanted.memory, used.memory, has.memory)
    look("ephemeral-storage", wanted.ephemeral, used.ephemeral, has.ephemeral)
    for scalar in wanted.scalars {
      look("\(scalar.name)", scalar.amount, used.amount(of: scalar.name), has.amount(of: scalar.name))
    }
    return verdict
  }

  private func spread(_ pod: Value, _ node: Node, _ nodes: [Node]) -> Verdict {
    let hard = pod.spec[.topologySpreadConstraints].items
      .filter { $0[.whenUnsatisfiable].string == "DoNotSchedule" }
    let keys = hard.map { $0[.topologyKey].key }
    for constraint in hard {
      guard let value = node.labels.get(constraint[.topologyKey].key) else {
        return .no(
          "node(s) didn't match pod topology spread constraints (missing required label)", unresolvable: true)
      }
      let selector = selector(constraint, pod)
      var counts: [String: Int] = [:]
      for other in nodes where keys.allSatisfy({ other.labels.has($0) }) && includes(constraint, pod, other) {
        let domain = other.labels[constraint[.topologyKey].key].string ?? ""
        counts[domain, default: 0] += matching(selector, pod.namespaceKey, other)
      }
      var least = counts.values.min() ?? Int(Int32.max)
      if counts.count < constraint[.minDomains].int ?? 1 { least = 0 }
      let mine = selector.matches(pod) ? 1 : 0
      let count = counts[value.string ?? ""] ?? 0
      if count + mine - least > constraint[.maxSkew].int ?? 1 {
        return .no("node(s) didn't match pod topology spread constraints", unresolvable: false)
      }
    }
    return Verdict()
  }

  func selector(_ constraint: Value, _ pod: Value) -> LabelSelector {
    LabelSelector(
      PodAffinityTerm.merged(constraint[.labelSelector], constraint[.matchLabelKeys], "In", pod.labels))
  }

  func includes(_ constraint: Value, _ pod: Value, _ node: Node) -> Bool {
    if (constraint[.nodeAffinityPolicy].string ?? "Honor") == "Honor",
      !RequiredNodes(pod.spec).matches(node.value)
    {
      return false
    }
    return (constraint[.nodeTaintsPolicy].string ?? "Ignore") == "Ignore"
      || toleratesAll([TolerationView](of: pod), node)
  }

  func matching(_ selector: LabelSelector, _ namespace: Key, _ node: Node) -> Int {
    if selector.isEverything { return 0 }
    return node.pods.count { $0.namespaceKey == namespace && !$0.isTerminating && selector.matches($0) }
  }

  // MARK: Pod affinity

  func terms(_ pod: Value, _ kind: Key, required: Bool) -> [(term: Value, weight: Int)] {
    let from = pod.spec[.affinity][kind]
    if required {
      return from[.requiredDuringSchedulingIgnoredDuringExecution].items.map { ($0, 1) }
    }
    return from[.preferredDuringSchedulingIgnoredDuringExecution].items.map {
      ($0[.podAffinityTerm], $0[.weight].int ?? 0)
    }
  }

  /// Whether a term of `owner` is about `pod`.
  func matches(_ term: Value, _ owner: Value, _ pod: Value) -> Bool {
    var listed = term[.namespaces].items.contains { $0.key == pod.namespaceKey }
    if term[.namespaces].isEmpty && !term[.namespaceSelector].isObject {
      listed = owner.namespaceKey == pod.namespaceKey
    }
    if !listed, term[.namespaceSelector].isObject {
      listed = LabelSelector(term[.namespaceSelector]).matches(
        labels: namespaces[pod.namespaceKey] ?? .emptyObject)
    }
    var selector = PodAffinityTerm.merged(term[.labelSelector], term[.matchLabelKeys], "In", owner.labels)
    selector = PodAffinityTerm.merged(selector, term[.mismatchLabelKeys], "NotIn", owner.labels)
    return listed && LabelSelector(selector).matches(pod)
  }

  private func affinity(_ pod: Value, _ node: Node, _ nodes: [Node]) -> Verdict {
    func same(_ other: Node, _ term: Value) -> Bool {
      guard let value = node.labels.get(term[.topologyKey].key) else { return false }
      return other.labels.get(term[.topologyKey].key) == value
    }
    let required = terms(pod, .podAffinity, required: true).map(\.term)
    if !required.isEmpty {
      var found = false
      var here = required.map { _ in false }
      for other in nodes {
        for peer in other.pods where required.allSatisfy({ matches($0, pod, peer) }) {
          for (i, term) in required.enumerated() {
            if other.labels.has(term[.topologyKey].key) { found = true }
            if same(other, term) { here[i] = true }
          }
        }
      }
      let keys = required.allSatisfy { node.labels.has($0[.topologyKey].key) }
      let first = !found && required.allSatisfy { matches($0, pod, pod) }
      if !keys || !(here.allSatisfy { $0 } || first) {
        return .no("node(s) didn't match pod affinity rules", unresolvable: true)
      }
    }
    for (term, _) in terms(pod, .podAntiAffinity, required: true) {
      if nodes.contains(where: { same($0, term) && $0.pods.contains { matches(term, pod, $0) } }) {
        return .no("node(s) didn't match pod anti-affinity rules", unresolvable: false)
      }
    }
    for other in nodes {
      for peer in other.pods {
        for (term, _) in terms(peer, .podAntiAffinity, required: true)
        where same(other, term) && matches(term, peer, pod) {
          return .no("node(s) didn't satisfy existing pods anti-affinity rules", unresolvable: false)
        }
      }
    }
    return Verdict()
  }

  // MARK: Preemption

  private func priority(_ pod: Value) -> Int { pod.spec[.priority].int ?? 0 }

  private func joined(_ reasons: [String]) -> String {
    var counts: [String: Int] = [:]
    for reason in reasons { counts[reason, default: 0] += 1 }
    return counts.map { "\($0.value) \($0.key)" }.sorted { Array($0.utf8).lexicographicallyPrecedes($1.utf8) }
      .joined(separator: ", ")
  }

  private func preempt(_ pod: Value, _ nodes: [Node], _ verdicts: [Verdict]) -> Decision {
    let start = "0/\(nodes.count) nodes are available: \(joined(verdicts.flatMap(\.reasons)))."
    let text = "\(start) no new claims to deallocate, preemption: "
    if pod.spec[.preemptionPolicy].string == "Never" {
      return .pending(text + "not eligible due to preemptionPolicy=Never.")
    }
    var best: (rank: [Int], node: Node, victims: [Value])?
    var refusals: [String] = []
    let potential = verdicts.count { !$0.unresolvable }
    let enough = min(max(potential / 10, 100), potential)
    var candidates = 0
    var clean = false
    for (node, verdict) in zip(nodes, verdicts) {
      if verdict.unresolvable {
        refusals.append("Preemption is not helpful for scheduling")
        continue
      }
      let kept = node.pods
      defer { node.pods = kept }
      let lower = kept.filter { priority($0) < priority(pod) }
      if lower.isEmpty {
        refusals.append("No preemption victims found for incoming pod")
        continue
      }
      node.pods = kept.filter { priority($0) >= priority(pod) }
      let bare = self.verdict(pod, node, nodes)
      if !bare.fits {
        refusals += bare.reasons
        continue
      }
      let (rank, victims) = reprieve(lower, pod, node, nodes)
      if best == nil || rank.lexicographicallyPrecedes(best!.rank) { best = (rank, node, victims) }
      candidates += 1
      clean = clean || rank[0] == 0
      if clean && candidates >= enough { break }
    }
    guard let best else {
      return .pending(text + "0/\(nodes.count) nodes are available: \(joined(refusals)).")
    }
    return .preempts(
      best.node.name.string, victims: best.victims.map { "\($0.namespace)/\($0.name)" }.sorted())
  }

  /// Puts the less important pods back as long as the pod still fits; gives the rest and how bad that is.
  private func reprieve(
    _ lower: [Value], _ pod: Value, _ node: Node, _ nodes: [Node]
  ) -> (rank: [Int], victims: [Value]) {
    let sorted = lower.enumerated().sorted {
      let (a, b) = (priority($0.element), priority($1.element))
      return a == b ? $0.offset < $1.offset : a > b
    }.map(\.element)
    var allowed = budgets.map { $0.status[.disruptionsAllowed].int ?? 0 }
    let violating = Set(
      sorted.filter { victim in
        var breaks = false
        for (i, budget) in budgets.enumerated()
        where budget.namespace == victim.namespace
          && LabelSelector(budget.spec[.selector]).matches(victim)
        {
          allowed[i] -= 1
          if allowed[i] < 0 { breaks = true }
        }
        return breaks
      }.map { "\($0.namespace)/\($0.name)" })
    func breaks(_ pod: Value) -> Bool { violating.contains("\(pod.namespace)/\(pod.name)") }
    var victims: [Value] = []
    for other in sorted.filter(breaks) + sorted.filter({ !breaks($0) }) {
      node.pods.append(other)
      if !self.verdict(pod, node, nodes).fits {
        node.pods.removeLast()
        victims.append(other)
      }
    }
    let highest = victims.map(priority).max() ?? 0
    let sum = victims.reduce(0) { $0 + priority($1) + (1 << 31) }
    let rank = [victims.count(where: breaks), highest, sum, victims.count]
    return (rank, victims)
  }
}
