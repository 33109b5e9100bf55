/// Validation of a custom object by its CRD's schema, in the order and the words of the API server
/// (`kube-openapi/pkg/validation/validate`, `apiextensions-apiserver/pkg/apiserver/validation`).
///
/// Rules written in CEL (`x-kubernetes-validations`) are not run here.
public struct SchemaValidation {
  private let patterns: PatternCache
  private var depth = 0

  /// What is wrong with `object`, in the order of checking; `type` is a structural one.
  public static func validate(_ object: Value, _ type: SchemaType) -> [APIError.Cause] {
    guard let source = type.rules?.source else { return [] }
    var validation = SchemaValidation(patterns: .shared)
    var causes = validation.check(object, source, "", isRoot: true)
    var lists = SchemaListUniqueness()
    lists.check(object, type, "")
    causes += lists.causes
    return causes
  }

  /// The same for any value against any schema, as for a default in a CRD.
  public static func validate(_ value: Value, schema: Value) -> [APIError.Cause] {
    var validation = SchemaValidation(patterns: .shared)
    return validation.check(value, schema, "", isRoot: false)
  }

  /// Whether a finding keeps the CEL rules from being run; the server then tells of that in one more.
  public static func blocksRules(_ causes: [APIError.Cause]) -> Bool {
    let blocking: Set<String> = [
      "FieldValueRequired", "FieldValueNotSupported", "FieldValueTooLong", "FieldValueTooMany",
      "FieldValueTypeInvalid",
    ]
    return causes.contains { blocking.contains($0.reason) }
  }

  /// The finding that tells so.
  public static let rulesNotChecked = APIError.Cause(
    reason: "FieldValueInvalid",
    message: "Invalid value: null: some validation rules were not checked because the object was invalid; "
      + "correct the existing errors to complete validation", field: "<nil>")

  // MARK: - One schema

  private mutating func check(
    _ value: Value, _ schema: Value, _ path: String, isRoot: Bool
  ) -> [APIError.Cause] {
    depth += 1
    defer { depth -= 1 }
    guard depth < 500, schema.isObject else { return [] }
    var causes: [APIError.Cause] = []
    typeCheck(value, schema, path, &causes)
    if value.isNull {
      if !(schema[.nullable].bool == true) { enumeration(value, schema, path, &causes) }
      return causes
    }
    combinations(value, schema, path, &causes)
    switch value {
    case .string(let text):
      string(text.string, schema, path, &causes)
      if let format = SchemaFormat(rawValue: schema["format"].string ?? ""), !format.accepts(text.string) {
        causes.append(Self.typeInvalid(path, format.rawValue, text.string))
      }
    case .small, .number: number(value, schema, path, &causes)
    case .array: list(value, schema, path, &causes)
    case .object, .bool, .null: break
    }
    enumeration(value, schema, path, &causes)
    if value.isObject { object(value, schema, path, isRoot: isRoot, &causes) }
    return causes
  }

  private func typeCheck(_ value: Value, _ schema: Value, _ path: String, _ causes: inout [APIError.Cause]) {
    var types = schema[.type].string.map { [$0] } ?? []
    if schema["x-kubernetes-int-or-string"].bool == true { types = ["integer", "string"] }
    let format = SchemaFormat(rawValue: schema["format"].string ?? "")
    if types.isEmpty && format == nil { return }
    func refuse(_ wanted: String, _ got: String) {
      causes.append(Self.typeInvalid(path, wanted, got))
    }
    if value.isNull {
      if !types.isEmpty && schema[.nullable].bool != true { refuse(types.joined(separator: ","), "null") }
      return
    }
    let (actual, actualFormat) = Self.jsonType(value)
    let isFloatInteger = actual == "number" && types.contains("integer") && Self.isWhole(value)
    let isIntegerFloat = actual == "integer" && types.contains("number")
    let fits = types.contains(actual) || isFloatInteger || isIntegerFloat
    let isTextual = value.text != nil || value.isArray
    if let format, !isTextual, !fits, actualFormat != format.rawValue {
      return refuse(format.rawValue, actualFormat)
    }
    if format != nil, isTextual, !types.contains("number"), !types.contains("integer") { return }
    if !types.isEmpty && !fits { refuse(types.joined(separator: ","), actual) }
  }

  static func jsonType(_ value: Value) -> (type: String, format: String) {
    switch value {
    case .null: ("null", "")
    case .bool: ("boolean", "")
    case .small: ("integer", "int64")
    case .number(let text):
      text.utf8.contains { $0 == 0x2E || $0 | 0x20 == 0x65 } ? ("number", "float64") : ("integer", "int64")
    case .string: ("string", "")
    case .array: ("array", "")
    case .object: ("object", "")
    }
  }

  private static func isWhole(_ value: Value) -> Bool {
    value.double.map { $0 == $0.rounded(.towardZero) && abs($0) < 9.007199254740992e15 } ?? false
  }

  private func enumeration(_ value: Value, _ schema: Value, _ path: String, _ causes: inout [APIError.Cause])
  {
    let allowed = schema["enum"]
    guard allowed.isArray, !allowed.isEmpty, !allowed.items.contains(where: { Self.sameNumber($0, value) })
    else {
      return
    }
    let names = allowed.items.map { "\"" + ($0.string ?? CanonicalJSON.string($0)) + "\"" }
    add(
      "FieldValueNotSupported", path,
      "Unsupported value: \(CanonicalJSON.string(value)): supported values: \(names.joined(separator: ", "))",
      &causes)
  }

  private static func sameNumber(_ a: Value, _ b: Value) -> Bool {
    if a == b { return true }
    if let x = a.double, let y = b.double, a.text == nil, b.text == nil { return x == y }
    return false
  }

  // MARK: - Scalars

  private func string(_ text: String, _ schema: Value, _ path: String, _ causes: inout [APIError.Cause]) {
    let value = ScalarText.quoted(text)
    if let most = schema["maxLength"].int, text.unicodeScalars.count > most {
      return add("FieldValueTooLong", path, "Too long: may not be more than \(most) bytes", &causes)
    }
    if let least = schema["minLength"].int, text.unicodeScalars.count < least {
      return invalid(path, value, "should be at least \(least) chars long", &causes)
    }
    if let pattern = schema["pattern"].string, patterns.matches(pattern, text) == false {
      invalid(path, value, "should match '\(pattern)'", &causes)
    }
  }

  private func number(_ value: Value, _ schema: Value, _ path: String, _ causes: inout [APIError.Cause]) {
    guard let given = value.double else { return }
    let shown = CanonicalJSON.string(value)
    if schema[.type].says("integer"), let problem = Self.rangeProblem(value, given, schema) {
      add("FieldValueInvalid", "<nil>", "Invalid value: \"\": Checked value \(problem) in \(path)", &causes)
    }
    if let step = schema["multipleOf"].double, step > 0 {
      let ratio = given / step
      if ratio != ratio.rounded() {
        invalid(path, shown, "should be a multiple of \(CanonicalJSON.string(schema["multipleOf"]))", &causes)
      }
    }
    if let most = schema["maximum"].double {
      let text = CanonicalJSON.string(schema["maximum"])
      if schema["exclusiveMaximum"].bool == true ? given >= most : given > most {
        let words = schema["exclusiveMaximum"].bool == true ? "less than" : "less than or equal to"
        invalid(path, shown, "should be \(words) \(text)", &causes)
      }
    }
    if let least = schema["minimum"].double {
      let text = CanonicalJSON.string(schema["minimum"])
      if schema["exclusiveMinimum"].bool == true ? given <= least : given < least {
        let words = schema["exclusiveMinimum"].bool == true ? "greater than" : "greater than or equal to"
        invalid(path, shown, "should be \(words) \(text)", &causes)
      }
    }
  }

  /// A number that its integer type does not hold.
  private static func rangeProblem(_ value: Value, _ given: Double, _ schema: Value) -> String? {
    let format = schema["format"].string ?? ""
    let fits = isWhole(value) || value.int != nil
    if fits && (format != "int32" || given >= -2_147_483_648 && given <= 2_147_483_647) { return nil }
    return "must be of type integer" + (format.isEmpty ? " (default format)" : " with format \(format)")
  }

  // MARK: - Lists and objects

  private mutating func list(
    _ value: Value, _ schema: Value, _ path: String, _ causes: inout [APIError.Cause]
  ) {
    let items = schema[.items]
    if items.isObject {
      for (i, item) in value.items.enumerated() {
        causes += check(item, items, "\(path)[\(i)]", isRoot: false)
      }
    }
    if let least = schema["minItems"].int, value.count < least {
      invalid(path, String(value.count), "should have at least \(least) items", &causes)
    }
    if let most = schema["maxItems"].int, value.count > most {
      let unit = most == 1 ? "item" : "items"
      add("FieldValueTooMany", path, "Too many: \(value.count): must have at most \(most) \(unit)", &causes)
    }
    if schema["uniqueItems"].bool == true,
      Set(value.items.map { CanonicalJSON.string($0) }).count < value.count
    {
      invalid(path, "\"\"", "shouldn't contain duplicates", &causes)
    }
  }

  private mutating func object(
    _ value: Value, _ schema: Value, _ path: String, isRoot: Bool, _ causes: inout [APIError.Cause]
  ) {
    if let least = schema["minProperties"].int, value.count < least {
      return invalid(path, String(value.count), "should have at least \(least) properties", &causes)
    }
    if let most = schema["maxProperties"].int, value.count > most {
      let unit = most == 1 ? "item" : "items"
      return add(
        "FieldValueTooMany", path, "Too many: \(value.count): must have at most \(most) \(unit)", &causes)
    }
    let properties = schema[.properties]
    let others = schema[.additionalProperties]
    for field in value.fields {
      let inner = path.isEmpty ? field.key.string : "\(path).\(field.key.string)"
      if let property = properties.get(field.key) {
        let isMeta = isRoot && [Key.apiVersion, .kind, .metadata].contains(field.key)
        if !isMeta { causes += check(field.value, property, inner, isRoot: false) }
      } else if others.isObject {
        causes += check(field.value, others, inner, isRoot: false)
      } else if others.bool == false, !isRoot {
        add(
          "FieldValueInvalid", path, "Invalid value: \"\": \(inner) in body is a forbidden property", &causes)
      }
    }
    for name in schema[.required].items {
      guard let name = name.string, !value.has(Key(name)), !isRoot || name != "metadata" else { continue }
      add("FieldValueRequired", path.isEmpty ? name : "\(path).\(name)", "Required value", &causes)
    }
  }

  // MARK: - anyOf, oneOf, allOf, not

  private mutating func combinations(
    _ value: Value, _ schema: Value, _ path: String, _ causes: inout [APIError.Cause]
  ) {
    if schema.has("anyOf"), schema["x-kubernetes-int-or-string"].bool != true || value.isObject {
      let (valid, best) = alternatives(value, schema["anyOf"], path)
      if valid == 0 && !schema["anyOf"].isEmpty {
        combined(path, "must validate at least one schema (anyOf)", &causes)
        causes += best
      }
    }
    if schema.has("oneOf"), !schema["oneOf"].isEmpty {
      let (valid, best) = alternatives(value, schema["oneOf"], path)
      if valid == 0 {
        combined(path, "must validate one and only one schema (oneOf). Found none valid", &causes)
        causes += best
      } else if valid > 1 {
        combined(
          path, "must validate one and only one schema (oneOf). Found \(valid) valid alternatives", &causes)
      }
    }
    if schema.has("allOf") {
      let all = schema["allOf"].items.map { check(value, $0, path, isRoot: false) }
      let valid = all.filter(\.isEmpty).count
      causes += all.flatMap { $0 }
      if valid < all.count {
        combined(
          path, "must validate all the schemas (allOf)" + (valid == 0 ? ". None validated" : ""), &causes)
      }
    }
    if let forbidden = schema.get("not"), forbidden.isObject,
      check(value, forbidden, path, isRoot: false).isEmpty
    {
      combined(path, "must not validate the schema (not)", &causes)
    }
  }

  /// How many of the schemas hold, and the findings of the one that came nearest.
  private mutating func alternatives(
    _ value: Value, _ schemas: Value, _ path: String
  ) -> (valid: Int, best: [APIError.Cause]) {
    var valid = 0
    var best: [APIError.Cause]?
    for schema in schemas.items {
      let found = check(value, schema, path, isRoot: false)
      if found.isEmpty { valid += 1 }
      if best == nil { best = found }
    }
    return (valid, best ?? [])
  }

  // MARK: - Findings

  private func combined(_ path: String, _ words: String, _ causes: inout [APIError.Cause]) {
    add("FieldValueInvalid", "<nil>", "Invalid value: \"\": \"\(path)\" \(words)", &causes)
  }

  private func invalid(_ path: String, _ value: String, _ words: String, _ causes: inout [APIError.Cause]) {
    add("FieldValueInvalid", path, "Invalid value: \(value): \(path) in body \(words)", &causes)
  }

  private func add(_ reason: String, _ path: String, _ message: String, _ causes: inout [APIError.Cause]) {
    causes.append(APIError.Cause(reason: reason, message: message, field: path.isEmpty ? "<nil>" : path))
  }

  private static func typeInvalid(_ path: String, _ wanted: String, _ got: String) -> APIError.Cause {
    let shown = ScalarText.quoted(got)
    return APIError.Cause(
      reason: "FieldValueTypeInvalid",
      message: "Invalid value: \(shown): \(path) in body must be of type \(wanted): \(shown)",
      field: path.isEmpty ? "<nil>" : path)
  }
}

/// `x-kubernetes-list-type: set` and `map`: no two items alike (`apiserver/schema/listtype`).
struct SchemaListUniqueness {
  var causes: [APIError.Cause] = []

  mutating func check(_ value: Value, _ type: SchemaType, _ path: String) {
    guard type.rules != nil else { return }
    switch type.shape {
    case .object:
      for field in value.fields {
        guard let known = type.field(field.key) else { continue }
        check(field.value, known.type, path.isEmpty ? field.key.string : "\(path).\(field.key.string)")
      }
    case .map:
      guard let element = type.element else { return }
      for field in value.fields { check(field.value, element, "\(path).\(field.key.string)") }
    case .list:
      guard let element = type.element, value.isArray else { return }
      for (i, item) in value.items.enumerated() { check(item, element, "\(path)[\(i)]") }
      items(value, type, path)
    default: return
    }
  }

  private mutating func items(_ value: Value, _ type: SchemaType, _ path: String) {
    guard let kind = type.listType, kind != .atomic else { return }
    var seen: Set<String> = []
    for (i, item) in value.items.enumerated() {
      var identity = item
      if kind == .map {
        if item.isNull { continue }
        guard item.isObject else {
          add(
            "FieldValueInvalid", "\(path)[\(i)]",
            "Invalid value: \(CanonicalJSON.string(item)): must be an object for an array of list-type map")
          continue
        }
        identity = .object(
          type.listKeys.compactMap { key in
            (item.get(key) ?? type.element?.field(key)?.defaultValue).map { Field(key, $0) }
          })
      }
      let text = CanonicalJSON.string(identity)
      if !seen.insert(text).inserted {
        add("FieldValueDuplicate", "\(path)[\(i)]", "Duplicate value: \(text)")
      }
    }
  }

  private mutating func add(_ reason: String, _ field: String, _ message: String) {
    causes.append(APIError.Cause(reason: reason, message: message, field: field))
  }
}
