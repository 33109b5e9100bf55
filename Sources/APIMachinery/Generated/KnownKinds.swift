// Kinds that are spoken of in code, as constants; see KnownNames.swift. Written by generate.py.

extension GroupKind {
  // CSINode.storage.k8s.io
  public static var csiNode: GroupKind { GroupKind(known: 2) }
  // ClusterRole.rbac.authorization.k8s.io
  public static var clusterRole: GroupKind { GroupKind(known: 3) }
  // ConfigMap
  public static var configMap: GroupKind { GroupKind(known: 4) }
  // ControllerRevision.apps
  public static var controllerRevision: GroupKind { GroupKind(known: 5) }
  // CronJob.batch
  public static var cronJob: GroupKind { GroupKind(known: 6) }
  // CustomResourceDefinition.apiextensions.k8s.io
  public static var customResourceDefinition: GroupKind { GroupKind(known: 7) }
  // DaemonSet.apps
  public static var daemonSet: GroupKind { GroupKind(known: 8) }
  // Deployment.apps
  public static var deployment: GroupKind { GroupKind(known: 9) }
  // EndpointSlice.discovery.k8s.io
  public static var endpointSlice: GroupKind { GroupKind(known: 10) }
  // Endpoints
  public static var endpoints: GroupKind { GroupKind(known: 11) }
  // Event
  public static var event: GroupKind { GroupKind(known: 12) }
  // HorizontalPodAutoscaler.autoscaling
  public static var horizontalPodAutoscaler: GroupKind { GroupKind(known: 13) }
  // IPAddress.networking.k8s.io
  public static var ipAddress: GroupKind { GroupKind(known: 14) }
  // Ingress.networking.k8s.io
  public static var ingress: GroupKind { GroupKind(known: 15) }
  // IngressClass.networking.k8s.io
  public static var ingressClass: GroupKind { GroupKind(known: 16) }
  // Job.batch
  public static var job: GroupKind { GroupKind(known: 17) }
  // Lease.coordination.k8s.io
  public static var lease: GroupKind { GroupKind(known: 18) }
  // LimitRange
  public static var limitRange: GroupKind { GroupKind(known: 19) }
  // Namespace
  public static var namespace: GroupKind { GroupKind(known: 20) }
  // NetworkPolicy.networking.k8s.io
  public static var networkPolicy: GroupKind { GroupKind(known: 21) }
  // Node
  public static var node: GroupKind { GroupKind(known: 22) }
  // PersistentVolume
  public static var persistentVolume: GroupKind { GroupKind(known: 23) }
  // PersistentVolumeClaim
  public static var persistentVolumeClaim: GroupKind { GroupKind(known: 24) }
  // Pod
  public static var pod: GroupKind { GroupKind(known: 25) }
  // PodDisruptionBudget.policy
  public static var podDisruptionBudget: GroupKind { GroupKind(known: 26) }
  // PriorityClass.scheduling.k8s.io
  public static var priorityClass: GroupKind { GroupKind(known: 28) }
  // ReplicaSet.apps
  public static var replicaSet: GroupKind { GroupKind(known: 29) }
  // ReplicationController
  public static var replicationController: GroupKind { GroupKind(known: 30) }
  // ResourceQuota
  public static var resourceQuota: GroupKind { GroupKind(known: 31) }
  // RuntimeClass.node.k8s.io
  public static var runtimeClass: GroupKind { GroupKind(known: 32) }
  // Secret
  public static var secret: GroupKind { GroupKind(known: 33) }
  // Service
  public static var service: GroupKind { GroupKind(known: 34) }
  // ServiceAccount
  public static var serviceAccount: GroupKind { GroupKind(known: 35) }
  // StatefulSet.apps
  public static var statefulSet: GroupKind { GroupKind(known: 36) }
  // StorageClass.storage.k8s.io
  public static var storageClass: GroupKind { GroupKind(known: 37) }
  // VolumeAttachment.storage.k8s.io
  public static var volumeAttachment: GroupKind { GroupKind(known: 38) }
}
