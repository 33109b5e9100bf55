import APIMachinery
import Testing

@testable import API

/// Rules of the smaller groups, with the API server's words (`pkg/apis/*/validation`).
@Suite struct ValidationMessageTests {
  private func causes(_ text: String) throws -> [String] {
    let object = try JSON.parse(text).get()
    let info = try #require(Scheme.builtin.info(apiVersion: object.apiVersion, kind: object.kindName))
    let strategy = StrategyRegistry.strategy(for: info.groupKind)
    var made = SchemaDefault.apply(object, info.type)
    strategy.defaults(&made)
    strategy.prepareForCreate(&made)
    return strategy.validateCreate(made).map { "\($0.field): \($0.message)" }
  }

  private static let jobs: [(String, String)] = [
    (
      #""completionMode":"NonIndexed","backoffLimitPerIndex":1"#,
      "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode"
    ),
    (
      #""podFailurePolicy":{"rules":[{"action":"FailJob"}]}"#,
      "spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is "
        + "required"
    ),
    (
      #""managedBy":"nobody""#,
      #"spec.managedBy: Invalid value: "nobody": must be a domain-prefixed path (such as "acme.io/foo")"#
    ),
    (
      #""completionMode":"Indexed","parallelism":2"#,
      "spec.completions: Required value: when completion mode is Indexed"
    ),
  ]

  @Test(arguments: jobs) func jobsAreRefused(spec: String, why: String) throws {
    let found = try causes(
      #"""
      {"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j","uid":"u"},"spec":{"manualSelector":true,
      "selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{
      "restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}},\#(spec)}}
      """#)
    #expect(found.contains(why), "\(found)")
  }

  private static let others: [(String, String)] = [
    (
      #"""
      {"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"h","namespace":"d"},
      "spec":{"maxReplicas":2,"scaleTargetRef":{"kind":"Deployment","name":"d"}}}
      """#,
      #"spec.scaleTargetRef.apiVersion: Invalid value: "": apiVersion must specify API group"#
    ),
    (
      #"""
      {"apiVersion":"networking.k8s.io/v1","kind":"ServiceCIDR","metadata":{"name":"c"},
      "spec":{"cidrs":["10.0.0.1/8"]}}
      """#,
      #"spec.cidrs[0]: Invalid value: "10.0.0.1/8": must not have bits set beyond the prefix length"#
    ),
  ]

  @Test(arguments: others) func othersAreRefused(document: String, why: String) throws {
    let found = try causes(document)
    #expect(found.contains(why), "\(found)")
  }

  @Test func effectsOfFields() {
    func effect(_ kind: GroupKind, _ path: String) -> ChangeEffect? {
      ChangeEffect.of(kind, path.split(separator: ".").map(String.init))
    }
    #expect(effect(.deployment, "spec.template.spec.containers.image") == .rollout)
    #expect(effect(.deployment, "spec.replicas") == nil)
    #expect(effect(.statefulSet, "spec.serviceName") == .replacement)
    #expect(effect(.statefulSet, "spec.template.metadata") == .rollout)
    #expect(effect(.pod, "spec.containers.image") == nil)
    #expect(effect(.pod, "spec.containers.env") == .replacement)
  }
}
