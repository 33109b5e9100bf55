// Field names of the built-in kinds (Kubernetes 1.36 OpenAPI), well-known label keys, and kinds, in byte order:
// a known key's number is its position, so known keys compare by number. Written by generate.py.

extension Key {
  static let knownNames = """
    $ref $schema CSINode.storage.k8s.io ClusterRole.rbac.authorization.k8s.io ConfigMap
    ControllerRevision.apps CronJob.batch CustomResourceDefinition.apiextensions.k8s.io DaemonSet.apps
    Deployment.apps EndpointSlice.discovery.k8s.io Endpoints Event HorizontalPodAutoscaler.autoscaling
    IPAddress.networking.k8s.io Ingress.networking.k8s.io IngressClass.networking.k8s.io Job.batch
    Lease.coordination.k8s.io LimitRange Namespace NetworkPolicy.networking.k8s.io Node PersistentVolume
    PersistentVolumeClaim Pod PodDisruptionBudget.policy Port PriorityClass.scheduling.k8s.io
    ReplicaSet.apps ReplicationController ResourceQuota RuntimeClass.node.k8s.io Secret Service
    ServiceAccount StatefulSet.apps StorageClass.storage.k8s.io VolumeAttachment.storage.k8s.io
    acceptedNames accessModes acquireTime action active activeDeadlineSeconds add additionalItems
    additionalPrinterColumns additionalProperties address addressType addresses adminAccess
    admissionReviewVersions affinity aggregationRule allNodes allOf allocatable
    allocateLoadBalancerNodePorts allocatedResourceStatuses allocatedResources allocatedResourcesStatus
    allocation allocationMode allocationMultiplier allocationTimestamp allowMultipleAllocations
    allowPrivilegeEscalation allowVolumeExpansion allowed allowedTopologies annotations anyOf apiGroup
    apiGroups apiVersion apiVersions app app.kubernetes.io/component app.kubernetes.io/instance
    app.kubernetes.io/managed-by app.kubernetes.io/name app.kubernetes.io/part-of
    app.kubernetes.io/version appArmorProfile appProtocol applyConfiguration apps.kubernetes.io/pod-index
    architecture args assigned attachError attachRequired attached attacher attachmentMetadata attributes
    audience audiences auditAnnotations authenticated automountServiceAccountToken availableReplicas
    averageUtilization averageValue awsElasticBlockStore azureDisk azureFile backend backoffLimit
    backoffLimitPerIndex batch.kubernetes.io/controller-uid batch.kubernetes.io/job-completion-index
    batch.kubernetes.io/job-name behavior beta.kubernetes.io/arch beta.kubernetes.io/os binaryData
    bindingConditions bindingFailureConditions bindsToNode blockOwnerDeletion bool bools bootID
    borrowingLimitPercent boundObjectRef buildDate caBundle cachingMode capabilities capacity capacityKey
    categories causes cel cephfs certificate certificateChainPath chapAuthDiscovery chapAuthSession cidr
    cidrs cinder claimName claimRef claims clientCIDR clientConfig clientIP clusterIP clusterIPs
    clusterRoleSelectors clusterScope clusterTrustBundle code collisionCount command compiler
    completedIndexes completionMode completionTime completions component concurrencyPolicy conditionType
    conditions config configMap configMapKeyRef configMapRef configSource constraints consumedCapacity
    consumesCounters container containerID containerName containerPort containerResource
    containerRuntimeVersion containerStatuses containers continue controller controller-revision-hash
    controller-uid controllerExpandSecretRef controllerPublishSecretRef conversion
    conversionReviewVersions count counterSet counters cpu creationTimestamp credentialBundlePath csi
    current currentCPUUtilizationPercentage currentHealthy currentMetrics currentNumberScheduled
    currentReplicas currentRevision currentVolumeAttributesClassName daemonEndpoints data dataSource
    dataSourceRef datasetName datasetUUID declaredFeatures default default-scheduler defaultBackend
    defaultMode defaultRequest definitions deleteOptions deletionGracePeriodSeconds deletionTimestamp
    denied dependencies deployment.kubernetes.io/desired-replicas deployment.kubernetes.io/max-replicas
    deployment.kubernetes.io/revision deprecated deprecatedCount deprecatedFirstTimestamp
    deprecatedLastTimestamp deprecatedSource deprecatedTopology deprecationWarning describedObject
    description desiredHealthy desiredNumberScheduled desiredReplicas detachError details device
    deviceClassName devicePath devices directory diskName diskURI disruptedPods disruptionsAllowed
    distinctAttribute distinguisherMethod divisor dnsConfig dnsPolicy downwardAPI driver driverName
    drivers drop dryRun effect egress emptyDir emulationMajor emulationMinor enableServiceLinks endPort
    endpoints endpoints.kubernetes.io/managed-by endpointsNamespace endpointslice.kubernetes.io/managed-by
    enum env envFrom ephemeral ephemeral-storage ephemeralContainerStatuses ephemeralContainers error
    errorCode evaluationError eventTime exactly example except excludeResourceRules exclusiveMaximum
    exclusiveMinimum exec exempt exitCode exitCodes expectedPods expirationSeconds expirationTimestamp
    expression expressionWarnings extendedResourceClaimStatus extendedResourceName external externalDocs
    externalID externalIPs externalName externalTrafficPolicy extra failed failedIndexes
    failedJobsHistoryLimit failurePolicy failureThreshold fc features field fieldPath fieldRef
    fieldSelector fieldsType fieldsV1 fileKeyRef finalizers finishedAt firstAvailable firstTimestamp
    flexVolume flocker forNodes forZones format from fsGroup fsGroupChangePolicy fsGroupPolicy fsType
    fullyLabeledReplicas gateway gcePersistentDisk generateName generation gid gitCommit gitRepo
    gitTreeState gitVersion globalDefault glusterfs gmsaCredentialSpec gmsaCredentialSpecName goVersion
    gracePeriodSeconds group groupPriorityMinimum groupVersion groups grpc handSize handler hard
    hardwareAddress health healthCheckNodePort hints holderIdentity host hostAliases hostIP hostIPC
    hostIPs hostNetwork hostPID hostPath hostPort hostProcess hostUsers hostname hostnameOverride
    hostnames hosts http httpGet httpHeaders hugepages-2Mi id
    ignoreStoreReadErrorWithClusterBreakingPotential image imageID imagePullPolicy imagePullSecrets
    imageRef images immutable incomplete ingress ingressClassName initContainerStatuses initContainers
    initialDelaySeconds initiatorName inlineVolumeSpec insecureSkipTLSVerify int interfaceName
    internalTrafficPolicy ints involvedObject ip ipBlock ipFamilies ipFamilyPolicy ipMode ips iqn iscsi
    iscsiInterface items job-name jobTemplate jsonPatch jsonPath kernelVersion key keyPath keyType keyring
    kind kubeProxyVersion kubectl.kubernetes.io/last-applied-configuration kubeletConfigKey
    kubeletEndpoint kubeletVersion kubernetes.io/arch kubernetes.io/hostname kubernetes.io/metadata.name
    kubernetes.io/os kubernetes.io/service-name labelSelector labelSelectorPath labels lastHeartbeatTime
    lastKnownGood lastObservedTime lastPhaseTransitionTime lastProbeTime lastScaleTime lastScheduleTime
    lastState lastSuccessfulTime lastTimestamp lastTransitionTime lastUpdateTime leaseDurationSeconds
    leaseTransitions lendablePercent level lifecycle limitResponse limited limits limits.cpu limits.memory
    linux listKind livenessProbe loadBalancer loadBalancerClass loadBalancerIP loadBalancerSourceRanges
    local localhostProfile lun machineID major managedBy managedFields manager manualSelector
    matchAttribute matchConditions matchConstraints matchExpressions matchFields matchLabelExpressions
    matchLabelKeys matchLabels matchPolicy matchResources matchingPrecedence max maxExpirationSeconds
    maxFailedIndexes maxItems maxLength maxLimitRequestRatio maxProperties maxReplicas maxSkew maxSurge
    maxUnavailable maximum maximumVolumeSize medium memory message messageExpression metadata metric
    metrics min minAvailable minCompatibilityMajor minCompatibilityMinor minDomains minItems minLength
    minProperties minReadySeconds minReplicas minimum minor mismatchLabelKeys mode modifyVolumeStatus
    monitors mountOptions mountPath mountPropagation multipleOf mutations name names nameservers namespace
    namespaceSelector namespaced namespaces networkData nfs nodeAffinity nodeAffinityPolicy
    nodeAllocatableResourceClaimStatuses nodeAllocatableResourceMappings
    nodeAllocatableUpdatePeriodSeconds nodeExpandSecretRef nodeID nodeInfo nodeName nodePort
    nodePublishSecretRef nodeSelector nodeSelectorTerms nodeStageSecretRef nodeTaintsPolicy nodeTopology
    nominalConcurrencyShares nominatedNodeName nonResourceAttributes nonResourceRules nonResourceURLs not
    notReadyAddresses note nullable number numberAvailable numberMisscheduled numberReady
    numberUnavailable object objectSelector observedGeneration onExitCodes onPodConditions oneOf opaque
    openAPIV3Schema operatingSystem operation operations operator optional optionalOldSelf options
    ordinals orphanDependents os osImage overhead ownerReferences parallelism paramKind paramRef
    parameterNotFoundAction parameters parentRef partition patchType path pathType paths pattern
    patternProperties paused pdID pdName perDeviceNodeSelection periodSeconds persistentVolumeClaim
    persistentVolumeClaimRetentionPolicy persistentVolumeName persistentVolumeReclaimPolicy phase
    photonPersistentDisk platform plural pod-template-hash podAffinity podAffinityTerm podAntiAffinity
    podCIDR podCIDRs podCertificate podFailurePolicy podFixed podGroupName podIP podIPs podInfoOnMount
    podManagementPolicy podReplacementPolicy podSelector pods policies policyName policyTypes pool port
    portals ports portworxVolume postStart preStop preconditions preemptionPolicy preference
    preferredDuringSchedulingIgnoredDuringExecution preferredHolder preferredVersion prefix
    preserveUnknownFields preventPodSchedulingIfMissing priority priorityClassName
    priorityLevelConfiguration privileged procMount progressDeadlineSeconds projected propagationPolicy
    properties protectionDomain protocol providerID provisioner publishNotReadyAddresses pullPolicy
    qosClass queueLengthLimit queues queuing quobyte rawSelector rbd readOnly readOnlyRootFilesystem
    readinessGates readinessProbe ready readyReplicas reason reclaimPolicy recursiveReadOnly
    recursiveReadOnlyMounts reference regarding registry reinvocationPolicy related remainingItemCount
    renewTime replicas reportingComponent reportingController reportingInstance repository request
    requestMappings requestName requestPolicy requests requests.cpu requests.memory required
    requiredDuringSchedulingIgnoredDuringExecution requirements requiresRepublish reservedFor resize
    resizePolicy resource resourceAttributes resourceClaimName resourceClaimStatuses
    resourceClaimTemplateName resourceClaims resourceFieldRef resourceID resourceName resourceNames
    resourceRules resourceSliceCount resourceVersion resources restartCount restartPolicy
    restartPolicyRules results retryAfterSeconds revision revisionHistoryLimit role roleRef rollingUpdate
    rule rules runAsGroup runAsNonRoot runAsUser runAsUserName running runtimeClassName runtimeHandlers
    scale scaleDown scaleIO scaleTargetRef scaleUp schedule schedulerName scheduling schedulingGates
    schedulingGroup schema scheme scope scopeName scopeSelector scopes seLinuxChangePolicy seLinuxMount
    seLinuxOptions searches seccompProfile seconds secret secretFile secretKeyRef secretName
    secretNamespace secretRef secrets securityContext selectPolicy selectableFields selector selectors
    selfLink series served server serverAddress serverAddressByClientCIDRs service serviceAccount
    serviceAccountName serviceAccountToken serviceAccountTokenInSecrets serviceName serving
    sessionAffinity sessionAffinityConfig setHostnameAsFQDN shardInfo shareID shareName
    shareProcessNamespace sharedCounters shortNames sideEffects signal signerName singular singularName
    sizeBytes sizeLimit sleep source sources spec specReplicasPath sslEnabled stabilizationWindowSeconds
    start startTime started startedAt startingDeadlineSeconds startupProbe state
    statefulset.kubernetes.io/pod-name status statusReplicasPath stdin stdinOnce step stopSignal storage
    storageCapacity storageClassName storageMode storagePolicyID storagePolicyName storagePool
    storageVersionHash storageos storedVersions strategy string stringData strings subPath subPathExpr
    subdomain subjects subresource subresources subsets succeeded succeededCount succeededIndexes
    successPolicy successThreshold successfulJobsHistoryLimit supplementalGroups supplementalGroupsPolicy
    suspend swap sysctls system systemUUID taints target targetCPUUtilizationPercentage
    targetContainerName targetPort targetPortal targetRef targetVolumeAttributesClassName targetWWNs
    tcpSocket template tenant terminated terminating terminatingReplicas terminationGracePeriodSeconds
    terminationMessagePath terminationMessagePolicy tier time timeAdded timeZone timeoutSeconds title tls
    to token tokenRequests tolerance tolerationSeconds tolerations topology.kubernetes.io/region
    topology.kubernetes.io/zone topologyKey topologyKeys topologySpreadConstraints trafficDistribution
    ttlSecondsAfterFinished tty type typeChecking uid unavailableReplicas uncountedTerminatedPods
    unhealthyPodEvictionPolicy uniqueItems unschedulable updateRevision updateStrategy
    updatedNumberScheduled updatedReplicas url usages used user userAnnotations userInfo userNamespaces
    username validRange validValues validationActions validations value valueExpression valueFrom values
    variables verb verbs version versionPriority versions volume volumeAttributes
    volumeAttributesClassName volumeBindingMode volumeClaimTemplate volumeClaimTemplates volumeDevices
    volumeHandle volumeID volumeLifecycleModes volumeMode volumeMounts volumeName volumeNamespace
    volumePath volumeStatus volumes volumesAttached volumesInUse vsphereVolume waiting warning webhook
    webhooks weight whenDeleted whenScaled whenUnsatisfiable windowsOptions workingDir wwids
    x-kubernetes-embedded-resource x-kubernetes-int-or-string x-kubernetes-list-map-keys
    x-kubernetes-list-type x-kubernetes-map-type x-kubernetes-preserve-unknown-fields
    x-kubernetes-validations zone
    """
  @usableFromInline static let knownCount: UInt32 = 973
}
