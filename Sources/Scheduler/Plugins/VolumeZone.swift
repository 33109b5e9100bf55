import APIMachinery

/// Rejects nodes outside the zones and regions that bound volumes are labelled with.
final class VolumeZone: FilterPlugin {
  let id = PluginID.volumeZone
  private static let keys: [Key] = [
    "topology.kubernetes.io/zone", "topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region",
  ]

  func prepare(_ cycle: Cycle) -> Preparation {
    let labelled = cycle.volumeState.bound.contains { entry in
      Self.keys.contains { entry.volume?.labels.has($0) ?? false }
    }
    return labelled ? .ready : .skip
  }

  func filter(_ cycle: Cycle, _ slots: ArraySlice<Int32>, _ codes: inout [UInt16]) {
    for slot in slots where codes[Int(slot)] == 0 {
      guard let node = cycle.world.nodes[Int(slot)] else { continue }
      if !Self.keys.contains(where: { node.labels.has($0) }) { continue }
      for (_, volume) in cycle.volumeState.bound {
        for key in Self.keys {
          guard let zones = volume?.label(key) else { continue }
          let all = zones.split(separator: "__").map(String.init)
          if !all.contains(node.labels[key].string ?? "") { codes[Int(slot)] = FilterCode.volumeZone }
        }
      }
    }
  }
}
