/// API versions that Kubernetes served once and 1.36 does not, with what replaced them
/// (the deprecated API migration guide).
enum RemovedVersions {
  /// The version that took over, or nil if the kind is gone or was never known.
  static func replacement(apiVersion: String, kind: String) -> String? {
    for line in table.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count >= 3, words[0] == apiVersion, words[2...].contains(where: { $0 == kind }) else {
        continue
      }
      return words[1] == "-" ? nil : String(words[1])
    }
    return nil
  }

  /// Old version, new version (`-`: none), kinds.
  private static let table = """
    extensions/v1beta1 apps/v1 Deployment DaemonSet ReplicaSet
    extensions/v1beta1 networking.k8s.io/v1 Ingress NetworkPolicy
    extensions/v1beta1 - PodSecurityPolicy
    apps/v1beta1 apps/v1 Deployment StatefulSet ControllerRevision
    apps/v1beta2 apps/v1 Deployment StatefulSet DaemonSet ReplicaSet ControllerRevision
    networking.k8s.io/v1beta1 networking.k8s.io/v1 Ingress IngressClass IPAddress ServiceCIDR
    batch/v1beta1 batch/v1 CronJob
    batch/v2alpha1 batch/v1 CronJob
    autoscaling/v2beta1 autoscaling/v2 HorizontalPodAutoscaler
    autoscaling/v2beta2 autoscaling/v2 HorizontalPodAutoscaler
    policy/v1beta1 policy/v1 PodDisruptionBudget Eviction
    policy/v1beta1 - PodSecurityPolicy
    rbac.authorization.k8s.io/v1beta1 rbac.authorization.k8s.io/v1 Role ClusterRole RoleBinding \
    ClusterRoleBinding
    rbac.authorization.k8s.io/v1alpha1 rbac.authorization.k8s.io/v1 Role ClusterRole RoleBinding \
    ClusterRoleBinding
    apiextensions.k8s.io/v1beta1 apiextensions.k8s.io/v1 CustomResourceDefinition
    apiregistration.k8s.io/v1beta1 apiregistration.k8s.io/v1 APIService
    admissionregistration.k8s.io/v1beta1 admissionregistration.k8s.io/v1 \
    MutatingWebhookConfiguration ValidatingWebhookConfiguration ValidatingAdmissionPolicy \
    ValidatingAdmissionPolicyBinding MutatingAdmissionPolicy MutatingAdmissionPolicyBinding
    certificates.k8s.io/v1beta1 certificates.k8s.io/v1 CertificateSigningRequest
    coordination.k8s.io/v1beta1 coordination.k8s.io/v1 Lease
    discovery.k8s.io/v1beta1 discovery.k8s.io/v1 EndpointSlice
    events.k8s.io/v1beta1 events.k8s.io/v1 Event
    flowcontrol.apiserver.k8s.io/v1beta1 flowcontrol.apiserver.k8s.io/v1 FlowSchema PriorityLevelConfiguration
    flowcontrol.apiserver.k8s.io/v1beta2 flowcontrol.apiserver.k8s.io/v1 FlowSchema PriorityLevelConfiguration
    flowcontrol.apiserver.k8s.io/v1beta3 flowcontrol.apiserver.k8s.io/v1 FlowSchema PriorityLevelConfiguration
    node.k8s.io/v1beta1 node.k8s.io/v1 RuntimeClass
    scheduling.k8s.io/v1beta1 scheduling.k8s.io/v1 PriorityClass
    scheduling.k8s.io/v1alpha1 scheduling.k8s.io/v1 PriorityClass
    storage.k8s.io/v1beta1 storage.k8s.io/v1 StorageClass VolumeAttachment CSIDriver CSINode \
    CSIStorageCapacity VolumeAttributesClass
    authentication.k8s.io/v1beta1 authentication.k8s.io/v1 TokenReview SelfSubjectReview
    authorization.k8s.io/v1beta1 authorization.k8s.io/v1 SubjectAccessReview SelfSubjectAccessReview \
    SelfSubjectRulesReview LocalSubjectAccessReview
    resource.k8s.io/v1beta1 resource.k8s.io/v1 DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice
    resource.k8s.io/v1beta2 resource.k8s.io/v1 DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice
    """
}
