/// What stands before the elements of a node.
public struct NodeHeader: Sendable {
  @usableFromInline var size: UInt32
  /// The number of the name that a text spells, with one added; 0 as long as nobody has asked for it.
  @usableFromInline var name: UInt32 = 0
  /// The hash of what the node holds; 0 as long as nobody has asked for it.
  @usableFromInline var hash: UInt64

  @inlinable var count: Int {
    get { Int(size) }
    set { size = UInt32(newValue) }
  }

  @inlinable init(count: Int, hash: UInt64) {
    size = UInt32(count)
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
public final class ObjectNode: ManagedBuffer<NodeHeader, Field> {
  /// A node with room for `room` fields, none of which is there yet: the maker fills `start` and sets `count`.
  @inlinable static func make(room: Int, hash: UInt64 = 0) -> ObjectNode {
    unsafeDowncast(
      create(minimumCapacity: room) { _ in NodeHeader(count: 0, hash: hash) }, to: ObjectNode.self)
  }

  /// Takes the fields from `from`, which are moved out and must be sorted and unique.
  @inlinable static func make(moving from: UnsafeMutablePointer<Field>, count: Int, hash: UInt64 = 0)
    -> ObjectNode
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

  /// The fields; valid as long as the node is.
  @inlinable var start: UnsafeMutablePointer<Field> { withUnsafeMutablePointerToElements { $0 } }

  @inlinable public subscript(_ i: Int) -> Field {
    precondition(i >= 0 && i < count)
    return start[i]
  }

  /// A hash that is equal on every run and machine.
  @inlinable public var hash: UInt64 {
    if head.pointee.hash == 0 { head.pointee.hash = ObjectNode.hash(start, count) }
    return head.pointee.hash
  }

  /// The position of `key`, or nil.
  @inlinable public func index(of key: Key) -> Int? {
    let count = count
    let start = start
    if count <= 16 {
      var i = 0
      while i < count {
        if start[i].key.id == key.id { return i }
        i &+= 1
      }
      return nil
    }
    return indexAmongMany(key)
  }

  @usableFromInline @inline(never) func indexAmongMany(_ key: Key) -> Int? {
    let i = insertion(of: key)
    return i < count && start[i].key == key ? i : nil
  }

  /// Where `key` stands or would stand.
  public func insertion(of key: Key) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low &+ high) / 2
      if start[middle].key < key { low = middle &+ 1 } else { high = middle }
    }
    return low
  }

  @usableFromInline static func hash(_ fields: UnsafeMutablePointer<Field>, _ count: Int) -> UInt64 {
    var h: UInt64 = 0xC3C3_0002 &+ UInt64(truncatingIfNeeded: count)
    for i in 0..<count {
      h = Value.mix(Value.mix(h, fields[i].key.textHash), ValueView((fields + i).value).hash)
    }
    return h == 0 ? 1 : h
  }
}

extension UnsafeMutablePointer<Field> {
  /// The place of the field's value.
  @inlinable var value: UnsafeMutablePointer<Value> {
    UnsafeMutableRawPointer(self).advanced(by: MemoryLayout<Value>.size)
      .assumingMemoryBound(to: Value.self)
  }
}
