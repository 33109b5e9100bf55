public import APIMachinery

/// The strategies of the built-in kinds.
public enum StrategyRegistry {
  public static func strategy(for kind: GroupKind) -> any Strategy {
    table[kind] ?? KindStrategy()
  }

  private static let rbac = "rbac.authorization.k8s.io"
  private static let admission = "admissionregistration.k8s.io"

  private static let table: [GroupKind: KindStrategy] = {
    var table: [GroupKind: KindStrategy] = [:]
    for info in Scheme.builtin.kinds {
      var strategy = KindStrategy()
      if info.hasStatus, !keepsStatus.contains(info.groupKind), let status = info.type.field(.status) {
        strategy.clearedStatus = SchemaDefault.apply(.emptyObject, status.type)
      }
      table[info.groupKind] = strategy
    }
    core(&table)
    workloads(&table)
    others(&table)
    validations(&table)
    return table
  }()

  /// Kinds whose status may come with the object.
  private static let keepsStatus: Set<GroupKind> = [.pod, .node, .customResourceDefinition, .service]

  private typealias Table = [GroupKind: KindStrategy]

  private static func core(_ table: inout Table) {
    table[.pod]?.defaulting = PodDefaults.pod
    table[.pod]?.validating = PodSpecValidation.pod
    table[.pod]?.validatingUpdate = PodUpdateValidation.update
    table[.pod]?.preparing = PodPreparation.create
    table[GroupKind(group: "", kind: "PodTemplate")]?.defaulting = {
      PodDefaults.template(&$0, at: .template)
    }
    table[.service]?.defaulting = ServiceDefaults.service
    table[.service]?.nameRule = .label
    table[.service]?.validating = ServiceValidation.service
    table[.service]?.validatingUpdate = ServiceValidation.update
    table[.namespace]?.nameRule = .label
    table[.persistentVolumeClaim]?.validating = PersistentVolumeClaimValidation.claim
    table[.persistentVolumeClaim]?.validatingUpdate = PersistentVolumeClaimValidation.update
    table[.service]?.preparing = {
      $0[.status] = ["loadBalancer": [:]]
    }
    table[.namespace]?.defaulting = NamespaceDefaults.namespace
    table[.namespace]?.preparing = NamespaceDefaults.prepare
    table[.secret]?.defaulting = SecretDefaults.secret
    table[.limitRange]?.defaulting = LimitRangeDefaults.limitRange
    table[.node]?.defaulting = NodeDefaults.node
    table[.persistentVolume]?.preparing = PersistentVolumeDefaults.prepare
    table[.persistentVolumeClaim]?.defaulting = PersistentVolumeClaimDefaults.claim
    table[.persistentVolumeClaim]?.preparing = PersistentVolumeClaimDefaults.prepare
  }

  private static func workloads(_ table: inout Table) {
    table[.replicationController]?.defaulting = WorkloadDefaults.replicationController
    table[.replicaSet]?.defaulting = WorkloadDefaults.replicaSet
    table[.deployment]?.defaulting = WorkloadDefaults.deployment
    table[.daemonSet]?.defaulting = WorkloadDefaults.daemonSet
    table[.daemonSet]?.preparing = WorkloadDefaults.prepareDaemonSet
    table[.daemonSet]?.preparingUpdate = WorkloadDefaults.prepareDaemonSetUpdate
    table[.statefulSet]?.defaulting = WorkloadDefaults.statefulSet
    table[.statefulSet]?.preparing = { StatefulSetPreparation.dropDisabled(&$0, old: .null) }
    table[.statefulSet]?.preparingUpdate = { StatefulSetPreparation.dropDisabled(&$0, old: $1) }
    table[.job]?.defaulting = JobDefaults.job
    table[.job]?.preparing = JobDefaults.prepare
    workloadValidation(&table)
  }

  private static func workloadValidation(_ table: inout Table) {
    table[.replicationController]?.validating = WorkloadValidation.replicationController
    table[.replicationController]?.validatingUpdate = { new, _, out in
      WorkloadValidation.replicationController(new, &out)
    }
    table[.replicaSet]?.validating = WorkloadValidation.replicaSet
    table[.deployment]?.validating = WorkloadValidation.deployment
    table[.daemonSet]?.validating = WorkloadValidation.daemonSet
    table[.statefulSet]?.validating = WorkloadValidation.statefulSet
    table[.statefulSet]?.nameRule = .label
    for kind in [GroupKind.replicaSet, .deployment, .daemonSet] {
      let create = table[kind]?.validating
      table[kind]?.validatingUpdate = { new, old, out in
        if WorkloadValidation.isOnlyResized(new, old, &out) { return }
        create?(new, &out)
        WorkloadValidation.selectorStays(new, old, &out)
      }
    }
    table[.statefulSet]?.validatingUpdate = { new, old, out in
      WorkloadValidation.statefulSet(new, &out)
      WorkloadValidation.statefulSetUpdate(new, old, &out)
    }
    table[.job]?.validating = JobValidation.job
    table[.job]?.validatingUpdate = JobValidation.jobUpdate
    table[.cronJob]?.defaulting = JobDefaults.cronJob
  }

  private static func others(_ table: inout Table) {
    table[.horizontalPodAutoscaler]?.defaulting = HorizontalPodAutoscalerDefaults.autoscaler
    table[.podDisruptionBudget]?.validating = PodDisruptionBudgetValidation.budget
    table[.podDisruptionBudget]?.validatingUpdate = { new, _, out in
      PodDisruptionBudgetValidation.budget(new, &out)
    }
    table[.networkPolicy]?.defaulting = NetworkingDefaults.networkPolicy
    table[.ingressClass]?.defaulting = NetworkingDefaults.ingressClass
    for kind in ["RoleBinding", "ClusterRoleBinding"] {
      table[GroupKind(group: rbac, kind: kind)]?.defaulting = RBACDefaults.binding
    }
    for kind in ["Role", "ClusterRole"] {
      table[GroupKind(group: rbac, kind: kind)]?.defaulting = RBACDefaults.role
    }
    for kind in ["ResourceClaim", "ResourceClaimTemplate"] {
      table[GroupKind(group: "resource.k8s.io", kind: kind)]?.defaulting = ResourceClaimDefaults.claim
    }
    for kind in ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"] {
      table[GroupKind(group: rbac, kind: kind)]?.nameRule = .path
    }
  }
}
