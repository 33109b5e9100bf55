import API
import APIMachinery
import Testing

/// A CustomResourceDefinition's schema at work.
struct CustomKindTests {
  static let crd = """
    {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
     "metadata":{"name":"gears.ex.io"},
     "spec":{"group":"ex.io","scope":"Namespaced","names":{"plural":"gears","kind":"Gear",
      "shortNames":["gr"]},
     "versions":[{"name":"v1beta1","served":true,"storage":false,
      "schema":{"openAPIV3Schema":{"type":"object"}}},
      {"name":"v1","served":true,"storage":true,"subresources":{"status":{},
      "scale":{"specReplicasPath":".spec.replicas",
      "statusReplicasPath":".status.replicas"}},"schema":{"openAPIV3Schema":{"type":"object",
      "required":["spec"],
      "properties":{"spec":{"type":"object","required":["teeth"],"properties":{
       "teeth":{"type":"integer","minimum":1,"format":"int32"},"replicas":{"type":"integer",
      "default":2},
       "mode":{"type":"string","enum":["slow","fast"],"default":"slow"},"tag":{"type":"string",
      "pattern":"^[a-z]+$"},
       "port":{"x-kubernetes-int-or-string":true},"free":{"type":"object",
      "x-kubernetes-preserve-unknown-fields":true},
       "extra":{"type":"object","additionalProperties":{"type":"object",
      "properties":{"a":{"type":"string","default":"x"}}}},
       "axles":{"type":"array","maxItems":2,"x-kubernetes-list-type":"map",
      "x-kubernetes-list-map-keys":["id"],
        "items":{"type":"object","required":["id"],"properties":{"id":{"type":"string"}}}},
       "one":{"type":"object","properties":{"l":{"type":"string"},"r":{"type":"string"}},
        "oneOf":[{"required":["l"]},{"required":["r"]}]}
      }}}}}}]}}
    """

  static func scheme() throws -> Scheme {
    let scheme = Scheme.builtin.copy()
    scheme.register(crd: try JSON.parse(crd).get())
    return scheme
  }

  static func gear(_ spec: String) throws -> Value {
    try JSON.parse(#"{"apiVersion":"ex.io/v1","kind":"Gear","metadata":{"name":"g"},"spec":\#(spec)}"#).get()
  }

  @Test func discovery() throws {
    let scheme = try Self.scheme()
    let info = try #require(scheme.info(named: "gr"))
    #expect(
      info.resourceName == "gears.ex.io" && info.versions == ["v1", "v1beta1"] && info.gvk.version == "v1")
    #expect(info.hasStatus && info.hasScale && info.namespaced && info.isCustom)
    #expect(scheme.info(named: "gears.v1beta1.ex.io") != nil)
    #expect(Scheme.builtin.info(named: "gr") == nil)
    scheme.unregister(crd: try JSON.parse(Self.crd).get())
    #expect(scheme.info(named: "gears") == nil)
  }

  @Test(arguments: [
    (#"{"teeth":3}"#, #"{"mode":"slow","replicas":2,"teeth":3}"#),
    (#"{"teeth":3,"mode":null,"tag":null,"x":1}"#, #"{"mode":"slow","replicas":2,"teeth":3}"#),
    (
      #"{"teeth":0,"mode":"","replicas":0,"free":{"a":null},"extra":{"k":{"b":1}}}"#,
      #"{"extra":{"k":{"a":"x"}},"free":{"a":null},"mode":"","replicas":0,"teeth":0}"#
    ),
  ])
  func pruningAndDefaults(_ spec: String, _ wanted: String) throws {
    let info = try #require(try Self.scheme().info(named: "gears"))
    #expect(CanonicalJSON.string(info.decoded(try Self.gear(spec))[.spec]) == wanted)
  }

  @Test(arguments: [
    (#"{"teeth":3}"#, ""), (#"{"teeth":1,"port":"http","one":{"l":"x"}}"#, ""),
    (#"{}"#, "spec.teeth: Required value"),
    (
      #"{"teeth":0}"#, "spec.teeth: Invalid value: 0: spec.teeth in body should be greater than or equal to 1"
    ),
    (
      #"{"teeth":"1"}"#,
      #"spec.teeth: Invalid value: "string": spec.teeth in body must be of type integer: "string""#
    ),
    (#"{"teeth":1,"mode":"x"}"#, #"spec.mode: Unsupported value: "x": supported values: "slow", "fast""#),
    (#"{"teeth":1,"tag":"A1"}"#, #"spec.tag: Invalid value: "A1": spec.tag in body should match '^[a-z]+$'"#),
    (#"{"teeth":1,"axles":[{"id":"a"},{"id":"a"}]}"#, #"spec.axles[1]: Duplicate value: {"id":"a"}"#),
    (
      #"{"teeth":1,"axles":[{"id":"a"},{"id":"b"},{"id":"c"}]}"#,
      "spec.axles: Too many: 3: must have at most 2 items"
    ),
    (
      #"{"teeth":1,"one":{"l":"x","r":"y"}}"#,
      #"<nil>: Invalid value: "": "spec.one" must validate one and only one schema (oneOf). "#
        + "Found 2 valid alternatives"
    ),
    (#"{"teeth":1,"replicas":-1}"#, ".spec.replicas: Invalid value: -1: should be a non-negative integer"),
  ])
  func validation(_ spec: String, _ wanted: String) throws {
    let info = try #require(try Self.scheme().info(named: "gears"))
    let causes = CustomValidation.validate(info.decoded(try Self.gear(spec)), info)
    #expect(causes.map { "\($0.field): \($0.message)" }.joined(separator: ", ") == wanted)
  }

  @Test func strictDecoding() throws {
    let info = try #require(try Self.scheme().info(named: "gears"))
    let error = info.decodingError(try Self.gear(#"{"teeth":1,"tooth":2,"axles":[{"id":"a","x":1}]}"#))
    #expect(
      error?.message == "Gear in version \"v1\" cannot be handled as a Gear: strict decoding error: "
        + #"unknown field "spec.axles[0].x", unknown field "spec.tooth""#)
  }

  @Test(arguments: [
    (#"{"min":1,"max":2}"#, nil, ""), (#"{"min":3,"max":2}"#, nil, "spec: Invalid value: min over max"),
    (#"{"min":1}"#, nil, #"spec: Invalid value: "object": no such key: max evaluating rule: min over max"#),
    (#"{"min":1,"max":2,"id":"b"}"#, #"{"id":"a"}"#, "spec.id: Forbidden: id stays"),
    (#"{"min":1,"max":2,"id":"b"}"#, nil, ""),
    (#"{"min":"x"}"#, nil, "spec.min: Invalid value"),
  ])
  func rules(_ spec: String, _ old: String?, _ wanted: String) throws {
    let schema = """
      {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","spec":{"group":"ex.io",
      "scope":"Namespaced","names":{"plural":"gears","kind":"Gear"},"versions":[{"name":"v1","served":true,
      "storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object",
      "properties":{"min":{"type":"integer"},"max":{"type":"integer"},"id":{"type":"string","x-kubernetes-validations":[
      {"rule":"self == oldSelf","message":"id stays","reason":"FieldValueForbidden"}]}},
      "x-kubernetes-validations":[{"rule":"self.min <= self.max","message":"min over max"}]}}}}}]}}
      """
    let info = try #require(KindInfo(crd: try JSON.parse(schema).get()))
    let causes = CustomValidation.validate(try Self.gear(spec), info, old: try old.map { try Self.gear($0) })
    let text = causes.map { "\($0.field): \($0.message)" }.joined(separator: ", ")
    #expect(wanted.isEmpty ? text.isEmpty : text.hasPrefix(wanted))
    // A wrong type keeps the rules from being run.
    #expect(causes.contains(SchemaValidation.rulesNotChecked) == (text.contains("must be of type")))
  }
}
