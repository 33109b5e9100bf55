import API

/// Keeps pods off nodes with taints they do not tolerate; prefers nodes with fewer `PreferNoSchedule` ones.
final class TaintToleration: ScorePlugin {
  let id = PluginID.taintToleration

  /// The first taint that keeps the pod off.
  static func untolerated(_ tolerations: [TolerationView], _ node: NodeInfo) -> TaintView? {
    node.taints.first { taint in
      (taint.effect == .noSchedule || taint.effect == .noExecute) && !tolerations.tolerate(taint)
    }
  }

  static func rejects(_ tolerations: [TolerationView], _ node: NodeInfo) -> Bool {
    !node.taints.isEmpty && untolerated(tolerations, node) != nil
  }

  static func intolerable(_ preferTolerations: [TolerationView], _ node: NodeInfo) -> Int {
    node.taints.reduce(0) { sum, taint in
      taint.effect == .preferNoSchedule && !preferTolerations.tolerate(taint) ? sum + 1 : sum
    }
  }

  func isLevel(_ cycle: Cycle) -> Bool { cycle.podClass.statics.taints.isEmpty }

  func score(_ cycle: Cycle, _ feasible: [Int32], _ weight: Int, _ totals: inout [Int]) {
    let counts = cycle.podClass.statics.taints
    var most: Int32 = 0
    if !counts.isEmpty { for slot in feasible { most = max(most, counts[Int(slot)]) } }
    if most == 0 {
      for i in totals.indices { totals[i] += weight * 100 }
      return
    }
    for i in totals.indices {
      totals[i] += weight * (100 - 100 * Int(counts[Int(feasible[i])]) / Int(most))
    }
  }
}
