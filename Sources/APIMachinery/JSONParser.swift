/// Why some bytes are no JSON, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Offset of the offending byte.
  public var offset: Int
  public var message: String
  public init(offset: Int, message: String) {
    self.offset = offset
    self.message = message
  }
  public var description: String { "\(message) at offset \(offset)" }
}

/// What the parser met, in the order of the text: enough to give every node its place.
public enum JSONEvent: Sendable {
  case objectStart(offset: Int)
  case arrayStart(offset: Int)
  case key(Key, offset: Int)
  case scalar(offset: Int)
  /// The end of the innermost open object or array.
  case end(offset: Int)
}

/// JSON (RFC 8259) into values. Strict: no comments, no trailing commas, no invalid UTF-8; lone surrogates
/// become U+FFFD as in Go's `encoding/json`. Of equal keys the last wins.
public enum JSON {
  /// Nesting beyond this is refused.
  public static let defaultDepth = 1000

  /// Reads exactly one value with white space around it.
  public static func parse(
    _ bytes: UnsafeBufferPointer<UInt8>, builder: ValueBuilder? = nil
  ) -> Result<Value, JSONError> {
    var parser = JSONParser(bytes, builder: builder ?? ValueBuilder(small: true))
    return parser.whole()
  }

  public static func parse(_ bytes: [UInt8], builder: ValueBuilder? = nil) -> Result<Value, JSONError> {
    bytes.withUnsafeBufferPointer { parse($0, builder: builder) }
  }

  public static func parse(_ text: String, builder: ValueBuilder? = nil) -> Result<Value, JSONError> {
    var text = text
    return text.withUTF8 { parse($0, builder: builder) }
  }

  /// Reads one value from `offset` on; gives it with the offset after it. For streams of values.
  public static func parsePrefix(
    _ bytes: UnsafeBufferPointer<UInt8>, from offset: Int = 0, builder: ValueBuilder? = nil
  ) -> Result<(value: Value, end: Int), JSONError> {
    var parser = JSONParser(bytes, from: offset, builder: builder ?? ValueBuilder(small: true))
    return parser.prefix()
  }

  /// As `parse`, and tells what stands where: `events` in the order of the text, `duplicate` for each key that
  /// stands twice in an object, with the offset of its second appearance.
  public static func parse(
    _ bytes: UnsafeBufferPointer<UInt8>, from offset: Int = 0, builder: ValueBuilder? = nil,
    depth: Int = defaultDepth, events: @escaping (JSONEvent) -> Void,
    duplicate: ((Key, Int) -> Void)? = nil
  ) -> Result<(value: Value, end: Int), JSONError> {
    var parser = JSONParser(bytes, from: offset, builder: builder ?? ValueBuilder(small: true), depth: depth)
    parser.events = events
    parser.duplicate = duplicate
    return parser.prefix()
  }
}

/// An object or array that is being read.
struct JSONFrame {
  /// Where its items or fields begin on their stack.
  var base: Int
  var key: Key
  var isObject: Bool
  var ordered: Bool
  var keyHash: UInt64
  var keyOffset: Int
}

/// The parser's stacks. They are emptied, not freed, between runs: freeing them for each line of a file costs
/// more than reading it.
struct JSONWorkspace {
  var items = RawStack<Value>()
  var fields = RawStack<Field>()
  var keyHashes = RawStack<UInt64>()
  var frames = RawStack<JSONFrame>()
  var scratch: [UInt8] = []

  mutating func clear() {
    items.clear()
    fields.clear()
    keyHashes.clear()
    frames.clear()
  }

  mutating func free() {
    items.free()
    fields.free()
    keyHashes.free()
    frames.free()
  }
}

/// One run of the parser: a loop with stacks of its own, so that nesting costs no machine stack.
struct JSONParser {
  let bytes: UnsafeBufferPointer<UInt8>
  private let owned: ValueBuilder
  /// The builder again, without a reference counted for each call.
  private let builder: Unmanaged<ValueBuilder>
  private let depth: Int
  var at: Int
  private var items: RawStack<Value>
  private var fields: RawStack<Field>
  private var keyHashes: RawStack<UInt64>
  private var frames: RawStack<JSONFrame>
  var scratch: [UInt8]
  private var keyOffsets: [Int] = []
  var events: ((JSONEvent) -> Void)?
  var duplicate: ((Key, Int) -> Void)?

  init(
    _ bytes: UnsafeBufferPointer<UInt8>, from: Int = 0, builder: ValueBuilder, depth: Int = JSON.defaultDepth
  ) {
    self.bytes = bytes
    owned = builder
    self.builder = .passUnretained(builder)
    self.depth = depth
    at = max(from, 0)
    let workspace = builder.workspace ?? JSONWorkspace()
    builder.workspace = nil
    items = workspace.items
    fields = workspace.fields
    keyHashes = workspace.keyHashes
    frames = workspace.frames
    scratch = workspace.scratch
  }

  mutating func whole() -> Result<Value, JSONError> {
    switch prefix() {
    case .failure(let error): return .failure(error)
    case .success(let (value, end)):
      at = end
      skipSpace()
      if at < bytes.count { return .failure(JSONError(offset: at, message: unexpected("after the value"))) }
      return .success(value)
    }
  }

  mutating func prefix() -> Result<(value: Value, end: Int), JSONError> {
    defer { finish() }
    do throws(JSONError) {
      let value = try parse()
      return .success((value, at))
    } catch {
      return .failure(error)
    }
  }

  /// Hands the stacks back to the builder, emptied.
  private mutating func finish() {
    var workspace = JSONWorkspace(
      items: items, fields: fields, keyHashes: keyHashes, frames: frames, scratch: scratch)
    workspace.clear()
    if owned.workspace == nil { owned.workspace = workspace } else { workspace.free() }
  }

  private func unexpected(_ context: String) -> String {
    guard at < bytes.count else { return "unexpected end of JSON input" }
    let c = bytes[at]
    let shown = c > 0x20 && c < 0x7F ? "'\(Character(UnicodeScalar(c)))'" : "byte 0x" + String(c, radix: 16)
    return "unexpected \(shown) \(context)"
  }

  private func fail(_ context: String) -> JSONError {
    JSONError(offset: at, message: unexpected(context))
  }

  @inline(__always)
  private mutating func skipSpace() {
    while at < bytes.count {
      let c = bytes[at]
      if c != 0x20 && c != 0x0A && c != 0x0D && c != 0x09 { return }
      at &+= 1
    }
  }

  /// Reads one value; `at` stands after it.
  private mutating func parse() throws(JSONError) -> Value {
    while true {
      skipSpace()
      guard at < bytes.count else { throw fail("") }
      var done: Value
      switch bytes[at] {
      case 0x7B:
        events?(.objectStart(offset: at))
        try open(isObject: true)
        if at < bytes.count && bytes[at] == 0x7D {
          done = try close()
        } else {
          try readKey()
          continue
        }
      case 0x5B:
        events?(.arrayStart(offset: at))
        try open(isObject: false)
        if at < bytes.count && bytes[at] == 0x5D { done = try close() } else { continue }
      default:
        events?(.scalar(offset: at))
        done = try scalar()
      }
      // A value is complete: hand it to what contains it, which may complete in turn.
      while true {
        if frames.count == 0 { return consume done }
        let frame = frames.start + (frames.count &- 1)
        if frame.pointee.isObject {
          add(consume done, frame)
        } else {
          items.push(consume done)
        }
        skipSpace()
        guard at < bytes.count else { throw fail("") }
        if bytes[at] == 0x2C {
          at &+= 1
          if frame.pointee.isObject {
            skipSpace()
            try readKey()
          }
          break
        }
        guard bytes[at] == (frame.pointee.isObject ? 0x7D : 0x5D) else {
          throw fail(frame.pointee.isObject ? "after object key:value pair" : "after array element")
        }
        done = try close()
      }
    }
  }

  private mutating func open(isObject: Bool) throws(JSONError) {
    guard frames.count < depth else {
      throw JSONError(offset: at, message: "nested deeper than \(depth) levels")
    }
    frames.push(
      JSONFrame(
        base: isObject ? fields.count : items.count, key: .empty, isObject: isObject, ordered: true,
        keyHash: 0, keyOffset: 0))
    at &+= 1
    skipSpace()
  }

  @inline(__always)
  private mutating func add(_ value: consuming Value, _ frame: UnsafeMutablePointer<JSONFrame>) {
    let key = frame.pointee.key
    if fields.count > frame.pointee.base, frame.pointee.ordered {
      frame.pointee.ordered = fields.start[fields.count &- 1].key < key
    }
    if duplicate != nil { keyOffsets.append(frame.pointee.keyOffset) }
    fields.push(Field(key, value))
    keyHashes.push(frame.pointee.keyHash)
  }

  /// Completes the innermost object or array, whose closing bracket stands at `at`.
  private mutating func close() throws(JSONError) -> Value {
    let frame = frames.pop()
    events?(.end(offset: at))
    at &+= 1
    if !frame.isObject {
      let count = items.count &- frame.base
      items.count = frame.base
      let from = items.start + frame.base
      return builder._withUnsafeGuaranteedRef { $0.array(moving: from, count: count) }
    }
    let count = fields.count &- frame.base
    fields.count = frame.base
    keyHashes.count = frame.base
    let from = fields.start + frame.base
    if duplicate != nil, !frame.ordered || count > 0 {
      let offsets = Array(keyOffsets.suffix(count))
      keyOffsets.removeLast(count)
      let tell = duplicate
      return owned.objectSorting(moving: from, count: count) { key, _, second in
        tell?(key, offsets[second])
      }
    }
    if frame.ordered {
      let hashes = keyHashes.start + frame.base
      return builder._withUnsafeGuaranteedRef { $0.object(moving: from, count: count, keyHashes: hashes) }
    }
    return owned.objectSorting(moving: from, count: count)
  }

  private mutating func readKey() throws(JSONError) {
    guard at < bytes.count, bytes[at] == 0x22 else {
      throw fail("looking for beginning of object key string")
    }
    let offset = at
    let span = try string()
    let (key, hash) =
      if let span { builder._withUnsafeGuaranteedRef { $0.hashedKey(span) } } else {
        scratch.withUnsafeBufferPointer { owned.hashedKey($0) }
      }
    let frame = frames.start + (frames.count &- 1)
    frame.pointee.key = key
    frame.pointee.keyHash = hash
    frame.pointee.keyOffset = offset
    events?(.key(key, offset: offset))
    skipSpace()
    guard at < bytes.count, bytes[at] == 0x3A else { throw fail("after object key") }
    at &+= 1
  }

  @inline(__always)
  private mutating func scalar() throws(JSONError) -> Value {
    switch bytes[at] {
    case 0x22:
      if let span = try string() { return .string(builder._withUnsafeGuaranteedRef { $0.text(span) }) }
      return .string(scratch.withUnsafeBufferPointer { owned.text($0) })
    case 0x2D, 0x30...0x39: return try number()
    case 0x74:
      try word("true")
      return .bool(true)
    case 0x66:
      try word("false")
      return .bool(false)
    case 0x6E:
      try word("null")
      return .null
    default: throw fail("looking for beginning of value")
    }
  }

  private mutating func word(_ word: StaticString) throws(JSONError) {
    for i in 0..<word.utf8CodeUnitCount {
      guard at < bytes.count, bytes[at] == word.utf8Start[i] else { throw fail("in literal \(word)") }
      at &+= 1
    }
  }

  private mutating func number() throws(JSONError) -> Value {
    let start = at
    if bytes[at] == 0x2D { at &+= 1 }
    guard at < bytes.count, isDigit(bytes[at]) else { throw fail("in numeric literal") }
    if bytes[at] == 0x30 {
      at &+= 1
      if at < bytes.count, isDigit(bytes[at]) { throw fail("after a leading zero") }
    } else {
      digits()
    }
    if at < bytes.count, bytes[at] == 0x2E {
      at &+= 1
      guard at < bytes.count, isDigit(bytes[at]) else { throw fail("after decimal point in numeric literal") }
      digits()
    }
    if at < bytes.count, bytes[at] | 0x20 == 0x65 {
      at &+= 1
      if at < bytes.count, bytes[at] == 0x2B || bytes[at] == 0x2D { at &+= 1 }
      guard at < bytes.count, isDigit(bytes[at]) else { throw fail("in exponent of numeric literal") }
      digits()
    }
    let literal = UnsafeBufferPointer(rebasing: bytes[start..<at])
    return builder._withUnsafeGuaranteedRef { $0.number(literal) }
  }

  @inline(__always) private func isDigit(_ c: UInt8) -> Bool { c &- 0x30 < 10 }
  @inline(__always) private mutating func digits() {
    while at < bytes.count, isDigit(bytes[at]) { at &+= 1 }
  }
}
