import APIMachinery

/// Rejects nodes outside the zones and regions that bound volumes are labelled with.
final class VolumeZone: FilterPlugin {
  let id = PluginID.volumeZone
  private static let keys: [Key] = [
    "topology.kubernetes.io/zone", "topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region",
  ]

  func concerns(_ podClass: PodClass) -> Bool { !podClass.volumes.isEmpty }

  func prepare(_ cycle: Cycle) -> Preparation {
    let labelled = cycle.volumeState.bound.contains { entry in
      Self.keys.contains { entry.volume?.object.labels.has($0) ?? false }
    }
    return labelled ? .ready : .skip
  }

  func check(_ cycle: Cycle, _ slot: Int) -> Rejection {
    guard let node = cycle.world.nodes[slot] else { return .none }
    if !Self.keys.contains(where: { node.labels.has($0) }) { return .none }
    for (_, volume) in cycle.volumeState.bound {
      for key in Self.keys {
        guard let zones = volume?.object.label(key) else { continue }
        let all = zones.split(separator: "__").map(String.init)
        if !all.contains(node.labels[key].string ?? "") { return Rejection(code: FilterCode.volumeZone) }
      }
    }
    return .none
  }
}
