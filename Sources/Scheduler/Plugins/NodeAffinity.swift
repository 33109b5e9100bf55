import API
import APIMachinery

/// `nodeSelector` and node affinity: required ones reject (in `StaticShape`), preferred ones score.
final class NodeAffinity: ScorePlugin {
  let id = PluginID.nodeAffinity

  static func preferred(_ list: Value.Items) -> [(weight: Int, term: NodeSelectorTerm)] {
    list.compactMap { entry in
      let weight = entry[.weight].int ?? 0
      return weight == 0 ? nil : (weight, NodeSelectorTerm(entry[.preference]))
    }
  }

  func isLevel(_ cycle: Cycle) -> Bool { cycle.podClass.statics.wishes.isEmpty }

  func score(_ cycle: Cycle, _ feasible: [Int32], _ weight: Int, _ totals: inout [Int]) {
    let raw = cycle.podClass.statics.wishes
    if raw.isEmpty { return }
    var most: Int32 = 0
    for slot in feasible { most = max(most, raw[Int(slot)]) }
    if most == 0 { return }
    for i in totals.indices { totals[i] += weight * (100 * Int(raw[Int(feasible[i])]) / Int(most)) }
  }
}
