/// One node of an object tree, in eight bytes: a JSON value whose subtrees are shared and never change.
///
/// Absent is not null is not empty: `get` tells them apart, subscripts read an absent field as `.null`.
/// Setting through a subscript copies the nodes on the path and shares everything else.
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

/// An immutable list of values with its hash.
public final class ArrayNode: @unchecked Sendable {
  public let count: Int
  public let hash: UInt64
  @usableFromInline let start: UnsafeMutablePointer<Value>

  /// Takes the elements from `from`, which are moved out.
  @inlinable public init(moving from: UnsafeMutablePointer<Value>, count: Int, hash: UInt64) {
    start = .allocate(capacity: max(count, 1))
    start.moveInitialize(from: from, count: count)
    self.count = count
    self.hash = hash
  }

  @inlinable deinit {
    start.deinitialize(count: count)
    start.deallocate()
  }

  @inlinable public subscript(_ i: Int) -> Value {
    precondition(i >= 0 && i < count)
    return start[i]
  }

  @inlinable public static func hash(_ items: UnsafePointer<Value>, _ count: Int) -> UInt64 {
    var h: UInt64 = 0xA5A5_0001 &+ UInt64(truncatingIfNeeded: count)
    for i in 0..<count { h = Value.mix(h, items[i].hash) }
    return h
  }
}

/// An immutable object: fields in byte order of their keys, no key twice, with its hash.
public final class ObjectNode: @unchecked Sendable {
  public let count: Int
  public let hash: UInt64
  @usableFromInline let start: UnsafeMutablePointer<Field>

  /// Takes the fields from `from`, which are moved out and must be sorted and unique.
  @inlinable public init(moving from: UnsafeMutablePointer<Field>, count: Int, hash: UInt64) {
    start = .allocate(capacity: max(count, 1))
    start.moveInitialize(from: from, count: count)
    self.count = count
    self.hash = hash
  }

  @inlinable deinit {
    start.deinitialize(count: count)
    start.deallocate()
  }

  @inlinable public subscript(_ i: Int) -> Field {
    precondition(i >= 0 && i < count)
    return start[i]
  }

  /// The position of `key`, or nil.
  @inlinable public func index(of key: Key) -> Int? {
    if count <= 16 {
      for i in 0..<count where start[i].key.id == key.id { return i }
      return nil
    }
    let i = insertion(of: key)
    return i < count && start[i].key == key ? i : nil
  }

  /// Where `key` stands or would stand.
  @inlinable public func insertion(of key: Key) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if start[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  @inlinable public static func hash(_ fields: UnsafePointer<Field>, _ count: Int) -> UInt64 {
    var h: UInt64 = 0xC3C3_0002 &+ UInt64(truncatingIfNeeded: count)
    for i in 0..<count {
      h = Value.mix(Value.mix(h, fields[i].key.textHash), fields[i].value.hash)
    }
    return h
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
  /// Equality of the trees; equal pointers settle it at once, unequal hashes too.
  public static func == (a: Value, b: Value) -> Bool {
    switch (a, b) {
    case (.null, .null): return true
    case (.bool(let x), .bool(let y)): return x == y
    case (.small(let x), .small(let y)): return x == y
    case (.number(let x), .number(let y)), (.string(let x), .string(let y)): return x == y
    case (.array(let x), .array(let y)):
      if x === y { return true }
      guard x.hash == y.hash && x.count == y.count else { return false }
      for i in 0..<x.count where x.start[i] != y.start[i] { return false }
      return true
    case (.object(let x), .object(let y)):
      if x === y { return true }
      guard x.hash == y.hash && x.count == y.count else { return false }
      for i in 0..<x.count where x.start[i].key != y.start[i].key || x.start[i].value != y.start[i].value {
        return false
      }
      return true
    default: return false
    }
  }
}

// MARK: - Reading

extension Value {
  public var isNull: Bool { if case .null = self { true } else { false } }
  public var isObject: Bool { if case .object = self { true } else { false } }
  public var isArray: Bool { if case .array = self { true } else { false } }

  /// The text of a string.
  public var text: Text? { if case .string(let t) = self { t } else { nil } }
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
  @inlinable public func get(_ key: Key) -> Value? {
    guard case .object(let o) = self, let i = o.index(of: key) else { return nil }
    return o.start[i].value
  }

  @inlinable public func has(_ key: Key) -> Bool {
    if case .object(let o) = self { o.index(of: key) != nil } else { false }
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
  public struct Items: RandomAccessCollection, Sendable {
    @usableFromInline let node: ArrayNode?
    @inlinable init(_ node: ArrayNode?) { self.node = node }
    @inlinable public var startIndex: Int { 0 }
    @inlinable public var endIndex: Int { node?.count ?? 0 }
    @inlinable public subscript(i: Int) -> Value { node![i] }
  }

  /// The fields of an object as a collection without copying.
  public struct Fields: RandomAccessCollection, Sendable {
    @usableFromInline let node: ObjectNode?
    @inlinable init(_ node: ObjectNode?) { self.node = node }
    @inlinable public var startIndex: Int { 0 }
    @inlinable public var endIndex: Int { node?.count ?? 0 }
    @inlinable public subscript(i: Int) -> Field { node![i] }
  }
}

// MARK: - Making and changing

extension Value {
  public static let emptyObject = Value.object(
    ObjectNode(moving: .allocate(capacity: 1), count: 0, hash: 0xC3C3_0002))
  public static let emptyArray = Value.array(
    ArrayNode(moving: .allocate(capacity: 1), count: 0, hash: 0xA5A5_0001))

  public static func string(_ s: String) -> Value { .string(Text.make(s)) }
  public static func string(_ k: Key) -> Value { .string(k.text) }

  /// An integer, kept small where it fits.
  public static func int(_ n: Int) -> Value {
    if let small = Int32(exactly: n) { return .small(small) }
    return .number(Text.make(String(n)))
  }

  public static func array(_ items: [Value]) -> Value {
    if items.isEmpty { return emptyArray }
    var copy = items
    return copy.withUnsafeMutableBufferPointer { buffer in
      let hash = ArrayNode.hash(buffer.baseAddress!, buffer.count)
      let room = UnsafeMutablePointer<Value>.allocate(capacity: buffer.count)
      room.initialize(from: buffer.baseAddress!, count: buffer.count)
      defer { room.deallocate() }
      return .array(ArrayNode(moving: room, count: buffer.count, hash: hash))
    }
  }

  /// An object of fields in any order; of equal keys the last wins.
  public static func object(_ fields: [Field]) -> Value {
    if fields.isEmpty { return emptyObject }
    var sorted = fields
    var ordered = true
    for i in 1..<max(sorted.count, 1) where !(sorted[i - 1].key < sorted[i].key) { ordered = false }
    if !ordered {
      let numbered = sorted.enumerated().sorted {
        $0.element.key == $1.element.key ? $0.offset < $1.offset : $0.element.key < $1.element.key
      }
      sorted.removeAll(keepingCapacity: true)
      for (_, field) in numbered {
        if sorted.last?.key == field.key { sorted.removeLast() }
        sorted.append(field)
      }
    }
    return objectOfSorted(sorted)
  }

  static func objectOfSorted(_ fields: [Field]) -> Value {
    if fields.isEmpty { return emptyObject }
    return fields.withUnsafeBufferPointer { buffer in
      let hash = ObjectNode.hash(buffer.baseAddress!, buffer.count)
      let room = UnsafeMutablePointer<Field>.allocate(capacity: buffer.count)
      room.initialize(from: buffer.baseAddress!, count: buffer.count)
      defer { room.deallocate() }
      return .object(ObjectNode(moving: room, count: buffer.count, hash: hash))
    }
  }

  /// An object of those pairs whose value is not nil.
  public static func fields(_ pairs: (Key, Value?)...) -> Value {
    .object(pairs.compactMap { pair in pair.1.map { Field(pair.0, $0) } })
  }

  /// A copy with `key` set to `value`.
  public func setting(_ key: Key, _ value: Value) -> Value {
    guard case .object(let o) = self else { return .object([Field(key, value)]) }
    var all: [Field] = []
    all.reserveCapacity(o.count + 1)
    let at = o.insertion(of: key)
    for i in 0..<at { all.append(o.start[i]) }
    all.append(Field(key, value))
    let after = at < o.count && o.start[at].key == key ? at + 1 : at
    for i in after..<max(after, o.count) { all.append(o.start[i]) }
    return Value.objectOfSorted(all)
  }

  /// A copy without `key`.
  public func removing(_ key: Key) -> Value {
    guard case .object(let o) = self, o.index(of: key) != nil else { return self }
    return Value.objectOfSorted(fields.filter { $0.key != key })
  }

  /// Reading an absent field gives `.null`; setting makes an object of what is none.
  public subscript(_ key: Key) -> Value {
    get { get(key) ?? .null }
    set { self = setting(key, newValue) }
  }

  /// The item at `i`, or `.null` outside; setting outside does nothing.
  public subscript(_ i: Int) -> Value {
    get {
      guard case .array(let a) = self, i >= 0, i < a.count else { return .null }
      return a.start[i]
    }
    set {
      guard case .array(let a) = self, i >= 0, i < a.count else { return }
      var copy = Array(Items(a))
      copy[i] = newValue
      self = .array(copy)
    }
  }

  public mutating func remove(_ key: Key) { self = removing(key) }

  /// Sets `key`, or removes it where `value` is nil.
  public mutating func set(_ key: Key, _ value: Value?) {
    if let value { self = setting(key, value) } else { self = removing(key) }
  }

  public mutating func append(_ item: Value) { self = .array(Array(items) + [item]) }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .int(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: Value...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (Key, Value)...) {
    self = .object(elements.map { Field($0.0, $0.1) })
  }
}
