public import APIMachinery

extension SchedulerConfiguration {
  /// What is wrong with a configuration, and where.
  public struct Finding: Sendable, Equatable {
    public var path: String
    public var message: String
  }

  /// Whether the document says that it is a scheduler's configuration.
  public static func isConfiguration(_ document: Value) -> Bool {
    document.kindName == "KubeSchedulerConfiguration"
  }

  /// Reads a document strictly (`apis/config/scheme`, `apis/config/validation`). Findings are errors.
  public static func read(_ document: Value) -> (SchedulerConfiguration, [Finding]) {
    var reader = SchedulerConfigurationReader()
    reader.document(document)
    return (SchedulerConfiguration(profiles: reader.profiles), reader.findings)
  }
}

private struct SchedulerConfigurationReader {
  var profiles: [SchedulerConfiguration.Profile] = []
  var findings: [SchedulerConfiguration.Finding] = []

  mutating func wrong(_ path: String, _ message: String) {
    findings.append(.init(path: path, message: message))
  }

  /// Unknown fields and values of the wrong type.
  mutating func strict(_ value: Value, _ type: String, _ prefix: String) {
    guard let type = SchedulerConfigurationSchema.type(type) else { return }
    for finding in SchemaCheck.check(value, type) {
      let path = prefix.isEmpty || finding.path.isEmpty ? prefix + finding.path : "\(prefix).\(finding.path)"
      let hint = finding.suggestion.map { ", did you mean \"\($0)\"?" } ?? ""
      wrong(path, finding.message + hint)
    }
  }

  mutating func document(_ document: Value) {
    guard document.apiVersion == "kubescheduler.config.k8s.io/v1",
      SchedulerConfiguration.isConfiguration(document)
    else {
      wrong(
        "apiVersion",
        "want kubescheduler.config.k8s.io/v1, KubeSchedulerConfiguration; got "
          + "\"\(document.apiVersion)\", \"\(document.kindName)\"")
      return
    }
    strict(document, "KubeSchedulerConfiguration", "")
    if !findings.isEmpty { return }
    let percentage = percentage(document, "")
    if !document["extenders"].isEmpty {
      wrong("extenders", "extenders are called over the network and cannot be simulated; remove them")
    }
    let list = Array(document["profiles"].items)
    for (i, profile) in (list.isEmpty ? [Value.emptyObject] : list).enumerated() {
      read(profile, "profiles[\(i)]", percentage)
    }
    for (i, profile) in profiles.enumerated()
    where profiles[..<i].contains(where: { $0.schedulerName == profile.schedulerName }) {
      wrong("profiles[\(i)].schedulerName", "Duplicate value: \"\(profile.schedulerName)\"")
    }
  }

  private mutating func percentage(_ value: Value, _ prefix: String) -> Int? {
    guard let n = value["percentageOfNodesToScore"].int else { return nil }
    if n < 0 || n > 100 {
      wrong("\(prefix)percentageOfNodesToScore", "Invalid value: \(n): not in valid range [0-100]")
    }
    return n
  }

  private mutating func read(_ value: Value, _ path: String, _ percentage: Int?) {
    var profile = SchedulerConfiguration.Profile()
    let name = value[.schedulerName].string
    if name == "" { wrong("\(path).schedulerName", "Required value") }
    profile.schedulerName = name ?? "default-scheduler"
    profile.percentageOfNodesToScore = self.percentage(value, path + ".") ?? percentage ?? 0
    plugins(value["plugins"], "\(path).plugins", &profile)
    var seen: Set<String> = []
    for (i, entry) in value["pluginConfig"].items.enumerated() {
      let name = entry[.name].string ?? ""
      let at = "\(path).pluginConfig[\(i)]"
      if !seen.insert(name).inserted { wrong(at, "Duplicate value: \"\(name)\"") }
      arguments(name, entry[.args], at, &profile.arguments)
    }
    profiles.append(profile)
  }

  // MARK: Plugins

  private mutating func plugins(
    _ value: Value, _ path: String, _ profile: inout SchedulerConfiguration.Profile
  ) {
    for point in value.fields {
      for list in ["enabled", "disabled"] {
        for (i, plugin) in point.value[Key(list)].items.enumerated() {
          let name = plugin[.name].string ?? ""
          let known = SchedulerConfiguration.defaultPlugins.contains { $0.name == name }
          if !known && !(name == "*" && list == "disabled") {
            wrong("\(path).\(point.key).\(list)[\(i)].name", "no plugin of that name: \"\(name)\"")
          }
        }
      }
    }
    let multi = merged(profile.filters, value["multiPoint"])
    profile.filters = at(value["filter"], multi)
    profile.scores = at(value["score"], multi)
    profile.postFilters = at(value["postFilter"], multi)
    for (i, plugin) in profile.scores.enumerated() where plugin.weight == 0 { profile.scores[i].weight = 1 }
  }

  /// The default list changed by a set: what is disabled goes, what is enabled anew is replaced in place or follows
  /// (`apis/config/v1/default_plugins.go mergePluginSet`).
  private func merged(
    _ defaults: [SchedulerConfiguration.Plugin], _ set: Value
  ) -> [SchedulerConfiguration.Plugin] {
    let disabled = Set(set["disabled"].items.compactMap { $0[.name].string })
    var custom = set["enabled"].items.map {
      SchedulerConfiguration.Plugin($0[.name].string ?? "", weight: $0[.weight].int ?? 0)
    }
    var all: [SchedulerConfiguration.Plugin] = []
    if !disabled.contains("*") {
      for plugin in defaults where !disabled.contains(plugin.name) {
        if let i = custom.firstIndex(where: { $0.name == plugin.name }) {
          all.append(custom.remove(at: i))
        } else {
          all.append(plugin)
        }
      }
    }
    return all + custom
  }

  /// The plugins at one extension point: its own ones first, then those of MultiPoint that it does not disable
  /// (`framework.expandMultiPointPlugins`).
  private func at(
    _ set: Value, _ multi: [SchedulerConfiguration.Plugin]
  ) -> [SchedulerConfiguration.Plugin] {
    let own = merged([], set)
    let disabled = Set(set["disabled"].items.compactMap { $0[.name].string })
    // A plugin that is enabled at both keeps the place it has in MultiPoint with the point's weight.
    var overridden: [SchedulerConfiguration.Plugin] = []
    var rest: [SchedulerConfiguration.Plugin] = []
    for plugin in multi {
      if disabled.contains("*") || disabled.contains(plugin.name) { continue }
      if let mine = own.first(where: { $0.name == plugin.name }) {
        overridden.append(mine)
      } else {
        rest.append(plugin)
      }
    }
    let others = own.filter { mine in !overridden.contains { $0.name == mine.name } }
    return overridden + others + rest
  }

  // MARK: Arguments

  private mutating func arguments(
    _ plugin: String, _ value: Value, _ at: String, _ arguments: inout SchedulerConfiguration.Arguments
  ) {
    let path = at + ".args"
    guard SchedulerConfigurationSchema.type(plugin + "Args") != nil else {
      wrong(at + ".name", "no plugin of that name takes arguments: \"\(plugin)\"")
      return
    }
    let before = findings.count
    strict(value, plugin + "Args", path)
    if findings.count > before { return }
    if let kind = value[.kind].string, kind != plugin + "Args" {
      wrong(path + ".kind", "Invalid value: \"\(kind)\": want \(plugin)Args")
    }
    switch plugin {
    case "NodeResourcesFit": fit(value, path, &arguments)
    case "NodeResourcesBalancedAllocation":
      let list = resources(value[.resources], path + ".resources")
      for (i, resource) in list.enumerated() where resource.weight != 1 {
        wrong("\(path).resources[\(i)].weight", "Invalid value: \(resource.weight): must be 1")
      }
      if !list.isEmpty { arguments.balancedResources = list.map(\.name) }
    case "PodTopologySpread": spread(value, path, &arguments)
    case "InterPodAffinity":
      let weight = value["hardPodAffinityWeight"].int ?? 1
      if weight < 0 || weight > 100 {
        wrong(path + ".hardPodAffinityWeight", "Invalid value: \(weight): not in valid range [0-100]")
      }
      arguments.hardPodAffinityWeight = weight
      arguments.ignorePreferredTermsOfExistingPods =
        value["ignorePreferredTermsOfExistingPods"].bool ?? false
    case "NodeAffinity": arguments.addedAffinity = value["addedAffinity"]
    case "DefaultPreemption": preemption(value, path, &arguments)
    default: break
    }
  }

  private mutating func preemption(
    _ value: Value, _ path: String, _ arguments: inout SchedulerConfiguration.Arguments
  ) {
    let percentage = value["minCandidateNodesPercentage"].int ?? 10
    if percentage < 0 || percentage > 100 {
      wrong(
        path + ".minCandidateNodesPercentage", "Invalid value: \(percentage): not in valid range [0, 100]")
    }
    let absolute = value["minCandidateNodesAbsolute"].int ?? 100
    if absolute < 0 {
      wrong(path + ".minCandidateNodesAbsolute", "Invalid value: \(absolute): not in valid range [0, inf)")
    }
    arguments.minCandidateNodesPercentage = percentage
    arguments.minCandidateNodesAbsolute = absolute
  }

  private mutating func resources(
    _ list: Value, _ path: String
  ) -> [SchedulerConfiguration.ScoringStrategy.Resource] {
    list.items.enumerated().map { i, entry in
      let weight = entry[.weight].int ?? 0
      if weight < 0 || weight > 100 {
        wrong(
          "\(path)[\(i)].weight",
          "Invalid value: \(weight): resource weight of \(entry[.name].string ?? "") not in valid range (0, 100]"
        )
      }
      return .init(entry[.name].key, weight: weight == 0 ? 1 : weight)
    }
  }

  private mutating func fit(
    _ value: Value, _ path: String, _ arguments: inout SchedulerConfiguration.Arguments
  ) {
    arguments.ignoredResources = value["ignoredResources"].items.compactMap(\.string)
    arguments.ignoredResourceGroups = value["ignoredResourceGroups"].items.compactMap(\.string)
    let strategy = value["scoringStrategy"]
    guard strategy.isObject else { return }
    let at = path + ".scoringStrategy"
    let type = strategy[.type].string ?? "LeastAllocated"
    guard let kind = SchedulerConfiguration.ScoringStrategy.Kind(rawValue: type) else {
      let known = SchedulerConfiguration.ScoringStrategy.Kind.allCases.map { "\"\($0.rawValue)\"" }
      wrong(
        at + ".type", "Unsupported value: \"\(type)\": supported values: \(known.joined(separator: ", "))")
      return
    }
    arguments.scoringStrategy.type = kind
    let list = resources(strategy[.resources], at + ".resources")
    if !list.isEmpty { arguments.scoringStrategy.resources = list }
    if kind == .requestedToCapacityRatio {
      arguments.scoringStrategy.shape = shape(
        strategy["requestedToCapacityRatio"]["shape"], at + ".requestedToCapacityRatio.shape")
    }
  }

  private mutating func shape(
    _ list: Value, _ path: String
  ) -> [SchedulerConfiguration.ScoringStrategy.Point] {
    if list.isEmpty { wrong(path, "Required value: at least one point must be specified") }
    var points: [SchedulerConfiguration.ScoringStrategy.Point] = []
    for (i, entry) in list.items.enumerated() {
      let point = SchedulerConfiguration.ScoringStrategy.Point(
        utilization: entry["utilization"].int ?? 0, score: entry["score"].int ?? 0)
      if point.utilization < 0 || point.utilization > 100 {
        wrong(
          "\(path)[\(i)].utilization", "Invalid value: \(point.utilization): not in valid range [0-100]")
      }
      if point.score < 0 || point.score > 10 {
        wrong("\(path)[\(i)].score", "Invalid value: \(point.score): not in valid range [0-10]")
      }
      if let last = points.last, point.utilization <= last.utilization {
        wrong(
          "\(path)[\(i)].utilization",
          "Invalid value: \(point.utilization): utilization values must be sorted in increasing order")
      }
      points.append(point)
    }
    return points
  }

  private mutating func spread(
    _ value: Value, _ path: String, _ arguments: inout SchedulerConfiguration.Arguments
  ) {
    let type = value["defaultingType"].string ?? "System"
    let list = Array(value["defaultConstraints"].items)
    switch type {
    case "System":
      if !list.isEmpty {
        wrong(
          path + ".defaultingType", "Invalid value: \"System\": when .defaultConstraints are not empty")
      }
    case "List":
      for (i, constraint) in list.enumerated() where constraint[.labelSelector].isObject {
        wrong(
          "\(path).defaultConstraints[\(i)].labelSelector",
          "Forbidden: constraint must not define a selector, as they are deduced for each pod")
      }
      arguments.spreadDefaults = list
    default:
      wrong(
        path + ".defaultingType", "Unsupported value: \"\(type)\": supported values: \"System\", \"List\"")
    }
  }
}
