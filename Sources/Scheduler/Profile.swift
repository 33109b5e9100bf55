import API
import APIMachinery

/// A score plugin with its weight.
struct WeightedScore {
  let plugin: any ScorePlugin
  let weight: Int
  /// Its score looks at one node alone.
  let isPerNode: Bool

  init(_ plugin: any ScorePlugin, _ weight: Int) {
    self.plugin = plugin
    self.weight = weight
    isPerNode = plugin is any PerNodeScore
  }
}

/// A scheduler name with the plugins that are on for it (`profile/profile.go`).
final class Profile {
  static let defaultName = "default-scheduler"
  let name: String
  let percentageOfNodesToScore: Int
  let arguments: SchedulerConfiguration.Arguments
  let filters: [any FilterPlugin]
  /// The names of all filters that are on.
  let filterBits: UInt32
  let scores: [WeightedScore]
  /// The scores that look at one node alone, and the others.
  let perNode: [WeightedScore]
  let normalized: [WeightedScore]
  /// PodTopologySpread's score with its weight, and the others of `normalized`.
  let spread: (plugin: PodTopologySpreadScore, weight: Int)?
  let unspread: [any ScorePlugin]
  /// The weights are small enough for totals of 32 bits.
  let isLight: Bool
  /// Whether DefaultPreemption is on.
  let preempts: Bool
  /// Whether DynamicResources has its say after a failed attempt.
  let asksClaims: Bool
  let addedNodes: RequiredNodes?
  let addedPreferred: [(weight: Int, term: NodeSelectorTerm)]

  init(_ configuration: SchedulerConfiguration.Profile) {
    name = configuration.schedulerName
    percentageOfNodesToScore = configuration.percentageOfNodesToScore
    arguments = configuration.arguments
    (filters, filterBits) = PluginRegistry.filters(configuration)
    scores = PluginRegistry.scores(configuration)
    perNode = scores.filter(\.isPerNode)
    normalized = scores.filter { !$0.isPerNode }
    spread =
      normalized.lazy.compactMap { score in
        (score.plugin as? PodTopologySpreadScore).map { (plugin: $0, weight: score.weight) }
      }.first
    unspread = normalized.map(\.plugin).filter { !($0 is PodTopologySpreadScore) }
    isLight = scores.allSatisfy { $0.weight >= 0 && $0.weight < 1 << 20 }
    preempts = configuration.postFilters.contains { $0.name == "DefaultPreemption" }
    asksClaims = configuration.postFilters.contains { $0.name == "DynamicResources" }
    let affinity = arguments.addedAffinity
    let required = affinity[.requiredDuringSchedulingIgnoredDuringExecution]
    addedNodes = required.isObject ? RequiredNodes(nodeSelector: required) : nil
    addedPreferred = NodeAffinity.preferred(affinity[.preferredDuringSchedulingIgnoredDuringExecution].items)
  }

  static func all(_ configuration: SchedulerConfiguration) -> [Profile] {
    configuration.profiles.map { Profile($0) }
  }

  /// Whether NodeResourcesFit leaves a resource out (`ignoredResources`, `ignoredResourceGroups`).
  func ignores(_ resource: Key) -> Bool {
    if arguments.ignoredResources.isEmpty && arguments.ignoredResourceGroups.isEmpty { return false }
    let name = resource.string
    if arguments.ignoredResources.contains(name) { return true }
    guard let slash = name.firstIndex(of: "/") else { return false }
    return arguments.ignoredResourceGroups.contains(String(name[..<slash]))
  }

  /// How many feasible nodes are enough (`numFeasibleNodesToFind`).
  func feasibleToFind(_ nodes: Int) -> Int {
    if nodes < 100 { return nodes }
    var percentage = percentageOfNodesToScore
    if percentage == 0 { percentage = max(5, 50 - nodes / 125) }
    if percentage >= 100 { return nodes }
    return max(100, nodes * percentage / 100)
  }
}
