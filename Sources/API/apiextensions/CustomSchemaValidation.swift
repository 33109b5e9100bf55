import APIMachinery

/// Whether a CRD's schema is a structural one
/// (`apiextensions-apiserver/pkg/apiserver/schema/validation.go` and `…/apiextensions/validation`).
struct CustomSchemaValidation {
  private var causes: [APIError.Cause] = []
  private var depth = 0

  static func validate(_ schema: Value, _ path: String) -> [APIError.Cause] {
    var validation = CustomSchemaValidation()
    validation.root(schema, path)
    // Defaults are looked at only in a schema that is sound otherwise.
    if validation.causes.isEmpty {
      validation.defaults(schema, path)
      validation.causes += CustomRuleValidation.causes(schema, path)
    }
    return validation.causes
  }

  private mutating func root(_ schema: Value, _ path: String) {
    if schema.has(.additionalProperties) {
      add("Forbidden", path + ".additionalProperties", "Forbidden: must not be used at the root")
    }
    node(schema, path)
    if schema.has(.type), !schema[.type].says("object") {
      invalid(path + ".type", schema[.type], "must be object at the root")
    } else if !schema.has(.type) {
      add("Required", path + ".type", "Required value: must not be empty at the root")
    }
    let metadata = schema[.properties][.metadata]
    let extra = metadata[.properties].fields.contains { $0.key != .name && $0.key != .generateName }
    if extra || metadata.has(.additionalProperties) {
      add(
        "Forbidden", "\(path).properties[metadata]",
        "Forbidden: must not specify anything other than name and generateName, but metadata is implicitly "
          + "specified")
    }
  }

  /// One schema of the structural part and all below it.
  private mutating func node(_ schema: Value, _ path: String) {
    depth += 1
    defer { depth -= 1 }
    guard depth < 500 else { return }
    if schema.has(.ref) { add("Forbidden", path + ".$ref", "Forbidden: $ref is not supported") }
    if schema[.uniqueItems].bool == true {
      add(
        "Forbidden", path + ".uniqueItems",
        "Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic")
    }
    if schema.has(.additionalProperties), !schema[.properties].isEmpty {
      add(
        "Forbidden", path + ".additionalProperties",
        "Forbidden: additionalProperties and properties are mutual exclusive")
    }
    type(schema, path)
    pattern(schema, path)
    extensions(schema, path)
    listKeys(schema, path)
    rules(schema, path)
    for property in schema[.properties].fields {
      let inner = "\(path).properties[\(property.key.string)]"
      typeOf(property.value, inner, "object fields")
      node(property.value, inner)
    }
    let values = schema[.additionalProperties]
    if values.isObject {
      typeOf(values, path + ".additionalProperties", "object fields")
      node(values, path + ".additionalProperties")
    }
    if schema[.items].isObject {
      typeOf(schema[.items], path + ".items", "array items")
      node(schema[.items], path + ".items")
    } else if schema[.type].says("array") {
      add("Required", path + ".items", "Required value: must be specified")
    }
    combinations(schema, path)
  }

  private mutating func type(_ schema: Value, _ path: String) {
    let known = ["array", "boolean", "integer", "number", "object", "string"]
    guard let given = schema[.type].string, !known.contains(given) else { return }
    let names = known.map { "\"\($0)\"" }.joined(separator: ", ")
    add("NotSupported", path + ".type", "Unsupported value: \"\(given)\": supported values: \(names)")
  }

  private mutating func typeOf(_ schema: Value, _ path: String, _ what: String) {
    let isFree =
      schema["x-kubernetes-int-or-string"].bool == true
      || schema["x-kubernetes-preserve-unknown-fields"].bool == true
    if !schema.has(.type), !isFree, !schema.has(.ref) {
      add("Required", path + ".type", "Required value: must not be empty for specified \(what)")
    }
  }

  private mutating func pattern(_ schema: Value, _ path: String) {
    guard let text = schema[.pattern].string else { return }
    do { _ = try RegularExpression(text) } catch {
      invalid(path + ".pattern", .string(text), "must be a valid regular expression, but isn't: \(error)")
    }
  }

  private mutating func extensions(_ schema: Value, _ path: String) {
    if schema["x-kubernetes-embedded-resource"].bool == true {
      if !schema[.type].says("object") {
        invalid(path + ".type", schema[.type], "must be object if x-kubernetes-embedded-resource is true")
      }
      if schema[.properties].isEmpty, schema["x-kubernetes-preserve-unknown-fields"].bool != true {
        add(
          "Required", path + ".properties",
          "Required value: must not be empty if x-kubernetes-embedded-resource is true without "
            + "x-kubernetes-preserve-unknown-fields")
      }
    }
    if schema["x-kubernetes-preserve-unknown-fields"].bool == false {
      invalid(path + ".x-kubernetes-preserve-unknown-fields", false, "must be true or undefined")
    }
  }

  private mutating func listKeys(_ schema: Value, _ path: String) {
    let items = schema[.items]
    let keys = schema["x-kubernetes-list-map-keys"]
    switch schema["x-kubernetes-list-type"].string {
    case "set":
      let isObject = items[.type].says("object") || items[.type].says("array")
      let mark = items[.type].says("array") ? "x-kubernetes-list-type" : "x-kubernetes-map-type"
      if isObject, !items[Key(mark)].says("atomic") {
        invalid(
          "\(path).items.\(mark)", items[Key(mark)],
          "must be atomic as item of a list with x-kubernetes-list-type=set")
      }
    case "map":
      if keys.isEmpty {
        add(
          "Required", path + ".x-kubernetes-list-map-keys",
          "Required value: must not be empty if x-kubernetes-list-type is map")
      }
      let names = keys.items.compactMap(\.string)
      if names.contains(where: { !items[.properties].has(Key($0)) }) {
        invalid(
          path + ".x-kubernetes-list-map-keys", keys, "entries must all be names of item properties")
        return
      }
      let required = items[.required].items.compactMap(\.string)
      for name in names where !required.contains(name) && !items[.properties][Key(name)].has(.`default`) {
        add(
          "Required", "\(path).items.properties[\(name)].default",
          "Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a "
            + "required property")
      }
    default: return
    }
  }

  private mutating func rules(_ schema: Value, _ path: String) {
    let reasons = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"]
    for (i, rule) in schema["x-kubernetes-validations"].items.enumerated() {
      let place = "\(path).x-kubernetes-validations[\(i)]"
      if (rule[.rule].string ?? "").allSatisfy(\.isWhitespace) {
        add("Required", place + ".rule", "Required value: rule is not specified")
      }
      if let reason = rule[.reason].string, !reasons.contains(reason) {
        let names = reasons.map { "\"\($0)\"" }.joined(separator: ", ")
        add(
          "NotSupported", place + ".reason", "Unsupported value: \"\(reason)\": supported values: \(names)")
      }
    }
  }

  /// Within `allOf`, `anyOf`, `oneOf` and `not` only values may be described, not structure.
  private mutating func combinations(_ schema: Value, _ path: String) {
    let isIntOrString = schema["x-kubernetes-int-or-string"].bool == true
    for name in ["allOf", "anyOf", "oneOf"] {
      for (i, part) in schema[Key(name)].items.enumerated() {
        valueOnly(part, "\(path).\(name)[\(i)]", mayType: isIntOrString)
      }
    }
    if schema[.not].isObject { valueOnly(schema[.not], path + ".not", mayType: false) }
  }

  private mutating func valueOnly(_ schema: Value, _ path: String, mayType: Bool) {
    depth += 1
    defer { depth -= 1 }
    guard depth < 500 else { return }
    for name in ["additionalProperties", "default", "description", "nullable", "title", "type"] {
      let given = schema[Key(name)]
      if given.isNull || given == false || name == "type" && mayType { continue }
      let words = name == "type" || name == "additionalProperties" ? "must be empty" : "must be undefined"
      add("Forbidden", "\(path).\(name)", "Forbidden: \(words) to be structural")
    }
    pattern(schema, path)
    for property in schema[.properties].fields {
      valueOnly(property.value, "\(path).properties[\(property.key.string)]", mayType: false)
    }
    if schema[.items].isObject { valueOnly(schema[.items], path + ".items", mayType: false) }
    for name in ["allOf", "anyOf", "oneOf"] {
      for (i, part) in schema[Key(name)].items.enumerated() {
        valueOnly(part, "\(path).\(name)[\(i)]", mayType: mayType)
      }
    }
    if schema[.not].isObject { valueOnly(schema[.not], path + ".not", mayType: false) }
  }

  /// A default must be of its own schema.
  private mutating func defaults(_ schema: Value, _ path: String) {
    depth += 1
    defer { depth -= 1 }
    guard depth < 500 else { return }
    if let value = schema.get(.`default`), !value.isNull {
      let place = path + ".default"
      let pruned = SchemaType.pruned(value, by: schema)
      if pruned != value {
        invalid(place, value, "must not have unknown fields")
      } else {
        for cause in SchemaValidation.validate(value, schema: schema) {
          causes.append(
            APIError.Cause(
              reason: cause.reason, message: cause.message,
              field: cause.field == "<nil>" ? place : "\(place).\(cause.field)"))
        }
      }
    }
    for property in schema[.properties].fields {
      defaults(property.value, "\(path).properties[\(property.key.string)]")
    }
    if schema[.items].isObject { defaults(schema[.items], path + ".items") }
    let values = schema[.additionalProperties]
    if values.isObject { defaults(values, path + ".additionalProperties") }
  }

  private mutating func invalid(_ path: String, _ value: Value, _ why: String) {
    add("Invalid", path, "Invalid value: \(CanonicalJSON.string(value)): \(why)")
  }

  private mutating func add(_ reason: String, _ path: String, _ message: String) {
    causes.append(APIError.Cause(reason: "FieldValue" + reason, message: message, field: path))
  }
}
