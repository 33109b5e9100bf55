// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let core = """
    Affinity:
      nodeAffinity: NodeAffinity?; podAffinity: PodAffinity?; podAntiAffinity: PodAntiAffinity?
    Binding:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; target!: ObjectReference+
    Capabilities:
      add: [string atomic]; drop: [string atomic]
    ClientIPConfig:
      timeoutSeconds: int32?
    ComponentCondition:
      error: string; message: string; status!: string+; type!: string+
    ComponentStatus:
      apiVersion: string; conditions: [ComponentCondition by type] merge:type; kind: string;
      metadata: meta.ObjectMeta+
    ConfigMap:
      apiVersion: string; binaryData: {bytes}; data: {string}; immutable: bool?; kind: string;
      metadata: meta.ObjectMeta+
    ConfigMapEnvSource:
      name: string+ in:LocalObjectReference; optional: bool?
    ConfigMapKeySelector atomic:
      key!: string+; name: string+ in:LocalObjectReference; optional: bool?
    ConfigMapNodeConfigSource:
      kubeletConfigKey!: string+; name!: string+; namespace!: string+; resourceVersion: string; uid: string
    DaemonEndpoint:
      Port!: int32+
    EndpointAddress atomic:
      hostname: string; ip!: string+; nodeName: string?; targetRef: ObjectReference?
    EndpointPort atomic:
      appProtocol: string?; name: string?; port!: int32+; protocol: enum(SCTP|TCP|UDP)? = TCP
    EndpointSubset:
      addresses: [EndpointAddress atomic]; notReadyAddresses: [EndpointAddress atomic];
      ports: [EndpointPort atomic]
    Endpoints:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; subsets: [EndpointSubset atomic]
    Event:
      action: string; apiVersion: string; count: int32; eventTime: microtime+; firstTimestamp: time+;
      involvedObject!: ObjectReference+; kind: string; lastTimestamp: time+; message: string;
      metadata!: meta.ObjectMeta+; reason: string; related: ObjectReference?; reportingComponent: string+;
      reportingInstance: string+; series: EventSeries?; source: EventSource+; type: string
    EventSeries:
      count: int32; lastObservedTime: microtime+
    EventSource:
      component: string; host: string
    FileKeySelector atomic:
      key!: string+; optional: bool+; path!: string+; volumeName!: string+
    HostAlias:
      hostnames: [string atomic]; ip!: string+
    HostIP:
      ip!: string+
    LimitRange:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: LimitRangeSpec+
    LimitRangeItem:
      default: {quantity}; defaultRequest: {quantity}; max: {quantity}; maxLimitRequestRatio: {quantity};
      min: {quantity}; type!: string+
    LimitRangeSpec:
      limits!: [LimitRangeItem atomic]+
    LinuxContainerUser:
      gid!: int64+; supplementalGroups: [int64 atomic]; uid!: int64+
    LoadBalancerIngress:
      hostname: string; ip: string; ipMode: string?; ports: [PortStatus atomic]
    LoadBalancerStatus:
      ingress: [LoadBalancerIngress atomic]
    LocalObjectReference atomic:
      name: string+
    Namespace:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: NamespaceSpec+;
      status: NamespaceStatus+
    NamespaceCondition:
      lastTransitionTime: time+; message: string; reason: string; status!: string+; type!: string+
    NamespaceSpec:
      finalizers: [string atomic]
    NamespaceStatus:
      conditions: [NamespaceCondition by type] merge:type; phase: enum(Active|Terminating) = Active
    Node:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: NodeSpec+; status: NodeStatus+
    NodeAddress:
      address!: string+; type!: string+
    NodeAffinity:
      preferredDuringSchedulingIgnoredDuringExecution: [PreferredSchedulingTerm atomic];
      requiredDuringSchedulingIgnoredDuringExecution: NodeSelector?
    NodeAllocatableResourceClaimStatus:
      containers: [string set]; resourceClaimName!: string+; resources!: {quantity}+
    NodeCondition:
      lastHeartbeatTime: time+; lastTransitionTime: time+; message: string; reason: string;
      status!: string+; type!: string+
    NodeConfigSource:
      configMap: ConfigMapNodeConfigSource?
    NodeConfigStatus:
      active: NodeConfigSource?; assigned: NodeConfigSource?; error: string;
      lastKnownGood: NodeConfigSource?
    NodeDaemonEndpoints:
      kubeletEndpoint: DaemonEndpoint+
    NodeFeatures:
      supplementalGroupsPolicy: bool?
    NodeRuntimeHandler:
      features: NodeRuntimeHandlerFeatures?; name: string+
    NodeRuntimeHandlerFeatures:
      recursiveReadOnlyMounts: bool?; userNamespaces: bool?
    NodeSelector atomic:
      nodeSelectorTerms!: [NodeSelectorTerm atomic]+
    NodeSelectorRequirement:
      key!: string+; operator!: enum(DoesNotExist|Exists|Gt|In|Lt|NotIn)+; values: [string atomic]
    NodeSelectorTerm atomic:
      matchExpressions: [NodeSelectorRequirement atomic]; matchFields: [NodeSelectorRequirement atomic]
    NodeSpec:
      configSource: NodeConfigSource?; externalID: string; podCIDR: string; podCIDRs: [string set] merge;
      providerID: string; taints: [Taint atomic]; unschedulable: bool
    NodeStatus:
      addresses: [NodeAddress by type] merge:type; allocatable: {quantity}; capacity: {quantity};
      conditions: [NodeCondition by type] merge:type; config: NodeConfigStatus?;
      daemonEndpoints: NodeDaemonEndpoints+; declaredFeatures: [string atomic]; features: NodeFeatures?;
      images: [ContainerImage atomic]; nodeInfo: NodeSystemInfo+; phase: enum(Pending|Running|Terminated);
      runtimeHandlers: [NodeRuntimeHandler atomic]; volumesAttached: [AttachedVolume atomic];
      volumesInUse: [string atomic]
    NodeSwapStatus:
      capacity: int64?
    NodeSystemInfo:
      architecture!: string+; bootID!: string+; containerRuntimeVersion!: string+; kernelVersion!: string+;
      kubeProxyVersion!: string+; kubeletVersion!: string+; machineID!: string+; operatingSystem!: string+;
      osImage!: string+; swap: NodeSwapStatus?; systemUUID!: string+
    ObjectFieldSelector atomic:
      apiVersion: string = v1; fieldPath!: string+
    ObjectReference atomic:
      apiVersion: string; fieldPath: string; kind: string; name: string; namespace: string;
      resourceVersion: string; uid: string
    PortStatus:
      error: string?; port!: int32+; protocol!: enum(SCTP|TCP|UDP)+
    PreferredSchedulingTerm:
      preference!: NodeSelectorTerm+; weight!: int32+
    ReplicationController:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: ReplicationControllerSpec+;
      status: ReplicationControllerStatus+
    ReplicationControllerCondition:
      lastTransitionTime: time+; message: string; reason: string; status!: string+; type!: string+
    ReplicationControllerSpec:
      minReadySeconds: int32; replicas: int32? = 1; selector: {string} atomic; template: PodTemplateSpec?
    ReplicationControllerStatus:
      availableReplicas: int32; conditions: [ReplicationControllerCondition by type] merge:type;
      fullyLabeledReplicas: int32; observedGeneration: int64; readyReplicas: int32; replicas!: int32+
    ResourceClaim:
      name!: string+; request: string
    ResourceFieldSelector atomic:
      containerName: string; divisor: quantity+; resource!: string+
    ResourceHealth:
      health: string; message: string; resourceID!: string+
    ResourceQuota:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: ResourceQuotaSpec+;
      status: ResourceQuotaStatus+
    ResourceQuotaSpec:
      hard: {quantity}; scopeSelector: ScopeSelector?; scopes: [enum(BestEffort| CrossNamespacePodAffinity|
      NotBestEffort| NotTerminating| PriorityClass| Terminating| VolumeAttributesClass) atomic]
    ResourceQuotaStatus:
      hard: {quantity}; used: {quantity}
    ResourceRequirements:
      claims: [ResourceClaim by name]; limits: {quantity}; requests: {quantity}
    ResourceStatus:
      name!: string+; resources: [ResourceHealth by resourceID]
    ScopeSelector atomic:
      matchExpressions: [ScopedResourceSelectorRequirement atomic]
    ScopedResourceSelectorRequirement:
      operator!: enum(DoesNotExist|Exists|In|NotIn)+; scopeName!: enum(BestEffort|
      CrossNamespacePodAffinity| NotBestEffort| NotTerminating| PriorityClass| Terminating|
      VolumeAttributesClass)+; values: [string atomic]
    Service:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: ServiceSpec+;
      status: ServiceStatus+
    ServiceAccount:
      apiVersion: string; automountServiceAccountToken: bool?;
      imagePullSecrets: [LocalObjectReference atomic]; kind: string; metadata: meta.ObjectMeta+;
      secrets: [ObjectReference by name] merge:name
    ServicePort:
      appProtocol: string?; name: string; nodePort: int32; port!: int32+;
      protocol: enum(SCTP|TCP|UDP) = TCP; targetPort: intstr?
    ServiceSpec:
      allocateLoadBalancerNodePorts: bool?; clusterIP: string; clusterIPs: [string atomic];
      externalIPs: [string atomic]; externalName: string; externalTrafficPolicy: enum(Cluster|Local);
      healthCheckNodePort: int32; internalTrafficPolicy: enum(Cluster|Local)?;
      ipFamilies: [enum(|IPv4|IPv6) atomic];
      ipFamilyPolicy: enum(PreferDualStack|RequireDualStack|SingleStack)?; loadBalancerClass: string?;
      loadBalancerIP: string; loadBalancerSourceRanges: [string atomic];
      ports: [ServicePort by port,protocol] merge:port; publishNotReadyAddresses: bool;
      selector: {string} atomic; sessionAffinity: enum(ClientIP|None) = None;
      sessionAffinityConfig: SessionAffinityConfig?; trafficDistribution: string;
      type: enum(ClusterIP|ExternalName|LoadBalancer|NodePort) = ClusterIP
    ServiceStatus:
      conditions: [meta.Condition by type] merge:type; loadBalancer: LoadBalancerStatus+
    SessionAffinityConfig:
      clientIP: ClientIPConfig?
    SleepAction:
      seconds!: int64+
    Sysctl:
      name!: string+; value!: string+
    Taint:
      effect!: enum(NoExecute|NoSchedule|PreferNoSchedule)+; key!: string+; timeAdded: time?; value: string
    Toleration:
      effect: enum(NoExecute|NoSchedule|PreferNoSchedule); key: string; operator: enum(Equal|Exists|Gt|Lt);
      tolerationSeconds: int64?; value: string
    TopologySelectorLabelRequirement:
      key!: string+; values!: [string atomic]+
    TopologySelectorTerm atomic:
      matchLabelExpressions: [TopologySelectorLabelRequirement atomic]
    TopologySpreadConstraint:
      labelSelector: meta.LabelSelector?; matchLabelKeys: [string atomic]; maxSkew!: int32+;
      minDomains: int32?; nodeAffinityPolicy: enum(Honor|Ignore)?; nodeTaintsPolicy: enum(Honor|Ignore)?;
      topologyKey!: string+; whenUnsatisfiable!: enum(DoNotSchedule|ScheduleAnyway)+
    TypedLocalObjectReference atomic:
      apiGroup: string?+; kind!: string+; name!: string+
    TypedObjectReference:
      apiGroup: string?+; kind!: string+; name!: string+; namespace: string?
    WeightedPodAffinityTerm:
      podAffinityTerm!: PodAffinityTerm+; weight!: int32+
    WindowsSecurityContextOptions:
      gmsaCredentialSpec: string?; gmsaCredentialSpecName: string?; hostProcess: bool?;
      runAsUserName: string?
    """
}
