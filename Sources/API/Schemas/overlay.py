"""What OpenAPI does not say about the built-in kinds, as tables for generate.py.

Sources: the Go types of k8s.io/api (pointer or value), and the SetDefaults_* functions of
pkg/apis/<group>/<version>/defaults.go. Defaults that depend on other fields are not here: they are Swift,
in Sources/API/<group>/*+Defaults.swift.
"""

# Scalars without a default in OpenAPI are optional. These are Go values, not pointers: their zero is "absent".
VALUES = """
DaemonSetSpec.minReadySeconds DeploymentSpec.minReadySeconds DeploymentSpec.paused
ReplicaSetSpec.minReadySeconds StatefulSetSpec.minReadySeconds ReplicationControllerSpec.minReadySeconds
DaemonSetStatus.numberAvailable DaemonSetStatus.numberUnavailable DaemonSetStatus.updatedNumberScheduled
DeploymentStatus.availableReplicas DeploymentStatus.readyReplicas DeploymentStatus.replicas
DeploymentStatus.unavailableReplicas DeploymentStatus.updatedReplicas
ReplicaSetStatus.availableReplicas ReplicaSetStatus.fullyLabeledReplicas ReplicaSetStatus.readyReplicas
StatefulSetStatus.currentReplicas StatefulSetStatus.readyReplicas StatefulSetStatus.updatedReplicas
ReplicationControllerStatus.availableReplicas ReplicationControllerStatus.fullyLabeledReplicas
ReplicationControllerStatus.readyReplicas JobStatus.active JobStatus.failed JobStatus.succeeded
autoscaling2.HorizontalPodAutoscalerStatus.currentReplicas TokenReviewStatus.authenticated
SubjectAccessReviewStatus.denied AWSElasticBlockStoreVolumeSource.partition
GCEPersistentDiskVolumeSource.partition Container.stdin Container.stdinOnce Container.tty
EphemeralContainer.stdin EphemeralContainer.stdinOnce EphemeralContainer.tty ContainerImage.sizeBytes
ContainerPort.hostPort ContainerStateTerminated.signal Event.count Event.deprecatedCount EventSeries.count
ISCSIPersistentVolumeSource.chapAuthDiscovery ISCSIPersistentVolumeSource.chapAuthSession
ISCSIVolumeSource.chapAuthDiscovery ISCSIVolumeSource.chapAuthSession NodeSpec.unschedulable
PodSpec.hostIPC PodSpec.hostNetwork PodSpec.hostPID Probe.failureThreshold Probe.initialDelaySeconds
Probe.periodSeconds Probe.successThreshold Probe.timeoutSeconds ScaleIOPersistentVolumeSource.sslEnabled
ScaleIOVolumeSource.sslEnabled ServicePort.nodePort ServiceSpec.healthCheckNodePort
ServiceSpec.publishNotReadyAddresses ResourcePolicyRule.clusterScope ServiceBackendPort.number
DeviceSubRequest.count ExactDeviceRequest.count PriorityClass.globalDefault
CustomResourceColumnDefinition.priority CustomResourceDefinitionSpec.preserveUnknownFields
CustomResourceDefinitionVersion.deprecated JSONSchemaProps.exclusiveMaximum
JSONSchemaProps.exclusiveMinimum JSONSchemaProps.nullable JSONSchemaProps.uniqueItems
JSONSchemaProps.x-kubernetes-embedded-resource JSONSchemaProps.x-kubernetes-int-or-string
ObjectMeta.generation APIServiceSpec.insecureSkipTLSVerify
""".split()

# Field names that are Go values wherever they occur, but for the exceptions below.
VALUE_NAMES = "observedGeneration readOnly".split()
NOT_VALUES = """
autoscaling2.HorizontalPodAutoscalerStatus.observedGeneration
autoscaling.HorizontalPodAutoscalerStatus.observedGeneration
core.CSIVolumeSource.readOnly core.AzureDiskVolumeSource.readOnly
""".split()

# Strings are Go values; these are pointers, so an empty one is kept.
POINTER_STRINGS = """
PersistentVolumeClaimSpec.storageClassName PersistentVolumeClaimSpec.volumeMode
PersistentVolumeClaimSpec.volumeAttributesClassName PersistentVolumeSpec.volumeMode
PersistentVolumeSpec.volumeAttributesClassName IngressSpec.ingressClassName HTTPIngressPath.pathType
ServicePort.appProtocol EndpointPort.name EndpointPort.protocol EndpointPort.appProtocol Endpoint.hostname
Endpoint.nodeName Endpoint.zone EndpointAddress.nodeName ServiceSpec.internalTrafficPolicy
ServiceSpec.ipFamilyPolicy ServiceSpec.loadBalancerClass PodSpec.runtimeClassName PodSpec.preemptionPolicy
PodSpec.hostnameOverride Container.restartPolicy EphemeralContainer.restartPolicy
VolumeMount.mountPropagation VolumeMount.recursiveReadOnly VolumeMountStatus.recursiveReadOnly
SeccompProfile.localhostProfile AppArmorProfile.localhostProfile HostPathVolumeSource.type
AzureDiskVolumeSource.fsType AzureDiskVolumeSource.cachingMode AzureDiskVolumeSource.kind
CSIVolumeSource.fsType AzureFilePersistentVolumeSource.secretNamespace
GlusterfsPersistentVolumeSource.endpointsNamespace TypedLocalObjectReference.apiGroup
TypedObjectReference.apiGroup TypedObjectReference.namespace StorageClass.reclaimPolicy
StorageClass.volumeBindingMode CSIDriverSpec.fsGroupPolicy MutatingWebhook.failurePolicy
MutatingWebhook.matchPolicy MutatingWebhook.sideEffects MutatingWebhook.reinvocationPolicy
ValidatingWebhook.failurePolicy ValidatingWebhook.matchPolicy ValidatingWebhook.sideEffects
RuleWithOperations.scope NamedRuleWithOperations.scope WebhookClientConfig.url ServiceReference.path
ValidatingAdmissionPolicySpec.failurePolicy MutatingAdmissionPolicySpec.failurePolicy
ParamRef.parameterNotFoundAction Validation.reason MatchResources.matchPolicy HPAScalingRules.selectPolicy
JobSpec.completionMode JobSpec.podReplacementPolicy JobSpec.managedBy
PodFailurePolicyOnExitCodesRequirement.containerName SuccessPolicyRule.succeededIndexes
JobSpec.completedIndexes JobStatus.failedIndexes CronJobSpec.timeZone LeaseSpec.holderIdentity
LeaseSpec.strategy LeaseSpec.preferredHolder PriorityClass.preemptionPolicy
PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy NetworkPolicyPort.protocol
WindowsSecurityContextOptions.gmsaCredentialSpec WindowsSecurityContextOptions.gmsaCredentialSpecName
WindowsSecurityContextOptions.runAsUserName TopologySpreadConstraint.nodeAffinityPolicy
TopologySpreadConstraint.nodeTaintsPolicy PodSecurityContext.fsGroupChangePolicy
PodSecurityContext.supplementalGroupsPolicy PodSecurityContext.seLinuxChangePolicy SecurityContext.procMount
PodDNSConfigOption.value ClusterTrustBundleProjection.name ClusterTrustBundleProjection.signerName
GRPCAction.service LoadBalancerIngress.ipMode PortStatus.error Lifecycle.stopSignal
IngressPortStatus.error PersistentVolumeClaimStatus.currentVolumeAttributesClassName
VolumeAttachmentSource.persistentVolumeName PodResourceClaim.resourceClaimName
PodResourceClaim.resourceClaimTemplateName PodResourceClaimStatus.resourceClaimName
IngressClassParametersReference.apiGroup IngressClassParametersReference.namespace
IngressClassParametersReference.scope JSONSchemaProps.$ref JSONSchemaProps.x-kubernetes-list-type
JSONSchemaProps.x-kubernetes-map-type ValidationRule.reason CustomResourceDefinitionVersion.deprecationWarning
CustomResourceSubresourceScale.labelSelectorPath WebhookClientConfig.path ResourceSliceSpec.nodeName
DeviceAttribute.string DeviceAttribute.version Device.nodeName DeviceClassSpec.extendedResourceName
CELDeviceSelector.nodeName VolumeAttributesClass.x DeviceConstraint.matchAttribute
DeviceConstraint.distinctAttribute ContainerStatus.stopSignal NodeSystemInfo.x
""".split()

# Struct or scalar fields with OpenAPI default {} or "" that are nevertheless left out when zero (omitzero).
OMIT_ZERO = """
ObjectMeta.creationTimestamp
""".split()

# Fields without omitempty: printed even when empty (null for lists and maps), besides those OpenAPI shows.
ALWAYS = """
ResourceFieldSelector.divisor CustomResourceDefinitionStatus.conditions
CustomResourceDefinitionStatus.storedVersions HorizontalPodAutoscalerStatus.currentMetrics Role.rules
ClusterRole.rules ProjectedVolumeSource.sources
""".split()

# Pointers without omitempty: null is printed where none is given.
NULLS = """
TypedLocalObjectReference.apiGroup TypedObjectReference.apiGroup AzureFilePersistentVolumeSource.secretNamespace
ScaleIOVolumeSource.secretRef ScaleIOPersistentVolumeSource.secretRef
""".split()

# Times that are Go values, printed as null when none is given; other times are pointers.
TIME_VALUES = """
lastTransitionTime lastProbeTime lastUpdateTime lastHeartbeatTime startedAt finishedAt firstTimestamp
lastTimestamp eventTime lastObservedTime deprecatedFirstTimestamp deprecatedLastTimestamp
VolumeError.time
""".split()

# Go structs embedded without a field name; decoding errors name them in the path.
INLINE = {
    "Volume": ("VolumeSource", lambda f: f != "name"),
    "Probe": ("ProbeHandler", lambda f: f in ("exec", "httpGet", "tcpSocket", "grpc")),
    "PersistentVolumeSpec": ("PersistentVolumeSource", lambda f: f in PV_SOURCES),
    "EphemeralContainer": ("EphemeralContainerCommon", lambda f: f != "targetContainerName"),
    "ConfigMapKeySelector": ("LocalObjectReference", lambda f: f == "name"),
    "SecretKeySelector": ("LocalObjectReference", lambda f: f == "name"),
    "ConfigMapEnvSource": ("LocalObjectReference", lambda f: f == "name"),
    "SecretEnvSource": ("LocalObjectReference", lambda f: f == "name"),
    "ConfigMapProjection": ("LocalObjectReference", lambda f: f == "name"),
    "SecretProjection": ("LocalObjectReference", lambda f: f == "name"),
    "ConfigMapVolumeSource": ("LocalObjectReference", lambda f: f == "name"),
    "ContainerState": (None, lambda f: False),
    "IngressRule": ("IngressRuleValue", lambda f: f == "http"),
    "RuleWithOperations": ("Rule", lambda f: f != "operations"),
}
PV_SOURCES = """
awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs
hostPath iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume
""".split()

# Unconditional defaults of the SetDefaults_* functions, as notation literals.
DEFAULTS = {
    "core": {
        "Container.terminationMessagePath": "/dev/termination-log",
        "Container.terminationMessagePolicy": "File",
        "EphemeralContainer.terminationMessagePath": "/dev/termination-log",
        "EphemeralContainer.terminationMessagePolicy": "File",
        "PodSpec.dnsPolicy": "ClusterFirst",
        "PodSpec.restartPolicy": "Always",
        "PodSpec.schedulerName": "default-scheduler",
        "PodSpec.securityContext": "{}",
        "PodSpec.terminationGracePeriodSeconds": "30",
        "Probe.timeoutSeconds": "1",
        "Probe.periodSeconds": "10",
        "Probe.successThreshold": "1",
        "Probe.failureThreshold": "3",
        "HTTPGetAction.path": "/",
        "HTTPGetAction.scheme": "HTTP",
        "GRPCAction.service": '""',
        "SecretVolumeSource.defaultMode": "420",
        "ConfigMapVolumeSource.defaultMode": "420",
        "DownwardAPIVolumeSource.defaultMode": "420",
        "ProjectedVolumeSource.defaultMode": "420",
        "ServiceAccountTokenProjection.expirationSeconds": "3600",
        "ObjectFieldSelector.apiVersion": "v1",
        "HostPathVolumeSource.type": '""',
        "PersistentVolumeSpec.persistentVolumeReclaimPolicy": "Retain",
        "PersistentVolumeSpec.volumeMode": "Filesystem",
        "PersistentVolumeClaimSpec.volumeMode": "Filesystem",
        "PersistentVolumeClaimStatus.phase": "Pending",
        "PersistentVolumeStatus.phase": "Pending",
        "PodStatus.phase": "Pending",
        "NamespaceStatus.phase": "Active",
        "Secret.type": "Opaque",
        "ServiceSpec.sessionAffinity": "None",
        "ServiceSpec.type": "ClusterIP",
        "EndpointPort.protocol": "TCP",
        "AzureDiskVolumeSource.readOnly": "false",
    },
    "apps": {
        "DeploymentSpec.replicas": "1",
        "DeploymentSpec.revisionHistoryLimit": "10",
        "DeploymentSpec.progressDeadlineSeconds": "600",
        "DeploymentStrategy.type": "RollingUpdate",
        "DaemonSetSpec.revisionHistoryLimit": "10",
        "DaemonSetUpdateStrategy.type": "RollingUpdate",
        "StatefulSetSpec.replicas": "1",
        "StatefulSetSpec.revisionHistoryLimit": "10",
        "StatefulSetSpec.podManagementPolicy": "OrderedReady",
        "StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted": "Retain",
        "StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled": "Retain",
        "StatefulSetSpec.persistentVolumeClaimRetentionPolicy": "{}",
        "ReplicaSetSpec.replicas": "1",
    },
    "batch": {
        "CronJobSpec.concurrencyPolicy": "Allow",
        "CronJobSpec.suspend": "false",
        "CronJobSpec.successfulJobsHistoryLimit": "3",
        "CronJobSpec.failedJobsHistoryLimit": "1",
    },
    "autoscaling": {"HorizontalPodAutoscalerSpec.minReplicas": "1"},
    "autoscaling2": {"HorizontalPodAutoscalerSpec.minReplicas": "1"},
    "networking": {
        "NetworkPolicyPort.protocol": "TCP",
    },
    "rbac": {"RoleRef.apiGroup": "rbac.authorization.k8s.io"},
    "scheduling": {"PriorityClass.preemptionPolicy": "PreemptLowerPriority"},
    "storage": {
        "StorageClass.reclaimPolicy": "Delete",
        "StorageClass.volumeBindingMode": "Immediate",
        "CSIDriverSpec.attachRequired": "true",
        "CSIDriverSpec.podInfoOnMount": "false",
        "CSIDriverSpec.storageCapacity": "false",
        "CSIDriverSpec.fsGroupPolicy": "ReadWriteOnceWithFSType",
        "CSIDriverSpec.volumeLifecycleModes": "[Persistent]",
        "CSIDriverSpec.requiresRepublish": "false",
        "CSIDriverSpec.seLinuxMount": "false",
    },
    "admissionregistration": {
        "MutatingWebhook.failurePolicy": "Fail",
        "MutatingWebhook.matchPolicy": "Equivalent",
        "MutatingWebhook.namespaceSelector": "{}",
        "MutatingWebhook.objectSelector": "{}",
        "MutatingWebhook.timeoutSeconds": "10",
        "MutatingWebhook.reinvocationPolicy": "Never",
        "ValidatingWebhook.failurePolicy": "Fail",
        "ValidatingWebhook.matchPolicy": "Equivalent",
        "ValidatingWebhook.namespaceSelector": "{}",
        "ValidatingWebhook.objectSelector": "{}",
        "ValidatingWebhook.timeoutSeconds": "10",
        "RuleWithOperations.scope": '"*"',
        "NamedRuleWithOperations.scope": '"*"',
        "ServiceReference.port": "443",
        "ValidatingAdmissionPolicySpec.failurePolicy": "Fail",
        "MutatingAdmissionPolicySpec.failurePolicy": "Fail",
        "MatchResources.matchPolicy": "Equivalent",
        "MatchResources.namespaceSelector": "{}",
        "MatchResources.objectSelector": "{}",
    },
    "apiextensions": {
        "CustomResourceDefinitionSpec.conversion": "{}",
        "CustomResourceConversion.strategy": "None",
        "ServiceReference.port": "443",
    },
    "apiregistration": {"ServiceReference.port": "443"},
    "discovery": {"EndpointPort.name": '""', "EndpointPort.protocol": "TCP"},
    "flowcontrol": {
        "FlowSchemaSpec.matchingPrecedence": "1000",
        "LimitedPriorityLevelConfiguration.lendablePercent": "0",
        "LimitedPriorityLevelConfiguration.nominalConcurrencyShares": "30",
        "ExemptPriorityLevelConfiguration.nominalConcurrencyShares": "0",
        "ExemptPriorityLevelConfiguration.lendablePercent": "0",
        "QueuingConfiguration.handSize": "8",
        "QueuingConfiguration.queues": "64",
        "QueuingConfiguration.queueLengthLimit": "50",
    },
    "resource": {
        "ExactDeviceRequest.allocationMode": "ExactCount",
        "DeviceSubRequest.allocationMode": "ExactCount",
        "DeviceToleration.operator": "Equal",
    },
    "certificates": {},
}
