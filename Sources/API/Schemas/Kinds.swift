// Written by generate.py from api-resources.txt; do not edit.

extension BuiltinSchemas {
  /// Kind, group/versions (stored one first), plural, short names, then flags.
  static let kinds = """
    Binding v1 bindings - namespaced
    ComponentStatus v1 componentstatuses cs
    ConfigMap v1 configmaps cm namespaced
    Endpoints v1 endpoints ep namespaced
    Event v1 events ev namespaced
    LimitRange v1 limitranges limits namespaced
    Namespace v1 namespaces ns status
    Node v1 nodes no status
    PersistentVolumeClaim v1 persistentvolumeclaims pvc namespaced status
    PersistentVolume v1 persistentvolumes pv status
    Pod v1 pods po namespaced status all
    PodTemplate v1 podtemplates - namespaced
    ReplicationController v1 replicationcontrollers rc namespaced status scale all
    ResourceQuota v1 resourcequotas quota namespaced status
    Secret v1 secrets - namespaced
    ServiceAccount v1 serviceaccounts sa namespaced
    Service v1 services svc namespaced status all
    MutatingAdmissionPolicy admissionregistration.k8s.io/v1 mutatingadmissionpolicies -
    MutatingAdmissionPolicyBinding admissionregistration.k8s.io/v1 mutatingadmissionpolicybindings -
    MutatingWebhookConfiguration admissionregistration.k8s.io/v1 mutatingwebhookconfigurations -
    ValidatingAdmissionPolicy admissionregistration.k8s.io/v1 validatingadmissionpolicies - status
    ValidatingAdmissionPolicyBinding admissionregistration.k8s.io/v1 validatingadmissionpolicybindings -
    ValidatingWebhookConfiguration admissionregistration.k8s.io/v1 validatingwebhookconfigurations -
    CustomResourceDefinition apiextensions.k8s.io/v1 customresourcedefinitions crd,crds status
    APIService apiregistration.k8s.io/v1 apiservices - status
    ControllerRevision apps/v1 controllerrevisions - namespaced
    DaemonSet apps/v1 daemonsets ds namespaced status all
    Deployment apps/v1 deployments deploy namespaced status scale all
    ReplicaSet apps/v1 replicasets rs namespaced status scale all
    StatefulSet apps/v1 statefulsets sts namespaced status scale all
    SelfSubjectReview authentication.k8s.io/v1 selfsubjectreviews -
    TokenReview authentication.k8s.io/v1 tokenreviews -
    LocalSubjectAccessReview authorization.k8s.io/v1 localsubjectaccessreviews - namespaced
    SelfSubjectAccessReview authorization.k8s.io/v1 selfsubjectaccessreviews -
    SelfSubjectRulesReview authorization.k8s.io/v1 selfsubjectrulesreviews -
    SubjectAccessReview authorization.k8s.io/v1 subjectaccessreviews -
    HorizontalPodAutoscaler autoscaling/v2,v1 horizontalpodautoscalers hpa namespaced status all
    CronJob batch/v1 cronjobs cj namespaced status all
    Job batch/v1 jobs - namespaced status all
    CertificateSigningRequest certificates.k8s.io/v1 certificatesigningrequests csr status
    Lease coordination.k8s.io/v1 leases - namespaced
    EndpointSlice discovery.k8s.io/v1 endpointslices - namespaced
    Event events.k8s.io/v1 events ev namespaced
    FlowSchema flowcontrol.apiserver.k8s.io/v1 flowschemas - status
    PriorityLevelConfiguration flowcontrol.apiserver.k8s.io/v1 prioritylevelconfigurations - status
    IngressClass networking.k8s.io/v1 ingressclasses -
    Ingress networking.k8s.io/v1 ingresses ing namespaced status
    IPAddress networking.k8s.io/v1 ipaddresses ip
    NetworkPolicy networking.k8s.io/v1 networkpolicies netpol namespaced
    ServiceCIDR networking.k8s.io/v1 servicecidrs - status
    RuntimeClass node.k8s.io/v1 runtimeclasses -
    PodDisruptionBudget policy/v1 poddisruptionbudgets pdb namespaced status
    ClusterRoleBinding rbac.authorization.k8s.io/v1 clusterrolebindings -
    ClusterRole rbac.authorization.k8s.io/v1 clusterroles -
    RoleBinding rbac.authorization.k8s.io/v1 rolebindings - namespaced
    Role rbac.authorization.k8s.io/v1 roles - namespaced
    DeviceClass resource.k8s.io/v1 deviceclasses -
    ResourceClaim resource.k8s.io/v1 resourceclaims - namespaced status
    ResourceClaimTemplate resource.k8s.io/v1 resourceclaimtemplates - namespaced
    ResourceSlice resource.k8s.io/v1 resourceslices -
    PriorityClass scheduling.k8s.io/v1 priorityclasses pc
    CSIDriver storage.k8s.io/v1 csidrivers -
    CSINode storage.k8s.io/v1 csinodes -
    CSIStorageCapacity storage.k8s.io/v1 csistoragecapacities - namespaced
    StorageClass storage.k8s.io/v1 storageclasses sc
    VolumeAttachment storage.k8s.io/v1 volumeattachments - status
    VolumeAttributesClass storage.k8s.io/v1 volumeattributesclasses vac
    """
}
