import API
import APIMachinery

/// What the volume plugins found out about a pod's claims.
struct VolumeState {
  var onePodTaken = false
  /// Claims that are bound, with their volume (nil when it does not exist).
  var bound: [(claim: Value, volume: BoundVolume?)] = []
  /// Claims that wait for their first consumer, smallest request first.
  var delayed: [DelayedClaim] = []
}

/// A claim that is bound where its pod is placed.
struct DelayedClaim {
  var claim: Value
  var storageClass: Value
  var size: Quantity
  var selectedNode: Key?
  /// The volume that was meant for it beforehand, then those that suit it, the smallest first.
  var reserved: BoundVolume?
  var candidates: [BoundVolume]
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

  func concerns(_ podClass: PodClass) -> Bool { !podClass.volumes.isEmpty }

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
      if claim.status[.phase].says("Lost") {
        let name = claim.spec[.volumeName].string ?? ""
        return .reject(
          "persistentvolumeclaim \"\(volume.claim)\" bound to non-existent persistentvolume \"\(name)\"")
      }
      if claim.isTerminating {
        return .reject("persistentvolumeclaim \"\(volume.claim)\" is being deleted")
      }
      let volumeName = claim.spec[.volumeName].key
      if !volumeName.isEmpty && claim.annotation(Self.bindCompleted) != nil {
        state.bound.append((claim, cycle.volumes.volume(volumeName)))
        continue
      }
      let storageClass = cycle.volumes.classes[claim.storageClassName]
      guard volumeName.isEmpty, let storageClass,
        storageClass[.volumeBindingMode].says("WaitForFirstConsumer")
      else {
        return .reject("pod has unbound immediate PersistentVolumeClaims")
      }
      state.delayed.append(cycle.volumes.delayed(claim, storageClass))
    }
    state.delayed.sort { $0.size < $1.size }
    cycle.volumeState = state
    return .ready
  }

  static func size(_ claim: Value) -> Quantity {
    claim.spec[.resources][.requests].get(.storage).flatMap { Quantity($0) } ?? .zero
  }

  func check(_ cycle: Cycle, _ slot: Int) -> Rejection {
    guard let node = cycle.world.nodes[slot] else { return .none }
    return Rejection(code: Self.plan(cycle, node).failure)
  }

  struct Plan {
    /// 0, or the code of what is in the way.
    var failure: UInt16 = 0
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
      if !volume.reaches(node) {
        plan.failure = FilterCode.volumeNode
        return plan
      }
    }
    var taken: [Key] = []
    for delayed in cycle.volumeState.delayed {
      if let selected = delayed.selectedNode, selected != node.name {
        plan.failure = FilterCode.noVolume
        return plan
      }
      if delayed.selectedNode == nil, let volume = match(delayed, node, taken) {
        taken.append(volume.name)
        plan.matches.append((delayed.claim, volume.object))
        continue
      }
      plan.failure = provision(delayed, node, cycle.volumes)
      if plan.failure != 0 { return plan }
      plan.provisions.append(delayed.claim)
    }
    return plan
  }

  /// A volume bound to the claim beforehand, else the smallest that suits it (`FindMatchingVolume`).
  private static func match(_ delayed: DelayedClaim, _ node: NodeInfo, _ taken: [Key]) -> BoundVolume? {
    if let reserved = delayed.reserved, reserved.reaches(node) { return reserved }
    return delayed.candidates.first { !taken.contains($0.name) && $0.reaches(node) }
  }

  /// Whether the claim's volume can be made for the node: 0, or the code of why not.
  private static func provision(_ delayed: DelayedClaim, _ node: NodeInfo, _ view: VolumeView) -> UInt16 {
    let storageClass = delayed.storageClass
    let provisioner = storageClass[.provisioner].string ?? ""
    if provisioner.isEmpty || provisioner == "kubernetes.io/no-provisioner" { return FilterCode.noVolume }
    let topologies = storageClass[.allowedTopologies].items
    let allowed =
      topologies.isEmpty
      || topologies.contains { term in
        term[.matchLabelExpressions].items.allSatisfy { expression in
          guard let label = node.labels.get(expression[.key].key) else { return false }
          return expression[.values].items.contains(label)
        }
      }
    if !allowed { return FilterCode.noVolume }
    return view.hasCapacity(provisioner, storageClass.nameKey, delayed.size, node) ? 0 : FilterCode.storage
  }
}
