import API

/// The plugins, one line each; order and weights are the profile's (`apis/config/v1/default_plugins.go`).
enum PluginRegistry {
  /// The filters that are on, in order. NodeUnschedulable, NodeName, TaintToleration and NodeAffinity depend on the
  /// node alone and are one.
  static func filters(_ profile: SchedulerConfiguration.Profile) -> ([any FilterPlugin], UInt32) {
    var all: [any FilterPlugin] = []
    var bits: UInt32 = 0
    for plugin in profile.filters {
      let made: (any FilterPlugin)?
      switch plugin.name {
      case "NodeUnschedulable", "NodeName", "TaintToleration", "NodeAffinity":
        made = all.contains { $0 is StaticFilters } ? nil : StaticFilters()
      case "NodePorts": made = NodePorts()
      case "NodeResourcesFit": made = NodeResourcesFit()
      case "VolumeRestrictions": made = VolumeRestrictions()
      case "NodeVolumeLimits": made = NodeVolumeLimits()
      case "VolumeBinding": made = VolumeBinding()
      case "VolumeZone": made = VolumeZone()
      case "PodTopologySpread": made = PodTopologySpread()
      case "InterPodAffinity": made = InterPodAffinity()
      default: made = nil
      }
      if let id = PluginID.named(plugin.name) { bits |= id.bit }
      if let made { all.append(made) }
    }
    return (all, bits)
  }

  static func scores(_ profile: SchedulerConfiguration.Profile) -> [WeightedScore] {
    let arguments = profile.arguments
    return profile.scores.compactMap { plugin in
      let made: (any ScorePlugin)?
      switch plugin.name {
      case "TaintToleration": made = TaintToleration()
      case "NodeAffinity": made = NodeAffinity()
      case "NodeResourcesFit": made = NodeResourcesScore(arguments.scoringStrategy)
      case "PodTopologySpread": made = PodTopologySpreadScore()
      case "InterPodAffinity": made = InterPodAffinityScore()
      case "NodeResourcesBalancedAllocation":
        made = NodeResourcesBalancedAllocation(arguments.balancedResources)
      case "ImageLocality": made = ImageLocality()
      default: made = nil
      }
      return made.map { WeightedScore($0, plugin.weight) }
    }
  }
}
