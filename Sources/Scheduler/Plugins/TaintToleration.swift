import API

/// Keeps pods off nodes with taints they do not tolerate; prefers nodes with fewer `PreferNoSchedule` ones. Weight 3.
final class TaintToleration: ScorePlugin {
  let id = PluginID.taintToleration
  private static let weight = 3

  static func rejects(_ podClass: PodClass, _ node: NodeInfo) -> Bool {
    node.taints.contains { taint in
      (taint.effect == .noSchedule || taint.effect == .noExecute) && !podClass.tolerations.tolerate(taint)
    }
  }

  static func intolerable(_ podClass: PodClass, _ node: NodeInfo) -> Int {
    node.taints.reduce(0) { sum, taint in
      taint.effect == .preferNoSchedule && !podClass.preferTolerations.tolerate(taint) ? sum + 1 : sum
    }
  }

  func score(_ cycle: Cycle, _ feasible: [Int32], _ totals: inout [Int]) {
    let counts = cycle.podClass.taintScores
    var most = 0
    if cycle.podClass.anyTaintScore { for slot in feasible { most = max(most, counts[Int(slot)]) } }
    for i in totals.indices {
      let points = most == 0 ? 100 : 100 - 100 * counts[Int(feasible[i])] / most
      totals[i] += Self.weight * points
    }
  }
}
