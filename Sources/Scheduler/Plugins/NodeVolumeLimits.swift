import API
import APIMachinery

/// Rejects nodes that have as many volumes of a driver as they can attach (`plugins/nodevolumelimits/csi.go`).
final class NodeVolumeLimits: FilterPlugin {
  let id = PluginID.nodeVolumeLimits

  func concerns(_ podClass: PodClass) -> Bool { !podClass.volumes.isEmpty }

  func prepare(_ cycle: Cycle) -> Preparation {
    let asks = cycle.podClass.volumes.contains { !$0.claim.isEmpty }
    return asks && !cycle.volumes.csiNodes.isEmpty ? .ready : .skip
  }

  /// A volume of a driver; the handle tells volumes apart.
  private struct Attached: Hashable {
    let driver: Key
    let handle: Key
  }

  func check(_ cycle: Cycle, _ slot: Int) -> Rejection {
    guard let node = cycle.world.nodes[slot], let limits = cycle.volumes.csiNodes[node.name] else {
      return .none
    }
    let view = cycle.volumes
    let wanted = Set(Self.volumes(cycle.podClass, view))
    if wanted.isEmpty { return .none }
    var present: Set<Attached> = []
    for pod in node.pods where !pod.podClass.volumes.isEmpty {
      present.formUnion(Self.volumes(pod.podClass, view))
    }
    for attachment in view.attachments.values where attachment.spec[.nodeName].key == node.name {
      let name = attachment.spec[.source][.persistentVolumeName].key
      if let volume = view.volume(name).flatMap(Self.attached) { present.insert(volume) }
    }
    for driver in limits.spec[.drivers].items {
      guard let limit = driver[.allocatable][.count].int else { continue }
      let name = driver[.name].key
      let new = wanted.count { $0.driver == name && !present.contains($0) }
      if new > 0 && present.count(where: { $0.driver == name }) + new > limit {
        return Rejection(code: FilterCode.volumeLimit)
      }
    }
    return .none
  }

  private static func attached(_ volume: BoundVolume) -> Attached? {
    let csi = volume.object.spec[.csi]
    guard csi.isObject else { return nil }
    return Attached(driver: csi[.driver].key, handle: csi[.volumeHandle].key)
  }

  /// The volumes behind a pod's claims: what is bound, or what its class's driver will make.
  private static func volumes(_ podClass: PodClass, _ view: VolumeView) -> [Attached] {
    podClass.volumes.compactMap { volume in
      if volume.claim.isEmpty { return nil }
      let key = ObjectKey(.persistentVolumeClaim, podClass.namespace, volume.claim)
      guard let claim = view.claims[key] else { return nil }
      if let bound = view.volume(claim.spec[.volumeName].key) { return attached(bound) }
      guard let driver = view.classes[claim.storageClassName]?[.provisioner], !driver.key.isEmpty
      else { return nil }
      return Attached(driver: driver.key, handle: Key("\(podClass.namespace)/\(volume.claim)"))
    }
  }
}
