import API
import APIMachinery

/// What the volume plugins found out about a pod's claims.
struct VolumeState {
  var onePodTaken = false
  /// Claims that are bound, with their volume (nil when it does not exist).
  var bound: [(claim: Value, volume: Value?)] = []
  /// Claims that wait for their first consumer, smallest request first, with their class.
  var delayed: [(claim: Value, storageClass: Value)] = []
}

/// Claims and nodes: bound volumes must be reachable, unbound ones found or made (`plugins/volumebinding`).
final class VolumeBinding: FilterPlugin {
  let id = PluginID.volumeBinding
  static let selectedNode: Key = "volume.kubernetes.io/selected-node"
  static let bindCompleted: Key = "pv.kubernetes.io/bind-completed"

  static func missing(_ volume: PodVolume) -> String {
    volume.isEphemeral
      ? "waiting for ephemeral volume controller to create the persistentvolumeclaim \"\(volume.claim)\""
      : "persistentvolumeclaim \"\(volume.claim)\" not found"
  }

  func prepare(_ cycle: Cycle) -> Preparation {
    let volumes = cycle.podClass.volumes.filter { !$0.claim.isEmpty }
    if volumes.isEmpty { return .skip }
    var state = cycle.volumeState
    state.bound = []
    state.delayed = []
    for volume in volumes {
      let key = ObjectKey(.persistentVolumeClaim, cycle.pod.key.namespace, volume.claim)
      guard let claim = cycle.volumes.claims[key] else {
        return .reject(Self.missing(volume))
      }
      if claim.status[.phase].string == "Lost" {
        let name = claim.spec[.volumeName].string ?? ""
        return .reject(
          "persistentvolumeclaim \"\(volume.claim)\" bound to non-existent persistentvolume \"\(name)\"")
      }
      if claim.isTerminating {
        return .reject("persistentvolumeclaim \"\(volume.claim)\" is being deleted")
      }
      let volumeName = claim.spec[.volumeName].key
      if !volumeName.isEmpty && claim.annotation(Self.bindCompleted) != nil {
        state.bound.append((claim, cycle.volumes.volumes[volumeName]))
        continue
      }
      let storageClass = cycle.volumes.classes[claim.storageClassName]
      guard volumeName.isEmpty, let storageClass,
        storageClass[.volumeBindingMode].string == "WaitForFirstConsumer"
      else {
        return .reject("pod has unbound immediate PersistentVolumeClaims")
      }
      state.delayed.append((claim, storageClass))
    }
    state.delayed.sort { Self.size($0.claim) < Self.size($1.claim) }
    cycle.volumeState = state
    return .ready
  }

  static func size(_ claim: Value) -> Quantity {
    claim.spec[.resources][.requests].get(.storage).flatMap { Quantity($0) } ?? .zero
  }

  func filter(_ cycle: Cycle, _ slots: ArraySlice<Int32>, _ codes: inout [UInt16]) {
    for slot in slots where codes[Int(slot)] == 0 {
      guard let node = cycle.world.nodes[Int(slot)] else { continue }
      if let code = Self.plan(cycle, node).failure { codes[Int(slot)] = code }
    }
  }

  struct Plan {
    var failure: UInt16?
    /// Volumes to bind to claims, and claims to have made.
    var matches: [(claim: Value, volume: Value)] = []
    var provisions: [Value] = []
  }

  /// What would have to be done for the pod's claims on this node (`FindPodVolumes`).
  static func plan(_ cycle: Cycle, _ node: NodeInfo) -> Plan {
    var plan = Plan()
    for (_, volume) in cycle.volumeState.bound {
      guard let volume else {
        plan.failure = FilterCode.lostVolume
        return plan
      }
      if !reaches(volume, node) {
        plan.failure = FilterCode.volumeNode
        return plan
      }
    }
    var taken: Set<Key> = []
    for (claim, storageClass) in cycle.volumeState.delayed {
      let selected = claim.annotation(selectedNode)
      if let selected, Key(selected) != node.name {
        plan.failure = FilterCode.noVolume
        return plan
      }
      if selected == nil, let volume = match(claim, cycle.volumes, node, taken) {
        taken.insert(volume.nameKey)
        plan.matches.append((claim, volume))
      } else if canProvision(claim, storageClass, node) {
        plan.provisions.append(claim)
      } else {
        plan.failure = FilterCode.noVolume
        return plan
      }
    }
    return plan
  }

  private static func reaches(_ volume: Value, _ node: NodeInfo) -> Bool {
    RequiredNodes(nodeSelector: volume.spec[.nodeAffinity][.required])
      .matches(name: node.name, labels: node.labels)
  }

  /// The smallest available volume that suits the claim; one bound to the claim beforehand wins (`FindMatchingVolume`).
  private static func match(_ claim: Value, _ view: VolumeView, _ node: NodeInfo, _ taken: Set<Key>) -> Value?
  {
    var best: (volume: Value, size: Quantity)?
    let wanted = size(claim)
    let modes = claim.spec[.accessModes].items
    let selector = claim.spec.get(.selector).map { LabelSelector($0) }
    for (name, volume) in view.volumes.sorted(by: { $0.key < $1.key }) where !taken.contains(name) {
      let spec = volume.spec
      guard volume.storageClassName == claim.storageClassName,
        (spec[.volumeMode].string ?? "Filesystem") == (claim.spec[.volumeMode].string ?? "Filesystem"),
        !volume.isTerminating
      else { continue }
      let size = spec[.capacity].get(.storage).flatMap { Quantity($0) } ?? .zero
      if size < wanted { continue }
      if let reference = spec.get(.claimRef), reference.isObject {
        let isOurs =
          reference[.name].string == claim.name && reference[.namespace].string == claim.namespace
          && (reference[.uid].string ?? claim.uid) == claim.uid
        if isOurs && reaches(volume, node) { return volume }
        continue
      }
      guard volume.status[.phase].string == "Available", selector?.matches(volume) ?? true,
        modes.allSatisfy({ spec[.accessModes].items.contains($0) }), reaches(volume, node)
      else { continue }
      if best == nil || size < best!.size { best = (volume, size) }
    }
    return best?.volume
  }

  private static func canProvision(_ claim: Value, _ storageClass: Value, _ node: NodeInfo) -> Bool {
    let provisioner = storageClass[.provisioner].string ?? ""
    if provisioner.isEmpty || provisioner == "kubernetes.io/no-provisioner" { return false }
    let topologies = storageClass[.allowedTopologies].items
    if topologies.isEmpty { return true }
    return topologies.contains { term in
      term[.matchLabelExpressions].items.allSatisfy { expression in
        guard let label = node.labels.get(expression[.key].key) else { return false }
        return expression[.values].items.contains(label)
      }
    }
  }
}
