/// What is known of an expression's value before it is evaluated.
public enum CELType: Sendable {
  /// Known to be dynamic (`object` of an admission policy).
  case dyn
  /// Not told by this checker: never a reason to refuse.
  case unknown
  case bool, int, uint, double, string, bytes, timestamp, duration, null
  /// As a wish only: text or null.
  case stringOrNull
  /// A value that a schema describes.
  case schema(SchemaType)
  indirect case list(CELType)
  indirect case map(CELType)

  /// The name that cel-go gives the type.
  var name: String {
    switch self {
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .timestamp: "google.protobuf.Timestamp"
    case .duration: "google.protobuf.Duration"
    case .null: "null"
    case .list(let item): "list(\(item.name))"
    case .map(let item): "map(string, \(item.name))"
    case .schema: "object"
    case .dyn, .unknown, .stringOrNull: "dyn"
    }
  }

  /// The type of a field of a schema.
  init(_ type: SchemaType) {
    switch type.shape {
    case .string: self = .string
    case .bool: self = .bool
    case .int32, .int64: self = .int
    case .double: self = .double
    case .time, .microTime: self = .timestamp
    case .bytes: self = .bytes
    case .list: self = .list(type.element.map { CELType($0) } ?? .dyn)
    case .map: self = .map(type.element.map { CELType($0) } ?? .dyn)
    case .object: self = type.rules?.preservesUnknown == true ? .unknown : .schema(type)
    default: self = .dyn
    }
    if type.rules?.source["format"].string == "duration" { self = .duration }
  }
}

/// The names that an expression may use, and the check of an expression against them: syntax, undeclared
/// names, fields that a schema does not have, the type of the result (`cel-go/checker`, as far as a refusal of
/// the API server depends on it).
public struct CELEnvironment: Sendable {
  private var variables: [(name: String, type: CELType)]
  /// Fields of `variables` that are known; nil if there is no such variable.
  private var composed: Set<String>?
  private var isSchema = false

  /// The environment of admission policies and match conditions.
  public static func admission(hasParams: Bool, variables: Set<String>?) -> CELEnvironment {
    var names = ["object", "oldObject", "request", "namespaceObject", "authorizer"]
    if hasParams { names.append("params") }
    if variables != nil { names.append("variables") }
    return CELEnvironment(
      variables: names.map { ($0, $0 == "authorizer" || $0 == "request" ? .unknown : .dyn) },
      composed: variables)
  }

  /// The environment of a rule in a CRD's schema.
  public static func rule(_ type: SchemaType) -> CELEnvironment {
    CELEnvironment(
      variables: [("self", CELType(type)), ("oldSelf", CELType(type))], composed: nil, isSchema: true)
  }

  /// The environment of a selector of devices.
  public static let device = CELEnvironment(variables: [("device", .unknown)], composed: nil)

  public func without(_ name: String) -> CELEnvironment {
    var copy = self
    copy.variables.removeAll { $0.name == name }
    return copy
  }

  /// Why the API server refuses the expression, or nil.
  public func problem(_ source: String, mustBe wanted: CELType) -> String? {
    do {
      let root = try CELParser.parse(source)
      var check = CELCheck(variables: variables, composed: composed)
      let type = try check.type(of: root)
      return Self.accepts(wanted, type) ? nil : refusal(wanted)
    } catch {
      return "compilation failed: " + Self.report(error, source)
    }
  }

  private func refusal(_ wanted: CELType) -> String {
    switch wanted {
    case .bool: isSchema ? "cel expression must evaluate to a bool" : "must evaluate to bool"
    case .string: isSchema ? "messageExpression must evaluate to a string" : "must evaluate to string"
    case .stringOrNull: "must evaluate to one of [string null_type]"
    default: "must evaluate to \(wanted.name)"
    }
  }

  private static func accepts(_ wanted: CELType, _ given: CELType) -> Bool {
    switch (wanted, given) {
    case (.dyn, _), (_, .unknown), (.bool, .bool), (.string, .string), (.stringOrNull, .string),
      (.stringOrNull, .null):
      true
    default: false
    }
  }

  /// The error with its line and a mark under the place, as cel-go prints it.
  private static func report(_ error: CELError, _ source: String) -> String {
    var line = 1
    var column = 0
    var seen = 0
    var text = String.UnicodeScalarView()
    let at = error.at ?? 0
    for scalar in source.unicodeScalars {
      if scalar == "\n" {
        if seen >= at { break }
        line += 1
        column = 0
        text = .init()
      } else {
        text.append(scalar)
        if seen < at { column += 1 }
      }
      seen += 1
    }
    let mark = String(repeating: ".", count: column) + "^"
    return "ERROR: <input>:\(line):\(column + 1): \(error.message)\n | \(String(text))\n | \(mark)"
  }
}

/// One walk over an expression.
struct CELCheck {
  private var variables: [(name: String, type: CELType)]
  private let composed: Set<String>?

  init(variables: [(name: String, type: CELType)], composed: Set<String>?) {
    self.variables = variables
    self.composed = composed
  }

  mutating func type(of node: CELNode) throws(CELError) -> CELType {
    switch node {
    case .literal(let value): return Self.literal(value)
    case .name(let name, let at): return try variable(name, at)
    case .select(let inner, let field, let isOptional, let at):
      let found = try select(inner, field, at)
      return isOptional ? .unknown : found
    case .presence(let inner, let field):
      _ = try select(inner, field, 0)
      return .bool
    case .index(let inner, let index, _):
      _ = try type(of: index)
      switch try type(of: inner) {
      case .list(let item), .map(let item): return item
      case .dyn: return .dyn
      default: return .unknown
      }
    case .list(let items):
      var item: CELType?
      for one in items { item = Self.join(item, try type(of: one)) }
      return .list(item ?? .dyn)
    case .map(let entries):
      var item: CELType?
      for (key, value) in entries {
        _ = try type(of: key)
        item = Self.join(item, try type(of: value))
      }
      return .map(item ?? .dyn)
    case .object(_, let entries):
      for (_, value) in entries { _ = try type(of: value) }
      return .unknown
    case .and(let a, let b), .or(let a, let b):
      _ = try type(of: a)
      _ = try type(of: b)
      return .bool
    case .choice(let condition, let a, let b):
      _ = try type(of: condition)
      let first = try type(of: a)
      return Self.join(first, try type(of: b))
    case .macro(let name, let target, let names, let bodies):
      return try macro(name, target, names, bodies)
    case .call(let name, let target, let arguments, let at): return try call(name, target, arguments, at)
    }
  }

  private static func literal(_ value: CELValue) -> CELType {
    switch value {
    case .bool: .bool
    case .int: .int
    case .uint: .uint
    case .double: .double
    case .string: .string
    case .bytes: .bytes
    case .null: .null
    default: .unknown
    }
  }

  /// The common type of two branches or items.
  private static func join(_ a: CELType?, _ b: CELType) -> CELType {
    guard let a else { return b }
    switch (a, b) {
    case (.bool, .bool), (.int, .int), (.uint, .uint), (.double, .double), (.string, .string), (.null, .null):
      return b
    case (.dyn, .dyn): return .dyn
    default: return .unknown
    }
  }

  private func variable(_ name: String, _ at: Int) throws(CELError) -> CELType {
    if let found = variables.last(where: { $0.name == name }) { return found.type }
    if CELFunctions.types.contains(name) || name == "google" { return .unknown }
    throw CELError("undeclared reference to '\(name)' (in container '')", at: at)
  }

  private mutating func select(_ inner: CELNode, _ field: String, _ at: Int) throws(CELError) -> CELType {
    if case .name("variables", _) = inner, let composed {
      if composed.contains(field) { return .unknown }
      throw CELError("undefined field '\(field)'", at: at)
    }
    switch try type(of: inner) {
    case .dyn: return .dyn
    case .map(let item): return item
    case .schema(let type):
      if let known = type.field(Key(field)) { return CELType(known.type) }
      // Names with `__` stand for ones that are no identifiers (`cel/escaping.go`); not told here.
      if field.contains("__") { return .unknown }
      if type.rules?.isEmbeddedResource == true || ["apiVersion", "kind", "metadata"].contains(field) {
        return .unknown
      }
      throw CELError("undefined field '\(field)'", at: at)
    case .bool, .int, .uint, .double, .string, .bytes, .list:
      throw CELError("type '\(try type(of: inner).name)' does not support field selection", at: at)
    default: return .unknown
    }
  }

  private mutating func macro(
    _ name: String, _ target: CELNode, _ names: [String], _ bodies: [CELNode]
  ) throws(CELError) -> CELType {
    let range = try type(of: target)
    let depth = variables.count
    defer { variables.removeLast(variables.count - depth) }
    if name == "bind" {
      variables.append((names[0], range))
      return try type(of: bodies[0])
    }
    let item: CELType =
      switch range {
      case .list(let item): item
      case .map: .string
      case .dyn: .dyn
      default: .unknown
      }
    if names.count == 2 {
      variables.append((names[0], .unknown))
      if case .map(let value) = range {
        variables.append((names[1], value))
      } else {
        variables.append((names[1], item))
      }
    } else {
      variables.append((names[0], item))
    }
    var last = CELType.unknown
    for body in bodies { last = try type(of: body) }
    switch name {
    case "all", "exists", "exists_one", "existsOne": return .bool
    case "filter": return .list(item)
    default: return .list(last)
    }
  }

  private static let results: [String: CELType] = [
    "==": .bool, "!=": .bool, "<": .bool, "<=": .bool, ">": .bool, ">=": .bool, "in": .bool, "!": .bool,
    "size": .int, "contains": .bool, "startsWith": .bool, "endsWith": .bool, "matches": .bool,
    "string": .string, "int": .int, "uint": .uint, "double": .double, "bool": .bool, "bytes": .bytes,
    "timestamp": .timestamp, "duration": .duration, "dyn": .dyn, "lowerAscii": .string,
    "upperAscii": .string, "trim": .string, "replace": .string, "substring": .string, "join": .string,
    "charAt": .string, "format": .string, "indexOf": .int, "lastIndexOf": .int, "isSorted": .bool,
    "sum": .unknown, "isURL": .bool, "isQuantity": .bool, "isIP": .bool, "isCIDR": .bool,
    "sets.contains": .bool, "sets.equivalent": .bool, "sets.intersects": .bool, "find": .string,
    "findAll": .list(.string), "split": .list(.string), "hasValue": .bool,
  ]

  private mutating func call(
    _ name: String, _ target: CELNode?, _ arguments: [CELNode], _ at: Int
  ) throws(CELError) -> CELType {
    var given: [CELType] = []
    if let target { given.append(try type(of: target)) }
    for argument in arguments { given.append(try type(of: argument)) }
    switch name {
    case "+", "-", "*", "/", "%":
      try matching(name, given, at)
      if case .dyn = given[0] { return given.count == 2 ? Self.join(given[1], .dyn) : .dyn }
      return given[0]
    case "==", "!=", "<", "<=", ">", ">=": try matching(name, given, at)
    case "neg": return given[0]
    default: break
    }
    if let result = Self.results[name] { return result }
    if CELFunctions.isKnown(name) || target != nil { return .unknown }
    throw CELError("undeclared reference to '\(name)' (in container '')", at: at)
  }

  /// Two plain operands of different types have no operator.
  private func matching(_ name: String, _ given: [CELType], _ at: Int) throws(CELError) {
    guard given.count == 2 else { return }
    let plain: Set<String> = ["bool", "int", "uint", "double", "string", "bytes"]
    let names = given.map(\.name)
    guard plain.contains(names[0]), plain.contains(names[1]) else { return }
    let numbers: Set<String> = ["int", "uint", "double"]
    let isOrder = ["<", "<=", ">", ">="].contains(name)
    if names[0] == names[1] {
      if names[0] != "bool" || !["+", "-", "*", "/", "%"].contains(name) { return }
    } else if isOrder, numbers.contains(names[0]), numbers.contains(names[1]) {
      return
    }
    throw CELError(
      "found no matching overload for '_\(name)_' applied to '(\(names.joined(separator: ", ")))'", at: at)
  }
}
