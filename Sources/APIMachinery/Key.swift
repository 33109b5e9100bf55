import Synchronization

/// An interned name: a field name, a label key, a namespace or an object name. Four bytes, compared by number.
///
/// Names of the built-in kinds are compile-time constants (`Key.spec`, see `Generated/FieldName.swift`);
/// others are entered once into a table that lives as long as the process.
public struct Key: Hashable, Sendable {
  public let id: UInt32

  @inlinable init(known id: UInt32) { self.id = id }
  @inlinable init(id: UInt32) { self.id = id }

  /// Interns `text`.
  public init(_ text: String) {
    var text = text
    self = text.withUTF8 { KeyTable.shared.intern($0) }
  }

  /// Interns the bytes of `utf8`, which must be valid UTF-8.
  public init(utf8: UnsafeBufferPointer<UInt8>) { self = KeyTable.shared.intern(utf8) }

  /// The name's text.
  public var string: String { String(decoding: utf8, as: UTF8.self) }

  /// The name's bytes; they are never freed.
  public var utf8: UnsafeBufferPointer<UInt8> { KeyTable.entry(id).pointee.bytes }

  /// The name as a JSON string with its quotes, escaped; never freed.
  public var quoted: UnsafeBufferPointer<UInt8> { KeyTable.entry(id).pointee.quoted }

  /// A hash of the text, equal on every machine.
  public var textHash: UInt64 { KeyTable.entry(id).pointee.hash }

  /// The name as a shared text node.
  public var text: Text { KeyTable.entry(id).pointee.text.takeUnretainedValue() }

  public var isEmpty: Bool { KeyTable.entry(id).pointee.bytes.isEmpty }

  /// The empty name: the namespace of cluster-scoped objects.
  public static let empty = Key("")
}

extension Key: Comparable {
  /// Byte order of the texts. Known names compare by number alone.
  @inlinable public static func < (a: Key, b: Key) -> Bool {
    if a.id == b.id { return false }
    if a.id < knownCount && b.id < knownCount { return a.id < b.id }
    return textLess(a, b)
  }

  @usableFromInline static func textLess(_ a: Key, _ b: Key) -> Bool {
    let (left, right) = (KeyTable.entry(a.id), KeyTable.entry(b.id))
    if left.pointee.prefix != right.pointee.prefix { return left.pointee.prefix < right.pointee.prefix }
    let x = left.pointee.bytes
    let y = right.pointee.bytes
    let common = Swift.min(x.count, y.count)
    for i in 0..<common where x[i] != y[i] { return x[i] < y[i] }
    return x.count < y.count
  }
}

extension Key: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self.init(value) }
}

extension Key: CustomStringConvertible {
  public var description: String { string }
}

/// The process-wide table of names. Entries live in chunks that never move, so reading an entry needs no lock; nor
/// does finding a name that is there. Only a new name takes it.
final class KeyTable: @unchecked Sendable {
  struct Entry {
    var bytes: UnsafeBufferPointer<UInt8>
    var quoted: UnsafeBufferPointer<UInt8>
    var hash: UInt64
    var text: Unmanaged<Text>
    /// The first eight bytes as a number that orders as they do.
    var prefix: UInt64
  }

  private typealias Chunks = UnsafeMutablePointer<UnsafeMutablePointer<Entry>?>

  static let shared = KeyTable()
  /// The chunks of `shared` once it is made: reading an entry takes no look at whether that is so.
  private static let made = Atomic<UInt>(0)

  private static let chunkBits: UInt32 = 12
  private let chunks: Chunks
  private let lock = Mutex<Void>(())
  private let slots: Atomic<UInt>
  private var count: UInt32 = 0

  /// Places of the hash table: the mask first, then one entry's number each, `none` where there is none. A table that
  /// was replaced by a larger one is never freed, since somebody may still look into it.
  private typealias Slots = UnsafeMutablePointer<Atomic<UInt32>>
  private static let none = UInt32.max

  private static func makeSlots(_ size: Int) -> Slots {
    let made = Slots.allocate(capacity: size + 1)
    made.initialize(to: Atomic(UInt32(size - 1)))
    for i in 1...size { (made + i).initialize(to: Atomic(none)) }
    return made
  }

  private init() {
    chunks = .allocate(capacity: 1 << 16)
    chunks.initialize(repeating: nil, count: 1 << 16)
    slots = Atomic(UInt(bitPattern: Self.makeSlots(1 << 13)))
    var names = Key.knownNames
    names.withUTF8 { all in
      var start = 0
      for i in 0...all.count {
        guard i == all.count || all[i] == 32 || all[i] == 10 else { continue }
        if i > start { add(UnsafeBufferPointer(rebasing: all[start..<i])) }
        start = i + 1
      }
    }
    precondition(count == Key.knownCount, "the known names are out of step")
    Self.made.store(UInt(bitPattern: chunks), ordering: .releasing)
  }

  /// The entry of a name; it never moves and never changes.
  @inline(__always) static func entry(_ id: UInt32) -> UnsafePointer<Entry> {
    var base = Chunks(bitPattern: made.load(ordering: .acquiring))
    if base == nil { base = shared.chunks }
    return UnsafePointer(at(base.unsafelyUnwrapped, id))
  }

  @inline(__always)
  private static func at(_ chunks: Chunks, _ id: UInt32) -> UnsafeMutablePointer<Entry> {
    chunks[Int(id >> chunkBits)].unsafelyUnwrapped + Int(id & ((1 << chunkBits) - 1))
  }

  private func entry(_ id: UInt32) -> UnsafeMutablePointer<Entry> { Self.at(chunks, id) }

  func intern(_ text: UnsafeBufferPointer<UInt8>) -> Key { intern(text, Text.hash(text)) }

  func intern(_ text: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Key {
    if case .known(let id) = find(text, hash) { return Key(id: id) }
    return lock.withLock { _ in
      switch find(text, hash) {
      case .known(let id): Key(id: id)
      case .free(let slot): add(text, hash, slot)
      }
    }
  }

  private var current: Slots { Slots(bitPattern: slots.load(ordering: .acquiring)).unsafelyUnwrapped }

  private enum Found {
    case known(UInt32)
    case free(Slots)
  }

  private func find(_ text: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Found {
    let slots = current
    let mask = Int(slots.pointee.load(ordering: .relaxed))
    var place = Int(truncatingIfNeeded: hash) & mask
    while true {
      let slot = slots + 1 + place
      let id = slot.pointee.load(ordering: .acquiring)
      if id == Self.none { return .free(slot) }
      let known = entry(id)
      if known.pointee.hash == hash && known.pointee.bytes.count == text.count
        && (text.isEmpty || Text.equal(known.pointee.bytes.baseAddress!, text.baseAddress!, text.count))
      {
        return .known(id)
      }
      place = (place + 1) & mask
    }
  }

  private func add(_ text: UnsafeBufferPointer<UInt8>) {
    let hash = Text.hash(text)
    if case .free(let slot) = find(text, hash) { _ = add(text, hash, slot) }
  }

  private func add(_ text: UnsafeBufferPointer<UInt8>, _ hash: UInt64, _ slot: Slots) -> Key {
    precondition(count < 1 << 28, "too many names")
    let id = count
    let chunk = Int(id >> Self.chunkBits)
    if chunks[chunk] == nil { chunks[chunk] = .allocate(capacity: 1 << Self.chunkBits) }
    let (bytes, kept) = Self.kept(text)
    var prefix: UInt64 = 0
    for i in 0..<8 { prefix = prefix << 8 | (i < bytes.count ? UInt64(bytes[i]) : 0) }
    let shared = Text.make(bytes, hash: hash)
    shared.head.pointee.name = id &+ 1
    let entry = Entry(
      bytes: bytes, quoted: kept, hash: hash, text: Unmanaged.passRetained(shared),
      prefix: prefix)
    Self.at(chunks, id).initialize(to: entry)
    slot.pointee.store(id, ordering: .releasing)
    count += 1
    let size = Int(current.pointee.load(ordering: .relaxed)) + 1
    if Int(count) * 2 >= size { grow(to: size * 2) }
    return Key(id: id)
  }

  /// Copies of the text and of its JSON string that are never freed.
  private static func kept(
    _ text: UnsafeBufferPointer<UInt8>
  ) -> (bytes: UnsafeBufferPointer<UInt8>, quoted: UnsafeBufferPointer<UInt8>) {
    if text.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) {
      let quoted = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.count + 2)
      quoted.initializeElement(at: 0, to: 0x22)
      _ = quoted.extracting(1..<text.count + 1).initialize(fromContentsOf: text)
      quoted.initializeElement(at: text.count + 1, to: 0x22)
      let all = UnsafeBufferPointer(quoted)
      return (UnsafeBufferPointer(rebasing: all[1..<text.count + 1]), all)
    }
    var quoted: [UInt8] = []
    JSONText.appendQuoted(text, to: &quoted)
    let all = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: quoted.count)
    _ = all.initialize(fromContentsOf: quoted)
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.count)
    _ = copy.initialize(fromContentsOf: text)
    return (UnsafeBufferPointer(copy), UnsafeBufferPointer(all))
  }

  private func grow(to size: Int) {
    let made = Self.makeSlots(size)
    for id in 0..<count {
      var place = Int(truncatingIfNeeded: entry(id).pointee.hash) & (size - 1)
      while (made + 1 + place).pointee.load(ordering: .relaxed) != Self.none {
        place = (place + 1) & (size - 1)
      }
      (made + 1 + place).pointee.store(id, ordering: .relaxed)
    }
    slots.store(UInt(bitPattern: made), ordering: .releasing)
  }
}
