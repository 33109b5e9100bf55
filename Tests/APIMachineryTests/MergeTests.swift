import APIMachinery
import Basics
import Testing

/// The facts of a small deployment, as the schema gives them.
struct TestFacts: MergeFacts {
  var fields: [Key: FieldMergeFacts] = [:]
  var values: FieldMergeFacts?
  var listKind = ListKind.atomic
  var item: [TestFacts] = []

  func mergeField(_ key: Key) -> FieldMergeFacts? { fields[key] ?? values }
  var itemFacts: (any MergeFacts)? { item.first }

  static func list(_ item: TestFacts, keys: [Key]) -> TestFacts {
    TestFacts(listKind: .map(keys), item: [item])
  }

  static let map = TestFacts(values: FieldMergeFacts())

  static let container = TestFacts(fields: [
    .name: .init(), .image: .init(), .command: .init(),
    .env: .init(strategy: .merge, mergeKey: .name, type: list(TestFacts(fields: [:]), keys: [.name])),
    .ports: .init(
      strategy: .merge, mergeKey: .containerPort,
      type: list(TestFacts(fields: [:]), keys: [.containerPort, .protocol])),
  ])

  static let volume = TestFacts(fields: [
    .name: .init(), .emptyDir: .init(type: map), .configMap: .init(type: map),
  ])

  static let pod = TestFacts(fields: [
    .containers: .init(strategy: .merge, mergeKey: .name, type: list(container, keys: [.name])),
    .volumes: .init(
      strategy: .merge, retainKeys: true, mergeKey: .name, type: list(volume, keys: [.name])),
    .nodeSelector: .init(type: map),
    .tolerations: .init(),
  ])

  static let deployment = TestFacts(fields: [
    .metadata: .init(
      type: TestFacts(fields: [
        .labels: .init(type: map), .annotations: .init(type: map),
        .finalizers: .init(strategy: .merge, type: TestFacts(listKind: .set)),
      ])),
    .spec: .init(
      type: TestFacts(fields: [
        .replicas: .init(),
        .strategy: .init(
          retainKeys: true,
          type: TestFacts(fields: [.type: .init(), .rollingUpdate: .init(type: map)])),
        .template: .init(type: TestFacts(fields: [.spec: .init(type: pod)])),
        .selector: .init(strategy: .replace, type: map),
      ])),
  ])
}

struct ThreeWayCase: Sendable, CustomTestStringConvertible {
  var name: String
  var last: String
  var desired: String
  var live: String
  var merged: String
  var testDescription: String { name }
}

func parse(_ text: String) throws -> Value { try JSON.parse(text).get() }

private func containers(_ list: String) -> String {
  #"{"spec":{"template":{"spec":{"containers":[\#(list)]}}}}"#
}

private let threeWay = [
  ThreeWayCase(
    name: "fields of others stay, dropped ones go",
    last: #"{"spec":{"replicas":3},"metadata":{"labels":{"a":"1","b":"2"}}}"#,
    desired: #"{"metadata":{"labels":{"a":"1"}},"spec":{}}"#,
    live: #"{"spec":{"replicas":3,"paused":true},"metadata":{"labels":{"a":"9","b":"2","c":"3"}}}"#,
    merged: #"{"metadata":{"labels":{"a":"1","c":"3"}},"spec":{"paused":true}}"#),
  ThreeWayCase(
    name: "containers merge by name, a sidecar of others stays",
    last: containers(#"{"name":"web","image":"a:1"},{"name":"old","image":"x"}"#),
    desired: containers(#"{"name":"web","image":"a:2"},{"name":"new","image":"y"}"#),
    live: containers(
      #"{"name":"web","image":"a:1","imagePullPolicy":"Always"},{"name":"side","image":"s"},{"name":"old","image":"x"}"#
    ),
    merged: containers(
      #"{"name":"web","image":"a:2","imagePullPolicy":"Always"},{"name":"side","image":"s"},{"name":"new","image":"y"}"#
    )),
  ThreeWayCase(
    name: "of two new items with one key the last wins",
    last: containers(#"{"name":"web","image":"a:1"},{"name":"old","image":"x"}"#),
    desired: containers(#"{"name":"web","image":"a:2"},{"name":"web","image":"a:3"}"#),
    live: containers(#"{"name":"web","image":"a:1"},{"name":"old","image":"x"}"#),
    merged: containers(#"{"name":"web","image":"a:2"}"#)),
  ThreeWayCase(
    name: "a new item takes its place in the given order",
    last: containers(#"{"name":"a"},{"name":"b"}"#),
    desired: containers(#"{"name":"c"},{"name":"a"},{"name":"b"}"#),
    live: containers(#"{"name":"a"},{"name":"b"}"#),
    merged: containers(#"{"name":"c"},{"name":"a"},{"name":"b"}"#)),
  ThreeWayCase(
    name: "the order of items alone",
    last: containers(#"{"name":"a"},{"name":"b"}"#),
    desired: containers(#"{"name":"b"},{"name":"a"}"#),
    live: containers(#"{"name":"a"},{"name":"b"}"#),
    merged: containers(#"{"name":"b"},{"name":"a"}"#)),
  ThreeWayCase(
    name: "lists without a strategy are replaced",
    last: containers(#"{"name":"a","command":["x","y"]}"#),
    desired: containers(#"{"name":"a","command":["z"]}"#),
    live: containers(#"{"name":"a","command":["x","y","w"]}"#),
    merged: containers(#"{"name":"a","command":["z"]}"#)),
  ThreeWayCase(
    name: "retainKeys clears what the new strategy cannot have",
    last: #"{"spec":{"strategy":{"type":"RollingUpdate"}}}"#,
    desired: #"{"spec":{"strategy":{"type":"Recreate"}}}"#,
    live: #"{"spec":{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}}}}"#,
    merged: #"{"spec":{"strategy":{"type":"Recreate"}}}"#),
  ThreeWayCase(
    name: "a volume that changes its source",
    last: #"{"spec":{"template":{"spec":{"volumes":[{"name":"v","emptyDir":{}}]}}}}"#,
    desired: #"{"spec":{"template":{"spec":{"volumes":[{"name":"v","configMap":{"name":"c"}}]}}}}"#,
    live: #"{"spec":{"template":{"spec":{"volumes":[{"name":"v","emptyDir":{}},{"name":"w"}]}}}}"#,
    merged:
      #"{"spec":{"template":{"spec":{"volumes":[{"configMap":{"name":"c"},"name":"v"},{"name":"w"}]}}}}"#),
  ThreeWayCase(
    name: "finalizers merge as primitives",
    last: #"{"metadata":{"finalizers":["a/x","b/y"]}}"#,
    desired: #"{"metadata":{"finalizers":["b/y","c/z"]}}"#,
    live: #"{"metadata":{"finalizers":["a/x","b/y","d/w"]}}"#,
    merged: #"{"metadata":{"finalizers":["b/y","c/z","d/w"]}}"#),
  ThreeWayCase(
    name: "the replace strategy",
    last: #"{"spec":{"selector":{"a":"1"}}}"#,
    desired: #"{"spec":{"selector":{"b":"2"}}}"#,
    live: #"{"spec":{"selector":{"a":"1","x":"3"}}}"#,
    merged: #"{"spec":{"selector":{"b":"2"}}}"#),
  ThreeWayCase(
    name: "nothing applied before",
    last: "{}", desired: #"{"metadata":{"labels":{"a":"1"}}}"#, live: #"{"metadata":{"labels":{"b":"2"}}}"#,
    merged: #"{"metadata":{"labels":{"a":"1","b":"2"}}}"#),
  ThreeWayCase(
    name: "an environment variable is removed",
    last: containers(#"{"name":"a","env":[{"name":"X","value":"1"},{"name":"Y","value":"2"}]}"#),
    desired: containers(#"{"name":"a","env":[{"name":"Y","value":"2"}]}"#),
    live: containers(#"{"name":"a","env":[{"name":"X","value":"1"},{"name":"Y","value":"2"}]}"#),
    merged: containers(#"{"name":"a","env":[{"name":"Y","value":"2"}]}"#)),
]

@Suite struct MergeTests {
  @Test(arguments: threeWay) func strategic(test: ThreeWayCase) throws {
    let (last, desired, live) = (try parse(test.last), try parse(test.desired), try parse(test.live))
    let merged = try ThreeWayMerge.merged(
      lastApplied: last, desired: desired, live: live, facts: TestFacts.deployment)
    let (have, want) = (CanonicalJSON.string(merged), CanonicalJSON.string(try parse(test.merged)))
    #expect(have == want)
    // Applied again, nothing changes.
    let again = try ThreeWayMerge.merged(
      lastApplied: desired, desired: desired, live: merged, facts: TestFacts.deployment)
    #expect(again == merged)
  }

  @Test func theFormOfAPatch() throws {
    let patch = try ThreeWayMerge.patch(
      lastApplied: try parse(containers(#"{"name":"a"},{"name":"b"}"#)),
      desired: try parse(containers(#"{"name":"a","image":"i"}"#)),
      live: try parse(containers(#"{"name":"a"},{"name":"b"}"#)), facts: TestFacts.deployment)
    #expect(
      CanonicalJSON.string(patch[.spec][.template][.spec])
        == #"{"$setElementOrder/containers":[{"name":"a"}],"containers":[{"image":"i","name":"a"},{"$patch":"delete","name":"b"}]}"#
    )
  }

  @Test func aMissingMergeKeyIsRefused() throws {
    #expect(throws: MergeError.self) {
      try ThreeWayMerge.merged(
        lastApplied: nil, desired: try parse(containers(#"{"image":"i"}"#)),
        live: try parse(containers(#"{"name":"a"}"#)), facts: TestFacts.deployment)
    }
  }

  @Test(arguments: [
    // RFC 7386, appendix A.
    (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
    (#"{"a":"b"}"#, #"{"a":null}"#, "{}"), (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
    (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
    (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
    (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#), (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
    (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#), (#"{"a":"foo"}"#, "null", "null"),
    (#"{"e":null}"#, #"{"a":1}"#, #"{"a":1,"e":null}"#), ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
    ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
  ])
  func jsonMergePatch(target: String, patch: String, result: String) throws {
    #expect(CanonicalJSON.string(JSONMergePatch.apply(try parse(patch), to: try parse(target))) == result)
  }

  @Test func threeWayOfCustomResources() throws {
    let merged = try ThreeWayMerge.merged(
      lastApplied: try parse(#"{"spec":{"a":1,"list":[1,2],"gone":{"x":1}}}"#),
      desired: try parse(#"{"spec":{"a":2,"list":[2]}}"#),
      live: try parse(#"{"spec":{"a":1,"list":[1,2,3],"gone":{"x":1},"other":5},"status":{}}"#), facts: nil)
    #expect(CanonicalJSON.string(merged) == #"{"spec":{"a":2,"list":[2],"other":5},"status":{}}"#)
  }

  @Test(arguments: [
    (#"{"a":1}"#, #"[{"op":"add","path":"/b","value":2}]"#, #"{"a":1,"b":2}"#),
    (#"{"a":[1,3]}"#, #"[{"op":"add","path":"/a/1","value":2}]"#, #"{"a":[1,2,3]}"#),
    (#"{"a":[1]}"#, #"[{"op":"add","path":"/a/-","value":2}]"#, #"{"a":[1,2]}"#),
    (#"{"a":1,"b":2}"#, #"[{"op":"remove","path":"/a"}]"#, #"{"b":2}"#),
    (#"{"a":{"b":1}}"#, #"[{"op":"move","from":"/a/b","path":"/c"}]"#, #"{"a":{},"c":1}"#),
    (#"{"a~/b":1}"#, #"[{"op":"replace","path":"/a~0~1b","value":2}]"#, #"{"a~/b":2}"#),
    (
      #"{"a":{"b":1}}"#, #"[{"op":"copy","from":"/a","path":"/c"},{"op":"test","path":"/c/b","value":1}]"#,
      #"{"a":{"b":1},"c":{"b":1}}"#
    ),
    (#"{"a":1}"#, #"[{"op":"replace","path":"","value":7}]"#, "7"),
  ])
  func jsonPatch(target: String, patch: String, result: String) throws {
    #expect(CanonicalJSON.string(try JSONPatch.apply(try parse(patch), to: try parse(target))) == result)
  }

  @Test(arguments: [
    #"[{"op":"remove","path":"/x"}]"#, #"[{"op":"add","path":"/l/2","value":1}]"#,
    #"[{"op":"add","path":"a"}]"#,
    #"[{"op":"replace","path":"/l/01","value":1}]"#, #"[{"op":"test","path":"/a","value":2}]"#,
    #"[{"op":"move","from":"/l","path":"/l/0"}]"#, #"[{"op":"flip","path":"/a"}]"#, #"{"op":"remove"}"#,
    #"[{"op":"add","path":"/a/b","value":1}]"#, #"[{"op":"replace","path":"/a~2","value":1}]"#,
    #"[{"op":"add","path":"/q"}]"#, #"[{"op":"remove","path":""}]"#,
  ])
  func jsonPatchRefusals(patch: String) throws {
    #expect(throws: MergeError.self) {
      try JSONPatch.apply(try parse(patch), to: try parse(#"{"a":1,"l":[1]}"#))
    }
  }
}
