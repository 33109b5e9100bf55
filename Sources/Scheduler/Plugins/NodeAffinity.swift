import API

/// `nodeSelector` and node affinity: required ones reject, preferred ones score. Weight 2.
final class NodeAffinity: ScorePlugin {
  let id = PluginID.nodeAffinity
  private static let weight = 2

  static func rejects(_ podClass: PodClass, _ node: NodeInfo) -> Bool {
    !podClass.nodes.isEverything && !podClass.nodes.matches(name: node.name, labels: node.labels)
  }

  static func weight(_ podClass: PodClass, _ node: NodeInfo) -> Int {
    var sum = 0
    for (weight, term) in podClass.preferredNodes where term.matches(name: node.name, labels: node.labels) {
      sum += weight
    }
    return sum
  }

  func score(_ cycle: Cycle, _ feasible: [Int32], _ totals: inout [Int]) {
    guard !cycle.podClass.preferredNodes.isEmpty else { return }
    let raw = cycle.podClass.nodeScores
    var most = 0
    for slot in feasible { most = max(most, raw[Int(slot)]) }
    if most == 0 { return }
    for i in totals.indices { totals[i] += Self.weight * (100 * raw[Int(feasible[i])] / most) }
  }
}
