/// What stands before the elements of a node.
public struct NodeHeader: Sendable {
  @usableFromInline var size: UInt32
  /// What only one kind of node has: the name of a text, or the room of an object's keys.
  @usableFromInline var own: UInt32
  /// The hash of what the node holds; 0 as long as nobody has asked for it.
  @usableFromInline var hash: UInt64

  @inlinable var count: Int {
    get { Int(size) }
    set { size = UInt32(newValue) }
  }

  /// The number of the name that a text spells, with one added; 0 as long as nobody has asked for it.
  @inlinable var name: UInt32 {
    get { own }
    set { own = newValue }
  }

  /// How many words of eight bytes are set aside for the keys of an object.
  @inlinable var keyWords: Int { Int(own) }

  @inlinable init(count: Int, hash: UInt64, keyWords: Int = 0) {
    size = UInt32(count)
    own = UInt32(keyWords)
    self.hash = hash
  }
}

/// A list of values: header and items in one allocation. A node that has more than one owner never changes, but
/// for its hash, which is filled in when it is first asked for; whoever does so writes the same number.
public final class ArrayNode: ManagedBuffer<NodeHeader, Value> {
  /// A node with room for `room` items, none of which is there yet: the maker fills `start` and sets `count`.
  @inlinable static func make(room: Int, hash: UInt64 = 0) -> ArrayNode {
    unsafeDowncast(
      create(minimumCapacity: room) { _ in NodeHeader(count: 0, hash: hash) }, to: ArrayNode.self)
  }

  /// Takes the items from `from`, which are moved out.
  @inlinable static func make(moving from: UnsafeMutablePointer<Value>, count: Int, hash: UInt64 = 0)
    -> ArrayNode
  {
    let node = make(room: count, hash: hash)
    node.start.moveInitialize(from: from, count: count)
    node.head.pointee.count = count
    return node
  }

  @inlinable deinit {
    let start = start
    for i in 0..<head.pointee.count { (start + i).deinitialize(count: 1) }
  }

  /// The header, whose reading through `header` would be checked for exclusive access each time.
  @inlinable var head: UnsafeMutablePointer<NodeHeader> { withUnsafeMutablePointerToHeader { $0 } }

  @inlinable public var count: Int { head.pointee.count }

  /// The items; valid as long as the node is.
  @inlinable var start: UnsafeMutablePointer<Value> { withUnsafeMutablePointerToElements { $0 } }

  @inlinable public subscript(_ i: Int) -> Value {
    precondition(i >= 0 && i < count)
    return start[i]
  }

  /// A hash that is equal on every run and machine.
  @inlinable public var hash: UInt64 {
    if head.pointee.hash == 0 { head.pointee.hash = ArrayNode.hash(start, count) }
    return head.pointee.hash
  }

  @usableFromInline static func hash(_ items: UnsafePointer<Value>, _ count: Int) -> UInt64 {
    var h: UInt64 = 0xA5A5_0001 &+ UInt64(truncatingIfNeeded: count)
    for i in 0..<count { h = Value.mix(h, ValueView(items + i).hash) }
    return h == 0 ? 1 : h
  }
}

/// An object: fields in byte order of their keys, no key twice. As `ArrayNode`, one allocation that never changes
/// once it has more than one owner.
///
/// All keys stand right behind the header, so that looking for one touches few lines; the values follow
/// from the next whole word on, in the same order.
public final class ObjectNode: ManagedBuffer<NodeHeader, UInt64> {
  /// A node with room for `room` fields, none of which is there yet: the maker fills `keys` and `values` and
  /// sets `count`.
  @inlinable static func make(room: Int, hash: UInt64 = 0) -> ObjectNode {
    let keyWords = (room &+ 1) / 2
    return unsafeDowncast(
      create(minimumCapacity: keyWords &+ room) { _ in NodeHeader(count: 0, hash: hash, keyWords: keyWords) },
      to: ObjectNode.self)
  }

  /// Takes the fields from `from`, which are moved out and must be sorted and unique.
  @inlinable static func make(moving from: UnsafeMutablePointer<Field>, count: Int, hash: UInt64 = 0)
    -> ObjectNode
  {
    let node = make(room: count, hash: hash)
    let (keys, values) = (node.keys, node.values)
    for i in 0..<count {
      (keys + i).initialize(to: (from + i).key)
      (values + i).moveInitialize(from: (from + i).value, count: 1)
    }
    node.head.pointee.count = count
    return node
  }

  @inlinable deinit {
    let values = values
    for i in 0..<head.pointee.count { (values + i).deinitialize(count: 1) }
  }

  /// The header, whose reading through `header` would be checked for exclusive access each time.
  @inlinable var head: UnsafeMutablePointer<NodeHeader> { withUnsafeMutablePointerToHeader { $0 } }

  @inlinable public var count: Int { head.pointee.count }

  /// The keys of the fields; valid as long as the node is.
  @inlinable var keys: UnsafeMutablePointer<Key> {
    UnsafeMutableRawPointer(withUnsafeMutablePointerToElements { $0 }).assumingMemoryBound(to: Key.self)
  }

  /// The values of the fields; valid as long as the node is.
  @inlinable var values: UnsafeMutablePointer<Value> {
    UnsafeMutableRawPointer(withUnsafeMutablePointerToElements { $0 } + head.pointee.keyWords)
      .assumingMemoryBound(to: Value.self)
  }

  @inlinable public subscript(_ i: Int) -> Field {
    precondition(i >= 0 && i < count)
    return Field(keys[i], values[i])
  }

  /// A hash that is equal on every run and machine.
  @inlinable public var hash: UInt64 {
    if head.pointee.hash == 0 { head.pointee.hash = computedHash() }
    return head.pointee.hash
  }

  /// The position of `key`, or nil.
  @inlinable public func index(of key: Key) -> Int? {
    let count = count
    let keys = keys
    if count > 32 { return indexAmongMany(key) }
    // Two at a time, for which an odd one is looked at first.
    var i = count & 1
    if i != 0, keys[0].id == key.id { return 0 }
    while i < count {
      if keys[i].id == key.id { return i }
      if keys[i &+ 1].id == key.id { return i &+ 1 }
      i &+= 2
    }
    return nil
  }

  @usableFromInline @inline(never) func indexAmongMany(_ key: Key) -> Int? {
    let i = insertion(of: key)
    return i < count && keys[i] == key ? i : nil
  }

  /// Where `key` stands or would stand.
  public func insertion(of key: Key) -> Int {
    let keys = keys
    var low = 0
    var high = count
    while low < high {
      let middle = (low &+ high) / 2
      if keys[middle] < key { low = middle &+ 1 } else { high = middle }
    }
    return low
  }

  @usableFromInline func computedHash() -> UInt64 {
    let (count, keys, values) = (count, keys, values)
    var h = Self.hashOfNone(count)
    for i in 0..<count { h = Self.mix(h, keys[i].textHash, values + i) }
    return h == 0 ? 1 : h
  }

  /// The hash that a node of these fields has.
  static func hash(_ fields: UnsafeMutablePointer<Field>, _ count: Int) -> UInt64 {
    var h = hashOfNone(count)
    for i in 0..<count { h = mix(h, (fields + i).key.textHash, (fields + i).value) }
    return h == 0 ? 1 : h
  }

  /// The hash of an object of `count` fields before the first is mixed in.
  @inline(__always)
  static func hashOfNone(_ count: Int) -> UInt64 { 0xC3C3_0002 &+ UInt64(truncatingIfNeeded: count) }

  /// The hash `h` with one more field mixed in.
  @inline(__always)
  static func mix(_ h: UInt64, _ textHash: UInt64, _ value: UnsafePointer<Value>) -> UInt64 {
    Value.mix(Value.mix(h, textHash), ValueView(value).hash)
  }
}

extension UnsafeMutablePointer<Field> {
  /// The key of the field, for whose reading nothing is counted.
  @inlinable var key: Key { UnsafeRawPointer(self).load(as: Key.self) }

  /// The place of the field's value.
  @inlinable var value: UnsafeMutablePointer<Value> {
    UnsafeMutableRawPointer(self).advanced(by: MemoryLayout<Value>.size)
      .assumingMemoryBound(to: Value.self)
  }
}
