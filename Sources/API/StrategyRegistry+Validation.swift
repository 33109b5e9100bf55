import APIMachinery

/// Which validation belongs to which kind.
extension StrategyRegistry {
  typealias Create = @Sendable (Value, inout Findings) -> Void
  typealias Update = @Sendable (Value, Value, inout Findings) -> Void

  static func validations(_ table: inout [GroupKind: KindStrategy]) {
    /// `update` runs after the rules of creating, unless there is only `update`.
    func set(_ kind: GroupKind, _ create: Create?, _ update: Update? = nil) {
      table[kind]?.validating = create
      if let update {
        table[kind]?.validatingUpdate = update
      } else if let create {
        table[kind]?.validatingUpdate = { (new: Value, _: Value, out: inout Findings) in create(new, &out) }
      }
    }
    func kind(_ group: String, _ name: String) -> GroupKind { GroupKind(group: group, kind: name) }
    let rbac = "rbac.authorization.k8s.io"
    set(.cronJob, CronJobValidation.cronJob, CronJobValidation.update)
    set(.ingress, IngressValidation.ingress)
    set(.ingressClass, IngressValidation.ingressClass)
    set(.networkPolicy, NetworkPolicyValidation.policy)
    set(.horizontalPodAutoscaler, HorizontalPodAutoscalerValidation.autoscaler)
    set(kind(rbac, "Role"), RBACValidation.role)
    set(.clusterRole, RBACValidation.clusterRole)
    for (name, create) in [
      ("RoleBinding", RBACValidation.roleBinding as Create),
      ("ClusterRoleBinding", RBACValidation.clusterRoleBinding),
    ] {
      set(kind(rbac, name), create) { (new: Value, old: Value, out: inout Findings) in
        create(new, &out)
        RBACValidation.bindingUpdate(new, old, &out)
      }
    }
    set(.configMap, CoreValidation.configMap) { (new: Value, old: Value, out: inout Findings) in
      CoreValidation.dataUpdate(new, old, &out)
      CoreValidation.configMap(new, &out)
    }
    set(.secret, CoreValidation.secret) { (new: Value, old: Value, out: inout Findings) in
      CoreValidation.dataUpdate(new, old, &out)
      CoreValidation.secret(new, &out)
    }
    set(.node, CoreValidation.node, CoreValidation.nodeUpdate)
    set(.limitRange, CoreValidation.limitRange)
    set(.resourceQuota, CoreValidation.resourceQuota, CoreValidation.resourceQuotaUpdate)
    set(.storageClass, StorageValidation.storageClass, StorageValidation.storageClassUpdate)
    set(.persistentVolume, StorageValidation.volume, StorageValidation.volumeUpdate)
    set(.priorityClass, SmallKindValidation.priorityClass, SmallKindValidation.priorityClassUpdate)
    set(.lease, SmallKindValidation.lease)
    set(.runtimeClass, SmallKindValidation.runtimeClass, SmallKindValidation.runtimeClassUpdate)
    set(.endpointSlice, SmallKindValidation.endpointSlice, SmallKindValidation.endpointSliceUpdate)
    set(.controllerRevision, nil, SmallKindValidation.controllerRevisionUpdate)
    set(kind("storage.k8s.io", "CSIDriver"), nil, SmallKindValidation.csiDriverUpdate)
    for name in ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"] {
      set(kind("admissionregistration.k8s.io", name), SmallKindValidation.webhooks)
    }
  }
}
