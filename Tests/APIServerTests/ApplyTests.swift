import API
import APIMachinery
import APIServer
import Basics
import Testing

@Suite struct ApplyTests {
  let server = makeServer()
  private func map(_ data: String, _ meta: String = "") -> Value {
    json(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"\#(meta)},"data":\#(data)}"#)
  }

  @Test func appliesThreeWays() throws {
    let first = try server.apply(manifest: map(#"{"a":"1","b":"<&>"}"#))
    #expect(first.action == .created && first.before == nil)
    #expect(
      first.after.annotation(ThreeWayMerge.lastAppliedAnnotation)
        == #"{"apiVersion":"v1","data":{"a":"1","b":"\u003c\u0026\u003e"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"m","namespace":"default"}}"#
        + "\n")
    let version = server.resourceVersion
    let same = try server.apply(manifest: map(#"{"a":"1","b":"<&>"}"#))
    #expect(same.action == .unchanged && server.resourceVersion == version)
    var touched = first.after
    touched[.data]["c"] = "other"
    try server.update(touched)
    let next = try server.apply(manifest: map(#"{"a":"2"}"#))
    #expect(next.action == .configured)
    #expect(next.after[.data] == ["a": "2", "c": "other"])
    #expect(next.before?[.data]["b"].string == "<&>")
  }

  /// What somebody else made of a Deployment that is applied again as it was.
  @Test(arguments: [
    (#"{}"#, false),
    (#"{"paused":true}"#, false),
    (#"{"replicas":3}"#, true),
    (#"{"template":{"spec":{"containers":[{"name":"c","image":"b:1"}]}}}"#, true),
    (
      #"{"template":{"spec":{"containers":[{"name":"c","image":"a:1","env":[{"name":"X","value":"1"}]}]}}}"#,
      false
    ),
    (#"{"template":{"spec":{"containers":[{"name":"d","image":"d:1"},{"name":"c","image":"a:1"}]}}}"#, true),
  ])
  func appliesAgainWhatHasDrifted(_ spec: String, _ isPutRight: Bool) throws {
    let manifest = json(
      #"""
      {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":2,
      "selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},
      "spec":{"containers":[{"name":"c","image":"a:1"}]}}}}
      """#)
    let first = try server.apply(manifest: manifest)
    var drifted = first.after
    drifted.spec = JSONMergePatch.apply(json(spec), to: drifted.spec)
    let before = try server.update(drifted)
    let again = try server.apply(manifest: manifest)
    #expect(again.action == (isPutRight ? .configured : .unchanged))
    #expect(isPutRight || again.after == before)
    #expect(again.after.spec[.template][.spec][.containers].items.last?[.image] == "a:1")
    #expect(again.after.spec[.replicas] == 2)
  }

  @Test func dryRunsStoreNothing() throws {
    let version = server.resourceVersion
    let made = try server.dryRunApply(map(#"{"a":"1"}"#))
    #expect(made.action == .created)
    #expect(server.resourceVersion == version)
    #expect(server.get(ObjectKey(.configMap, namespace: "default", name: "m")) == nil)
  }

  @Test func manifestsAreDecodedStrictly() throws {
    let wrong = map(#"{"a":"1"}"#, #","lables":{}"#)
    #expect(
      refusal { () throws(APIError) in try server.apply(manifest: wrong) }?.message
        == #"ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "metadata.lables""#
    )
    try server.apply(manifest: map(#"{"a":"1","b":"2"}"#))
    #expect(
      refusal { () throws(APIError) in try server.apply(manifest: map(#"{"a":5,"b":"2"}"#)) }?.message
        == #" "" is invalid: patch: Invalid value: "map[data:map[a:5] metadata:map[annotations:map[kubectl.kubernetes.io/last-applied-configuration:{\"apiVersion\":\"v1\",\"data\":{\"a\":5,\"b\":\"2\"},\"kind\":\"ConfigMap\",\"metadata\":{\"annotations\":{},\"name\":\"m\",\"namespace\":\"default\"}}\n]]]": cannot convert int64 to string"#
    )
  }

  @Test func generatedNamesCannotBeApplied() {
    let text = #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"gen-"}}"#
    #expect(
      refusal { () throws(APIError) in try server.apply(manifest: json(text)) }?.message
        == "from gen-: cannot use generate name with apply")
  }

  @Test func oldAutoscalersAreConverted() throws {
    let text =
      #"{"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscaler","metadata":{"name":"h"},"spec":{"maxReplicas":3,"targetCPUUtilizationPercentage":60,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"d"}}}"#
    let made = try server.apply(manifest: json(text)).after
    #expect(made.apiVersion == "autoscaling/v2")
    let metric = made[.spec][.metrics][0]
    #expect(metric[.resource][.target][.averageUtilization].int == 60)
    #expect(!made[.spec].has(.targetCPUUtilizationPercentage))
    #expect(try server.apply(manifest: json(text)).action == .unchanged)
  }

  @Test func judgesAlone() {
    let good = server.judge(map(#"{"a":"1"}"#))
    #expect(good.code == 201 && good.object?.name == "m")
    #expect(good.object?[.metadata].has(.resourceVersion) == false)
    let wrong = server.judge(json(#"{"apiVersion":"batch/v1","kind":"Pod","metadata":{"name":"p"}}"#))
    #expect(
      wrong.error?.message
        == #"Pod in version "v1" cannot be handled as a Pod: no kind "Pod" is registered for version "batch/v1" in scheme "pkg/api/legacyscheme/scheme.go:30""#
    )
    #expect(wrong.value["code"].int == 400 && wrong.value["reason"].string == "BadRequest")
  }

  @Test func definitionsServeTheirKinds() throws {
    let crd = json(
      #"{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"boats.example.org"},"spec":{"group":"example.org","names":{"kind":"Boat","plural":"boats"},"scope":"Namespaced","versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{}},"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"name":{"type":"string"}}}}}}}]}}"#
    )
    let boat = json(
      #"{"apiVersion":"example.org/v1","kind":"Boat","metadata":{"name":"b"},"spec":{"name":"x"}}"#)
    #expect(refusal { () throws(APIError) in try server.apply(manifest: boat) } != nil)
    try server.apply(manifest: crd)
    let made = try server.apply(manifest: boat)
    #expect(made.action == .created && made.after.generation == 1)
    var changed = boat
    changed[.spec][.name] = "y"
    #expect(try server.apply(manifest: changed).after.generation == 2)
  }
}
