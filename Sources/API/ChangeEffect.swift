public import APIMachinery

/// What a change of a field leads to, apart from the field itself.
public enum ChangeEffect: String, Sendable {
  case rollout = "a change rolls out new pods"
  case newPods = "a change counts for pods that are made later"
  case nextRun = "a change counts for runs that start later"
  case replacement = "immutable: a change needs a replacement"
  case onceSet = "immutable once it is set: a change needs a replacement"

  /// The effect of the field at a path of names (lists and maps are entered without a step), or nil if a change
  /// has no other effect than itself.
  public static func of(_ kind: GroupKind, _ path: [String]) -> ChangeEffect? {
    let name = kind.group.isEmpty ? kind.kind : "\(kind.kind).\(kind.group)"
    let dotted = path.joined(separator: ".")
    func isBelow(_ place: Substring) -> Bool { dotted == place || dotted.hasPrefix(place + ".") }
    for line in table.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 2, words[0] == name, let effect = effects[String(words[1])] else { continue }
      var isHit = false
      for word in words[2...] {
        if word.hasPrefix("-") {
          if isBelow(word.dropFirst()) { isHit = false }
        } else if isBelow(word) {
          isHit = true
        }
      }
      if isHit { return effect }
    }
    return nil
  }

  private static let effects: [String: ChangeEffect] = [
    "rollout": .rollout, "pods": .newPods, "run": .nextRun, "fixed": .replacement, "once": .onceSet,
  ]

  /// A kind, an effect and the places that have it, with `-` those below that do not; as the update rules of
  /// `pkg/apis/*/validation` have it.
  private static let table = """
    Deployment.apps rollout spec.template
    Deployment.apps fixed spec.selector
    DaemonSet.apps rollout spec.template
    DaemonSet.apps fixed spec.selector
    StatefulSet.apps rollout spec.template
    StatefulSet.apps fixed spec -spec.replicas -spec.ordinals -spec.updateStrategy -spec.revisionHistoryLimit \
    -spec.persistentVolumeClaimRetentionPolicy -spec.minReadySeconds
    ReplicaSet.apps pods spec.template
    ReplicaSet.apps fixed spec.selector
    ReplicationController pods spec.template
    CronJob.batch run spec.jobTemplate
    Job.batch fixed spec.selector spec.completions spec.template spec.completionMode spec.podFailurePolicy \
    spec.backoffLimitPerIndex spec.managedBy spec.successPolicy spec.manualSelector
    Pod fixed spec -spec.containers.image -spec.initContainers.image -spec.activeDeadlineSeconds \
    -spec.tolerations -spec.schedulingGates
    Service once spec.clusterIP spec.clusterIPs spec.loadBalancerClass
    PersistentVolumeClaim fixed spec -spec.resources.requests -spec.volumeAttributesClassName
    PersistentVolume fixed spec -spec.capacity -spec.accessModes -spec.claimRef \
    -spec.persistentVolumeReclaimPolicy -spec.mountOptions -spec.volumeAttributesClassName -spec.storageClassName
    StorageClass.storage.k8s.io fixed provisioner parameters reclaimPolicy volumeBindingMode
    Secret fixed type
    Secret once immutable
    ConfigMap once immutable
    PriorityClass.scheduling.k8s.io fixed value preemptionPolicy
    RoleBinding.rbac.authorization.k8s.io fixed roleRef
    ClusterRoleBinding.rbac.authorization.k8s.io fixed roleRef
    IngressClass.networking.k8s.io fixed spec.controller
    RuntimeClass.node.k8s.io fixed handler
    ControllerRevision.apps fixed data
    EndpointSlice.discovery.k8s.io fixed addressType
    ResourceClaim.resource.k8s.io fixed spec
    ResourceClaimTemplate.resource.k8s.io fixed spec
    CertificateSigningRequest.certificates.k8s.io fixed spec
    CustomResourceDefinition.apiextensions.k8s.io fixed spec.group spec.scope spec.names.kind spec.names.plural
    """
}
