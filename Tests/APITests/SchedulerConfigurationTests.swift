import API
import APIMachinery
import Testing

/// A KubeSchedulerConfiguration as users write it: what it means, and what is wrong with it.
@Suite struct SchedulerConfigurationTests {
  private func document(_ profile: String) throws -> Value {
    let text = #"{"apiVersion":"kubescheduler.config.k8s.io/v1","kind":"KubeSchedulerConfiguration","#
    return try JSON.parse(text + profile + "}").get()
  }

  @Test(arguments: [
    (#""profilez":[]"#, "profilez"),
    (#""percentageOfNodesToScore":101"#, "percentageOfNodesToScore"),
    (
      #""profiles":[{"plugins":{"score":{"enabled":[{"name":"Nope"}]}}}]"#,
      "profiles[0].plugins.score.enabled[0].name"
    ),
    (#""profiles":[{"plugins":{"scores":{}}}]"#, "profiles[0].plugins.scores"),
    (
      #""profiles":[{"pluginConfig":[{"name":"NodeResourcesFit","args":{"scoringStrategi":{}}}]}]"#,
      "profiles[0].pluginConfig[0].args.scoringStrategi"
    ),
    (
      #""profiles":[{"pluginConfig":[{"name":"NodeResourcesFit","args":{"scoringStrategy":{"type":"Best"}}}]}]"#,
      "profiles[0].pluginConfig[0].args.scoringStrategy.type"
    ),
    (
      #""profiles":[{"pluginConfig":[{"name":"NodeResourcesFit","args":{"scoringStrategy":{"resources":[{"name":"cpu","weight":101}]}}}]}]"#,
      "profiles[0].pluginConfig[0].args.scoringStrategy.resources[0].weight"
    ),
    (
      #""profiles":[{"pluginConfig":[{"name":"InterPodAffinity","args":{"hardPodAffinityWeight":101}}]}]"#,
      "profiles[0].pluginConfig[0].args.hardPodAffinityWeight"
    ),
    (
      #""profiles":[{"pluginConfig":[{"name":"PodTopologySpread","args":{"defaultingType":"System","defaultConstraints":[{"maxSkew":1,"topologyKey":"z","whenUnsatisfiable":"ScheduleAnyway"}]}}]}]"#,
      "profiles[0].pluginConfig[0].args.defaultingType"
    ),
    (
      #""profiles":[{"pluginConfig":[{"name":"ImageLocality","args":{}}]}]"#,
      "profiles[0].pluginConfig[0].name"
    ),
    (#""profiles":[{"schedulerName":"a"},{"schedulerName":"a"}]"#, "profiles[1].schedulerName"),
    (#""profiles":[{"schedulerName":""}]"#, "profiles[0].schedulerName"),
    (#""extenders":[{"urlPrefix":"http://x"}]"#, "extenders"),
  ]) func refuses(_ text: String, _ path: String) throws {
    let (_, findings) = SchedulerConfiguration.read(try document(text))
    #expect(findings.map(\.path) == [path], "\(findings)")
  }

  @Test func emptyIsTheDefaultProfile() throws {
    let (read, findings) = SchedulerConfiguration.read(try document(#""percentageOfNodesToScore":30"#))
    #expect(findings.isEmpty)
    #expect(read.profiles.count == 1)
    #expect(read.profiles[0].schedulerName == "default-scheduler")
    #expect(read.profiles[0].percentageOfNodesToScore == 30)
    #expect(read.profiles[0].filters == SchedulerConfiguration.Profile().filters)
  }

  @Test func pluginsAreTurnedOffOnAndWeighed() throws {
    let text = #"""
      "profiles":[{"schedulerName":"packer","percentageOfNodesToScore":50,"plugins":{
        "multiPoint":{"enabled":[{"name":"TaintToleration","weight":7}],"disabled":[{"name":"ImageLocality"}]},
        "score":{"enabled":[{"name":"NodeResourcesFit","weight":5}],"disabled":[{"name":"PodTopologySpread"}]},
        "filter":{"disabled":[{"name":"NodePorts"}]},"postFilter":{"disabled":[{"name":"*"}]}},
       "pluginConfig":[{"name":"NodeResourcesFit","args":{"scoringStrategy":{"type":"MostAllocated",
         "resources":[{"name":"cpu","weight":3},{"name":"memory","weight":1}]},"ignoredResources":["a.b/c"]}},
        {"name":"NodeAffinity","args":{"addedAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":
         {"nodeSelectorTerms":[{"matchExpressions":[{"key":"pool","operator":"In","values":["x"]}]}]}}}}]}]
      """#
    let (read, findings) = SchedulerConfiguration.read(try document(text))
    #expect(findings.isEmpty)
    let profile = try #require(read.profiles.first)
    #expect(profile.schedulerName == "packer" && profile.percentageOfNodesToScore == 50)
    let scores = profile.scores.map { "\($0.name) \($0.weight)" }
    #expect(scores.contains("NodeResourcesFit 5") && scores.contains("TaintToleration 7"))
    #expect(!scores.contains { $0.hasPrefix("PodTopologySpread") || $0.hasPrefix("ImageLocality") })
    let filters = profile.filters.map(\.name)
    #expect(filters.contains("PodTopologySpread") && !filters.contains("NodePorts"))
    #expect(profile.postFilters.isEmpty)
    #expect(profile.arguments.scoringStrategy.type == .mostAllocated)
    #expect(profile.arguments.scoringStrategy.resources.map(\.weight) == [3, 1])
    #expect(profile.arguments.ignoredResources == ["a.b/c"])
    #expect(profile.arguments.addedAffinity.isObject)
  }
}
