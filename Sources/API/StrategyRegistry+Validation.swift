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
    set(.ingressClass, IngressValidation.ingressClass) { (new: Value, old: Value, out: inout Findings) in
      IngressValidation.ingressClass(new, &out)
      out.immutable(Path.spec.child("controller"), new[.spec][.controller], old[.spec][.controller])
    }
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
    set(.endpoints, EndpointsValidation.endpoints, EndpointsValidation.update)
    set(.resourceQuota, ResourceQuotaScopeValidation.quota, ResourceQuotaScopeValidation.quotaUpdate)
    set(.storageClass, StorageValidation.storageClass, StorageValidation.storageClassUpdate)
    set(.persistentVolume, StorageValidation.volume, StorageValidation.volumeUpdate)
    set(.priorityClass, SmallKindValidation.priorityClass, SmallKindValidation.priorityClassUpdate)
    set(.lease, SmallKindValidation.lease)
    set(.runtimeClass, SmallKindValidation.runtimeClass, SmallKindValidation.runtimeClassUpdate)
    set(.endpointSlice, EndpointSliceValidation.slice, EndpointSliceValidation.update)
    set(
      .controllerRevision, SmallKindValidation.controllerRevision,
      SmallKindValidation.controllerRevisionUpdate)
    smallGroups(&table)
  }

  private static func smallGroups(_ table: inout [GroupKind: KindStrategy]) {
    func set(_ group: String, _ name: String, _ create: @escaping Create, _ update: Update? = nil) {
      let kind = GroupKind(group: group, kind: name)
      table[kind]?.validating = create
      table[kind]?.validatingUpdate =
        update ?? { (new: Value, _: Value, out: inout Findings) in create(new, &out) }
    }
    let storage = "storage.k8s.io"
    set(storage, "CSIDriver", StorageKindsValidation.csiDriver, StorageKindsValidation.csiDriverUpdate)
    set(storage, "CSINode", StorageKindsValidation.csiNode, StorageKindsValidation.csiNodeUpdate)
    set(
      storage, "VolumeAttachment", StorageKindsValidation.attachment, StorageKindsValidation.attachmentUpdate)
    set(storage, "CSIStorageCapacity", StorageKindsValidation.capacity, StorageKindsValidation.capacityUpdate)
    set(
      storage, "VolumeAttributesClass", StorageKindsValidation.attributesClass,
      StorageKindsValidation.attributesClassUpdate)
    let admission = "admissionregistration.k8s.io"
    set(admission, "ValidatingWebhookConfiguration", WebhookValidation.validating)
    set(admission, "MutatingWebhookConfiguration", WebhookValidation.mutating)
    set(admission, "ValidatingAdmissionPolicy", AdmissionPolicyValidation.validating)
    set(admission, "ValidatingAdmissionPolicyBinding", AdmissionPolicyValidation.validatingBinding)
    set(admission, "MutatingAdmissionPolicy", AdmissionPolicyValidation.mutating)
    set(admission, "MutatingAdmissionPolicyBinding", AdmissionPolicyValidation.mutatingBinding)
    let flow = "flowcontrol.apiserver.k8s.io"
    set(flow, "FlowSchema", FlowcontrolValidation.flowSchema)
    set(flow, "PriorityLevelConfiguration", FlowcontrolValidation.priorityLevel)
    let certificates = GroupKind(group: "certificates.k8s.io", kind: "CertificateSigningRequest")
    set(
      certificates.group, certificates.kind, CertificateSigningRequestValidation.request,
      CertificateSigningRequestValidation.update)
    table[certificates]?.nameRule = .any
    table[certificates]?.preparing = CertificateSigningRequestValidation.prepare
    let service = GroupKind(group: "apiregistration.k8s.io", kind: "APIService")
    set(service.group, service.kind, APIServiceValidation.service) {
      (new: Value, _: Value, out: inout Findings) in
      out.invalid(
        Path.metadata.child("name"), new.name, all: APIServiceValidation.nameProblems(new.name, new))
      APIServiceValidation.service(new, &out)
    }
    table[service]?.nameRule = .apiService
    table[service]?.preparing = APIServiceValidation.prepare
    let resource = "resource.k8s.io"
    set(resource, "ResourceClaim", ResourceClaimValidation.claim, ResourceClaimValidation.claimUpdate)
    set(
      resource, "ResourceClaimTemplate", ResourceClaimValidation.template,
      ResourceClaimValidation.claimUpdate)
    set(resource, "DeviceClass", ResourceClaimValidation.deviceClass)
    table[GroupKind(group: resource, kind: "DeviceClass")]?.checksPrefix = false
    set(resource, "ResourceSlice", ResourceSliceValidation.slice, ResourceSliceValidation.sliceUpdate)
    table[GroupKind(group: resource, kind: "ResourceSlice")]?.preparing = ResourceSliceValidation.prepare
    let networking = "networking.k8s.io"
    set(
      networking, "ServiceCIDR", ServiceCIDRValidation.serviceCIDR, ServiceCIDRValidation.serviceCIDRUpdate)
    set(networking, "IPAddress", ServiceCIDRValidation.address, ServiceCIDRValidation.addressUpdate)
    table[GroupKind(group: networking, kind: "IPAddress")]?.nameRule = .address
    for (group, rule) in [("", EventValidation.core as Create), ("events.k8s.io", EventValidation.event)] {
      set(group, "Event", rule) { (_: Value, _: Value, _: inout Findings) in }
      table[GroupKind(group: group, kind: "Event")]?.nameRule = .path
    }
    set("", "Namespace", CoreValidation.namespace) { (_: Value, _: Value, _: inout Findings) in }
    set("", "PodTemplate") { (object: Value, out: inout Findings) in
      PodSpecValidation.template(object[.template], Path("template"), &out)
    }
  }
}
