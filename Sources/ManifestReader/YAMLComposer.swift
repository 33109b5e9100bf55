import APIMachinery
import Basics
import YAML

/// Why a document that is YAML cannot become an object, with the places that show it.
struct ComposeError: Error {
  var code: String
  var message: String
  var offset: Int
  var remedy: String?
  /// A second place and what it is.
  var note: (message: String, offset: Int)?
}

/// A key that stands twice in a mapping.
struct DuplicateKey {
  var key: Key
  var first: Int
  var second: Int
}

/// Makes a value of the document that a parser has read, as Kubernetes' reader does
/// (`sigs.k8s.io/yaml`: `goyaml.v2/decode.go`, then `convertToJSONableObject`).
struct YAMLComposer: ~Copyable {
  let builder: ValueBuilder
  /// The builder again, without a reference counted for each call.
  private let uncounted: Unmanaged<ValueBuilder>
  private var values = ValueStack<Value>()
  private var fields = ValueStack<Field>()
  private var anchors: [String: Anchor] = [:]
  private var counter = AliasCounter()
  /// More duplicates of one document are not worth a message each.
  static let duplicatesNoted = 50
  /// Keys met twice, in the order of the text.
  private(set) var duplicates: [DuplicateKey] = []

  private struct Anchor {
    /// Nil while the node is still being read.
    var value: Value?
    var size: Int
  }

  init(builder: ValueBuilder) {
    self.builder = builder
    uncounted = .passUnretained(builder)
  }

  @inline(__always)
  private func string(_ text: UnsafeBufferPointer<UInt8>) -> Value {
    .string(uncounted._withUnsafeGuaranteedRef { $0.text(text) })
  }

  @inline(__always)
  private func name(_ text: UnsafeBufferPointer<UInt8>) -> Key {
    uncounted._withUnsafeGuaranteedRef { $0.key(text) }
  }

  /// The value of the document that `parser` holds.
  mutating func compose(_ parser: borrowing Parser) throws(ComposeError) -> Value {
    if !anchors.isEmpty { anchors.removeAll() }
    if !duplicates.isEmpty { duplicates.removeAll() }
    counter = AliasCounter()
    values.removeAll()
    fields.removeAll()
    var at = 0
    return try node(parser, &at)
  }

  @inline(__always)
  private mutating func node(_ parser: borrowing Parser, _ at: inout Int) throws(ComposeError) -> Value {
    let node = parser.nodes[at]
    if node.properties != 0 || node.kind == .alias { return try unusual(parser, &at, node) }
    return try plainNode(parser, &at, node)
  }

  private mutating func plainNode(
    _ parser: borrowing Parser, _ at: inout Int, _ node: Node
  ) throws(ComposeError) -> Value {
    switch node.kind {
    case .scalar:
      at &+= 1
      counter.decoded &+= 1
      let text = parser.text(of: node)
      if node.style != .plain { return string(text) }
      return try scalar(text, node)
    case .sequence: return try sequence(parser, &at, node)
    case .mapping: return try mapping(parser, &at, node)
    case .alias: return .null  // handled in `unusual`
    }
  }

  /// A plain scalar without a tag.
  @inline(__always)
  private func scalar(_ text: UnsafeBufferPointer<UInt8>, _ node: Node) throws(ComposeError) -> Value {
    if text.count > 0, YAMLScalar.isPlainlyText(text[0]) { return string(text) }
    return try resolved(YAMLScalar.resolve(text), text, Int(node.start))
  }

  private func resolved(
    _ scalar: YAMLScalar, _ text: UnsafeBufferPointer<UInt8>, _ offset: Int
  ) throws(ComposeError) -> Value {
    switch scalar {
    case .null: return .null
    case .bool(let value): return .bool(value)
    case .integer(let value):
      if let small = Int32(exactly: value) { return .small(small) }
      return builder.number(String(value))
    case .unsigned(let value): return builder.number(String(value))
    case .float(let value):
      guard value.isFinite else {
        throw ComposeError(
          code: "yaml-value", message: "JSON has no number for \(String(decoding: text, as: UTF8.self))",
          offset: offset, remedy: "quote it if it is meant as text")
      }
      return builder.number(GoFloat.json(value))
    case .string: return .string(builder.text(text))
    }
  }

  private mutating func sequence(
    _ parser: borrowing Parser, _ at: inout Int, _ node: Node
  ) throws(ComposeError) -> Value {
    let base = values.count
    at &+= 1
    counter.decoded &+= 1
    for _ in 0..<node.count {
      values.push(try self.node(parser, &at))
    }
    let count = values.count &- base
    let start = values.start + base
    let made = uncounted._withUnsafeGuaranteedRef { $0.array(moving: start, count: count) }
    values.count = base
    return made
  }

  private mutating func mapping(
    _ parser: borrowing Parser, _ at: inout Int, _ node: Node
  ) throws(ComposeError) -> Value {
    let base = fields.count
    let index = at
    at &+= 1
    counter.decoded &+= 1
    var isSorted = true
    for _ in 0..<node.count {
      guard let key = try key(parser, &at) else {
        try merge(parser, &at)
        isSorted = false
        continue
      }
      let value = try self.node(parser, &at)
      if isSorted, fields.count > base { isSorted = fields.start[fields.count &- 1].key < key }
      fields.push(Field(key, value))
    }
    if !isSorted { try sort(base, parser, index) }
    let (start, count) = (fields.start + base, fields.count &- base)
    let made = uncounted._withUnsafeGuaranteedRef { $0.object(moving: start, count: count) }
    fields.count = base
    return made
  }

  // MARK: Keys

  /// The key at `at` as text; nil for the merge key `<<`.
  @inline(__always)
  private mutating func key(_ parser: borrowing Parser, _ at: inout Int) throws(ComposeError) -> Key? {
    let node = parser.nodes[at]
    if node.kind == .scalar, node.properties == 0 {
      counter.decoded &+= 1
      at &+= 1
      let text = parser.text(of: node)
      if node.style != .plain { return name(text) }
      if text.count > 0, YAMLScalar.isPlainlyText(text[0]) {
        if text.count == 2, text[0] == 0x3C, text[1] == 0x3C { return nil }
        return name(text)
      }
      return try keyText(YAMLScalar.resolve(text), text, node)
    }
    return try unusualKey(parser, &at, node)
  }

  private func keyText(
    _ scalar: YAMLScalar, _ text: UnsafeBufferPointer<UInt8>, _ node: Node
  ) throws(ComposeError) -> Key {
    switch scalar {
    case .string: return builder.key(text)
    case .bool(let value): return builder.key(value ? "true" : "false")
    case .integer(let value): return builder.key(String(value))
    case .float(let value): return builder.key(GoFloat.key(value))
    case .null:
      throw ComposeError(
        code: "yaml-key", message: "a key cannot be null", offset: Int(node.start),
        remedy: "quote the key if it is meant as text")
    case .unsigned(let value):
      throw ComposeError(
        code: "yaml-key", message: "the key \(value) is too large a number", offset: Int(node.start),
        remedy: "quote the key")
    }
  }

  /// A key with an anchor, a tag, or that is no scalar.
  private mutating func unusualKey(
    _ parser: borrowing Parser, _ at: inout Int, _ node: Node
  ) throws(ComposeError) -> Key? {
    if node.kind == .scalar, parser.properties[Int(node.properties) - 1].tag == CoreTag.merge {
      at += 1
      return nil
    }
    let value = try self.node(parser, &at)
    switch value {
    case .string(let text): return builder.key(text.utf8)
    case .bool(let value): return builder.key(value ? "true" : "false")
    case .small(let value): return builder.key(String(value))
    case .number(let text):
      if let whole = Int64(text.string) { return builder.key(String(whole)) }
      return builder.key(GoFloat.key(value.double ?? 0))
    case .null, .array, .object:
      throw ComposeError(
        code: "yaml-key", message: "a key must be text, a number or a boolean", offset: Int(node.start),
        remedy: "quote it; a template such as {{ … }} must be rendered first")
    }
  }

  /// Puts the fields in the order of their keys. Of equal keys the last wins; the others are noted.
  private mutating func sort(
    _ base: Int, _ parser: borrowing Parser, _ index: Int
  ) throws(ComposeError) {
    let count = fields.count - base
    let start = fields.start + base
    var hasDuplicates = false
    if count <= 24 {
      var at = 1
      while at < count {
        var to = at
        while to > 0, start[at].key < start[to - 1].key { to -= 1 }
        if to > 0, start[to - 1].key.id == start[at].key.id { hasDuplicates = true }
        if to < at {
          let moving = (start + at).move()
          (start + to + 1).moveInitialize(from: start + to, count: at - to)
          (start + to).initialize(to: moving)
        }
        at += 1
      }
    } else {
      let order = (0..<count).sorted {
        start[$0].key.id == start[$1].key.id ? $0 < $1 : start[$0].key < start[$1].key
      }
      let room = UnsafeMutablePointer<Field>.allocate(capacity: count)
      defer { room.deallocate() }
      for (to, from) in order.enumerated() { (room + to).moveInitialize(from: start + from, count: 1) }
      start.moveInitialize(from: room, count: count)
      for at in 1..<count where start[at - 1].key.id == start[at].key.id { hasDuplicates = true }
    }
    if hasDuplicates { dropDuplicates(base, parser, index) }
  }

  private mutating func dropDuplicates(_ base: Int, _ parser: borrowing Parser, _ index: Int) {
    let start = fields.start + base
    let count = fields.count - base
    var kept = 0
    for at in 0..<count {
      if at + 1 < count, start[at + 1].key.id == start[at].key.id {
        (start + at).deinitialize(count: 1)
      } else {
        if kept < at { (start + kept).moveInitialize(from: start + at, count: 1) }
        kept += 1
      }
    }
    fields.count = base + kept
    noteDuplicates(parser, index)
  }

  /// Finds the keys that are written twice in the mapping at `index`; merged ones are none.
  private mutating func noteDuplicates(_ parser: borrowing Parser, _ index: Int) {
    var seen: [Key: Int] = [:]
    var at = index + 1
    for _ in 0..<parser.nodes[index].count {
      let node = parser.nodes[at]
      var position = at
      if node.kind == .scalar, let found = try? key(parser, &position) {
        if let first = seen[found], duplicates.count < Self.duplicatesNoted {
          duplicates.append(DuplicateKey(key: found, first: first, second: Int(node.start)))
        }
        seen[found] = Int(node.start)
      }
      at += Int(node.size)
      at += Int(parser.nodes[at].size)
    }
  }

  // MARK: Merge keys

  /// The value of `<<`: a mapping, or a list of mappings of which the first wins.
  private mutating func merge(_ parser: borrowing Parser, _ at: inout Int) throws(ComposeError) {
    let node = parser.nodes[at]
    let value = try self.node(parser, &at)
    switch value {
    case .object: append(value)
    case .array(let list) where node.kind == .sequence:
      for item in (0..<list.count).reversed() {
        guard list[item].isObject else { throw notMergeable(node) }
        append(list[item])
      }
    default: throw notMergeable(node)
    }
  }

  private mutating func append(_ object: Value) {
    for field in object.fields { fields.push(field) }
  }

  private func notMergeable(_ node: Node) -> ComposeError {
    ComposeError(
      code: "yaml-merge", message: "the merge key << needs a mapping or a list of mappings",
      offset: Int(node.start))
  }

  // MARK: Anchors, aliases and tags

  private mutating func unusual(
    _ parser: borrowing Parser, _ at: inout Int, _ node: Node
  ) throws(ComposeError) -> Value {
    if node.kind == .alias { return try alias(parser, &at, node) }
    let properties = parser.properties[Int(node.properties) - 1]
    let before = counter.decoded
    let name = properties.anchor.map { range in
      String(decoding: UnsafeBufferPointer(rebasing: parser.sourceBytes[range]), as: UTF8.self)
    }
    if let name { anchors[name] = Anchor(value: nil, size: 0) }
    let value: Value
    if let tag = properties.tag, node.kind == .scalar {
      at += 1
      counter.decoded &+= 1
      value = try tagged(tag, parser.text(of: node), node)
    } else {
      value = try plainNode(parser, &at, node)
    }
    if let name { anchors[name] = Anchor(value: value, size: counter.decoded - before) }
    return value
  }

  private mutating func alias(
    _ parser: borrowing Parser, _ at: inout Int, _ node: Node
  ) throws(ComposeError) -> Value {
    at += 1
    let name = String(decoding: parser.text(of: node), as: UTF8.self)
    guard let anchor = anchors[name] else {
      throw ComposeError(
        code: "yaml-alias", message: "no anchor named '\(name)' stands before this alias",
        offset: Int(node.start), remedy: "quote the text if it begins with '*'")
    }
    guard let value = anchor.value else {
      throw ComposeError(
        code: "yaml-alias", message: "the anchor '\(name)' contains itself", offset: Int(node.start))
    }
    counter.use(anchor.size)
    if counter.isExcessive {
      throw ComposeError(
        code: "yaml-alias", message: "the aliases of this document expand to too much",
        offset: Int(node.start), remedy: "write out what is meant")
    }
    return value
  }

  private func tagged(
    _ tag: String, _ text: UnsafeBufferPointer<UInt8>, _ node: Node
  ) throws(ComposeError) -> Value {
    switch tag {
    case CoreTag.bool, CoreTag.int, CoreTag.float, CoreTag.null:
      let found = YAMLScalar.resolve(text)
      switch (tag, found) {
      case (CoreTag.bool, .bool), (CoreTag.int, .integer), (CoreTag.int, .unsigned), (CoreTag.null, .null),
        (CoreTag.float, .float), (CoreTag.float, .integer), (CoreTag.float, .unsigned):
        return try resolved(found, text, Int(node.start))
      default:
        let short = "!!" + tag.dropFirst(CoreTag.prefix.count)
        throw ComposeError(
          code: "yaml-tag", message: "'\(String(decoding: text, as: UTF8.self))' is no \(short)",
          offset: Int(node.start))
      }
    case CoreTag.binary:
      guard let bytes = Base64.decode(text), let text = String(validating: bytes, as: UTF8.self) else {
        throw ComposeError(
          code: "yaml-tag", message: "the !!binary value is not base64 of a text", offset: Int(node.start),
          remedy: "write the base64 text itself, without the tag")
      }
      return .string(builder.text(text))
    default:
      return .string(builder.text(text))
    }
  }
}

/// The tags of YAML's own types.
enum CoreTag {
  static let prefix = "tag:yaml.org,2002:"
  static let bool = prefix + "bool"
  static let int = prefix + "int"
  static let float = prefix + "float"
  static let null = prefix + "null"
  static let binary = prefix + "binary"
  static let merge = prefix + "merge"
}

/// How much of a document comes from aliases; the bounds are those of `goyaml.v2/decode.go`.
struct AliasCounter {
  var decoded = 0
  var fromAliases = 0

  mutating func use(_ size: Int) {
    decoded &+= min(size, 1 << 40)
    fromAliases &+= min(size, 1 << 40)
  }

  var isExcessive: Bool {
    guard fromAliases > 100, decoded > 1_000 else { return false }
    return Double(fromAliases) / Double(decoded) > allowedRatio
  }

  private var allowedRatio: Double {
    if decoded <= 400_000 { return 0.99 }
    if decoded >= 4_000_000 { return 0.10 }
    return 0.99 - 0.89 * (Double(decoded - 400_000) / 3_600_000)
  }
}

/// A stack in memory that does not move elements one by one; what is above `count` is not initialized.
struct ValueStack<Element>: ~Copyable {
  private(set) var start: UnsafeMutablePointer<Element>
  private var capacity = 256
  var count = 0

  init() { start = .allocate(capacity: 256) }

  @inline(__always)
  mutating func push(_ element: consuming Element) {
    if count == capacity { grow() }
    (start + count).initialize(to: element)
    count &+= 1
  }

  @inline(never)
  private mutating func grow() {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: start, count: count)
    start.deallocate()
    start = larger
    capacity *= 2
  }

  /// Frees the elements, as after an error.
  mutating func removeAll() {
    start.deinitialize(count: count)
    count = 0
  }

  deinit {
    start.deinitialize(count: count)
    start.deallocate()
  }
}
