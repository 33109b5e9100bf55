import APIMachinery

/// The order in which objects are applied: what others need comes first. Within a wave: namespace, kind, name.
enum Waves {
  private static let first: Set<String> = [
    "Namespace", "CustomResourceDefinition.apiextensions.k8s.io", "PriorityClass.scheduling.k8s.io",
    "StorageClass.storage.k8s.io", "RuntimeClass.node.k8s.io", "IngressClass.networking.k8s.io",
    "VolumeAttributesClass.storage.k8s.io", "CSIDriver.storage.k8s.io", "DeviceClass.resource.k8s.io",
  ]
  private static let second: Set<String> = [
    "Node", "ServiceAccount", "ConfigMap", "Secret", "LimitRange", "ResourceQuota", "PersistentVolume",
    "CSINode.storage.k8s.io", "ClusterRole.rbac.authorization.k8s.io", "Role.rbac.authorization.k8s.io",
    "ClusterRoleBinding.rbac.authorization.k8s.io", "RoleBinding.rbac.authorization.k8s.io",
    "NetworkPolicy.networking.k8s.io",
  ]
  private static let third: Set<String> = [
    "PersistentVolumeClaim", "Service", "Endpoints", "EndpointSlice.discovery.k8s.io",
    "PodDisruptionBudget.policy",
  ]
  private static let fourth: Set<String> = [
    "Pod", "ReplicationController", "Deployment.apps", "ReplicaSet.apps", "StatefulSet.apps",
    "DaemonSet.apps",
    "Job.batch", "CronJob.batch", "ControllerRevision.apps",
  ]

  static let count = 5

  /// 0 … 4; the last wave is for what looks at workloads and for custom resources.
  static func wave(of kind: GroupKind) -> Int {
    let name = kind.id.string
    if first.contains(name) { return 0 }
    if second.contains(name) { return 1 }
    if third.contains(name) { return 2 }
    if fourth.contains(name) { return 3 }
    return 4
  }
}
