import API
import APIMachinery
import Store

/// Fields that the API server, controllers, kubelets and the garbage collector write into objects that
/// manifests describe: no drift.
enum ServerFields {
  private static let everywhere = [
    "metadata.finalizers", "metadata.ownerReferences", "metadata.generateName", "metadata.deletion",
    "metadata.selfLink",
  ]

  /// Beginnings of annotations that controllers write.
  private static let annotations = [
    "deployment.kubernetes.io/", "pv.kubernetes.io/", "volume.kubernetes.io/",
    "volume.beta.kubernetes.io/storage-provisioner", "volumes.kubernetes.io/", "batch.kubernetes.io/",
    "node.alpha.kubernetes.io/", "csi.volume.kubernetes.io/", "endpoints.kubernetes.io/",
    "autoscaling.alpha.kubernetes.io/", "deprecated.daemonset.template.generation",
    "control-plane.alpha.kubernetes.io/", "kubernetes.io/limit-ranger", "rbac.authorization.kubernetes.io/",
  ]

  /// By kind: beginnings of paths.
  private static let byKind: [String: [String]] = [
    "Service": [
      "spec.clusterIP", "spec.ipFamil", "spec.healthCheckNodePort", "spec.ports", "spec.internalTraffic",
    ],
    "PersistentVolumeClaim": ["spec.volumeName", "spec.storageClassName"],
    "PersistentVolume": ["spec.claimRef"],
    "Namespace": ["spec.finalizers", "metadata.labels[kubernetes.io/metadata.name]"],
    "Node": [
      "metadata.labels", "spec.podCIDR", "spec.providerID", "spec.taints", "spec.unschedulable",
    ],
    "Pod": [
      "spec.nodeName", "spec.volumes", "spec.tolerations", "spec.containers", "spec.initContainers",
      "metadata.labels[topology.kubernetes.io",
    ],
    "Job": [
      "spec.selector", "spec.template.metadata.labels", "spec.suspend",
      "metadata.labels[batch.kubernetes.io/",
      "metadata.labels.controller-uid", "metadata.labels.job-name",
    ],
    "ServiceAccount": ["secrets", "imagePullSecrets"],
    "CustomResourceDefinition": ["spec.conversion", "spec.names"],
    "ValidatingWebhookConfiguration": ["webhooks"],
    "MutatingWebhookConfiguration": ["webhooks"],
    "APIService": ["spec.caBundle"],
  ]

  /// Whether the field at `path` is one of these.
  static func isKept(_ path: String, kind: GroupKind, object: Value) -> Bool {
    if everywhere.contains(where: { path.hasPrefix($0) }) { return true }
    let start = "metadata.annotations["
    if path.hasPrefix(start) {
      let name = path.dropFirst(start.count)
      if annotations.contains(where: { name.hasPrefix($0) }) { return true }
    }
    // All annotations at once, where the manifest has none.
    if path == "metadata.annotations" {
      return object.annotations.fields.allSatisfy { field in
        annotations.contains { field.key.string.hasPrefix($0) }
      }
    }
    if kind.kind == "Service" && path.hasPrefix("spec.ports") { return path.hasSuffix("nodePort") }
    if kind.kind == "ClusterRole" && object.has(.aggregationRule) { return path.hasPrefix("rules") }
    return byKind[kind.kind, default: []].contains { path.hasPrefix($0) }
  }
}

/// Which workloads an autoscaler scales: their replica counts are its own.
struct ScaleOwners {
  private var targets: Set<ObjectKey> = []

  init(_ store: ObjectStore) {
    for scaler in store.list(.horizontalPodAutoscaler, namespace: nil) {
      let target = scaler.spec[.scaleTargetRef]
      let kind = GroupKind(
        apiVersion: target[.apiVersion].string ?? "", kind: target[.kind].string ?? "")
      targets.insert(ObjectKey(kind, scaler.namespaceKey, target[.name].key))
    }
  }

  /// The controller that keeps the field at `path`.
  func controller(of key: ObjectKey, path: String) -> String? {
    path == "spec.replicas" && targets.contains(key) ? "horizontal-pod-autoscaler-controller" : nil
  }
}
