/// Which rejections an event may lift (`framework.EventsToRegister` of the plugins).
enum QueueingHints {
  static let nodeChanged = UInt32.max
  static let podGone =
    PluginID.nodeResourcesFit.bit | PluginID.nodePorts.bit | PluginID.podTopologySpread.bit
    | PluginID.interPodAffinity.bit | PluginID.volumeRestrictions.bit | PluginID.nodeVolumeLimits.bit
    | PluginID.defaultPreemption.bit
  static let podPlaced = PluginID.podTopologySpread.bit | PluginID.interPodAffinity.bit
  static let volumes =
    PluginID.volumeBinding.bit | PluginID.volumeZone.bit | PluginID.volumeRestrictions.bit
    | PluginID.nodeVolumeLimits.bit
}
