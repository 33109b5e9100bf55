/// Hashes of everything but the scalars of values, as far as fields and lengths of lists go: values of one shape may
/// fill one template. Parts that many values share are looked at once; whoever asks keeps the values alive.
public struct ValueShapes {
  private var known: [(bits: UInt64, shape: UInt64)]
  private let mark = ValueTemplate.mark

  public init() {
    _ = ValueView.isTrusted
    known = Array(repeating: (0, 0), count: 1024)
  }

  /// Nil if the value has a field that marks holes.
  public mutating func shape(of value: borrowing Value) -> UInt64? { shape(ValueView.of(value)) }

  private mutating func shape(_ view: ValueView) -> UInt64? {
    let made: UInt64?
    let bits = view.bits
    let place = Int(truncatingIfNeeded: (bits &* 0x9E37_79B9_7F4A_7C15) >> 54)
    switch view {
    case .object(let node):
      if known[place].bits == bits { return known[place].shape }
      made = node._withUnsafeGuaranteedRef { shape(object: $0) }
    case .array(let node):
      if known[place].bits == bits { return known[place].shape }
      made = node._withUnsafeGuaranteedRef { shape(array: $0) }
    case .null: return 3
    default: return 5
    }
    if let made { known[place] = (bits, made) }
    return made
  }

  private mutating func shape(object node: ObjectNode) -> UInt64? {
    var hash = Value.mix(1, 0x0B &+ UInt64(truncatingIfNeeded: node.count))
    for i in 0..<node.count {
      let key = node.keys[i]
      if key == mark { return nil }
      guard let below = shape(ValueView(node.values + i)) else { return nil }
      hash = Value.mix(Value.mix(hash, key.textHash), below)
    }
    return hash
  }

  private mutating func shape(array node: ArrayNode) -> UInt64? {
    var hash = Value.mix(1, 0xA000_0000 &+ UInt64(truncatingIfNeeded: node.count))
    for i in 0..<node.count {
      guard let below = shape(ValueView(node.start + i)) else { return nil }
      hash = Value.mix(hash, below)
    }
    return hash
  }
}
