import API
import APIMachinery

/// The smallest changes that would make a pending pod fit: those that take away all that keeps it off some node.
struct Remedies {
  private let scheduler: Scheduler
  private let cycle: Cycle
  private var world: World { scheduler.world }
  private var podClass: PodClass { cycle.podClass }

  init(_ scheduler: Scheduler, _ cycle: Cycle) {
    self.scheduler = scheduler
    self.cycle = cycle
  }

  /// Something in the way of the pod on a node, in order of how easily it is moved.
  private enum Obstacle: Hashable {
    case cordon
    case taint(String)
    case selector(String)
    case amount([String])
    case other(String)
  }

  /// At most a handful, the smallest first.
  func find() -> [PodExplanation.Remedy] {
    var single: [Obstacle: [NodeInfo]] = [:]
    var amounts: [(node: NodeInfo, lacks: [Lack])] = []
    var fewest: (count: Int, node: NodeInfo, all: [Obstacle])?
    for case let node? in world.nodes {
      let lacks = lacks(node)
      var obstacles = obstacles(node)
      if !lacks.isEmpty { obstacles.append(.amount(lacks.map { "\($0.name): \($0.text) more" })) }
      if obstacles.count == 1 {
        if lacks.isEmpty {
          single[obstacles[0], default: []].append(node)
        } else {
          amounts.append((node, lacks))
        }
      }
      if fewest == nil || obstacles.count < fewest!.count { fewest = (obstacles.count, node, obstacles) }
    }
    var all: [PodExplanation.Remedy] = []
    let nearest = amounts.enumerated().min { a, b in
      let (x, y) = (Self.size(a.element.lacks), Self.size(b.element.lacks))
      return x == y ? a.offset < b.offset : x < y
    }?.element
    if let nearest {
      let parts = nearest.lacks.map { "\($0.text) more \($0.name)" }.joined(separator: " and ")
      all.append(
        .init(
          text: "free or add \(parts) on node \(nearest.node.name), or ask for that much less",
          nodes: [nearest.node.name.string]))
    }
    for (obstacle, nodes) in single.sorted(by: { rank($0.key) < rank($1.key) }) {
      all.append(.init(text: text(obstacle), nodes: nodes.map(\.name.string)))
    }
    if all.isEmpty, let fewest, fewest.count > 0 {
      let parts = fewest.all.map { text($0) }.joined(separator: "; and ")
      all.append(.init(text: parts, nodes: [fewest.node.name.string]))
    }
    return Array(all.prefix(6))
  }

  private func rank(_ obstacle: Obstacle) -> String {
    switch obstacle {
    case .cordon: return "0"
    case .taint(let text): return "1" + text
    case .selector(let text): return "2" + text
    case .amount(let list): return "3" + list.joined()
    case .other(let text): return "4" + text
    }
  }

  private func text(_ obstacle: Obstacle) -> String {
    switch obstacle {
    case .cordon: return "uncordon the node"
    case .taint(let taint): return "add a toleration for the taint \(taint), or remove the taint"
    case .selector(let text): return text
    case .amount(let list): return "free or add \(list.joined(separator: ", "))"
    case .other(let text): return text
    }
  }

  // MARK: Amounts

  private struct Lack {
    var name: String
    var text: String
    /// The share of what the node has.
    var share: Double
  }

  private static func size(_ lacks: [Lack]) -> Double { lacks.map(\.share).max() ?? 0 }

  private func lacks(_ node: NodeInfo) -> [Lack] {
    guard cycle.profile.filterBits & PluginID.nodeResourcesFit.bit != 0 else { return [] }
    let columns = world.columns
    let slot = node.slot
    let wanted = podClass.requests
    var all: [Lack] = []
    func look(_ name: String, _ amount: Int, _ free: Int, _ has: Int, _ text: (Int) -> String) {
      guard amount > 0, amount > free else { return }
      all.append(
        Lack(name: name, text: text(amount - free), share: Double(amount - free) / Double(max(has, 1))))
    }
    look("room for pods", 1, columns.freePods[slot], columns.allocPods[slot]) { "\($0)" }
    look("cpu", wanted.cpu, columns.freeCPU[slot], columns.allocCPU[slot]) { "\($0)m" }
    look("memory", wanted.memory, columns.freeMemory[slot], columns.allocMemory[slot], Self.bytes)
    look(
      "ephemeral-storage", wanted.ephemeral, columns.freeEphemeral[slot], columns.allocEphemeral[slot],
      Self.bytes)
    for scalar in wanted.scalars where !cycle.profile.ignores(scalar.name) {
      let has = node.capacity(of: scalar.name)
      look(scalar.name.string, scalar.amount, has - node.usedScalars.amount(of: scalar.name), has) { "\($0)" }
    }
    return all
  }

  private static func bytes(_ n: Int) -> String {
    let mebi = 1 << 20
    return "\((n + mebi - 1) / mebi)Mi"
  }

  // MARK: Everything else

  private func obstacles(_ node: NodeInfo) -> [Obstacle] {
    var all: [Obstacle] = []
    let bits = cycle.profile.filterBits
    if bits & PluginID.nodeUnschedulable.bit != 0, NodeUnschedulable.rejects(podClass.tolerations, node) {
      all.append(.cordon)
    }
    if bits & PluginID.taintToleration.bit != 0 {
      for taint in node.taints where taint.effect == .noSchedule || taint.effect == .noExecute {
        if podClass.tolerations.tolerate(taint) { continue }
        // The taint of a cordon goes with it.
        if taint.key.string == "node.kubernetes.io/unschedulable", all.contains(.cordon) { continue }
        let value = taint.value.isEmpty ? "" : "=\(taint.value)"
        let effect = taint.effect == .noSchedule ? "NoSchedule" : "NoExecute"
        all.append(.taint("\(taint.key)\(value):\(effect)"))
      }
    }
    if bits & PluginID.nodeAffinity.bit != 0 { all += affinity(node) }
    for plugin in cycle.filters where !(plugin is StaticFilters) && !(plugin is NodeResourcesFit) {
      let rejection = plugin.check(cycle, node.slot)
      if !rejection.isNone { all.append(.other(other(rejection, node))) }
    }
    return all
  }

  private func affinity(_ node: NodeInfo) -> [Obstacle] {
    let nodes = podClass.nodes
    if nodes.isEverything || nodes.matches(name: node.name, labels: node.labels) { return [] }
    var missing: [String] = []
    for requirement in nodes.selector.requirements
    where node.labels.get(requirement.key)?.string != requirement.values.first?.string {
      missing.append("\(requirement.key)=\(requirement.values.first?.string ?? "")")
    }
    if !missing.isEmpty {
      let labels = missing.joined(separator: ",")
      return [.selector("drop \(labels) from the nodeSelector, or label a node with it")]
    }
    return [.selector("loosen the required node affinity, or label a node so that it matches")]
  }

  private func other(_ rejection: Rejection, _ node: NodeInfo) -> String {
    switch rejection.code {
    case FilterCode.ports:
      let taken = podClass.ports.filter { port in node.ports.contains { $0.conflicts(with: port) } }
      let list = taken.map { "\($0.port)/\($0.proto)" }.joined(separator: ", ")
      return "free the host port \(list), or ask for another one"
    case FilterCode.spread:
      let skews = cycle.spread.hard.map { hard -> Int in
        let domain = Int(hard.domains.ids[node.slot])
        return domain < 0 ? 0 : Int(hard.counts[domain]) + hard.selfMatch - hard.least
      }
      for (hard, skew) in zip(cycle.spread.hard, skews) where skew > hard.maxSkew {
        return "raise maxSkew of the spread over \(hard.domains.key) from \(hard.maxSkew) to \(skew)"
      }
      return "loosen the topology spread constraints"
    case FilterCode.spreadLabel: return "label the node with the topology keys of the spread constraints"
    case FilterCode.podAffinity: return "loosen the required pod affinity, or place a pod that it asks for"
    case FilterCode.podAntiAffinity:
      return "loosen the pod's required anti-affinity (for instance to preferred)"
    case FilterCode.existingAntiAffinity:
      return "loosen the required anti-affinity of the pods that are there already"
    default: return "put right: \(rejection.meaning.reason)"
    }
  }
}
