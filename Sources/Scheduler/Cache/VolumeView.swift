import API
import APIMachinery

/// A volume of a pod that matters to its place.
struct PodVolume {
  /// The claim it uses; empty for a volume in the pod itself.
  var claim: Key
  var isEphemeral = false
  var inline: Value

  static func of(_ pod: Value) -> [PodVolume] {
    pod.spec[.volumes].items.compactMap { volume in
      if let claim = volume.get(.persistentVolumeClaim) {
        return PodVolume(claim: claim[.claimName].key, inline: .null)
      }
      if volume.has(.ephemeral) {
        let name = Key("\(pod.name)-\(volume[.name].string ?? "")")
        return PodVolume(claim: name, isEphemeral: true, inline: .null)
      }
      let disks: [Key] = [.gcePersistentDisk, .awsElasticBlockStore, .iscsi, .rbd]
      return disks.contains { volume.has($0) } ? PodVolume(claim: .empty, inline: volume) : nil
    }
  }
}

/// A PersistentVolume as the scheduler needs it.
final class BoundVolume {
  let name: Key
  let object: Value
  let size: Quantity
  private let nodes: RequiredNodes

  init(_ volume: Value) {
    name = volume.nameKey
    object = volume
    size = volume.spec[.capacity].get(.storage).flatMap { Quantity($0) } ?? .zero
    nodes = RequiredNodes(nodeSelector: volume.spec[.nodeAffinity][.required])
  }

  func reaches(_ node: NodeInfo) -> Bool {
    nodes.isEverything || nodes.matches(name: node.name, labels: node.labels)
  }
}

/// Claims, volumes, classes, drivers and their limits, as last seen.
final class VolumeView {
  private(set) var claims: [ObjectKey: Value] = [:]
  private(set) var classes: [Key: Value] = [:]
  private var volumes: [Key: BoundVolume] = [:]
  /// Volumes by the name of their class, the smallest first; made when needed.
  private var byClass: [Key: [BoundVolume]]?
  private var drivers: [Key: Value] = [:]
  private(set) var csiNodes: [Key: Value] = [:]
  private var capacities: [ObjectKey: Value] = [:]
  /// Attached volumes per node: attachment, driver and volume name.
  private(set) var attachments: [ObjectKey: Value] = [:]
  let spread = SpreadView()

  /// Takes a change; gives which plugins' rejections it may lift, 0 if it is none of its kinds.
  func observe(_ event: WatchEvent) -> UInt32 {
    let value: Value? = event.type == .deleted ? nil : event.object
    switch event.key.kind {
    case .persistentVolumeClaim: claims[event.key] = value
    case .persistentVolume:
      volumes[event.key.name] = value.map { BoundVolume($0) }
      byClass = nil
    case .storageClass: classes[event.key.name] = value
    case .csiNode: csiNodes[event.key.name] = value
    case .volumeAttachment: attachments[event.key] = value
    case Self.csiDriver: drivers[event.key.name] = value
    case Self.csiStorageCapacity: capacities[event.key] = value
    default:
      spread.observe(event)
      return 0
    }
    return QueueingHints.volumes
  }

  static let csiDriver = GroupKind(group: "storage.k8s.io", kind: "CSIDriver")
  static let csiStorageCapacity = GroupKind(group: "storage.k8s.io", kind: "CSIStorageCapacity")

  func volume(_ name: Key) -> BoundVolume? { volumes[name] }

  func defaultSpread(_ podClass: PodClass, _ profile: Profile) -> [SpreadConstraint] {
    spread.defaultSpread(podClass, profile)
  }

  // MARK: Claims to be bound

  private func sorted(_ storageClass: Key) -> [BoundVolume] {
    if let byClass { return byClass[storageClass] ?? [] }
    var lists: [Key: [BoundVolume]] = [:]
    for volume in volumes.values {
      lists[volume.object.storageClassName, default: []].append(volume)
    }
    let made = lists.mapValues { list in
      list.sorted { $0.size == $1.size ? $0.name < $1.name : $0.size < $1.size }
    }
    byClass = made
    return made[storageClass] ?? []
  }

  /// What may serve a claim that waits for its first consumer.
  func delayed(_ claim: Value, _ storageClass: Value) -> DelayedClaim {
    let wanted = claim.spec[.resources][.requests].get(.storage).flatMap { Quantity($0) } ?? .zero
    let modes = claim.spec[.accessModes].items
    let selector = claim.spec.get(.selector).map { LabelSelector($0) }
    var found = DelayedClaim(
      claim: claim, storageClass: storageClass, size: wanted,
      selectedNode: claim.annotation(VolumeBinding.selectedNode).map { Key($0) }, reserved: nil,
      candidates: [])
    for volume in sorted(claim.storageClassName) {
      let spec = volume.object.spec
      let mode = spec[.volumeMode].string ?? "Filesystem"
      if mode != claim.spec[.volumeMode].string ?? "Filesystem" || volume.object.isTerminating { continue }
      if volume.size < wanted { continue }
      if spec[.volumeAttributesClassName].key != claim.spec[.volumeAttributesClassName].key { continue }
      if let reference = spec.get(.claimRef), reference.isObject {
        let isOurs =
          reference[.name].string == claim.name && reference[.namespace].string == claim.namespace
          && (reference[.uid].string ?? claim.uid) == claim.uid
        if isOurs && found.reserved == nil { found.reserved = volume }
        continue
      }
      if volume.object.status[.phase].says("Available"), selector?.matches(volume.object) ?? true,
        modes.allSatisfy({ spec[.accessModes].items.contains($0) })
      {
        found.candidates.append(volume)
      }
    }
    return found
  }

  /// Whether the driver has room for a new volume near the node (`binder.hasEnoughCapacity`); always where the
  /// driver does not publish its capacity.
  func hasCapacity(_ driver: String, _ storageClass: Key, _ size: Quantity, _ node: NodeInfo) -> Bool {
    guard drivers[Key(driver)]?.spec[.storageCapacity].bool == true else { return true }
    return capacities.values.contains { capacity in
      guard capacity[.storageClassName].key == storageClass,
        LabelSelector(capacity.get(.nodeTopology)).matches(labels: node.labels)
      else { return false }
      let most = capacity.get(.maximumVolumeSize) ?? capacity.get(.capacity)
      return most.flatMap { Quantity($0) }.map { size <= $0 } ?? false
    }
  }
}
