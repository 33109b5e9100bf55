/// Strict decoding as the API server does it: unknown fields, and values that the Go type cannot hold.
/// Messages are those of `encoding/json`, as the server's answer quotes them.
public struct SchemaCheck {
  private var findings: [SchemaFinding] = []
  private var steps: [SchemaFinding.Step] = []
  /// Names of the Go fields entered, which skip map keys and list positions.
  private var goFields: [GoField] = []

  /// A field, with the name of the struct without a name that it stands in; made text only when told.
  private struct GoField {
    var key: Key
    var embedded: String?
  }
  private var goStruct = ""

  /// All findings in document order (fields in key order).
  public static func check(_ object: Value, _ type: SchemaType) -> [SchemaFinding] {
    if type.rules != nil {
      var walk = StructuralWalk()
      _ = walk.prune(object, type)
      return walk.findings
    }
    var check = SchemaCheck()
    check.value(object, type)
    return check.findings
  }

  private mutating func value(_ value: Value, _ type: SchemaType) {
    if value.isNull { return }
    switch type.shape {
    case .any: return
    case .object: object(value, type)
    case .map: map(value, type)
    case .list: list(value, type)
    case .string: if value.text == nil { wrong(value, type) }
    case .bool: if value.bool == nil { wrong(value, type) }
    case .int32, .int64: integer(value, type)
    case .double: if value.double == nil || value.text != nil { wrong(value, type) }
    case .intOrString: intOrString(value)
    case .quantity: quantity(value)
    case .time, .microTime: time(value, type)
    case .bytes: bytes(value, type)
    case .schemaOrArray, .schemaOrBool, .schemaOrStrings: schemaOr(value, type)
    }
  }

  private mutating func object(_ value: Value, _ type: SchemaType) {
    guard case .object(let node) = value else { return wrong(value, type) }
    let outer = goStruct
    goStruct = type.name
    var next = 0
    for i in 0..<node.count {
      let field = node[i]
      while next < type.fields.count, type.fields[next].key < field.key { next += 1 }
      guard next < type.fields.count, type.fields[next].key == field.key else {
        unknown(field.key, type)
        continue
      }
      enter(type.fields[next], field.value)
    }
    goStruct = outer
  }

  private mutating func enter(_ field: SchemaField, _ given: Value) {
    steps.append(.field(field.key))
    goFields.append(GoField(key: field.key, embedded: field.embedded))
    value(given, field.type)
    goFields.removeLast()
    steps.removeLast()
  }

  private mutating func map(_ value: Value, _ type: SchemaType) {
    guard case .object(let node) = value else { return wrong(value, type) }
    guard let element = type.element else { return }
    if element.shape == .string && value.fields.allSatisfy({ $0.value.text != nil }) { return }
    for i in 0..<node.count {
      steps.append(.field(node[i].key))
      self.value(node[i].value, element)
      steps.removeLast()
    }
  }

  private mutating func list(_ value: Value, _ type: SchemaType) {
    guard case .array(let node) = value else { return wrong(value, type) }
    guard let element = type.element else { return }
    for i in 0..<node.count {
      steps.append(.index(i))
      self.value(node[i], element)
      steps.removeLast()
    }
  }

  private mutating func schemaOr(_ value: Value, _ type: SchemaType) {
    guard let element = type.element else { return }
    switch value {
    case .object: self.value(value, element)
    case .array(let node) where type.shape == .schemaOrArray:
      for i in 0..<node.count {
        steps.append(.index(i))
        self.value(node[i], element)
        steps.removeLast()
      }
    case .array where type.shape == .schemaOrStrings: return
    case .bool where type.shape == .schemaOrBool: return
    default:
      malformed(
        type.shape == .schemaOrBool ? "boolean or JSON schema expected" : "json schema expected", type)
    }
  }

  // MARK: - Scalars

  private mutating func integer(_ value: Value, _ type: SchemaType) {
    switch value {
    case .small: return
    case .number(let text):
      if type.shape == .int64, value.int != nil { return }
      wrong(value, type, number: text.string)
    default: wrong(value, type)
    }
  }

  private mutating func intOrString(_ value: Value) {
    switch value {
    case .small, .string: return
    case .number(let text):
      malformed("json: cannot unmarshal number \(text.string) into Go value of type int32", nil)
    default: malformed("json: cannot unmarshal \(Self.jsonName(value)) into Go value of type int32", nil)
    }
  }

  private mutating func quantity(_ value: Value) {
    let problem: Quantity.ParseError?
    switch value {
    case .small: return
    case .number(let text): problem = Self.problem(text.string)
    case .string(let text): problem = Self.problem(Self.trimmed(text.string))
    default: problem = .format
    }
    if let problem { malformed(problem.rawValue, nil) }
  }

  private static func problem(_ text: String) -> Quantity.ParseError? {
    if case .failure(let error) = Quantity.parse(text) { return error }
    return nil
  }

  /// Blanks around a quantity are passed over.
  private static func trimmed(_ text: String) -> String {
    let blank: (UInt8) -> Bool = { $0 == 0x20 || $0 >= 0x09 && $0 <= 0x0D }
    guard let first = text.utf8.first, let last = text.utf8.last, blank(first) || blank(last) else {
      return text
    }
    return String(
      decoding: text.utf8.drop(while: blank).reversed().drop(while: blank).reversed(), as: UTF8.self)
  }

  private mutating func time(_ value: Value, _ type: SchemaType) {
    guard let text = value.string else {
      return malformed("json: cannot unmarshal \(Self.jsonName(value)) into Go value of type string", type)
    }
    if let problem = ScalarText.timeProblem(text, micro: type.shape == .microTime) {
      malformed(problem, type)
    }
  }

  private mutating func bytes(_ value: Value, _ type: SchemaType) {
    guard let text = value.text else { return wrong(value, type) }
    guard let at = ScalarText.base64Problem(text.utf8) else { return }
    add(.wrongType, "illegal base64 data at input byte \(at)", type: "base64")
  }

  // MARK: - Findings

  private mutating func unknown(_ key: Key, _ type: SchemaType) {
    steps.append(.field(key))
    let name = key.string
    add(
      .unknownField, "unknown field \"\(SchemaFinding.path(steps))\"",
      suggestion: Spelling.nearest(name, type.fields.map { $0.key.string }), type: Self.bare(type.name))
    steps.removeLast()
  }

  private mutating func wrong(_ value: Value, _ type: SchemaType, number: String? = nil) {
    let what = number.map { "number \($0)" } ?? Self.jsonName(value)
    let into = Self.goName(type)
    let names = goFields.map { ($0.embedded.map { $0 + "." } ?? "") + $0.key.string }
    let place =
      names.isEmpty ? "Go value" : "Go struct field \(Self.bare(goStruct)).\(names.joined(separator: "."))"
    add(.wrongType, "json: cannot unmarshal \(what) into \(place) of type \(into)", type: into)
  }

  private mutating func malformed(_ message: String, _ type: SchemaType?) {
    add(.malformed, message, type: type.map(Self.goName) ?? "")
  }

  private mutating func add(
    _ code: SchemaFinding.Code, _ message: String, suggestion: String? = nil, type: String
  ) {
    findings.append(
      SchemaFinding(code: code, steps: steps, message: message, suggestion: suggestion, type: type))
  }

  static func jsonName(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .bool: "bool"
    case .small, .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  /// `v1.Container` without its package.
  private static func bare(_ name: String) -> String {
    guard let dot = name.utf8.firstIndex(of: 0x2E) else { return name }
    return String(name[name.utf8.index(after: dot)...])
  }

  /// A type as Go writes it: `[]v1.Container`, `map[string]string`.
  static func goName(_ type: SchemaType) -> String {
    switch type.shape {
    case .any: "interface {}"
    case .object: type.name
    case .map: "map[string]" + (type.element.map(goName) ?? "interface {}")
    case .list: "[]" + (type.element.map(goName) ?? "interface {}")
    case .string: type.name.isEmpty ? "string" : type.name
    case .bool: "bool"
    case .int32: "int32"
    case .int64: "int64"
    case .double: "float64"
    case .quantity: "resource.Quantity"
    case .intOrString: "intstr.IntOrString"
    case .time: "v1.Time"
    case .microTime: "v1.MicroTime"
    case .bytes: "[]uint8"
    case .schemaOrArray: "v1.JSONSchemaPropsOrArray"
    case .schemaOrBool: "v1.JSONSchemaPropsOrBool"
    case .schemaOrStrings: "v1.JSONSchemaPropsOrStringArray"
    }
  }
}
