// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let corePods = """
    AppArmorProfile:
      localhostProfile: string?; type!: enum(Localhost|RuntimeDefault|Unconfined)+
    Container:
      args: [string atomic]; command: [string atomic]; env: [EnvVar by name] merge:name;
      envFrom: [EnvFromSource atomic]; image: string; imagePullPolicy: enum(Always|IfNotPresent|Never);
      lifecycle: Lifecycle?; livenessProbe: Probe?; name!: string+;
      ports: [ContainerPort by containerPort,protocol] merge:containerPort; readinessProbe: Probe?;
      resizePolicy: [ContainerResizePolicy atomic]; resources: ResourceRequirements+;
      restartPolicy: string?; restartPolicyRules: [ContainerRestartRule atomic];
      securityContext: SecurityContext?; startupProbe: Probe?; stdin: bool; stdinOnce: bool;
      terminationMessagePath: string = /dev/termination-log;
      terminationMessagePolicy: enum(FallbackToLogsOnError|File) = File; tty: bool;
      volumeDevices: [VolumeDevice by devicePath] merge:devicePath;
      volumeMounts: [VolumeMount by mountPath] merge:mountPath; workingDir: string
    ContainerExtendedResourceRequest:
      containerName!: string+; requestName!: string+; resourceName!: string+
    ContainerImage:
      names: [string atomic]; sizeBytes: int64
    ContainerPort:
      containerPort!: int32+; hostIP: string; hostPort: int32; name: string;
      protocol: enum(SCTP|TCP|UDP) = TCP
    ContainerResizePolicy:
      resourceName!: string+; restartPolicy!: string+
    ContainerRestartRule:
      action!: string+; exitCodes: ContainerRestartRuleOnExitCodes?
    ContainerRestartRuleOnExitCodes:
      operator!: string+; values: [int32 set]
    ContainerState:
      running: ContainerStateRunning?; terminated: ContainerStateTerminated?;
      waiting: ContainerStateWaiting?
    ContainerStateRunning:
      startedAt: time+
    ContainerStateTerminated:
      containerID: string; exitCode!: int32+; finishedAt: time+; message: string; reason: string;
      signal: int32; startedAt: time+
    ContainerStateWaiting:
      message: string; reason: string
    ContainerStatus:
      allocatedResources: {quantity}; allocatedResourcesStatus: [ResourceStatus by name] merge:name;
      containerID: string; image!: string+; imageID!: string+; lastState: ContainerState+; name!: string+;
      ready!: bool+; resources: ResourceRequirements?; restartCount!: int32+; started: bool?;
      state: ContainerState+; stopSignal: enum(SIGABRT| SIGALRM| SIGBUS| SIGCHLD| SIGCLD| SIGCONT| SIGFPE|
      SIGHUP| SIGILL| SIGINT| SIGIO| SIGIOT| SIGKILL| SIGPIPE| SIGPOLL| SIGPROF| SIGPWR| SIGQUIT| SIGRTMAX|
      SIGRTMAX-1| SIGRTMAX-10| SIGRTMAX-11| SIGRTMAX-12| SIGRTMAX-13| SIGRTMAX-14| SIGRTMAX-2| SIGRTMAX-3|
      SIGRTMAX-4| SIGRTMAX-5| SIGRTMAX-6| SIGRTMAX-7| SIGRTMAX-8| SIGRTMAX-9| SIGRTMIN| SIGRTMIN+1|
      SIGRTMIN+10| SIGRTMIN+11| SIGRTMIN+12| SIGRTMIN+13| SIGRTMIN+14| SIGRTMIN+15| SIGRTMIN+2| SIGRTMIN+3|
      SIGRTMIN+4| SIGRTMIN+5| SIGRTMIN+6| SIGRTMIN+7| SIGRTMIN+8| SIGRTMIN+9| SIGSEGV| SIGSTKFLT| SIGSTOP|
      SIGSYS| SIGTERM| SIGTRAP| SIGTSTP| SIGTTIN| SIGTTOU| SIGURG| SIGUSR1| SIGUSR2| SIGVTALRM| SIGWINCH|
      SIGXCPU| SIGXFSZ)?; user: ContainerUser?;
      volumeMounts: [VolumeMountStatus by mountPath] merge:mountPath
    ContainerUser:
      linux: LinuxContainerUser?
    EnvFromSource:
      configMapRef: ConfigMapEnvSource?; prefix: string; secretRef: SecretEnvSource?
    EnvVar:
      name!: string+; value: string; valueFrom: EnvVarSource?
    EnvVarSource:
      configMapKeyRef: ConfigMapKeySelector?; fieldRef: ObjectFieldSelector?; fileKeyRef: FileKeySelector?;
      resourceFieldRef: ResourceFieldSelector?; secretKeyRef: SecretKeySelector?
    EphemeralContainer:
      args: [string atomic] in:EphemeralContainerCommon;
      command: [string atomic] in:EphemeralContainerCommon;
      env: [EnvVar by name] merge:name in:EphemeralContainerCommon;
      envFrom: [EnvFromSource atomic] in:EphemeralContainerCommon;
      image: string in:EphemeralContainerCommon;
      imagePullPolicy: enum(Always|IfNotPresent|Never) in:EphemeralContainerCommon;
      lifecycle: Lifecycle? in:EphemeralContainerCommon; livenessProbe: Probe? in:EphemeralContainerCommon;
      name!: string+ in:EphemeralContainerCommon;
      ports: [ContainerPort by containerPort,protocol] merge:containerPort in:EphemeralContainerCommon;
      readinessProbe: Probe? in:EphemeralContainerCommon;
      resizePolicy: [ContainerResizePolicy atomic] in:EphemeralContainerCommon;
      resources: ResourceRequirements+ in:EphemeralContainerCommon;
      restartPolicy: string? in:EphemeralContainerCommon;
      restartPolicyRules: [ContainerRestartRule atomic] in:EphemeralContainerCommon;
      securityContext: SecurityContext? in:EphemeralContainerCommon;
      startupProbe: Probe? in:EphemeralContainerCommon; stdin: bool in:EphemeralContainerCommon;
      stdinOnce: bool in:EphemeralContainerCommon; targetContainerName: string;
      terminationMessagePath: string = /dev/termination-log in:EphemeralContainerCommon;
      terminationMessagePolicy: enum(FallbackToLogsOnError|File) = File in:EphemeralContainerCommon;
      tty: bool in:EphemeralContainerCommon;
      volumeDevices: [VolumeDevice by devicePath] merge:devicePath in:EphemeralContainerCommon;
      volumeMounts: [VolumeMount by mountPath] merge:mountPath in:EphemeralContainerCommon;
      workingDir: string in:EphemeralContainerCommon
    ExecAction:
      command: [string atomic]
    GRPCAction:
      port!: int32+; service: string? = ""
    HTTPGetAction:
      host: string; httpHeaders: [HTTPHeader atomic]; path: string = /; port!: intstr+;
      scheme: enum(HTTP|HTTPS) = HTTP
    HTTPHeader:
      name!: string+; value!: string+
    Lifecycle:
      postStart: LifecycleHandler?; preStop: LifecycleHandler?; stopSignal: enum(SIGABRT| SIGALRM| SIGBUS|
      SIGCHLD| SIGCLD| SIGCONT| SIGFPE| SIGHUP| SIGILL| SIGINT| SIGIO| SIGIOT| SIGKILL| SIGPIPE| SIGPOLL|
      SIGPROF| SIGPWR| SIGQUIT| SIGRTMAX| SIGRTMAX-1| SIGRTMAX-10| SIGRTMAX-11| SIGRTMAX-12| SIGRTMAX-13|
      SIGRTMAX-14| SIGRTMAX-2| SIGRTMAX-3| SIGRTMAX-4| SIGRTMAX-5| SIGRTMAX-6| SIGRTMAX-7| SIGRTMAX-8|
      SIGRTMAX-9| SIGRTMIN| SIGRTMIN+1| SIGRTMIN+10| SIGRTMIN+11| SIGRTMIN+12| SIGRTMIN+13| SIGRTMIN+14|
      SIGRTMIN+15| SIGRTMIN+2| SIGRTMIN+3| SIGRTMIN+4| SIGRTMIN+5| SIGRTMIN+6| SIGRTMIN+7| SIGRTMIN+8|
      SIGRTMIN+9| SIGSEGV| SIGSTKFLT| SIGSTOP| SIGSYS| SIGTERM| SIGTRAP| SIGTSTP| SIGTTIN| SIGTTOU| SIGURG|
      SIGUSR1| SIGUSR2| SIGVTALRM| SIGWINCH| SIGXCPU| SIGXFSZ)?
    LifecycleHandler:
      exec: ExecAction?; httpGet: HTTPGetAction?; sleep: SleepAction?; tcpSocket: TCPSocketAction?
    Pod:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: PodSpec+; status: PodStatus+
    PodAffinity:
      preferredDuringSchedulingIgnoredDuringExecution: [WeightedPodAffinityTerm atomic];
      requiredDuringSchedulingIgnoredDuringExecution: [PodAffinityTerm atomic]
    PodAffinityTerm:
      labelSelector: meta.LabelSelector?; matchLabelKeys: [string atomic];
      mismatchLabelKeys: [string atomic]; namespaceSelector: meta.LabelSelector?;
      namespaces: [string atomic]; topologyKey!: string+
    PodAntiAffinity:
      preferredDuringSchedulingIgnoredDuringExecution: [WeightedPodAffinityTerm atomic];
      requiredDuringSchedulingIgnoredDuringExecution: [PodAffinityTerm atomic]
    PodCondition:
      lastProbeTime: time+; lastTransitionTime: time+; message: string; observedGeneration: int64;
      reason: string; status!: string+; type!: string+
    PodDNSConfig:
      nameservers: [string atomic]; options: [PodDNSConfigOption atomic]; searches: [string atomic]
    PodDNSConfigOption:
      name: string; value: string?
    PodExtendedResourceClaimStatus:
      requestMappings!: [ContainerExtendedResourceRequest atomic]+; resourceClaimName!: string+
    PodIP:
      ip!: string+
    PodOS:
      name!: string+
    PodReadinessGate:
      conditionType!: string+
    PodResourceClaim:
      name!: string+; resourceClaimName: string?; resourceClaimTemplateName: string?
    PodResourceClaimStatus:
      name!: string+; resourceClaimName: string?
    PodSchedulingGate:
      name!: string+
    PodSchedulingGroup:
      podGroupName: string
    PodSecurityContext:
      appArmorProfile: AppArmorProfile?; fsGroup: int64?; fsGroupChangePolicy: enum(Always|OnRootMismatch)?;
      runAsGroup: int64?; runAsNonRoot: bool?; runAsUser: int64?; seLinuxChangePolicy: string?;
      seLinuxOptions: SELinuxOptions?; seccompProfile: SeccompProfile?; supplementalGroups: [int64 atomic];
      supplementalGroupsPolicy: enum(Merge|Strict)?; sysctls: [Sysctl atomic];
      windowsOptions: WindowsSecurityContextOptions?
    PodSpec:
      activeDeadlineSeconds: int64?; affinity: Affinity?; automountServiceAccountToken: bool?;
      containers!: [Container by name]+ merge:name; dnsConfig: PodDNSConfig?;
      dnsPolicy: enum(ClusterFirst|ClusterFirstWithHostNet|Default|None) = ClusterFirst;
      enableServiceLinks: bool?; ephemeralContainers: [EphemeralContainer by name] merge:name;
      hostAliases: [HostAlias by ip] merge:ip; hostIPC: bool; hostNetwork: bool; hostPID: bool;
      hostUsers: bool?; hostname: string; hostnameOverride: string?;
      imagePullSecrets: [LocalObjectReference by name] merge:name;
      initContainers: [Container by name] merge:name; nodeName: string; nodeSelector: {string} atomic;
      os: PodOS?; overhead: {quantity}; preemptionPolicy: enum(Never|PreemptLowerPriority)?;
      priority: int32?; priorityClassName: string; readinessGates: [PodReadinessGate atomic];
      resourceClaims: [PodResourceClaim by name] merge:name retainKeys; resources: ResourceRequirements?;
      restartPolicy: enum(Always|Never|OnFailure) = Always; runtimeClassName: string?;
      schedulerName: string = default-scheduler; schedulingGates: [PodSchedulingGate by name] merge:name;
      schedulingGroup: PodSchedulingGroup?; securityContext: PodSecurityContext? = {};
      serviceAccount: string; serviceAccountName: string; setHostnameAsFQDN: bool?;
      shareProcessNamespace: bool?; subdomain: string; terminationGracePeriodSeconds: int64? = 30;
      tolerations: [Toleration atomic]; topologySpreadConstraints: [TopologySpreadConstraint by
      topologyKey,whenUnsatisfiable] merge:topologyKey; volumes: [Volume by name] merge:name retainKeys
    PodStatus:
      allocatedResources: {quantity}; conditions: [PodCondition by type] merge:type;
      containerStatuses: [ContainerStatus atomic]; ephemeralContainerStatuses: [ContainerStatus atomic];
      extendedResourceClaimStatus: PodExtendedResourceClaimStatus?; hostIP: string;
      hostIPs: [HostIP atomic] merge:ip; initContainerStatuses: [ContainerStatus atomic]; message: string;
      nodeAllocatableResourceClaimStatuses: [NodeAllocatableResourceClaimStatus atomic];
      nominatedNodeName: string; observedGeneration: int64;
      phase: enum(Failed|Pending|Running|Succeeded|Unknown) = Pending; podIP: string;
      podIPs: [PodIP by ip] merge:ip; qosClass: enum(BestEffort|Burstable|Guaranteed); reason: string;
      resize: string; resourceClaimStatuses: [PodResourceClaimStatus by name] merge:name retainKeys;
      resources: ResourceRequirements?; startTime: time?
    PodTemplate:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; template: PodTemplateSpec+
    PodTemplateSpec:
      metadata: meta.ObjectMeta+; spec: PodSpec+
    Probe:
      exec: ExecAction? in:ProbeHandler; failureThreshold: int32 = 3; grpc: GRPCAction? in:ProbeHandler;
      httpGet: HTTPGetAction? in:ProbeHandler; initialDelaySeconds: int32; periodSeconds: int32 = 10;
      successThreshold: int32 = 1; tcpSocket: TCPSocketAction? in:ProbeHandler;
      terminationGracePeriodSeconds: int64?; timeoutSeconds: int32 = 1
    SELinuxOptions:
      level: string; role: string; type: string; user: string
    SeccompProfile:
      localhostProfile: string?; type!: enum(Localhost|RuntimeDefault|Unconfined)+
    Secret:
      apiVersion: string; data: {bytes}; immutable: bool?; kind: string; metadata: meta.ObjectMeta+;
      stringData: {string}; type: string = Opaque
    SecretEnvSource:
      name: string+ in:LocalObjectReference; optional: bool?
    SecretKeySelector atomic:
      key!: string+; name: string+ in:LocalObjectReference; optional: bool?
    SecretReference atomic:
      name: string; namespace: string
    SecurityContext:
      allowPrivilegeEscalation: bool?; appArmorProfile: AppArmorProfile?; capabilities: Capabilities?;
      privileged: bool?; procMount: enum(Default|Unmasked)?; readOnlyRootFilesystem: bool?;
      runAsGroup: int64?; runAsNonRoot: bool?; runAsUser: int64?; seLinuxOptions: SELinuxOptions?;
      seccompProfile: SeccompProfile?; windowsOptions: WindowsSecurityContextOptions?
    TCPSocketAction:
      host: string; port!: intstr+
    """
}
