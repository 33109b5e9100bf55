/// Makes values and shares equal ones (hash-consing): texts, lists and objects are looked up in direct-mapped
/// caches, so a field that stands in a thousand pods is kept once. Not thread-safe: one builder for each task.
public final class ValueBuilder {
  private let textMask: Int
  private let nodeMask: Int
  private let keyMask: Int

  private struct KnownKey {
    var hash: UInt64
    var key: Key
    var bytes: UnsafeBufferPointer<UInt8>
  }

  private let texts: UnsafeMutablePointer<Text?>
  private let numbers: UnsafeMutablePointer<Text?>
  private let arrays: UnsafeMutablePointer<ArrayNode?>
  private let objects: UnsafeMutablePointer<ObjectNode?>
  private let keys: UnsafeMutablePointer<KnownKey>
  /// Working memory of the JSON parser, kept between runs; nil while one is under way.
  var workspace: JSONWorkspace? = JSONWorkspace()

  /// A builder for many values; `small` takes little memory and time to make, for a single value.
  public init(small: Bool = false) {
    textMask = (small ? 64 : 4096) - 1
    nodeMask = (small ? 64 : 16_384) - 1
    keyMask = (small ? 64 : 4096) - 1
    texts = .allocate(capacity: textMask + 1)
    texts.initialize(repeating: nil, count: textMask + 1)
    numbers = .allocate(capacity: textMask + 1)
    numbers.initialize(repeating: nil, count: textMask + 1)
    arrays = .allocate(capacity: nodeMask + 1)
    arrays.initialize(repeating: nil, count: nodeMask + 1)
    objects = .allocate(capacity: nodeMask + 1)
    objects.initialize(repeating: nil, count: nodeMask + 1)
    keys = .allocate(capacity: keyMask + 1)
    let none = KnownKey(hash: Text.hash(Key.empty.utf8), key: .empty, bytes: Key.empty.utf8)
    keys.initialize(repeating: none, count: keyMask + 1)
  }

  deinit {
    texts.deinitialize(count: textMask + 1)
    texts.deallocate()
    numbers.deinitialize(count: textMask + 1)
    numbers.deallocate()
    arrays.deinitialize(count: nodeMask + 1)
    arrays.deallocate()
    objects.deinitialize(count: nodeMask + 1)
    objects.deallocate()
    keys.deinitialize(count: keyMask + 1)
    keys.deallocate()
    workspace?.free()
  }

  /// The text of these bytes, which must be valid UTF-8.
  public func text(_ bytes: UnsafeBufferPointer<UInt8>) -> Text { shared(bytes, in: texts) }

  public func text(_ string: String) -> Text {
    var string = string
    return string.withUTF8 { text($0) }
  }

  @inline(__always)
  private func shared(_ bytes: UnsafeBufferPointer<UInt8>, in cache: UnsafeMutablePointer<Text?>) -> Text {
    let hash = Text.hash(bytes)
    let slot = cache + Int(truncatingIfNeeded: hash) & textMask
    if let known = slot.pointee, known.hash == hash, known.count == bytes.count {
      guard let base = bytes.baseAddress else { return known }
      if Text.equal(known.start, base, bytes.count) { return known }
    }
    let made = Text.make(bytes, hash: hash)
    slot.pointee = made
    return made
  }

  /// The interned key of these bytes, which must be valid UTF-8. Known ones are found without the table's lock.
  public func key(_ bytes: UnsafeBufferPointer<UInt8>) -> Key { hashedKey(bytes).key }

  /// The key with the hash of its text.
  @inline(__always)
  func hashedKey(_ bytes: UnsafeBufferPointer<UInt8>) -> (key: Key, hash: UInt64) {
    let hash = Text.hash(bytes)
    let slot = keys + Int(truncatingIfNeeded: hash) & keyMask
    if slot.pointee.hash == hash, slot.pointee.bytes.count == bytes.count {
      guard let base = bytes.baseAddress, let known = slot.pointee.bytes.baseAddress else {
        return (slot.pointee.key, hash)
      }
      if Text.equal(known, base, bytes.count) { return (slot.pointee.key, hash) }
    }
    let key = Key(utf8: bytes)
    slot.pointee = KnownKey(hash: hash, key: key, bytes: key.utf8)
    return (key, hash)
  }

  public func key(_ string: String) -> Key {
    var string = string
    return string.withUTF8 { key($0) }
  }

  /// A number from its JSON literal. A 32-bit integer is kept as such; any other number keeps its spelling
  /// (`1e3`, `1.50`), so that nothing is lost that a later reader may tell apart.
  public func number(_ literal: UnsafeBufferPointer<UInt8>) -> Value {
    if let small = Self.smallInteger(literal) { return .small(small) }
    return .number(shared(literal, in: numbers))
  }

  public func number(_ literal: String) -> Value {
    var literal = literal
    return literal.withUTF8 { number($0) }
  }

  @inline(__always)
  static func smallInteger(_ literal: UnsafeBufferPointer<UInt8>) -> Int32? {
    var i = 0
    let negative = literal.count > 0 && literal[0] == 0x2D
    if negative { i = 1 }
    guard literal.count > i, literal.count <= 11 else { return nil }
    var n: Int64 = 0
    while i < literal.count {
      let digit = literal[i] &- 0x30
      if digit > 9 { return nil }
      n = n &* 10 &+ Int64(digit)
      i &+= 1
    }
    return Int32(exactly: negative ? -n : n)
  }

  public func string(_ bytes: UnsafeBufferPointer<UInt8>) -> Value { .string(text(bytes)) }
  public func string(_ string: String) -> Value { .string(text(string)) }

  /// A list of `count` values that are moved out of `from`.
  public func array(moving from: UnsafeMutablePointer<Value>, count: Int) -> Value {
    if count == 0 { return Value.emptyArray }
    let hash = ArrayNode.hash(from, count)
    let slot = arrays + Int(truncatingIfNeeded: hash ^ hash >> 32) & nodeMask
    if let known = slot.pointee, known.hash == hash, known.count == count {
      var i = 0
      while i < count && Self.same(known.start + i, from + i) { i &+= 1 }
      if i == count {
        from.deinitialize(count: count)
        return .array(known)
      }
    }
    let made = ArrayNode(moving: from, count: count, hash: hash)
    slot.pointee = made
    return .array(made)
  }

  /// An object of `count` fields that are moved out of `from`; they must be sorted and no key may stand twice.
  public func object(moving from: UnsafeMutablePointer<Field>, count: Int) -> Value {
    count == 0 ? Value.emptyObject : object(moving: from, count: count, hash: ObjectNode.hash(from, count))
  }

  /// As `object(moving:count:)`, with the hashes of the keys' texts at hand.
  func object(
    moving from: UnsafeMutablePointer<Field>, count: Int, keyHashes: UnsafePointer<UInt64>
  ) -> Value {
    if count == 0 { return Value.emptyObject }
    var hash = ObjectNode.hash(from, 0) &+ UInt64(truncatingIfNeeded: count)
    for i in 0..<count { hash = Value.mix(Value.mix(hash, keyHashes[i]), ValueView((from + i).value).hash) }
    return object(moving: from, count: count, hash: hash)
  }

  @inline(__always)
  private func object(moving from: UnsafeMutablePointer<Field>, count: Int, hash: UInt64) -> Value {
    let slot = objects + Int(truncatingIfNeeded: hash ^ hash >> 32) & nodeMask
    if let known = slot.pointee, known.hash == hash, known.count == count {
      var i = 0
      while i < count && known.start[i].key.id == from[i].key.id
        && Self.same((known.start + i).value, (from + i).value)
      {
        i &+= 1
      }
      if i == count {
        from.deinitialize(count: count)
        return .object(known)
      }
    }
    let made = ObjectNode(moving: from, count: count, hash: hash)
    slot.pointee = made
    return .object(made)
  }

  /// Equality that is settled by equal bits in most cases.
  @inline(__always)
  private static func same(_ a: UnsafePointer<Value>, _ b: UnsafePointer<Value>) -> Bool {
    UnsafeRawPointer(a).load(as: UInt64.self) == UnsafeRawPointer(b).load(as: UInt64.self)
      || a.pointee == b.pointee
  }

  /// An object of fields in any order, moved out of `from`. Of equal keys the last wins; `duplicate` is told
  /// the key and the positions (in the given order) of the field that lost and the one after it.
  public func objectSorting(
    moving from: UnsafeMutablePointer<Field>, count: Int, duplicate: ((Key, Int, Int) -> Void)? = nil
  ) -> Value {
    var ordered = true
    var i = 1
    while i < count && ordered {
      ordered = from[i - 1].key < from[i].key
      i &+= 1
    }
    if ordered { return object(moving: from, count: count) }
    let order = (0..<count).sorted {
      from[$0].key.id == from[$1].key.id ? $0 < $1 : from[$0].key < from[$1].key
    }
    let room = UnsafeMutablePointer<Field>.allocate(capacity: count)
    defer { room.deallocate() }
    var kept = 0
    for (at, position) in order.enumerated() {
      if at + 1 < count, from[order[at + 1]].key.id == from[position].key.id {
        duplicate?(from[position].key, position, order[at + 1])
        (from + position).deinitialize(count: 1)
      } else {
        (room + kept).moveInitialize(from: from + position, count: 1)
        kept += 1
      }
    }
    return object(moving: room, count: kept)
  }
}
