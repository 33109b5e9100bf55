import API
import APIMachinery

/// The filters that look only at the node and the pod's spec: NodeUnschedulable, NodeName, TaintToleration and
/// NodeAffinity, in this order. Their answers and raw scores are kept per class until a node changes.
final class StaticFilters: FilterPlugin {
  let id = PluginID.nodeAffinity

  func prepare(_ cycle: Cycle) -> Preparation {
    StaticFilters.refresh(cycle.podClass, cycle.world)
    if let named = cycle.podClass.nodes.namedNodes, named.isEmpty {
      return .reject("pod affinity terms conflict")
    }
    return .ready
  }

  func filter(_ cycle: Cycle, _ slots: ArraySlice<Int32>, _ codes: inout [UInt16]) {
    let known = cycle.podClass.staticCodes
    for slot in slots where codes[Int(slot)] == 0 { codes[Int(slot)] = known[Int(slot)] }
  }

  static func refresh(_ podClass: PodClass, _ world: World) {
    if podClass.staticEpoch == world.staticEpoch { return }
    podClass.staticEpoch = world.staticEpoch
    let count = world.nodes.count
    podClass.staticCodes = [UInt16](repeating: 0, count: count)
    podClass.taintScores = [Int](repeating: 0, count: count)
    podClass.nodeScores = [Int](repeating: 0, count: count)
    podClass.imageScores = [Int](repeating: 0, count: count)
    podClass.anyTaintScore = false
    podClass.anyImageScore = false
    for (slot, node) in world.nodes.enumerated() {
      guard let node else { continue }
      podClass.staticCodes[slot] = code(podClass, node)
      let taints = TaintToleration.intolerable(podClass, node)
      podClass.taintScores[slot] = taints
      if taints > 0 { podClass.anyTaintScore = true }
      podClass.nodeScores[slot] = NodeAffinity.weight(podClass, node)
      let image = ImageLocality.points(podClass, node, world)
      podClass.imageScores[slot] = image
      if image > 0 { podClass.anyImageScore = true }
    }
  }

  private static func code(_ podClass: PodClass, _ node: NodeInfo) -> UInt16 {
    if NodeUnschedulable.rejects(podClass, node) { return FilterCode.unschedulable }
    if TaintToleration.rejects(podClass, node) { return FilterCode.taint }
    if NodeAffinity.rejects(podClass, node) { return FilterCode.affinity }
    return 0
  }
}
