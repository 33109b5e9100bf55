/// A value looked at without owning it: the same bits as `Value`, but copying costs no reference count.
/// Valid only as long as the value it was taken from is kept alive.
enum ValueView {
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
    let list = ArrayNode(moving: .allocate(capacity: 1), count: 0, hash: 1)
    let map = ObjectNode(moving: .allocate(capacity: 1), count: 0, hash: 2)
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
