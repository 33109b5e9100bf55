import APIMachinery

/// The expressions of a CRD's schema, compiled as the API server does when the definition is written
/// (`apiextensions/validation`, ValidateCustomResourceDefinitionOpenAPISchema), and what they may cost.
struct CustomRuleValidation {
  private(set) var causes: [APIError.Cause] = []
  private var budget = CELBudget()

  /// What is wrong with the rules of a whole schema.
  static func causes(_ schema: Value, _ path: String) -> [APIError.Cause] {
    var rules = CustomRuleValidation()
    rules.check(schema, path, isRoot: true, times: 1)
    return rules.causes + rules.budget.refusals(path)
  }

  /// Looks at the rules of `schema` and of all below it; `path` is the schema's own, `times` how often its part
  /// may occur in an object.
  private mutating func check(
    _ schema: Value, _ path: String, isRoot: Bool, times: UInt64?, depth: Int = 0
  ) {
    guard depth < 500, schema.isObject else { return }
    let rules = schema["x-kubernetes-validations"]
    if !rules.isEmpty {
      let type =
        isRoot
        ? SchemaType.structural(schema, metadata: SchemaType(.any)) : SchemaType.structuralPart(schema)
      let environment = CELEnvironment.rule(type)
      for (i, rule) in rules.items.enumerated() where !rule.has(.optionalOldSelf) {
        let place = "\(path).x-kubernetes-validations[\(i)]"
        cost(rule, schema, isRoot, times, place)
        compile(rule, environment, place)
      }
    }
    func inner(_ limit: Key) -> UInt64? {
      guard let times, let most = schema[limit].int else { return nil }
      return times.multipliedReportingOverflow(by: UInt64(Swift.max(most, 0))).partialValue
    }
    for property in schema[.properties].fields {
      check(
        property.value, "\(path).properties[\(property.key.string)]", isRoot: false, times: times,
        depth: depth + 1)
    }
    check(schema[.items], path + ".items", isRoot: false, times: inner(.maxItems), depth: depth + 1)
    check(
      schema[.additionalProperties], path + ".additionalProperties", isRoot: false,
      times: inner(.maxProperties), depth: depth + 1)
  }

  private mutating func cost(
    _ rule: Value, _ schema: Value, _ isRoot: Bool, _ times: UInt64?, _ place: String
  ) {
    for (key, isMessage) in [(Key.rule, false), (.messageExpression, true)] {
      guard let source = rule[key].string, !source.isEmpty else { continue }
      if let cause = budget.observe(
        source, schema: schema, isRoot: isRoot, times: times, isMessage: isMessage,
        at: "\(place).\(key.string)")
      {
        causes.append(cause)
      }
    }
  }

  private mutating func compile(_ rule: Value, _ environment: CELEnvironment, _ path: String) {
    for (key, type) in [(Key.rule, CELType.bool), (.messageExpression, .string)] {
      guard let text = rule[key].string, !text.isEmpty || key == .rule,
        let problem = environment.problem(text, mustBe: type)
      else { continue }
      refuse(rule, problem, "\(path).\(key.string)")
    }
  }

  private mutating func refuse(_ rule: Value, _ problem: String, _ place: String) {
    func shown(_ key: Key) -> String { CanonicalJSON.string(.string(rule[key].string ?? "")) }
    let reason = rule[.reason].string.map { CanonicalJSON.string(.string($0)) } ?? "null"
    let whole =
      "{\"Rule\":\(shown("rule")),\"Message\":\(shown("message")),\"MessageExpression\":"
      + "\(shown("messageExpression")),\"Reason\":\(reason),\"FieldPath\":\(shown("fieldPath")),"
      + "\"OptionalOldSelf\":null}"
    causes.append(
      APIError.Cause(
        reason: "FieldValueInvalid", message: "Invalid value: \(whole): \(problem)", field: place))
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
