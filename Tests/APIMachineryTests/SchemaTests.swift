import APIMachinery
import Testing

/// The notation, decoding with defaults and the strict check, on a small type of their own.
struct SchemaTests {
  static let types: SchemaLibrary = {
    let text = """
      Widget:
        apiVersion: string; kind: string; size: int32? = 3; level: int32; on: bool;
        style: enum(Flat|Deep Blue) = Flat;
        parts: [Part by name] merge:name; inner: Inner+; other: Inner?; labels: {string}; cpu: quantity?;
        limits: {quantity}; seen: time+; port: intstr?; secret: bytes; raw: any?;
        names: [string set]; needed!: [string]+
      Part atomic:
        name!: string+; value: string?; when: time?+
      Inner:
        depth: int64; mode: string = deep; lun: int32? in:Source
      """
    do { return try SchemaLibrary([("test", text)]) } catch { preconditionFailure("\(error)") }
  }()

  static func value(_ json: String) throws -> Value { try JSON.parse(json).get() }

  @Test func notation() throws {
    let widget = try #require(Self.types["test.Widget"])
    let parts = try #require(widget.field("parts"))
    #expect(parts.type.listType == .map && parts.type.listKeys == [.name])
    #expect(parts.patchMergeKey == .name && parts.patchStrategy == .merge)
    #expect(parts.type.element?.isAtomicMap == true)
    #expect(widget.field("style")?.type.allowed == ["Flat", "Deep Blue"])
    #expect(widget.field("needed")?.isRequired == true)
    #expect(widget.field("names")?.type.listType == .set)
    #expect(widget.field("missing") == nil)
  }

  @Test(arguments: [
    "A:\n  x: nothing", "A:\n  x: [string by a", "A:\n  x string", "A:\n  x: {string",
    "A:\n  x: string wrong",
  ])
  func badNotation(_ text: String) {
    #expect(throws: SchemaLibrary.Problem.self) { try SchemaLibrary([("bad", text)]) }
  }

  @Test(arguments: [
    // Defaults, always-printed fields, and zeros that omitempty leaves out.
    (
      #"{}"#,
      #"{"inner":{"mode":"deep"},"needed":null,"seen":null,"size":3,"style":"Flat"}"#
    ),
    (
      #"""
      {"size":0,"level":0,"on":false,"style":"","inner":{"depth":0,"mode":"x"},
      "needed":[],"other":{},"parts":[]}
      """#,
      #"""
      {"inner":{"mode":"x"},"needed":[],"other":{"mode":"deep"},"seen":null,"size":0,
      "style":"Flat"}
      """#
    ),
    // Nulls, unknown fields and spellings.
    (
      #"""
      {"size":null,"unknown":1,"cpu":0.5,"limits":{"a":"1024Mi","b":null},
      "labels":{"a":null},"needed":["x"]}
      """#,
      #"""
      {"cpu":"500m","inner":{"mode":"deep"},"labels":{"a":""},"limits":{"a":"1Gi",
      "b":"0"},"needed":["x"],"seen":null,"size":3,"style":"Flat"}
      """#
    ),
    (
      #"""
      {"seen":"2020-01-01T02:00:00.5+02:00","needed":["a",null],
      "parts":[null,{"name":"n","when":null}],"secret":"YQ\n=="}
      """#,
      #"""
      {"inner":{"mode":"deep"},"needed":["a",""],"parts":[{"name":"",
      "when":null},{"name":"n","when":null}],"secret":"YQ==",
      "seen":"2020-01-01T00:00:00Z","size":3,"style":"Flat"}
      """#
    ),
  ])
  func decoding(_ given: String, _ wanted: String) throws {
    let type = try #require(Self.types["test.Widget"])
    let first = SchemaDefault.apply(try Self.value(given), type)
    #expect(CanonicalJSON.string(first) == CanonicalJSON.string(try Self.value(wanted)))
    // What is complete stays the same node.
    #expect(SchemaDefault.apply(first, type).identity == first.identity)
  }

  @Test(arguments: [
    (#"{"siez":1}"#, #"unknown field "siez""#),
    (
      #"{"inner":{"Depth":1},"parts":[{"name":"a"},{"name":"b","valu":1}]}"#,
      #"unknown field "inner.Depth""#
    ),
    (#"{"size":"3"}"#, "json: cannot unmarshal string into Go struct field Widget.size of type int32"),
    (#"{"size":1.5}"#, "json: cannot unmarshal number 1.5 into Go struct field Widget.size of type int32"),
    (
      #"{"size":99999999999}"#,
      "json: cannot unmarshal number 99999999999 into Go struct field Widget.size of type int32"
    ),
    (
      #"{"inner":{"lun":"x"}}"#,
      "json: cannot unmarshal string into Go struct field Inner.inner.Source.lun of type int32"
    ),
    (#"{"parts":{}}"#, "json: cannot unmarshal object into Go struct field Widget.parts of type []v1.Part"),
    (
      #"{"labels":{"a":1}}"#,
      "json: cannot unmarshal number into Go struct field Widget.labels of type string"
    ),
    (
      #"{"labels":[]}"#,
      "json: cannot unmarshal array into Go struct field Widget.labels of type map[string]string"
    ),
    (
      #"{"seen":"now"}"#,
      #"parsing time "now" as "2006-01-02T15:04:05Z07:00": cannot parse "now" as "2006""#
    ),
    (#"{"secret":"a"}"#, "illegal base64 data at input byte 0"),
    (#"{"secret":"YQ="}"#, "illegal base64 data at input byte 3"),
    (
      #"{"cpu":"1x"}"#,
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    ),
    (#"{"port":true}"#, "json: cannot unmarshal bool into Go value of type int32"),
  ])
  func check(_ given: String, _ wanted: String) throws {
    let type = try #require(Self.types["test.Widget"])
    let found = SchemaCheck.check(try Self.value(given), type)
    #expect(found.first?.message == wanted)
  }

  @Test func suggestionsAndPlaces() throws {
    let type = try #require(Self.types["test.Widget"])
    let found = SchemaCheck.check(try Self.value(#"{"parts":[{"name":"a"},{"name":"b","valeu":1}]}"#), type)
    #expect(found.count == 1)
    #expect(found[0].path == "parts[1].valeu" && found[0].suggestion == "value" && found[0].type == "Part")
    #expect(
      SchemaCheck.check(try Self.value(#"{"size":3,"raw":{"x":[1]},"port":"a","cpu":1}"#), type).isEmpty)
  }
}
