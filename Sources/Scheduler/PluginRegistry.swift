/// The default profile, one line per plugin, in the order in which they run (`apis/config/v1/default_plugins.go`).
/// Weights are in the plugins.
enum PluginRegistry {
  static func filters() -> [any FilterPlugin] {
    [
      // NodeUnschedulable, NodeName, TaintToleration and NodeAffinity depend on the node alone.
      StaticFilters(),
      NodePorts(),
      NodeResourcesFit(),
      VolumeRestrictions(),
      VolumeBinding(),
      VolumeZone(),
      PodTopologySpread(),
      InterPodAffinity(),
    ]
  }

  static func scores() -> [any ScorePlugin] {
    [
      TaintToleration(),
      NodeAffinity(),
      LeastAllocated(),
      PodTopologySpreadScore(),
      InterPodAffinityScore(),
      NodeResourcesBalancedAllocation(),
      ImageLocality(),
    ]
  }
}
