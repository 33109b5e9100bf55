import API
import APIMachinery
import Testing

/// What the API server says to a CustomResourceDefinition.
struct CustomDefinitionTests {
  /// A sound definition whose schema's `spec.x` is `x`, with `change` made to it.
  static func crd(_ x: String, _ change: (inout Value) -> Void = { _ in }) throws -> Value {
    let text = """
      {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
      "metadata":{"name":"gears.ex.io"},
      "spec":{"group":"ex.io","scope":"Namespaced","names":{"plural":"gears","kind":"Gear"},
      "versions":[{"name":"v1",
      "served":true,"storage":true,"schema":{
      "openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object",
      "properties":{"x":\(x)}}}}}}]}}
      """
    var value = try JSON.parse(text).get()
    CustomDefinition.defaults(&value)
    change(&value)
    CustomDefinition.prepareForCreate(&value)
    return value
  }

  static let place = "spec.validation.openAPIV3Schema.properties[spec].properties[x]"

  private static let unbounded =
    #""type":"array","items":{"type":"array","items":{"type":"string"}},"x-kubernetes-validations":[{"rule":"#

  @Test(arguments: [
    (unbounded + #""self.all(a, a.all(b, b.contains('x')))"}]"#, "more than 100x"),
    (
      #""type":"array","maxItems":3,"items":{"type":"array","maxItems":5,"items":{"type":"string","maxLength":9}},"#
        + #""x-kubernetes-validations":[{"rule":"self.all(a, a.all(b, b.contains('x')))"}]"#, ""
    ),
    (
      #""type":"object","additionalProperties":{"type":"string"},"#
        + #""x-kubernetes-validations":[{"rule":"self.all(k, !k.contains('*'))"}]"#, ""
    ),
    (
      #""type":"string","x-kubernetes-validations":[{"rule":"self.matches('^[a-z]{1,60}(x|y|z){1,60}$')"}]"#,
      ""
    ),
    (
      #""type":"array","maxItems":100,"items":{"type":"string","x-kubernetes-validations":"#
        + #"[{"rule":"self.matches('^[a-z]*$')"}]}"#, "6.3x"
    ),
    (
      #""type":"integer","x-kubernetes-validations":[{"rule":"self > 0","messageExpression":"'got ' + string(self)"}]"#,
      "more than 100x"
    ),
  ])
  func rulesAreEstimated(schema: String, factor: String) throws {
    let messages = CustomDefinitionValidation.validateCreate(try Self.crd("{\(schema)}")).map(\.message)
    let first = messages.first { $0.hasPrefix("Forbidden: estimated ") }
    #expect((first == nil) == factor.isEmpty, "\(messages)")
    #expect(first?.contains("by factor of \(factor) (try") ?? true, "\(messages)")
  }

  @Test(arguments: [
    (#"{"type":"string"}"#, "", ""), (#"{"x-kubernetes-int-or-string":true}"#, "", ""),
    (#"{}"#, ".type", "Required value: must not be empty for specified object fields"),
    (#"{"type":"array"}"#, ".items", "Required value: must be specified"),
    (#"{"type":"string","pattern":"("}"#, ".pattern", "Invalid value"),
    (
      #"{"type":"integer","minimum":1,"default":0}"#, ".default",
      "Invalid value: 0:  in body should be greater"
    ),
    (#"{"type":"object","default":{"a":1}}"#, ".default", #"Invalid value: {"a":1}: must not have unknown"#),
    (
      #"{"type":"string","anyOf":[{"type":"string"}]}"#, ".anyOf[0].type",
      "Forbidden: must be empty to be struct"
    ),
    (
      #"{"type":"array","x-kubernetes-list-type":"set","items":{"type":"object"}}"#,
      ".items.x-kubernetes-map-type", "Invalid value: null: must be atomic as item of a list"
    ),
  ])
  func schemas(_ x: String, _ field: String, _ message: String) throws {
    let causes = CustomDefinitionValidation.validateCreate(try Self.crd(x))
    if message.isEmpty {
      #expect(causes.isEmpty)
    } else {
      #expect(causes.first?.field == Self.place + field)
      #expect(causes.first?.message.hasPrefix(message) == true)
    }
  }

  @Test func namesAndVersions() throws {
    let bad = try Self.crd(#"{"type":"string"}"#) { crd in
      crd[.metadata][.name] = "gear.ex.io"
      crd[.spec][.scope] = "Global"
      crd[.spec][.versions][0][.storage] = false
    }
    #expect(
      CustomDefinitionValidation.validateCreate(bad).map(\.field) == [
        "metadata.name", "spec.scope", "spec.versions", "status.storedVersions",
      ])
  }

  @Test func lifeOfADefinition() throws {
    let new = try Self.crd(#"{"type":"string"}"#)
    #expect(new[.spec][.names][.listKind] == "GearList" && new[.spec][.names][.singular] == "gear")
    #expect(CanonicalJSON.string(new[.status][.storedVersions]) == #"["v1"]"#)
    let done = CustomDefinition.established(new, now: "2026-01-01T00:00:00Z")
    #expect(done.condition("Established")?[.status] == "True")
    #expect(done[.status][.acceptedNames] == done[.spec][.names])
    #expect(CustomDefinition.established(done, now: "2027-01-01T00:00:00Z") == done)

    var next = try Self.crd(#"{"type":"integer"}"#) { crd in
      crd[.spec][.scope] = "Cluster"
      crd[.spec][.versions][0][.name] = "v2"
    }
    CustomDefinition.prepareForUpdate(&next, old: done)
    #expect(CanonicalJSON.string(next[.status][.storedVersions]) == #"["v1","v2"]"#)
    #expect(
      CustomDefinitionValidation.validateUpdate(next, old: done).map(\.field) == [
        "spec.scope", "status.storedVersions[0]",
      ])
  }
}
