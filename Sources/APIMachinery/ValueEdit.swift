/// Making and changing values. A change goes to the node itself if nothing else holds it, else to a copy of it; what
/// lies beside the changed path is shared either way.
extension Value {
  public static let emptyObject = Value.object(ObjectNode.make(room: 0))
  public static let emptyArray = Value.array(ArrayNode.make(room: 0))

  public static func string(_ s: String) -> Value { .string(Text.make(s)) }
  public static func string(_ k: Key) -> Value { .string(k.text) }

  /// An integer, kept small where it fits.
  public static func int(_ n: Int) -> Value {
    if let small = Int32(exactly: n) { return .small(small) }
    return .number(Text.make(String(n)))
  }

  public static func array(_ items: [Value]) -> Value {
    if items.isEmpty { return emptyArray }
    return .array(items.withUnsafeBufferPointer { ArrayNode.make(copying: $0.baseAddress!, count: $0.count) })
  }

  /// An object of fields in any order; of equal keys the last wins.
  public static func object(_ fields: [Field]) -> Value {
    if fields.isEmpty { return emptyObject }
    return .object(fields.withUnsafeBufferPointer { ObjectNode.make(sorting: $0) })
  }

  /// An object of fields in the order of their keys, no key twice.
  static func objectOfSorted(_ fields: [Field]) -> Value {
    if fields.isEmpty { return emptyObject }
    return .object(
      fields.withUnsafeBufferPointer { ObjectNode.make(copying: $0.baseAddress!, count: $0.count) })
  }

  /// An object of those pairs whose value is not nil.
  public static func fields(_ pairs: Pair...) -> Value {
    let node = ObjectNode.make(room: pairs.count)
    for pair in pairs { node.add(pair) }
    return node.whole
  }

  /// The same for few fields, without a list of them, which it costs more to take apart than to read.
  public static func fields(_ a: Pair, _ b: Pair) -> Value {
    let node = ObjectNode.make(room: 2)
    node.add(a)
    node.add(b)
    return node.whole
  }

  public static func fields(_ a: Pair, _ b: Pair, _ c: Pair) -> Value {
    let node = ObjectNode.make(room: 3)
    node.add(a)
    node.add(b)
    node.add(c)
    return node.whole
  }

  public static func fields(_ a: Pair, _ b: Pair, _ c: Pair, _ d: Pair) -> Value {
    let node = ObjectNode.make(room: 4)
    node.add(a)
    node.add(b)
    node.add(c)
    node.add(d)
    return node.whole
  }

  public static func fields(_ a: Pair, _ b: Pair, _ c: Pair, _ d: Pair, _ e: Pair, _ f: Pair) -> Value {
    let node = ObjectNode.make(room: 6)
    node.add(a)
    node.add(b)
    node.add(c)
    node.add(d)
    node.add(e)
    node.add(f)
    return node.whole
  }

  /// A field, or none where the value is nil.
  public typealias Pair = (Key, Value?)

  /// A copy of an object with these fields set, in one go. They must be in the order of their keys.
  public func merging(_ extra: [Field]) -> Value {
    guard case .object(let node) = self else { return .objectOfSorted(extra) }
    return .object(extra.withUnsafeBufferPointer { node.merging($0) })
  }

  /// A copy with `key` set to `value`.
  public func setting(_ key: Key, _ value: Value) -> Value {
    var copy = self
    copy.put(key, value)
    return copy
  }

  /// A copy without `key`.
  public func removing(_ key: Key) -> Value {
    guard has(key) else { return self }
    var copy = self
    copy.remove(key)
    return copy
  }

  /// Reading an absent field gives `.null`; setting makes an object of what is none. Changing what lies below an
  /// absent field makes the field, unless nothing comes of it.
  public subscript(_ key: Key) -> Value {
    @inlinable get {
      defer { withExtendedLifetime(self) {} }
      return place(of: key).pointee
    }
    set { put(key, newValue) }
    _modify {
      let node = takeObject()?.unshared()
      guard let node, let i = node.index(of: key) else {
        if let node { self = .object(node) }
        var item = Value.null
        defer { if !item.isNull { put(key, item) } }
        yield &item
        return
      }
      let place = node.values + i
      var item = place.move()
      defer {
        place.initialize(to: item)
        node.head.pointee.hash = 0
        self = .object(node)
      }
      yield &item
    }
  }

  /// `self[key][next]`, for whose reading nothing on the way is counted.
  public subscript(_ key: Key, _ next: Key) -> Value {
    @inlinable get {
      defer { withExtendedLifetime(self) {} }
      return place(of: key, next).pointee
    }
    _modify { yield &self[key][next] }
  }

  /// The item at `i`, or `.null` outside; setting outside does nothing.
  public subscript(_ i: Int) -> Value {
    @inlinable get {
      defer { withExtendedLifetime(self) {} }
      return place(of: i).pointee
    }
    _modify {
      guard i >= 0, i < count, let node = takeArray()?.unshared() else {
        var item = Value.null
        yield &item
        return
      }
      let place = node.start + i
      var item = place.move()
      defer {
        place.initialize(to: item)
        node.head.pointee.hash = 0
        self = .array(node)
      }
      yield &item
    }
  }

  /// Where the value of the field stands, or a null where there is none; valid as long as this value is.
  @usableFromInline @_effects(readonly)
  func place(of key: Key) -> UnsafePointer<Value> {
    ValueView.of(self).place(of: key)
  }

  @usableFromInline @_effects(readonly)
  func place(of key: Key, _ next: Key) -> UnsafePointer<Value> {
    ValueView(ValueView.of(self).place(of: key)).place(of: next)
  }

  @usableFromInline @_effects(readonly)
  func place(of i: Int) -> UnsafePointer<Value> {
    guard case .array(let node) = ValueView.of(self) else { return Value.absent }
    return node._withUnsafeGuaranteedRef { node in
      i >= 0 && i < node.count ? UnsafePointer(node.start + i) : Value.absent
    }
  }

  /// A null that stands for whatever is not there.
  @inline(__always)
  static var absent: UnsafePointer<Value> { UnsafePointer<Value>(&nothing) }

  /// Removes the field, if it is there.
  public mutating func remove(_ key: Key) {
    guard has(key), var node = takeObject(), let at = node.index(of: key) else { return }
    if isKnownUniquelyReferenced(&node) {
      node.removeField(at)
    } else {
      node = node.copy(without: at)
    }
    self = .object(node)
  }

  /// Sets `key`, or removes it where `value` is nil.
  public mutating func set(_ key: Key, _ value: Value?) {
    if let value { put(key, value) } else { remove(key) }
  }

  public mutating func append(_ item: Value) {
    guard var node = takeArray() else {
      self = .array([item])
      return
    }
    let unique = isKnownUniquelyReferenced(&node)
    self = .array(node.appending(item, moving: unique))
  }

  private mutating func put(_ key: Key, _ value: Value) {
    guard var node = takeObject() else {
      let node = ObjectNode.make(room: 1)
      node.insert(key, value)
      self = .object(node)
      return
    }
    let unique = isKnownUniquelyReferenced(&node)
    if let at = node.index(of: key) {
      if !unique { node = node.copy() }
      node.values[at] = value
      node.head.pointee.hash = 0
    } else {
      node = node.inserting(Field(key, value), moving: unique)
    }
    self = .object(node)
  }

  /// Takes the object's node out of this value, which is null until another is put in.
  private mutating func takeObject() -> ObjectNode? {
    guard case .object(let node) = ValueView.of(self) else { return nil }
    ValueView.forget(&self)
    return node.takeRetainedValue()
  }

  private mutating func takeArray() -> ArrayNode? {
    guard case .array(let node) = ValueView.of(self) else { return nil }
    ValueView.forget(&self)
    return node.takeRetainedValue()
  }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .int(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: Value...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (Key, Value)...) {
    let node = ObjectNode.make(room: elements.count)
    for (key, value) in elements { node.insert(key, value) }
    self = .object(node)
  }
}

/// Never written; a variable because a pointer to a global one stays valid, and needs no look at whether it was made.
nonisolated(unsafe) private var nothing = Value.null
