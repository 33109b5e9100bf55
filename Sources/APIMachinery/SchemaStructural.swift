/// Types from the structural schema of a CustomResourceDefinition
/// (`apiextensions-apiserver/pkg/apiserver/schema`).
extension SchemaType {
  /// The type of a custom kind's objects. `metadata` is the type of `metadata` of any kind.
  public static func structural(_ schema: Value, metadata: SchemaType) -> SchemaType {
    var maker = StructuralTypes(metadata: metadata)
    return maker.type(schema, isRoot: true, depth: 0)
  }

  /// The type of a part of a structural schema.
  public static func structuralPart(_ schema: Value) -> SchemaType {
    var maker = StructuralTypes(metadata: SchemaType(.any))
    return maker.type(schema, isRoot: false, depth: 0)
  }

  /// A value without what a structural schema below the root does not name.
  public static func pruned(_ value: Value, by schema: Value) -> Value {
    var maker = StructuralTypes(metadata: SchemaType(.any))
    var walk = StructuralWalk()
    return walk.prune(value, maker.type(schema, isRoot: false, depth: 0))
  }
}

private struct StructuralTypes {
  let metadata: SchemaType
  let text = SchemaType(.string)
  let anything = SchemaType(.any)

  init(metadata: SchemaType) { self.metadata = metadata }

  mutating func type(_ schema: Value, isRoot: Bool, depth: Int) -> SchemaType {
    let made = SchemaType(shape(schema, isRoot: isRoot || depth > 500))
    let rules = SchemaRules()
    rules.source = schema
    rules.nullable = schema[.nullable].bool == true
    rules.preservesUnknown = schema["x-kubernetes-preserve-unknown-fields"].bool == true
    rules.isEmbeddedResource = isRoot || schema["x-kubernetes-embedded-resource"].bool == true
    made.rules = rules
    made.allowed = schema["enum"].items.compactMap(\.string)
    switch made.shape {
    case .object: made.fields = fields(schema, rules, depth)
    case .map:
      let values = schema[.additionalProperties]
      made.element = values.isObject ? type(values, isRoot: false, depth: depth + 1) : anything
    case .list:
      made.element = type(schema[.items], isRoot: false, depth: depth + 1)
      switch schema["x-kubernetes-list-type"].string {
      case "set": made.listType = .set
      case "map": made.listType = .map
      case "atomic": made.listType = .atomic
      default: break
      }
      made.listKeys = schema["x-kubernetes-list-map-keys"].items.compactMap(\.text).map { Key(utf8: $0.utf8) }
    default: break
    }
    rules.hasRules =
      !schema["x-kubernetes-validations"].isEmpty || made.element?.rules?.hasRules == true
      || made.fields.contains { $0.type.rules?.hasRules == true }
    made.isAtomicMap = schema["x-kubernetes-map-type"].says("atomic")
    return made
  }

  private func shape(_ schema: Value, isRoot: Bool) -> SchemaType.Shape {
    if isRoot { return .object }
    if schema["x-kubernetes-int-or-string"].bool == true { return .intOrString }
    switch schema[.type].string {
    case "object":
      let values = schema[.additionalProperties]
      return schema[.properties].isEmpty && (values.isObject || values.bool == true) ? .map : .object
    case "array": return .list
    case "string": return .string
    case "integer": return .int64
    case "number": return .double
    case "boolean": return .bool
    default: return schema[.properties].isEmpty ? .any : .object
    }
  }

  private mutating func fields(_ schema: Value, _ rules: SchemaRules, _ depth: Int) -> [SchemaField] {
    let required = schema[.required].items.compactMap(\.string)
    var all: [SchemaField] = []
    for property in schema[.properties].fields {
      if rules.isEmbeddedResource && [Key.apiVersion, .kind, .metadata].contains(property.key) { continue }
      let field = SchemaField(property.key, type(property.value, isRoot: false, depth: depth + 1))
      field.isRequired = required.contains(property.key.string)
      field.defaultValue = property.value.get("default")
      all.append(field)
    }
    if rules.isEmbeddedResource {
      all += [
        SchemaField(.apiVersion, text), SchemaField(.kind, text), SchemaField(.metadata, metadata),
      ]
    }
    return all.sorted { $0.key < $1.key }
  }
}

/// Pruning and defaulting of custom objects (`apiserver/schema/pruning` and `…/defaulting`).
struct StructuralWalk {
  var findings: [SchemaFinding] = []
  private var steps: [SchemaFinding.Step] = []

  /// The object without unknown fields; each is a finding.
  mutating func prune(_ value: Value, _ type: SchemaType) -> Value {
    guard let rules = type.rules else { return pruneTyped(value, type) }
    switch type.shape {
    case .map:
      guard value.isObject, let element = type.element, element.shape != .any else { return value }
      return mapFields(value) { walk, field in walk.prune(field.value, element) }
    case .list:
      if value.isObject { return rules.preservesUnknown ? value : pruneFields(value, type) }
      guard value.isArray, let element = type.element else { return value }
      return mapItems(value) { walk, item in walk.prune(item, element) }
    default:
      // An object loses what its type does not name, also where the type is no object at all.
      guard value.isObject, type.shape == .object || !rules.preservesUnknown else { return value }
      return pruneFields(value, type)
    }
  }

  private mutating func pruneTyped(_ value: Value, _ type: SchemaType) -> Value {
    for found in SchemaCheck.check(value, type) {
      let steps = steps + found.steps
      let message =
        found.code == .unknownField ? "unknown field \"\(SchemaFinding.path(steps))\"" : found.message
      findings.append(
        SchemaFinding(
          code: found.code, steps: steps, message: message, suggestion: found.suggestion, type: found.type))
    }
    return SchemaDefault.apply(value, type)
  }

  private mutating func pruneFields(_ value: Value, _ type: SchemaType) -> Value {
    let keepsUnknown = type.rules?.preservesUnknown == true
    var kept: [Field] = []
    var isChanged = false
    for field in value.fields {
      steps.append(.field(field.key))
      defer { steps.removeLast() }
      if let known = type.field(field.key) {
        let new = prune(field.value, known.type)
        if !Self.isSame(new, field.value) { isChanged = true }
        kept.append(Field(field.key, new))
      } else if keepsUnknown {
        kept.append(field)
      } else {
        isChanged = true
        let path = SchemaFinding.path(steps)
        findings.append(
          SchemaFinding(
            code: .unknownField, steps: steps, message: "unknown field \"\(path)\"",
            suggestion: Spelling.nearest(field.key.string, type.fields.map { $0.key.string }), type: ""))
      }
    }
    return isChanged ? Value.objectOfSorted(kept) : value
  }

  /// The object with defaults where nothing is given, and without nulls that the type does not take.
  mutating func fill(_ value: Value, _ type: SchemaType) -> Value {
    guard type.rules != nil else { return value }
    switch type.shape {
    case .object:
      guard value.isObject else { return value }
      return fillFields(value, type)
    case .map:
      guard value.isObject, let element = type.element, let rules = element.rules else { return value }
      let nulls = value.fields.contains { $0.value.isNull } && !rules.nullable
      let base = nulls ? Value.objectOfSorted(value.fields.filter { !$0.value.isNull }) : value
      return mapFields(base) { walk, field in walk.fill(field.value, element) }
    case .list:
      guard value.isArray, let element = type.element else { return value }
      return mapItems(value) { walk, item in
        if item.isNull, element.rules?.nullable != true, let given = element.rules?.source.get("default") {
          return given
        }
        return walk.fill(item, element)
      }
    default: return value
    }
  }

  private mutating func fillFields(_ value: Value, _ type: SchemaType) -> Value {
    var result: [Field] = []
    var isChanged = false
    var next = 0
    func addDefaults(before key: Key?) {
      while next < type.fields.count, key.map({ type.fields[next].key < $0 }) ?? true {
        if let given = type.fields[next].defaultValue, !given.isNull {
          var inner = StructuralWalk()
          result.append(Field(type.fields[next].key, inner.fill(given, type.fields[next].type)))
          isChanged = true
        }
        next += 1
      }
    }
    for field in value.fields {
      addDefaults(before: field.key)
      guard next < type.fields.count, type.fields[next].key == field.key else {
        result.append(field)
        continue
      }
      let known = type.fields[next]
      next += 1
      if field.value.isNull, let rules = known.type.rules, !rules.nullable {
        isChanged = true
        if let given = known.defaultValue, !given.isNull {
          result.append(Field(field.key, fill(given, known.type)))
        }
        continue
      }
      let new = fill(field.value, known.type)
      if !Self.isSame(new, field.value) { isChanged = true }
      result.append(Field(field.key, new))
    }
    addDefaults(before: nil)
    return isChanged ? Value.objectOfSorted(result) : value
  }

  // MARK: -

  private mutating func mapFields(
    _ value: Value, _ change: (inout StructuralWalk, Field) -> Value
  ) -> Value {
    var all: [Field] = []
    var isChanged = false
    for field in value.fields {
      steps.append(.field(field.key))
      let new = change(&self, field)
      steps.removeLast()
      if !Self.isSame(new, field.value) { isChanged = true }
      all.append(Field(field.key, new))
    }
    return isChanged ? Value.objectOfSorted(all) : value
  }

  private mutating func mapItems(
    _ value: Value, _ change: (inout StructuralWalk, Value) -> Value
  ) -> Value {
    var all: [Value] = []
    var isChanged = false
    for (i, item) in value.items.enumerated() {
      steps.append(.index(i))
      let new = change(&self, item)
      steps.removeLast()
      if !Self.isSame(new, item) { isChanged = true }
      all.append(new)
    }
    return isChanged ? .array(all) : value
  }

  /// Whether a walk gave the same node back.
  private static func isSame(_ a: Value, _ b: Value) -> Bool {
    if let x = a.identity, let y = b.identity { return x == y }
    return a == b
  }
}
