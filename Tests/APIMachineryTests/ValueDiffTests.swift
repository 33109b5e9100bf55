import APIMachinery
import Basics
import Testing

@Suite struct ValueDiffTests {
  private func text(_ before: String, _ after: String) throws -> [String] {
    ValueDiff.changes(from: try parse(before), to: try parse(after), facts: TestFacts.deployment).map {
      let (b, a) = ($0.before.map(CanonicalJSON.string) ?? "-", $0.after.map(CanonicalJSON.string) ?? "-")
      return "\($0.isReorder ? "order " : "")\($0.path) \(b) \(a)"
    }
  }

  @Test(arguments: [
    (#"{"spec":{"replicas":2}}"#, #"{"spec":{"replicas":3}}"#, [".spec.replicas 2 3"]),
    (
      #"{"metadata":{"labels":{"a.b/c":"1"}}}"#, #"{"metadata":{"labels":{"d":"2"}}}"#,
      [#".metadata.labels[a.b/c] "1" -"#, #".metadata.labels.d - "2""#]
    ),
    (
      #"{"spec":{"template":{"spec":{"containers":[{"name":"a","image":"x"},{"name":"b"}]}}}}"#,
      #"{"spec":{"template":{"spec":{"containers":[{"name":"c"},{"name":"a","image":"y"}]}}}}"#,
      [
        #".spec.template.spec.containers[name=b] {"name":"b"} -"#,
        #".spec.template.spec.containers[name=c] - {"name":"c"}"#,
        #".spec.template.spec.containers[name=a].image "x" "y""#,
      ]
    ),
    (
      #"{"spec":{"template":{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}}}"#,
      #"{"spec":{"template":{"spec":{"containers":[{"name":"b"},{"name":"a"}]}}}}"#,
      [#"order .spec.template.spec.containers [{"name":"a"},{"name":"b"}] [{"name":"b"},{"name":"a"}]"#]
    ),
    (
      #"{"metadata":{"finalizers":["a","b"]}}"#, #"{"metadata":{"finalizers":["b","c"]}}"#,
      [#".metadata.finalizers[=a] "a" -"#, #".metadata.finalizers[=c] - "c""#]
    ),
    (
      #"{"x":[{"a":1},{"b":2}]}"#, #"{"x":[{"a":1},{"b":3},{"c":4}]}"#,
      [".x[1].b 2 3", #".x[2] - {"c":4}"#]
    ),
    (#"{"x":["a"]}"#, #"{"x":["a","b"]}"#, [#".x ["a"] ["a","b"]"#]),
    (#"{"x":1}"#, #"{"x":1}"#, []),
  ])
  func changes(before: String, after: String, expected: [String]) throws {
    #expect(try text(before, after) == expected)
  }

  @Test(arguments: [
    (".spec.containers[name=api].image", ".spec.containers[name=api].image"),
    ("spec.containers[0].image", ".spec.containers[0].image"),
    (".metadata.annotations[a.b/c]", ".metadata.annotations[a.b/c]"),
    (".spec.ports[port=80,protocol=TCP].name", ".spec.ports[port=80,protocol=TCP].name"),
    (".status.podIPs[ip=10.0.0.1]", ".status.podIPs[ip=10.0.0.1]"), (".x[name=\"80\"]", ".x[name=\"80\"]"),
    (".metadata.finalizers[=a/b]", ".metadata.finalizers[=a/b]"), (".", "."), (".a[\"0\"]", ".a[\"0\"]"),
  ])
  func paths(text: String, printed: String) throws {
    let path = try #require(FieldPath(text))
    #expect(path.description == printed)
    #expect(FieldPath(path.description) == path)
  }

  @Test(arguments: ["..", "a..b", ".a[", ".a[]", ".a[x=]", ".a]b[", ".a[=", "a[0]b", ".a[x=1,"])
  func badPaths(text: String) { #expect(FieldPath(text) == nil) }

  @Test func pathsLeadToValues() throws {
    let object = try parse(#"{"spec":{"containers":[{"name":"a","image":"x"}],"f":["p","q"]}}"#)
    #expect(FieldPath(".spec.containers[name=a].image")?.value(in: object) == "x")
    #expect(FieldPath(".spec.containers[1]")?.value(in: object) == nil)
    #expect(FieldPath(".spec.f[=q]")?.value(in: object) == "q")
    #expect(FieldPath(".spec.containers[0].image")?.validation == "spec.containers[0].image")
  }
}
