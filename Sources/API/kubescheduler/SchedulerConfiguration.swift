public import APIMachinery

/// What a `KubeSchedulerConfiguration` (`kubescheduler.config.k8s.io/v1`) says, with the defaults filled in
/// (`pkg/scheduler/apis/config/v1/defaults.go`). It is never stored.
public struct SchedulerConfiguration: Sendable, Equatable {
  public var profiles: [Profile]

  /// The scheduler as it is without a configuration.
  public static let standard = SchedulerConfiguration(profiles: [Profile()])

  public init(profiles: [Profile]) { self.profiles = profiles }

  /// The plugins of the default profile that filter or score, in the order of their MultiPoint list, with the weight
  /// of their scores.
  public static let defaultPlugins: [(name: String, weight: Int)] = [
    ("SchedulingGates", 1), ("PrioritySort", 1), ("NodeUnschedulable", 1), ("NodeName", 1),
    ("TaintToleration", 3), ("NodeAffinity", 2), ("NodePorts", 1), ("NodeResourcesFit", 1),
    ("VolumeRestrictions", 1), ("NodeVolumeLimits", 1), ("VolumeBinding", 1), ("VolumeZone", 1),
    ("PodTopologySpread", 2), ("InterPodAffinity", 2), ("DynamicResources", 2), ("DefaultPreemption", 1),
    ("NodeResourcesBalancedAllocation", 1), ("ImageLocality", 1), ("DefaultBinder", 1),
    ("NodeDeclaredFeatures", 1),
  ]

  public struct Plugin: Sendable, Equatable {
    public var name: String
    public var weight: Int
    public init(_ name: String, weight: Int = 1) {
      self.name = name
      self.weight = weight
    }
  }

  /// One scheduler name with its plugins and their arguments.
  public struct Profile: Sendable, Equatable {
    public var schedulerName = "default-scheduler"
    /// 0 for the adaptive percentage.
    public var percentageOfNodesToScore = 0
    public var filters: [Plugin]
    public var scores: [Plugin]
    public var postFilters: [Plugin]
    public var arguments = Arguments()

    public init() {
      let all = SchedulerConfiguration.defaultPlugins.map { Plugin($0.name, weight: $0.weight) }
      filters = all
      scores = all
      postFilters = all
    }
  }

  public struct Arguments: Sendable, Equatable {
    public var scoringStrategy = ScoringStrategy()
    public var ignoredResources: [String] = []
    public var ignoredResourceGroups: [String] = []
    public var balancedResources: [Key] = [.cpu, .memory]
    /// The constraints of pods that have none of their own; nil for the built-in ones.
    public var spreadDefaults: [Value]?
    public var hardPodAffinityWeight = 1
    public var ignorePreferredTermsOfExistingPods = false
    /// A node affinity that holds for every pod of the profile.
    public var addedAffinity: Value = .null
    public var minCandidateNodesPercentage = 10
    public var minCandidateNodesAbsolute = 100
    public init() {}
  }

  /// How NodeResourcesFit scores.
  public struct ScoringStrategy: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
      case leastAllocated = "LeastAllocated"
      case mostAllocated = "MostAllocated"
      case requestedToCapacityRatio = "RequestedToCapacityRatio"
    }
    public struct Resource: Sendable, Equatable {
      public var name: Key
      public var weight: Int
      public init(_ name: Key, weight: Int) {
        self.name = name
        self.weight = weight
      }
    }
    public struct Point: Sendable, Equatable {
      public var utilization: Int
      public var score: Int
      public init(utilization: Int, score: Int) {
        self.utilization = utilization
        self.score = score
      }
    }
    public var type = Kind.leastAllocated
    public var resources = [Resource(.cpu, weight: 1), Resource(.memory, weight: 1)]
    public var shape: [Point] = []
    public init() {}
  }
}
