/// Makes values and shares equal ones (hash-consing): texts, lists and objects are looked up in direct-mapped
/// caches, so a field that stands in a thousand pods is kept once. Not thread-safe: one builder for each task.
public final class ValueBuilder {
  private struct KnownKey {
    var hash: UInt64
    var key: Key
    var bytes: UnsafeBufferPointer<UInt8>
  }

  private let texts: ShareCache<Text>
  private let numbers: ShareCache<Text>
  private let arrays: ShareCache<ArrayNode>
  private let objects: ShareCache<ObjectNode>
  private let keys: UnsafeMutablePointer<KnownKey>
  private let keyMask: Int
  /// Working memory of the JSON parser, kept between runs; nil while one is under way.
  var workspace: JSONWorkspace? = JSONWorkspace()

  /// A builder for many values; `small` takes little memory and time to make, for a single value.
  public init(small: Bool = false) {
    texts = ShareCache(size: small ? 64 : 4096)
    numbers = ShareCache(size: small ? 16 : 1024)
    arrays = ShareCache(size: small ? 64 : 16_384)
    objects = ShareCache(size: small ? 64 : 16_384)
    keyMask = (small ? 64 : 4096) - 1
    keys = .allocate(capacity: keyMask + 1)
    let none = KnownKey(hash: Text.hash(Key.empty.utf8), key: .empty, bytes: Key.empty.utf8)
    keys.initialize(repeating: none, count: keyMask + 1)
  }

  deinit {
    texts.free()
    numbers.free()
    arrays.free()
    objects.free()
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
  private func shared(_ bytes: UnsafeBufferPointer<UInt8>, in cache: ShareCache<Text>) -> Text {
    let hash = Text.hash(bytes)
    if let known = cache.candidate(hash), known._withUnsafeGuaranteedRef({ Self.holds($0, bytes) }) {
      cache.found(hash)
      return known.takeUnretainedValue()
    }
    let made = Text.make(bytes, hash: hash)
    cache.insert(made, hash)
    return made
  }

  @inline(__always)
  private static func holds(_ text: Text, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count == bytes.count else { return false }
    guard let base = bytes.baseAddress else { return true }
    return Text.equal(text.start, base, bytes.count)
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
    if let known = arrays.candidate(hash), known._withUnsafeGuaranteedRef({ Self.holds($0, from, count) }) {
      arrays.found(hash)
      for i in 0..<count { (from + i).deinitialize(count: 1) }
      return .array(known.takeUnretainedValue())
    }
    let made = ArrayNode.make(moving: from, count: count, hash: hash)
    arrays.insert(made, hash)
    return .array(made)
  }

  private static func holds(_ node: ArrayNode, _ from: UnsafeMutablePointer<Value>, _ count: Int) -> Bool {
    guard node.count == count else { return false }
    for i in 0..<count where !ValueView.same(node.start + i, from + i) { return false }
    return true
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
    var hash = ObjectNode.hashOfNone(count)
    for i in 0..<count { hash = ObjectNode.mix(hash, keyHashes[i], (from + i).value) }
    return object(moving: from, count: count, hash: hash == 0 ? 1 : hash)
  }

  @inline(__always)
  private func object(moving from: UnsafeMutablePointer<Field>, count: Int, hash: UInt64) -> Value {
    if let known = objects.candidate(hash), known._withUnsafeGuaranteedRef({ Self.holds($0, from, count) }) {
      objects.found(hash)
      for i in 0..<count { (from + i).deinitialize(count: 1) }
      return .object(known.takeUnretainedValue())
    }
    let made = ObjectNode.make(moving: from, count: count, hash: hash)
    objects.insert(made, hash)
    return .object(made)
  }

  private static func holds(_ node: ObjectNode, _ from: UnsafeMutablePointer<Field>, _ count: Int) -> Bool {
    guard node.count == count else { return false }
    let (keys, values) = (node.keys, node.values)
    for i in 0..<count {
      guard keys[i].id == (from + i).key.id, ValueView.same(values + i, (from + i).value) else {
        return false
      }
    }
    return true
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
