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

/// Claims, volumes, classes, and what says how pods of a set spread by default, as last seen.
final class VolumeView {
  var claims: [ObjectKey: Value] = [:]
  var volumes: [Key: Value] = [:]
  var classes: [Key: Value] = [:]
  private var services: [Key: [Key: Value]] = [:]
  private var owners: [ObjectKey: Value] = [:]
  private var epochs: [Key: Int] = [:]

  /// Takes a change; gives which plugins' rejections it may lift, 0 if it is none of its kinds.
  func observe(_ event: WatchEvent) -> UInt32 {
    let value: Value? = event.type == .deleted ? nil : event.object
    switch event.key.kind {
    case .persistentVolumeClaim: claims[event.key] = value
    case .persistentVolume: volumes[event.key.name] = value
    case .storageClass: classes[event.key.name] = value
    case .service:
      let selector = value?.spec[.selector]
      let old = services[event.key.namespace]?[event.key.name]
      if old != selector {
        services[event.key.namespace, default: [:]][event.key.name] = selector
        epochs[event.key.namespace, default: 0] += 1
      }
      return 0
    case .replicaSet, .replicationController, .statefulSet:
      if event.type == .modified { return 0 }
      owners[event.key] = value?.spec[.selector]
      epochs[event.key.namespace, default: 0] += 1
      return 0
    default: return 0
    }
    return QueueingHints.volumes
  }

  /// The default constraints for pods of a Service or of a set (`plugins/helper/spread.go DefaultSelector`).
  func defaultSpread(_ podClass: PodClass) -> [SpreadConstraint] {
    let epoch = epochs[podClass.namespace, default: 0]
    if podClass.defaultSpreadEpoch == epoch { return podClass.defaultSpread }
    podClass.defaultSpreadEpoch = epoch
    podClass.defaultSpread = []
    var labels = Value.emptyObject
    for (_, selector) in (services[podClass.namespace] ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard !selector.isEmpty, LabelSelector(matchLabels: selector).matches(labels: podClass.labels) else {
        continue
      }
      for field in selector.fields { labels[field.key] = field.value }
    }
    var expressions: Value = .null
    if let owner = podClass.owner, let selector = owners[owner] {
      if owner.kind == .replicationController {
        for field in selector.fields { labels[field.key] = field.value }
      } else {
        expressions = selector
      }
    }
    let requirements =
      LabelSelector(matchLabels: labels).requirements
      + (expressions.isObject ? LabelSelector(expressions).requirements : [])
    if requirements.isEmpty { return [] }
    let selector = LabelSelector(requirements)
    let identity: Value = ["default", labels, expressions]
    podClass.defaultSpread = [
      SpreadConstraint(.kubernetesIoHostname, maxSkew: 3, selector, identity),
      SpreadConstraint("topology.kubernetes.io/zone", maxSkew: 5, selector, identity),
    ]
    return podClass.defaultSpread
  }
}
