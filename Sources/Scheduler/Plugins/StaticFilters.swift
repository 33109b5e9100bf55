import API
import APIMachinery

/// The filters that look only at the node and the pod's spec: NodeUnschedulable, NodeName, TaintToleration and
/// NodeAffinity, in this order. Their answers are kept in `StaticShape`.
final class StaticFilters: FilterPlugin {
  let id = PluginID.nodeAffinity

  func prepare(_ cycle: Cycle) -> Preparation {
    cycle.podClass.statics.refresh(cycle.world)
    if cycle.profile.filterBits & id.bit != 0, let named = cycle.podClass.nodes.namedNodes, named.isEmpty {
      return .reject("pod affinity terms conflict")
    }
    return .ready
  }

  /// Already done: `FitShape.feasible` starts with them.
  func narrow(_ cycle: Cycle, _ nodes: inout Bitset) {}

  func reject(_ cycle: Cycle, _ all: inout [Rejection]) {
    let codes = cycle.podClass.statics.codes
    for slot in all.indices where all[slot].isNone && codes[slot] != 0 {
      all[slot] = Rejection(code: UInt16(codes[slot]))
    }
  }

  func check(_ cycle: Cycle, _ slot: Int) -> Rejection {
    Rejection(code: UInt16(cycle.podClass.statics.codes[slot]))
  }
}
