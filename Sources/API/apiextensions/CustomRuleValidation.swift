import APIMachinery

/// The expressions of a CRD's schema, compiled as the API server does when the definition is written
/// (`apiextensions/validation`, ValidateCustomResourceDefinitionOpenAPISchema; costs are not estimated).
struct CustomRuleValidation {
  private(set) var causes: [APIError.Cause] = []

  /// Looks at the rules of `schema` and of all below it; `path` is the schema's own.
  mutating func check(_ schema: Value, _ path: String, isRoot: Bool, depth: Int = 0) {
    guard depth < 500, schema.isObject else { return }
    let rules = schema["x-kubernetes-validations"]
    if !rules.isEmpty {
      let type =
        isRoot
        ? SchemaType.structural(schema, metadata: SchemaType(.any)) : SchemaType.structuralPart(schema)
      let environment = CELEnvironment.rule(type)
      for (i, rule) in rules.items.enumerated() where !rule.has("optionalOldSelf") {
        compile(rule, environment, "\(path).x-kubernetes-validations[\(i)]")
      }
    }
    for property in schema[.properties].fields {
      check(
        property.value, "\(path).properties[\(property.key.string)]", isRoot: false, depth: depth + 1)
    }
    check(schema[.items], path + ".items", isRoot: false, depth: depth + 1)
    check(schema[.additionalProperties], path + ".additionalProperties", isRoot: false, depth: depth + 1)
  }

  private mutating func compile(_ rule: Value, _ environment: CELEnvironment, _ path: String) {
    guard let text = rule["rule"].string, let problem = environment.problem(text, mustBe: .bool) else {
      return
    }
    func shown(_ key: Key) -> String { CanonicalJSON.string(.string(rule[key].string ?? "")) }
    let reason = rule[.reason].string.map { CanonicalJSON.string(.string($0)) } ?? "null"
    let whole =
      "{\"Rule\":\(shown("rule")),\"Message\":\(shown("message")),\"MessageExpression\":"
      + "\(shown("messageExpression")),\"Reason\":\(reason),\"FieldPath\":\(shown("fieldPath")),"
      + "\"OptionalOldSelf\":null}"
    causes.append(
      APIError.Cause(
        reason: "FieldValueInvalid", message: "Invalid value: \(whole): \(problem)", field: path + ".rule"))
  }
}

/// Objects within custom objects (`x-kubernetes-embedded-resource`) must say what they are
/// (`apiextensions-apiserver/pkg/apiserver/schema/objectmeta/validation.go`).
struct EmbeddedResourceValidation {
  private(set) var causes: [APIError.Cause] = []

  mutating func check(_ value: Value, _ type: SchemaType, _ path: String, isRoot: Bool, depth: Int = 0) {
    guard depth < 500 else { return }
    if !isRoot, type.rules?.isEmbeddedResource == true, value.isObject {
      for key in [Key.apiVersion, .kind] {
        let place = "\(path).\(key)"
        if !value.has(key) {
          causes.append(APIError.Cause(reason: "FieldValueRequired", message: "Required value", field: place))
        } else if value[key].string?.isEmpty ?? false {
          causes.append(
            APIError.Cause(
              reason: "FieldValueInvalid", message: "Invalid value: \"\": must not be empty", field: place))
        }
      }
    }
    if let element = type.element {
      for (i, item) in value.items.enumerated() {
        check(item, element, "\(path)[\(i)]", isRoot: false, depth: depth + 1)
      }
      for field in value.fields {
        check(field.value, element, "\(path)[\(field.key)]", isRoot: false, depth: depth + 1)
      }
    } else {
      for field in value.fields {
        guard let known = type.field(field.key) else { continue }
        let inner = path.isEmpty ? field.key.string : "\(path).\(field.key)"
        check(field.value, known.type, inner, isRoot: false, depth: depth + 1)
      }
    }
  }
}
