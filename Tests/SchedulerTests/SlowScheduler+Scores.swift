import API
import APIMachinery

@testable import Scheduler

extension SlowScheduler {
  // MARK: Scores

  func totals(_ pod: Value, _ feasible: [Node], _ nodes: [Node]) -> [Int] {
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
}
