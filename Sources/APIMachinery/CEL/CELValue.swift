import Basics

/// A value of the Common Expression Language. Objects of the API stay trees and are read as needed.
public indirect enum CELValue: Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case uint(UInt)
  case double(Double)
  case string(String)
  case bytes([UInt8])
  case list([CELValue])
  case map([(key: CELValue, value: CELValue)])
  /// An object of the API with its type, if known.
  case object(Value, SchemaType?)
  /// Nanoseconds.
  case duration(Int)
  /// Seconds since 1970 and nanoseconds.
  case timestamp(Int, Int)
  case type(String)
  case optional(CELValue?)
  case quantity(Quantity)
  /// An address, network or URL that was checked when it was made.
  case address(String)
  case network(String)
  case url(String)
}

/// Why an expression has no value; the text is that of cel-go.
public struct CELError: Error, Hashable, Sendable, CustomStringConvertible {
  public let message: String
  /// Where in the expression, in characters; nil where an evaluation failed.
  public let at: Int?
  public init(_ message: String, at: Int? = nil) {
    self.message = message
    self.at = at
  }
  public var description: String { message }

  static let overload = CELError("no such overload")
}

extension CELValue {
  /// A value of the API; the type tells times, durations, bytes and numbers from their JSON form.
  public init(_ value: Value, _ type: SchemaType? = nil) {
    let rules = type?.rules?.source
    switch value {
    case .null: self = .null
    case .bool(let b): self = .bool(b)
    case .small(let n): self = type?.shape == .double ? .double(Double(n)) : .int(Int(n))
    case .number:
      if type?.shape != .double, let n = value.int {
        self = .int(n)
      } else {
        self = .double(value.double ?? 0)
      }
    case .string(let text):
      self = .string(text.string)
      guard let format = rules?["format"].string else { return }
      if format == "date-time", let time = CELTime.timestamp(text.string) { self = time }
      if format == "duration", let time = CELTime.duration(text.string) { self = time }
      if format == "byte", let bytes = CELTime.base64(text.string) { self = .bytes(bytes) }
    case .array: self = .list(value.items.map { CELValue($0, type?.element) })
    case .object: self = .object(value, type)
    }
  }

  /// The name of the value's type, as cel-go writes it.
  var typeName: String {
    switch self {
    case .null: "null_type"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .list: "list"
    case .map, .object: "map"
    case .duration: "google.protobuf.Duration"
    case .timestamp: "google.protobuf.Timestamp"
    case .type: "type"
    case .optional: "optional_type"
    case .quantity: "kubernetes.Quantity"
    case .address: "net.IP"
    case .network: "net.CIDR"
    case .url: "kubernetes.URL"
    }
  }

  /// The entry of a map or object, or nil.
  func entry(_ key: CELValue) -> CELValue? {
    switch self {
    case .map(let all): return all.first { $0.key.equals(key) }?.value
    case .object(let value, let type):
      guard case .string(let name) = key else { return nil }
      let key = Key(name)
      guard let found = value.get(key) else { return nil }
      let inner = type?.shape == .map ? type?.element : type?.field(key)?.type
      return CELValue(found, inner)
    default: return nil
    }
  }

  /// The value as it stands in an object of the API; nil where none can hold it.
  public var apiValue: Value? {
    switch self {
    case .null: return .null
    case .bool(let b): return .bool(b)
    case .int(let n): return .int(n)
    case .uint(let n): return Int(exactly: n).map { .int($0) }
    case .double(let d):
      if let whole = Int(exactly: d) { return .int(whole) }
      guard d.isFinite, case .success(let parsed) = JSON.parse("\(d)") else { return nil }
      return parsed
    case .string(let text), .address(let text), .network(let text), .url(let text): return .string(text)
    case .bytes(let bytes): return .string(Base64.encode(bytes))
    case .object(let value, _): return value
    case .quantity(let amount): return .string(amount.canonical)
    case .optional(let inner): return inner?.apiValue
    case .list(let items):
      let made = items.compactMap(\.apiValue)
      return made.count == items.count ? .array(made) : nil
    case .map(let entries):
      var fields: [Field] = []
      for (key, value) in entries {
        // A field that is given as an empty optional is left out.
        if case .optional(nil) = value { continue }
        guard case .string(let name) = key, let made = value.apiValue else { return nil }
        fields.append(Field(Key(name), made))
      }
      return .object(fields)
    case .duration, .timestamp: return .string(CELFunctions.text(self))
    case .type: return nil
    }
  }

  /// The keys of a map or object, the items of a list.
  var elements: [CELValue]? {
    switch self {
    case .list(let items): items
    case .map(let all): all.map(\.key)
    case .object(let value, _): value.fields.map { .string($0.key.string) }
    default: nil
    }
  }

  var isMap: Bool {
    switch self {
    case .map, .object: true
    default: false
    }
  }

  func equals(_ other: CELValue) -> Bool {
    switch (self, other) {
    case (.null, .null): return true
    case (.bool(let a), .bool(let b)): return a == b
    case (.string(let a), .string(let b)), (.type(let a), .type(let b)), (.url(let a), .url(let b)),
      (.address(let a), .address(let b)), (.network(let a), .network(let b)):
      return a == b
    case (.bytes(let a), .bytes(let b)): return a == b
    case (.duration(let a), .duration(let b)): return a == b
    case (.timestamp(let a, let b), .timestamp(let c, let d)): return a == c && b == d
    case (.quantity(let a), .quantity(let b)): return a == b
    case (.list(let a), .list(let b)):
      return a.count == b.count && zip(a, b).allSatisfy { $0.equals($1) }
    case (.optional(let a), .optional(let b)):
      if let a, let b { return a.equals(b) }
      return a == nil && b == nil
    case (.object(let a, _), .object(let b, _)): return a == b
    default: break
    }
    if isMap && other.isMap {
      guard let keys = elements, let others = other.elements, keys.count == others.count else { return false }
      return keys.allSatisfy { key in
        guard let a = entry(key), let b = other.entry(key) else { return false }
        return a.equals(b)
      }
    }
    if let a = number, let b = other.number { return a == b }
    return false
  }

  /// -1, 0 or 1; nil where there is no order.
  func compare(_ other: CELValue) -> Int? {
    func order<T: Comparable>(_ a: T, _ b: T) -> Int { a < b ? -1 : a == b ? 0 : 1 }
    switch (self, other) {
    case (.int(let a), .int(let b)): return order(a, b)
    case (.uint(let a), .uint(let b)): return order(a, b)
    case (.string(let a), .string(let b)):
      return a == b ? 0 : a.utf8.lexicographicallyPrecedes(b.utf8) ? -1 : 1
    case (.bytes(let a), .bytes(let b)): return a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
    case (.bool(let a), .bool(let b)): return order(a ? 1 : 0, b ? 1 : 0)
    case (.duration(let a), .duration(let b)): return order(a, b)
    case (.timestamp(let a, let b), .timestamp(let c, let d)): return a == c ? order(b, d) : order(a, c)
    default:
      guard let a = number, let b = other.number, !a.isNaN, !b.isNaN else { return nil }
      return order(a, b)
    }
  }

  var number: Double? {
    switch self {
    case .int(let n): Double(n)
    case .uint(let n): Double(n)
    case .double(let d): d
    default: nil
    }
  }
}
