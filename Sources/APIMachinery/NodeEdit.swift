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
    made.copyFields(from, count)
    return made
  }

  func copy() -> ObjectNode { .make(copying: start, count: count) }

  /// The node itself if nothing else holds it, else a copy.
  @inline(__always)
  consuming func unshared() -> ObjectNode {
    var node = self
    return isKnownUniquelyReferenced(&node) ? node : node.copy()
  }

  /// Appends copies of fields, for which there must be room.
  @inline(__always)
  private func copyFields(_ from: UnsafePointer<Field>, _ more: Int) {
    let to = start + head.pointee.count
    for i in 0..<more { (to + i).initialize(to: from[i]) }
    head.pointee.count &+= more
  }

  func copy(without at: Int) -> ObjectNode {
    let made = ObjectNode.make(room: count - 1)
    made.copyFields(start, at)
    made.copyFields(start + at + 1, count - at - 1)
    return made
  }

  /// Takes a field out of a node that has one owner.
  func removeField(_ at: Int) {
    (start + at).deinitialize(count: 1)
    (start + at).moveInitialize(from: start + at + 1, count: count - at - 1)
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
      made.start.moveInitialize(from: start, count: at)
      (made.start + at + 1).moveInitialize(from: start + at, count: count - at)
      (made.start + at).initialize(to: field)
      head.pointee.count = 0
      made.head.pointee.count = count + 1
    } else {
      made.copyFields(start, at)
      (made.start + at).initialize(to: field)
      made.head.pointee.count += 1
      made.copyFields(start + at, count - at)
    }
    return made
  }

  /// Where a key that is not there would stand. Most often that is the end.
  private func place(of key: Key) -> Int {
    count == 0 || start[count - 1].key < key ? count : insertion(of: key)
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

  /// Puts a field at its place in a node that has one owner and room; the last place is tried first.
  @inline(__always)
  func insert(_ key: Key, _ value: Value) {
    let count = head.pointee.count
    let start = start
    var at = count
    while at > 0, key < start[at &- 1].key { at &-= 1 }
    if at > 0, start[at &- 1].key == key {
      start[at &- 1] = Field(key, value)
      return
    }
    if at < count { (start + at + 1).moveInitialize(from: start + at, count: count &- at) }
    (start + at).initialize(to: Field(key, value))
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
      if count > 0, start[count - 1].key == fields[position].key {
        start[count - 1] = fields[position]
      } else {
        (start + count).initialize(to: fields[position])
        count += 1
      }
    }
    head.pointee.count = count
  }
}
