import APIMachinery

/// The fields of `kubescheduler.config.k8s.io/v1` (`kube-scheduler/config/v1/types.go`, `types_pluginargs.go`).
enum SchedulerConfigurationSchema {
  static func type(_ name: String) -> SchemaType? { library?["kubescheduler." + name] }

  private static let library = try? SchemaLibrary(BuiltinSchemas.sections + [("kubescheduler", text)])

  private static let text = """
    KubeSchedulerConfiguration:
      apiVersion: string; kind: string; parallelism: int32?; leaderElection: {any}; clientConnection: {any};
      enableProfiling: bool?; enableContentionProfiling: bool?; percentageOfNodesToScore: int32?;
      podInitialBackoffSeconds: int64?; podMaxBackoffSeconds: int64?; profiles: [KubeSchedulerProfile];
      extenders: [any]; delayCacheUntilActive: bool; healthzBindAddress: string; metricsBindAddress: string
    KubeSchedulerProfile:
      schedulerName: string?; percentageOfNodesToScore: int32?; plugins: Plugins?; pluginConfig: [PluginConfig]
    Plugins:
      preEnqueue: PluginSet; queueSort: PluginSet; preFilter: PluginSet; filter: PluginSet;
      postFilter: PluginSet; preScore: PluginSet; score: PluginSet; reserve: PluginSet; permit: PluginSet;
      preBind: PluginSet; bind: PluginSet; postBind: PluginSet; multiPoint: PluginSet;
      placementGenerate: PluginSet; placementScore: PluginSet
    PluginSet:
      enabled: [Plugin]; disabled: [Plugin]
    Plugin:
      name!: string; weight: int32?
    PluginConfig:
      name!: string; args: any
    NodeResourcesFitArgs:
      apiVersion: string; kind: string; ignoredResources: [string]; ignoredResourceGroups: [string];
      scoringStrategy: ScoringStrategy?
    ScoringStrategy:
      type: string; resources: [ResourceSpec]; requestedToCapacityRatio: RequestedToCapacityRatioParam?
    ResourceSpec:
      name!: string; weight: int64
    RequestedToCapacityRatioParam:
      shape: [UtilizationShapePoint]
    UtilizationShapePoint:
      utilization: int32; score: int32
    NodeResourcesBalancedAllocationArgs:
      apiVersion: string; kind: string; resources: [ResourceSpec]
    PodTopologySpreadArgs:
      apiVersion: string; kind: string; defaultConstraints: [core.TopologySpreadConstraint];
      defaultingType: string
    InterPodAffinityArgs:
      apiVersion: string; kind: string; hardPodAffinityWeight: int32?;
      ignorePreferredTermsOfExistingPods: bool
    NodeAffinityArgs:
      apiVersion: string; kind: string; addedAffinity: core.NodeAffinity?
    VolumeBindingArgs:
      apiVersion: string; kind: string; bindTimeoutSeconds: int64?; shape: [UtilizationShapePoint]
    DefaultPreemptionArgs:
      apiVersion: string; kind: string; minCandidateNodesPercentage: int32?;
      minCandidateNodesAbsolute: int32?
    DynamicResourcesArgs:
      apiVersion: string; kind: string; filterTimeout: any; bindingTimeout: any
    """
}
