/// One node of an object tree, in eight bytes: a JSON value whose subtrees are shared and never change.
///
/// Absent is not null is not empty: `get` tells them apart, subscripts read an absent field as `.null`.
/// Setting through a subscript changes the nodes on the path in place where nobody else has them; others it copies,
/// sharing everything beside the path.
public enum Value: @unchecked Sendable {
  case null
  case bool(Bool)
  case small(Int32)
  /// A number that is no 32-bit integer, with its canonical literal.
  case number(Text)
  case string(Text)
  case array(ArrayNode)
  case object(ObjectNode)
}

/// A field of an object node.
public struct Field: @unchecked Sendable {
  public let key: Key
  public let value: Value
  @inlinable public init(_ key: Key, _ value: Value) {
    self.key = key
    self.value = value
  }
}

extension Value {
  @inlinable static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var h = (a ^ b) &* 0x9FB2_1C65_1E98_DF25
    h ^= h >> 32
    return h &+ (a << 6)
  }

  /// A hash of the value that is equal on every run and machine.
  @inlinable public var hash: UInt64 {
    switch self {
    case .null: return 0x11
    case .bool(let b): return b ? 0x1357 : 0x2468
    case .small(let n): return Value.mix(0x77, UInt64(bitPattern: Int64(n)))
    case .number(let t): return Value.mix(0x99, t.hash)
    case .string(let t): return Value.mix(0xBB, t.hash)
    case .array(let a): return a.hash
    case .object(let o): return o.hash
    }
  }
}

extension Value: Equatable {
  /// Equality of the trees; equal bits settle it at once, unequal hashes too where they are known.
  @inlinable public static func == (a: Value, b: Value) -> Bool {
    ValueView.bits(a) == ValueView.bits(b) || ValueView.equal(a, b)
  }
}

// MARK: - Reading

extension Value {
  public var isNull: Bool { if case .null = self { true } else { false } }
  public var isObject: Bool { if case .object = self { true } else { false } }
  public var isArray: Bool { if case .array = self { true } else { false } }

  /// The text of a string.
  public var text: Text? { if case .string(let t) = self { t } else { nil } }
  /// Whether this is a string of exactly these bytes; nothing is counted or made.
  public func says(_ text: StaticString) -> Bool {
    defer { withExtendedLifetime(self) {} }
    guard case .string(let own) = ValueView.of(self) else { return false }
    return own._withUnsafeGuaranteedRef { $0.equals(text) }
  }

  public var string: String? { if case .string(let t) = self { t.string } else { nil } }
  public var bool: Bool? { if case .bool(let b) = self { b } else { nil } }

  /// The value of an integral number that fits 64 bits.
  public var int: Int? {
    switch self {
    case .small(let n): Int(n)
    case .number(let t): Int(t.string)
    default: nil
    }
  }

  /// The value of any number.
  public var double: Double? {
    switch self {
    case .small(let n): Double(n)
    case .number(let t): Double(t.string)
    default: nil
    }
  }

  /// Number of items or fields; 0 for other values.
  public var count: Int {
    switch self {
    case .array(let a): a.count
    case .object(let o): o.count
    default: 0
    }
  }

  public var isEmpty: Bool { count == 0 }

  /// The items of an array; nothing for other values.
  @inlinable public var items: Items { if case .array(let a) = self { Items(a) } else { Items(nil) } }

  /// The fields of an object in key order; nothing for other values.
  @inlinable public var fields: Fields { if case .object(let o) = self { Fields(o) } else { Fields(nil) } }

  /// The field, or nil if it is absent (or this is no object).
  public func get(_ key: Key) -> Value? {
    guard case .object(let node) = ValueView.of(self) else { return nil }
    return node._withUnsafeGuaranteedRef { node in node.index(of: key).map { node.values[$0] } }
  }

  /// Whether each field of `other` is here too, with an equal value.
  public func hasFields(of other: Value) -> Bool {
    defer { withExtendedLifetime((self, other)) {} }
    guard case .object(let wanted) = ValueView.of(other) else { return true }
    let mine = ValueView.of(self)
    return wanted._withUnsafeGuaranteedRef { wanted in
      for i in 0..<wanted.count {
        let place = mine.place(of: wanted.keys[i])
        if place == Value.absent || !ValueView.same(place, wanted.values + i) { return false }
      }
      return true
    }
  }

  public func has(_ key: Key) -> Bool {
    guard case .object(let node) = ValueView.of(self) else { return false }
    return node._withUnsafeGuaranteedRef { $0.index(of: key) != nil }
  }

  /// The node this value points to, for identity; nil for scalars that carry none.
  public var identity: ObjectIdentifier? {
    switch self {
    case .array(let a): ObjectIdentifier(a)
    case .object(let o): ObjectIdentifier(o)
    case .string(let t), .number(let t): ObjectIdentifier(t)
    default: nil
    }
  }

  /// The items of an array as a collection without copying.
  public struct Items: RandomAccessCollection, @unchecked Sendable {
    @usableFromInline let node: ArrayNode?
    @inlinable init(_ node: ArrayNode?) { self.node = node }
    @inlinable public var startIndex: Int { 0 }
    @inlinable public var endIndex: Int { node?.count ?? 0 }
    @inlinable public subscript(i: Int) -> Value { node![i] }
  }

  /// The fields of an object as a collection without copying.
  public struct Fields: RandomAccessCollection, @unchecked Sendable {
    @usableFromInline let node: ObjectNode?
    @inlinable init(_ node: ObjectNode?) { self.node = node }
    @inlinable public var startIndex: Int { 0 }
    @inlinable public var endIndex: Int { node?.count ?? 0 }
    @inlinable public subscript(i: Int) -> Field { node![i] }
  }
}
