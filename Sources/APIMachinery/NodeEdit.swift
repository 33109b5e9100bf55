/// Copies of nodes with one thing changed, and changes of nodes that have one owner.
extension ArrayNode {
  @inline(__always)
  static func make(copying from: UnsafePointer<Value>, count: Int) -> ArrayNode {
    let node = make(room: count)
    let start = node.start
    for i in 0..<count { (start + i).initialize(to: from[i]) }
    node.head.pointee.count = count
    return node
  }

  /// The node itself if nothing else holds it, else a copy.
  @inline(__always)
  consuming func unshared() -> ArrayNode {
    var node = self
    return isKnownUniquelyReferenced(&node) ? node : .make(copying: node.start, count: node.count)
  }

  /// A node with one item more; `moving` says that this one has no other owner and may be emptied.
  func appending(_ item: Value, moving: Bool) -> ArrayNode {
    let count = count
    let made = ArrayNode.make(room: count + 1)
    if moving {
      made.start.moveInitialize(from: start, count: count)
      head.pointee.count = 0
    } else {
      for i in 0..<count { (made.start + i).initialize(to: start[i]) }
    }
    (made.start + count).initialize(to: item)
    made.head.pointee.count = count + 1
    return made
  }
}

extension ObjectNode {
  /// A node of fields that are sorted and unique.
  static func make(copying from: UnsafePointer<Field>, count: Int) -> ObjectNode {
    let made = make(room: count)
    let (keys, values) = (made.keys, made.values)
    for i in 0..<count {
      (keys + i).initialize(to: from[i].key)
      (values + i).initialize(to: from[i].value)
    }
    made.head.pointee.count = count
    return made
  }

  func copy() -> ObjectNode {
    let count = count
    let made = ObjectNode.make(room: count)
    made.copyFields(0, of: self, 0, count)
    made.head.pointee.count = count
    return made
  }

  /// The node itself if nothing else holds it, else a copy.
  @inline(__always)
  consuming func unshared() -> ObjectNode {
    var node = self
    return isKnownUniquelyReferenced(&node) ? node : node.copy()
  }

  /// Copies fields of another node to a place where none are yet; the number of fields is left to the caller.
  @inline(__always)
  private func copyFields(_ at: Int, of other: ObjectNode, _ from: Int, _ count: Int) {
    (keys + at).initialize(from: other.keys + from, count: count)
    let (to, source) = (values + at, other.values + from)
    for i in 0..<count { (to + i).initialize(to: source[i]) }
  }

  /// Moves fields, of this node or another, to a place where none are; the numbers of fields are left to the
  /// caller.
  @inline(__always)
  private func moveFields(_ at: Int, of other: ObjectNode, _ from: Int, _ count: Int) {
    (keys + at).moveInitialize(from: other.keys + from, count: count)
    (values + at).moveInitialize(from: other.values + from, count: count)
  }

  @inline(__always)
  private func initialize(_ at: Int, _ key: Key, _ value: Value) {
    (keys + at).initialize(to: key)
    (values + at).initialize(to: value)
  }

  /// A copy with these fields set, which are in the order of their keys, no key twice.
  func merging(_ extra: UnsafeBufferPointer<Field>) -> ObjectNode {
    let (count, keys, values) = (count, keys, values)
    var added = extra.count
    var i = 0
    for field in extra {
      while i < count, keys[i] < field.key { i += 1 }
      if i < count, keys[i] == field.key { added -= 1 }
    }
    let made = ObjectNode.make(room: count + added)
    var at = 0
    i = 0
    for field in extra {
      while i < count, keys[i] < field.key {
        made.initialize(at, keys[i], values[i])
        (i, at) = (i + 1, at + 1)
      }
      if i < count, keys[i] == field.key { i += 1 }
      made.initialize(at, field.key, field.value)
      at += 1
    }
    made.copyFields(at, of: self, i, count - i)
    made.head.pointee.count = count + added
    return made
  }

  func copy(without at: Int) -> ObjectNode {
    let rest = count - 1
    let made = ObjectNode.make(room: rest)
    made.copyFields(0, of: self, 0, at)
    made.copyFields(at, of: self, at + 1, rest - at)
    made.head.pointee.count = rest
    return made
  }

  /// Takes a field out of a node that has one owner.
  func removeField(_ at: Int) {
    (values + at).deinitialize(count: 1)
    moveFields(at, of: self, at + 1, count - at - 1)
    head.pointee.count -= 1
    head.pointee.hash = 0
  }

  /// A node with one field more, whose key is not there yet; `moving` says that this one has no other owner and
  /// may be emptied.
  func inserting(_ field: Field, moving: Bool) -> ObjectNode {
    let count = count
    let at = place(of: field.key)
    let made = ObjectNode.make(room: count + 1)
    if moving {
      made.moveFields(0, of: self, 0, at)
      made.moveFields(at + 1, of: self, at, count - at)
      head.pointee.count = 0
    } else {
      made.copyFields(0, of: self, 0, at)
      made.copyFields(at + 1, of: self, at, count - at)
    }
    made.initialize(at, field.key, field.value)
    made.head.pointee.count = count + 1
    return made
  }

  /// Where a key that is not there would stand. Most often that is the end.
  private func place(of key: Key) -> Int {
    count == 0 || keys[count - 1] < key ? count : insertion(of: key)
  }

  /// A node of fields in any order; of equal keys the last wins.
  static func make(sorting fields: UnsafeBufferPointer<Field>) -> ObjectNode {
    let node = make(room: fields.count)
    if fields.count > 24, !isSorted(fields) {
      node.fill(sortingMany: fields)
    } else {
      for i in 0..<fields.count { node.insert(fields[i].key, fields[i].value) }
    }
    return node
  }

  /// Puts a field that is there at its place.
  @inline(never)
  func add(_ pair: Value.Pair) {
    if let value = pair.1 { insert(pair.0, value) }
  }

  /// The object that this node is.
  var whole: Value { count == 0 ? .emptyObject : .object(self) }

  /// Puts a field at its place in a node that has one owner and room; the last place is tried first.
  @inline(__always)
  func insert(_ key: Key, _ value: Value) {
    let count = head.pointee.count
    let keys = keys
    var at = count
    while at > 0, key < keys[at &- 1] { at &-= 1 }
    if at > 0, keys[at &- 1] == key {
      values[at &- 1] = value
      return
    }
    if at < count { moveFields(at + 1, of: self, at, count &- at) }
    initialize(at, key, value)
    head.pointee.count = count &+ 1
  }

  private static func isSorted(_ fields: UnsafeBufferPointer<Field>) -> Bool {
    for i in 1..<max(fields.count, 1) where !(fields[i - 1].key < fields[i].key) { return false }
    return true
  }

  private func fill(sortingMany fields: UnsafeBufferPointer<Field>) {
    let order = (0..<fields.count).sorted {
      fields[$0].key == fields[$1].key ? $0 < $1 : fields[$0].key < fields[$1].key
    }
    var count = 0
    for position in order {
      let field = fields[position]
      if count > 0, keys[count - 1] == field.key {
        values[count - 1] = field.value
      } else {
        initialize(count, field.key, field.value)
        count += 1
      }
    }
    head.pointee.count = count
  }
}
