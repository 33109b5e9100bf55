import Basics

/// The operators and functions of CEL and of Kubernetes' libraries (`apiserver/pkg/cel/library`).
enum CELFunctions {
  static let types: Set<String> = [
    "bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type",
  ]

  private static let plainNames: Set<String> = [
    "size", "int", "uint", "double", "string", "bytes", "bool", "duration", "timestamp", "type", "dyn",
    "quantity", "isQuantity", "url", "isURL", "ip", "isIP", "ip.isCanonical", "cidr", "isCIDR", "semver",
    "isSemver", "jsonpatch.escapeKey",
  ]

  /// Whether a function without a target is one of CEL's or of Kubernetes' libraries.
  static func isKnown(_ name: String) -> Bool {
    plainNames.contains(name) || operatorNames.contains(name)
      || ["optional.", "sets.", "math.", "strings.", "format."].contains { name.hasPrefix($0) }
  }
  private static let operatorNames: Set<String> = ["!", "neg", "in", "-", "+", "*", "/", "%"]

  /// Calls `name`; a method's target is the first argument.
  static func call(_ name: String, _ v: [CELValue], isMethod: Bool) throws(CELError) -> CELValue {
    if let result = try operators(name, v) { return result }
    if let result = try conversions(name, v) { return result }
    if let result = try CELTextFunctions.call(name, v) { return result }
    if let result = try CELListFunctions.call(name, v) { return result }
    if let result = try CELLibraries.call(name, v) { return result }
    throw .overload
  }

  private static func operators(_ name: String, _ v: [CELValue]) throws(CELError) -> CELValue? {
    switch (name, v.count) {
    case ("==", 2): return .bool(v[0].equals(v[1]))
    case ("!=", 2): return .bool(!v[0].equals(v[1]))
    case ("!", 1):
      guard case .bool(let b) = v[0] else { throw .overload }
      return .bool(!b)
    case ("neg", 1): return try negated(v[0])
    case ("<", 2), ("<=", 2), (">", 2), (">=", 2):
      guard let order = v[0].compare(v[1]) else { throw .overload }
      return .bool(name == "<" ? order < 0 : name == "<=" ? order <= 0 : name == ">" ? order > 0 : order >= 0)
    case ("jsonpatch.escapeKey", 1):
      guard case .string(let text) = v[0] else { throw .overload }
      return .string(JSONPatch.escaped(text))
    case ("in", 2):
      if case .list(let items) = v[1] { return .bool(items.contains { $0.equals(v[0]) }) }
      guard v[1].isMap else { throw .overload }
      return .bool(v[1].entry(v[0]) != nil)
    case ("+", 2), ("-", 2), ("*", 2), ("/", 2), ("%", 2): return try arithmetic(name, v[0], v[1])
    case ("size", 1):
      switch v[0] {
      case .string(let s): return .int(s.unicodeScalars.count)
      case .bytes(let b): return .int(b.count)
      case .list(let items): return .int(items.count)
      default:
        guard let keys = v[0].elements else { throw .overload }
        return .int(keys.count)
      }
    default: return nil
    }
  }

  private static func negated(_ value: CELValue) throws(CELError) -> CELValue {
    switch value {
    case .int(let n):
      let (result, overflow) = (0).subtractingReportingOverflow(n)
      if overflow { throw CELError("integer overflow") }
      return .int(result)
    case .double(let d): return .double(-d)
    default: throw .overload
    }
  }

  private static func arithmetic(_ name: String, _ a: CELValue, _ b: CELValue) throws(CELError) -> CELValue {
    switch (a, b) {
    case (.int(let x), .int(let y)): return .int(try integer(name, x, y, "integer overflow"))
    case (.uint(let x), .uint(let y)): return .uint(try integer(name, x, y, "unsigned integer overflow"))
    case (.double(let x), .double(let y)):
      switch name {
      case "+": return .double(x + y)
      case "-": return .double(x - y)
      case "*": return .double(x * y)
      case "/": return .double(x / y)
      default: throw .overload
      }
    case (.string(let x), .string(let y)) where name == "+": return .string(x + y)
    case (.bytes(let x), .bytes(let y)) where name == "+": return .bytes(x + y)
    case (.list(let x), .list(let y)) where name == "+": return .list(x + y)
    case (.duration(let x), .duration(let y)) where name == "+" || name == "-":
      return .duration(try integer(name, x, y, "duration overflow"))
    case (.timestamp(let s, let n), .duration(let d)) where name == "+" || name == "-":
      return moved(s, n, name == "+" ? d : 0 &- d)
    case (.duration(let d), .timestamp(let s, let n)) where name == "+": return moved(s, n, d)
    case (.timestamp(let s, let n), .timestamp(let t, let m)) where name == "-":
      let (seconds, overflow) = (s &- t).multipliedReportingOverflow(by: 1_000_000_000)
      if overflow { throw CELError("timestamp overflow") }
      return .duration(seconds &+ n &- m)
    default: throw .overload
    }
  }

  private static func moved(_ seconds: Int, _ nanoseconds: Int, _ by: Int) -> CELValue {
    var s = seconds &+ by / 1_000_000_000
    var n = nanoseconds &+ by % 1_000_000_000
    if n < 0 {
      n += 1_000_000_000
      s -= 1
    } else if n >= 1_000_000_000 {
      n -= 1_000_000_000
      s += 1
    }
    return .timestamp(s, n)
  }

  private static func integer<T: FixedWidthInteger>(
    _ name: String, _ x: T, _ y: T, _ words: String
  ) throws(CELError) -> T {
    let (result, overflow): (T, Bool)
    switch name {
    case "+": (result, overflow) = x.addingReportingOverflow(y)
    case "-": (result, overflow) = x.subtractingReportingOverflow(y)
    case "*": (result, overflow) = x.multipliedReportingOverflow(by: y)
    case "/":
      if y == 0 { throw CELError("division by zero") }
      (result, overflow) = x.dividedReportingOverflow(by: y)
    default:
      if y == 0 { throw CELError("modulus by zero") }
      (result, overflow) = x.remainderReportingOverflow(dividingBy: y)
    }
    if overflow { throw CELError(words) }
    return result
  }

  // MARK: - Conversions

  private static func conversions(_ name: String, _ v: [CELValue]) throws(CELError) -> CELValue? {
    guard v.count == 1 else { return nil }
    func failed(_ type: String) -> CELError {
      CELError("type conversion error from '\(v[0].typeName)' to '\(type)'")
    }
    switch name {
    case "int":
      switch v[0] {
      case .int: return v[0]
      case .uint(let n): return .int(Int(clamping: n))
      case .double(let d):
        guard abs(d) < 9.2e18 else { throw CELError("integer overflow") }
        return .int(Int(d))
      case .timestamp(let s, _): return .int(s)
      case .duration(let n): return .int(n)
      case .string(let s):
        guard let n = Int(s) else { throw failed("int") }
        return .int(n)
      default: throw .overload
      }
    case "uint":
      guard let number = v[0].number ?? (v[0].plain.flatMap { Double($0) }), number >= 0, number < 1.8e19
      else {
        throw failed("uint")
      }
      return .uint(UInt(number))
    case "double":
      if let number = v[0].number { return .double(number) }
      guard let number = v[0].plain.flatMap({ Double($0) }) else { throw failed("double") }
      return .double(number)
    case "string": return .string(text(v[0]))
    case "bytes": return .bytes(Array(text(v[0]).utf8))
    case "bool":
      if case .bool = v[0] { return v[0] }
      if let word = v[0].plain, ["true", "false", "True", "False", "t", "f", "1", "0"].contains(word) {
        return .bool(["true", "True", "t", "1"].contains(word))
      }
      throw failed("bool")
    case "duration":
      if case .duration = v[0] { return v[0] }
      guard let made = v[0].plain.flatMap({ CELTime.duration($0) }) else {
        throw failed("google.protobuf.Duration")
      }
      return made
    case "timestamp":
      if case .timestamp = v[0] { return v[0] }
      guard let made = v[0].plain.flatMap({ CELTime.timestamp($0) }) else {
        throw failed("google.protobuf.Timestamp")
      }
      return made
    case "type": return .type(v[0].typeName)
    case "dyn": return v[0]
    default: return nil
    }
  }

  /// A value as `string()` writes it.
  static func text(_ value: CELValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let b): b ? "true" : "false"
    case .int(let n): String(n)
    case .uint(let n): String(n)
    case .double(let d): d == d.rounded() && abs(d) < 1e15 ? String(Int(d)) : String(d)
    case .string(let s), .type(let s), .address(let s), .network(let s), .url(let s): s
    case .bytes(let b): String(decoding: b, as: UTF8.self)
    case .duration(let n): CELTime.durationText(n)
    case .timestamp(let s, let n): RFC3339.string(Instant(nanoseconds: Int64(s &* 1_000_000_000 &+ n)))
    case .quantity(let q): q.canonical
    case .optional(let inner): inner.map(text) ?? ""
    case .object(let value, _): CanonicalJSON.string(value)
    case .list(let items): "[" + items.map(text).joined(separator: ", ") + "]"
    case .map(let all): "{" + all.map { text($0.key) + ": " + text($0.value) }.joined(separator: ", ") + "}"
    }
  }
}

extension CELValue {
  /// The text of a string.
  var plain: String? { if case .string(let s) = self { s } else { nil } }
  var integer: Int? { if case .int(let n) = self { n } else { nil } }
}
