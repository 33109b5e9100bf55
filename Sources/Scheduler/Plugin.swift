import APIMachinery

/// What a plugin says before the nodes are looked at (`PreFilter`).
enum Preparation {
  case skip
  case ready
  /// No node will do (`UnschedulableAndUnresolvable`).
  case reject(String)
}

/// Rejects nodes. One call looks at many nodes: an existential call per pod and node would cost more than the
/// work itself.
protocol FilterPlugin: AnyObject {
  var id: PluginID { get }
  func prepare(_ cycle: Cycle) -> Preparation
  /// Sets the code of those slots that are still 0 and do not fit.
  func filter(_ cycle: Cycle, _ slots: ArraySlice<Int32>, _ codes: inout [UInt16])
}

/// Adds points to the nodes that fit.
protocol ScorePlugin: AnyObject {
  var id: PluginID { get }
  /// Adds the weighted, normalized score of each feasible node (by position) to `totals`.
  func score(_ cycle: Cycle, _ feasible: [Int32], _ totals: inout [Int])
}

/// One attempt to place one pod: what plugins hand on from step to step (`framework.CycleState`).
final class Cycle {
  let world: World
  let pod: PodInfo
  let volumes: VolumeView
  var podClass: PodClass { pod.podClass }
  /// The filters that have something to say about this pod, in order.
  var filters: [any FilterPlugin] = []
  var spread = SpreadState()
  var affinity = AffinityState()
  var volumeState = VolumeState()

  init(_ world: World, _ pod: PodInfo, _ volumes: VolumeView) {
    self.world = world
    self.pod = pod
    self.volumes = volumes
  }
}
