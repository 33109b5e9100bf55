/// A value looked at without owning it: the same bits as `Value`, but copying costs no reference count.
/// Valid only as long as the value it was taken from is kept alive.
@usableFromInline enum ValueView {
  case null
  case bool(Bool)
  case small(Int32)
  case number(Unmanaged<Text>)
  case string(Unmanaged<Text>)
  case array(Unmanaged<ArrayNode>)
  case object(Unmanaged<ObjectNode>)

  @inline(__always)
  init(_ pointer: UnsafePointer<Value>) {
    self = UnsafeRawPointer(pointer).loadUnaligned(as: ValueView.self)
  }

  /// The view of a value that somebody else keeps alive.
  @inline(__always)
  static func of(_ value: borrowing Value) -> ValueView { unsafeBitCast(bits(value), to: ValueView.self) }

  /// Equal bits are equal values; the reverse does not hold.
  @inlinable
  static func bits(_ value: borrowing Value) -> UInt64 {
    withUnsafeBytes(of: value) { $0.load(as: UInt64.self) }
  }

  /// Makes a value null whose node was taken over by somebody else.
  @inline(__always)
  static func forget(_ value: inout Value) {
    withUnsafeMutablePointer(to: &value) { $0.initialize(to: .null) }
  }

  /// Equality of the trees without a reference counted.
  @usableFromInline
  static func equal(_ a: borrowing Value, _ b: borrowing Value) -> Bool { equal(of(a), of(b)) }

  /// The value itself, owned.
  var value: Value { withUnsafeBytes(of: bits) { $0.load(as: Value.self) } }

  var bits: UInt64 { unsafeBitCast(self, to: UInt64.self) }

  /// Where the value of the field stands, or a null where there is none; valid as long as what is looked at is.
  @usableFromInline @inline(__always)
  func place(of key: Key) -> UnsafePointer<Value> {
    guard case .object(let node) = self else { return Value.absent }
    return node._withUnsafeGuaranteedRef { node in
      guard let i = node.index(of: key) else { return Value.absent }
      return UnsafePointer(node.values + i)
    }
  }

  @inline(__always)
  func get(_ key: Key) -> ValueView { ValueView(place(of: key)) }

  /// The first item that is so, owned.
  @inline(__always)
  func first(where isSo: (ValueView) -> Bool) -> Value? {
    guard case .array(let node) = self else { return nil }
    return node._withUnsafeGuaranteedRef { node in
      for i in 0..<node.count where isSo(ValueView(node.start + i)) { return node.start[i] }
      return nil
    }
  }

  var key: Key {
    if case .string(let text) = self { text._withUnsafeGuaranteedRef { $0.key } } else { .empty }
  }

  var object: Unmanaged<ObjectNode>? { if case .object(let node) = self { node } else { nil } }
  var array: Unmanaged<ArrayNode>? { if case .array(let node) = self { node } else { nil } }

  static func equal(_ a: ValueView, _ b: ValueView) -> Bool {
    switch (a, b) {
    case (.null, .null): return true
    case (.bool(let x), .bool(let y)): return x == y
    case (.small(let x), .small(let y)): return x == y
    case (.number(let x), .number(let y)), (.string(let x), .string(let y)):
      return x._withUnsafeGuaranteedRef { x in y._withUnsafeGuaranteedRef { x == $0 } }
    case (.array(let x), .array(let y)):
      return x._withUnsafeGuaranteedRef { x in y._withUnsafeGuaranteedRef { equal(x, $0) } }
    case (.object(let x), .object(let y)):
      return x._withUnsafeGuaranteedRef { x in y._withUnsafeGuaranteedRef { equal(x, $0) } }
    default: return false
    }
  }

  private static func equal(_ x: ArrayNode, _ y: ArrayNode) -> Bool {
    guard agree(x.head.pointee, y.head.pointee) else { return false }
    let (left, right) = (x.start, y.start)
    for i in 0..<x.head.pointee.count where !same(left + i, right + i) { return false }
    return true
  }

  private static func equal(_ x: ObjectNode, _ y: ObjectNode) -> Bool {
    guard agree(x.head.pointee, y.head.pointee) else { return false }
    let (keys, otherKeys) = (x.keys, y.keys)
    let (values, others) = (x.values, y.values)
    for i in 0..<x.head.pointee.count {
      guard keys[i].id == otherKeys[i].id, same(values + i, others + i) else { return false }
    }
    return true
  }

  /// Whether the nodes may be equal, as far as their heads tell.
  @inline(__always)
  private static func agree(_ x: NodeHeader, _ y: NodeHeader) -> Bool {
    x.count == y.count && (x.hash == y.hash || x.hash == 0 || y.hash == 0)
  }

  @inline(__always)
  static func same(_ a: UnsafePointer<Value>, _ b: UnsafePointer<Value>) -> Bool {
    let (x, y) = (UnsafeRawPointer(a).load(as: UInt64.self), UnsafeRawPointer(b).load(as: UInt64.self))
    return x == y || equal(unsafeBitCast(x, to: ValueView.self), unsafeBitCast(y, to: ValueView.self))
  }

  /// `Value.hash` of what is looked at.
  @inline(__always)
  var hash: UInt64 {
    switch self {
    case .null: Value.null.hash
    case .bool(let b): Value.bool(b).hash
    case .small(let n): Value.small(n).hash
    case .number(let text): text._withUnsafeGuaranteedRef { Value.mix(0x99, $0.hash) }
    case .string(let text): text._withUnsafeGuaranteedRef { Value.mix(0xBB, $0.hash) }
    case .array(let node): node._withUnsafeGuaranteedRef { $0.hash }
    case .object(let node): node._withUnsafeGuaranteedRef { $0.hash }
    }
  }

  /// Both enums have the same cases with payloads of the same bits, so the compiler lays them out alike. This
  /// proves it, once; a compiler that should ever do otherwise stops the program here instead of misreading.
  static let isTrusted: Bool = {
    let text = Text.make("x")
    let list = ArrayNode.make(room: 0)
    let map = ObjectNode.make(room: 0)
    func agree(_ value: Value, _ view: ValueView) -> Bool {
      MemoryLayout<Value>.size == 8 && MemoryLayout<ValueView>.size == 8
        && withUnsafeBytes(of: value) { a in withUnsafeBytes(of: view) { b in a.elementsEqual(b) } }
    }
    let same =
      agree(.null, .null) && agree(.bool(true), .bool(true)) && agree(.bool(false), .bool(false))
      && agree(.small(-7), .small(-7)) && agree(.number(text), .number(.passUnretained(text)))
      && agree(.string(text), .string(.passUnretained(text)))
      && agree(.array(list), .array(.passUnretained(list)))
      && agree(.object(map), .object(.passUnretained(map)))
    precondition(same, "Value and ValueView are laid out differently")
    return same
  }()
}
