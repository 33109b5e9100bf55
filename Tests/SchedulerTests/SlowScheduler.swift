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

  private func selector(_ constraint: Value, _ pod: Value) -> LabelSelector {
    LabelSelector(
      PodAffinityTerm.merged(constraint[.labelSelector], constraint[.matchLabelKeys], "In", pod.labels))
  }

  private func includes(_ constraint: Value, _ pod: Value, _ node: Node) -> Bool {
    if (constraint[.nodeAffinityPolicy].string ?? "Honor") == "Honor",
      !RequiredNodes(pod.spec).matches(node.value)
    {
      return false
    }
    return (constraint[.nodeTaintsPolicy].string ?? "Ignore") == "Ignore"
      || toleratesAll([TolerationView](of: pod), node)
  }

  private func matching(_ selector: LabelSelector, _ namespace: Key, _ node: Node) -> Int {
    if selector.isEverything { return 0 }
    return node.pods.count { $0.namespaceKey == namespace && !$0.isTerminating && selector.matches($0) }
  }

  // MARK: Pod affinity

  private func terms(_ pod: Value, _ kind: Key, required: Bool) -> [(term: Value, weight: Int)] {
    let from = pod.spec[.affinity][kind]
    if required {
      return from[.requiredDuringSchedulingIgnoredDuringExecution].items.map { ($0, 1) }
    }
    return from[.preferredDuringSchedulingIgnoredDuringExecution].items.map {
      ($0[.podAffinityTerm], $0[.weight].int ?? 0)
    }
  }

  /// Whether a term of `owner` is about `pod`.
  private func matches(_ term: Value, _ owner: Value, _ pod: Value) -> Bool {
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

  // MARK: Scores

  private func totals(_ pod: Value, _ feasible: [Node], _ nodes: [Node]) -> [Int] {
    var totals = feasible.map { resources(pod, $0) + images(pod, $0, nodes) }
    func add(_ points: [Int], _ weight: Int) {
      for i in points.indices { totals[i] += weight * points[i] }
    }
    let tolerations = [TolerationView](of: pod)
      .filter { $0.effect == nil || $0.effect == .preferNoSchedule }
    let taints = feasible.map { node in
      node.value.spec[.taints].items.map { TaintView($0) }
        .count { $0.effect == .preferNoSchedule && !tolerations.tolerate($0) }
    }
    let most = taints.max() ?? 0
    add(taints.map { most == 0 ? 100 : 100 - 100 * $0 / most }, 3)
    let wishes = pod.spec[.affinity][.nodeAffinity][.preferredDuringSchedulingIgnoredDuringExecution].items
    let wanted = feasible.map { node in
      wishes.reduce(0) { sum, wish in
        let term = NodeSelectorTerm(wish[.preference])
        return term.matches(name: node.name, labels: node.labels) ? sum + (wish[.weight].int ?? 0) : sum
      }
    }
    let top = wanted.max() ?? 0
    if top > 0 { add(wanted.map { 100 * $0 / top }, 2) }
    add(spreadScores(pod, feasible, nodes), 2)
    add(affinityScores(pod, feasible, nodes), 2)
    return totals
  }

  private func resources(_ pod: Value, _ node: Node) -> Int {
    let has = PodRequests(node.value.status[.allocatable])
    var nonZero = PodRequests.of(pod.spec, .init(defaults: true, ignorePodLevel: true))
    var used = PodRequests()
    for other in node.pods {
      nonZero.add(PodRequests.of(other.spec, .init(defaults: true)))
      used.add(PodRequests.of(other.spec))
    }
    var parts: [Int] = []
    for (want, has) in [(nonZero.cpu, has.cpu), (nonZero.memory, has.memory)] where has != 0 {
      parts.append(want > has ? 0 : (has - want) * 100 / has)
    }
    var sum = parts.isEmpty ? 0 : parts.reduce(0, +) / parts.count
    let own = PodRequests.of(pod.spec)
    if own.cpu != 0 || own.memory != 0 {
      func balance(_ q: PodRequests) -> Int {
        if has.cpu == 0 || has.memory == 0 { return 100 }
        let a = min(1, Double(q.cpu) / Double(has.cpu))
        let b = min(1, Double(q.memory) / Double(has.memory))
        return Int((1 - abs((a - b) / 2)) * 100)
      }
      var after = used
      after.add(own)
      sum += 50 + (50 + balance(after) - balance(used)) / 2
    }
    return sum
  }

  private func images(_ pod: Value, _ node: Node, _ nodes: [Node]) -> Int {
    func list(_ node: Node) -> [(Key, Int)] {
      node.value.status[.images].items.flatMap { image in
        image[.names].items.map { ($0.key, image[.sizeBytes].int ?? 0) }
      }
    }
    let containers = Array(pod.spec[.initContainers].items) + Array(pod.spec[.containers].items)
    var sum = 0
    for container in containers {
      let name = ImageLocality.normalized(container[.image].string ?? "")
      guard list(node).contains(where: { $0.0 == name }) else { continue }
      let owners = added.filter { list($0).contains { $0.0 == name } }
      let size = list(owners[0]).first { $0.0 == name }!.1
      sum += Int(Double(size) * (Double(owners.count) / Double(nodes.count)))
    }
    let (least, most) = (23 << 20, (1000 << 20) * containers.count)
    return 100 * (max(least, min(most, sum)) - least) / (most - least)
  }

  /// The system defaults' selector, or nil.
  private func defaults(_ pod: Value) -> LabelSelector? {
    var labels = Value.emptyObject
    for service in services where service.namespace == pod.namespace {
      let selector = service.spec[.selector]
      if !selector.isEmpty, LabelSelector(matchLabels: selector).matches(pod) {
        for field in selector.fields { labels[field.key] = field.value }
      }
    }
    var requirements = LabelSelector(matchLabels: labels).requirements
    if let owner = pod.controllerReference,
      let set = sets.first(where: { $0.name == owner[.name].string && $0.namespace == pod.namespace })
    {
      requirements += LabelSelector(set.spec[.selector]).requirements
    }
    return requirements.isEmpty ? nil : LabelSelector(requirements)
  }

  private func spreadScores(_ pod: Value, _ feasible: [Node], _ nodes: [Node]) -> [Int] {
    let none = feasible.map { _ in 0 }
    let own = !pod.spec[.topologySpreadConstraints].isEmpty
    var constraints: [(value: Value, key: Key, skew: Int, selector: LabelSelector)] = []
    if own {
      constraints = pod.spec[.topologySpreadConstraints].items
        .filter { $0[.whenUnsatisfiable].string == "ScheduleAnyway" }
        .map { ($0, $0[.topologyKey].key, $0[.maxSkew].int ?? 1, selector($0, pod)) }
    } else if let selector = defaults(pod) {
      constraints = [
        (.null, .kubernetesIoHostname, 3, selector), (.null, "topology.kubernetes.io/zone", 5, selector),
      ]
    }
    if constraints.isEmpty { return none }
    func complete(_ node: Node) -> Bool { constraints.allSatisfy { node.labels.has($0.key) } }
    let ignored = feasible.map { own && !complete($0) }
    var raw = feasible.map { _ in 0.0 }
    for constraint in constraints {
      let isHost = constraint.key == .kubernetesIoHostname
      let kept = zip(feasible, ignored).filter { !$0.1 }.map { $0.0.labels[constraint.key].string ?? "" }
      let weight = GoLog.log((isHost ? kept.count : Set(kept).count) + 2)
      for (i, node) in feasible.enumerated() where !ignored[i] {
        guard let value = node.labels.get(constraint.key) else { continue }
        let others =
          isHost
          ? [node]
          : nodes.filter {
            $0.labels.get(constraint.key) == value && (!own || complete($0))
              && includes(constraint.value, pod, $0)
          }
        let count = others.reduce(0) { $0 + matching(constraint.selector, pod.namespaceKey, $1) }
        raw[i] += Double(count) * weight + Double(constraint.skew - 1)
      }
    }
    let points = raw.map { Int($0.rounded(.toNearestOrAwayFromZero)) }
    let live = points.indices.filter { !ignored[$0] }.map { points[$0] }
    let (least, most) = (live.min() ?? 0, live.max() ?? 0)
    return points.indices.map {
      ignored[$0] ? 0 : most == 0 ? 100 : 100 * (most + least - points[$0]) / most
    }
  }

  private func affinityScores(_ pod: Value, _ feasible: [Node], _ nodes: [Node]) -> [Int] {
    var score: [String: Int] = [:]
    func add(_ key: Value, _ node: Node, _ points: Int) {
      guard let value = node.labels.get(key.key) else { return }
      score["\(key.key)=\(value.string ?? "")", default: 0] += points
    }
    for node in nodes {
      for peer in node.pods {
        for (kind, sign) in [(Key.podAffinity, 1), (.podAntiAffinity, -1)] {
          for (term, weight) in terms(pod, kind, required: false) where matches(term, pod, peer) {
            add(term[.topologyKey], node, sign * weight)
          }
          for (term, weight) in terms(peer, kind, required: false) where matches(term, peer, pod) {
            add(term[.topologyKey], node, sign * weight)
          }
        }
        for (term, _) in terms(peer, .podAffinity, required: true) where matches(term, peer, pod) {
          add(term[.topologyKey], node, 1)
        }
      }
    }
    let raw = feasible.map { node in
      node.labels.fields.reduce(0) { $0 + (score["\($1.key)=\($1.value.string ?? "")"] ?? 0) }
    }
    let least = raw.min() ?? 0
    let span = (raw.max() ?? 0) - least
    return raw.map { span == 0 ? 0 : Int(100 * (Double($0 - least) / Double(span))) }
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
}
