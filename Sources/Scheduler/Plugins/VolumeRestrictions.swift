import APIMachinery

/// Rejects nodes on which a disk is in use that only one pod may use, and claims that one pod has for itself.
final class VolumeRestrictions: FilterPlugin {
  let id = PluginID.volumeRestrictions

  func concerns(_ podClass: PodClass) -> Bool { !podClass.volumes.isEmpty }

  func prepare(_ cycle: Cycle) -> Preparation {
    let volumes = cycle.podClass.volumes
    if volumes.isEmpty { return .skip }
    cycle.volumeState.onePodTaken = false
    for volume in volumes where !volume.claim.isEmpty {
      let key = ObjectKey(.persistentVolumeClaim, cycle.pod.key.namespace, volume.claim)
      guard let claim = cycle.volumes.claims[key] else {
        return .reject(VolumeBinding.missing(volume))
      }
      if claim.spec[.accessModes].items.contains("ReadWriteOncePod"), isUsed(volume.claim, cycle) {
        cycle.volumeState.onePodTaken = true
      }
    }
    let disks = volumes.contains { $0.claim.isEmpty }
    return disks || cycle.volumeState.onePodTaken ? .ready : .skip
  }

  private func isUsed(_ claim: Key, _ cycle: Cycle) -> Bool {
    let key = ObjectKey(.persistentVolumeClaim, cycle.pod.key.namespace, claim)
    return cycle.world.claimUses[key, default: 0] > 0
  }

  func check(_ cycle: Cycle, _ slot: Int) -> Rejection {
    let inline = cycle.podClass.volumes.filter { $0.claim.isEmpty }.map(\.inline)
    if !inline.isEmpty, let node = cycle.world.nodes[slot] {
      let clash = node.pods.contains { pod in
        pod.podClass.volumes.contains { other in
          other.claim.isEmpty && inline.contains { Self.conflicts($0, other.inline) }
        }
      }
      if clash { return Rejection(code: FilterCode.disk) }
    }
    return cycle.volumeState.onePodTaken ? Rejection(code: FilterCode.onePod) : .none
  }

  private static func conflicts(_ a: Value, _ b: Value) -> Bool {
    if let x = a.get(.gcePersistentDisk), let y = b.get(.gcePersistentDisk), x[.pdName] == y[.pdName] {
      return !(x[.readOnly].bool == true && y[.readOnly].bool == true)
    }
    if let x = a.get(.awsElasticBlockStore), let y = b.get(.awsElasticBlockStore) {
      return x[.volumeID] == y[.volumeID]
    }
    if let x = a.get(.iscsi), let y = b.get(.iscsi), x[.iqn] == y[.iqn] {
      return !(x[.readOnly].bool == true && y[.readOnly].bool == true)
    }
    if let x = a.get(.rbd), let y = b.get(.rbd), x[.pool] == y[.pool], x[.image] == y[.image],
      x[.monitors].items.contains(where: { y[.monitors].items.contains($0) })
    {
      return !(x[.readOnly].bool == true && y[.readOnly].bool == true)
    }
    return false
  }
}
