import APIMachinery

/// What a plugin says before the nodes are looked at (`PreFilter`).
enum Preparation {
  case skip
  case ready
  /// No node will do (`UnschedulableAndUnresolvable`).
  case reject(String)
}

/// Rejects nodes.
protocol FilterPlugin: AnyObject {
  var id: PluginID { get }
  /// Whether it may have something to say about pods of a class.
  func concerns(_ podClass: PodClass) -> Bool
  func prepare(_ cycle: Cycle) -> Preparation
  /// Takes the nodes that do not fit out of the set: one call for all nodes, as an existential call per pod and node
  /// would cost more than the work itself.
  func narrow(_ cycle: Cycle, _ nodes: inout Bitset)
  /// What it says about one node.
  func check(_ cycle: Cycle, _ slot: Int) -> Rejection
  /// What it says about each node that nothing else has rejected yet.
  func reject(_ cycle: Cycle, _ all: inout [Rejection])
}

extension FilterPlugin {
  func concerns(_ podClass: PodClass) -> Bool { true }

  func reject(_ cycle: Cycle, _ all: inout [Rejection]) {
    for slot in all.indices where all[slot].isNone { all[slot] = check(cycle, slot) }
  }

  func narrow(_ cycle: Cycle, _ nodes: inout Bitset) {
    for i in nodes.words.indices {
      var word = nodes.words[i]
      var rest = word
      while rest != 0 {
        let bit = rest.trailingZeroBitCount
        if !check(cycle, i << 6 + bit).isNone { word &= ~(1 << UInt64(bit)) }
        rest &= rest - 1
      }
      nodes.setWord(i, word)
    }
  }
}

/// Adds points to the nodes that fit.
protocol ScorePlugin: AnyObject {
  var id: PluginID { get }
  /// Adds `weight` times the normalized score of each feasible node (by position) to `totals`.
  func score(_ cycle: Cycle, _ feasible: [Int32], _ weight: Int, _ totals: inout [Int])
  /// Whether it gives all feasible nodes the same points, so that it has no say in the choice. False where that is
  /// not known without looking at the nodes.
  func isLevel(_ cycle: Cycle) -> Bool
}

extension ScorePlugin {
  func isLevel(_ cycle: Cycle) -> Bool { false }
}

/// A score that looks at one node alone and is not normalized, so it can be kept until the node changes.
protocol PerNodeScore: ScorePlugin {}

/// One attempt to place one pod: what plugins hand on from step to step (`framework.CycleState`).
final class Cycle {
  let world: World
  let volumes: VolumeView
  private(set) var pod: PodInfo
  private(set) var profile: Profile
  var podClass: PodClass { pod.podClass }
  /// The filters that have something to say about this pod, in order.
  var filters: [any FilterPlugin] = []
  var spread = SpreadState()
  var affinity = AffinityState()
  var volumeState = VolumeState()

  init(_ world: World, _ pod: PodInfo, _ volumes: VolumeView, _ profile: Profile) {
    self.world = world
    self.pod = pod
    self.volumes = volumes
    self.profile = profile
  }

  /// Only the node itself and amounts decide: no filter looks at other pods, ports or volumes.
  private(set) var isPlain = false

  func findPlain() {
    isPlain =
      !podClass.fit.asksScalars
      && filters.allSatisfy { $0.id == .nodeAffinity || $0.id == .nodeResourcesFit }
  }

  /// Begins anew with another pod.
  func begin(_ pod: PodInfo, _ profile: Profile) {
    self.pod = pod
    self.profile = profile
    filters.removeAll(keepingCapacity: true)
    spread = SpreadState()
    affinity = AffinityState()
    volumeState = VolumeState()
  }
}
