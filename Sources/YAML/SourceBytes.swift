/// A text as UTF-8 in memory that does not move, with a margin of NUL bytes behind it so that a
/// scanner may look ahead without counting. Immutable once made.
public final class SourceBytes: @unchecked Sendable {
  @usableFromInline let storage: UnsafeMutablePointer<UInt8>
  public let count: Int
  /// What was wrong with the encoding; the text then ends where that is.
  public let encodingError: YAMLError?

  /// NUL bytes that follow the text.
  static let margin = 64

  @inlinable public var base: UnsafePointer<UInt8> { UnsafePointer(storage) }
  @inlinable public var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

  /// Copies the bytes; UTF-16 and UTF-32 become UTF-8, a byte order mark is dropped (YAML 1.2, 5.2).
  public init(_ bytes: UnsafeRawBufferPointer) {
    let encoding = Encoding.detect(bytes)
    if encoding == .utf8 {
      let skipped = Encoding.hasMark(bytes) ? 3 : 0
      count = bytes.count - skipped
      storage = Self.allocate(count)
      if count > 0, let from = bytes.baseAddress {
        UnsafeMutableRawPointer(storage).copyMemory(from: from + skipped, byteCount: count)
      }
      encodingError = nil
    } else {
      var problem: YAMLError?
      let text = encoding.transcode(bytes, problem: &problem)
      count = text.count
      let room = Self.allocate(count)
      storage = room
      text.withUnsafeBufferPointer { from in
        if let start = from.baseAddress { room.update(from: start, count: from.count) }
      }
      encodingError = problem
    }
  }

  public convenience init(_ bytes: [UInt8]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { copy.deallocate() }
    copy.copyBytes(from: bytes)
    self.init(UnsafeRawBufferPointer(copy))
  }

  public convenience init(_ text: String) {
    self.init(Array(text.utf8))
  }

  /// Space for `capacity` bytes which `fill` writes; it returns how many it wrote, or nil if it failed.
  /// A text that is not UTF-8 is transcoded.
  public static func reading(
    capacity: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Int?
  ) -> SourceBytes? {
    let storage = allocate(capacity)
    let space = UnsafeMutableRawBufferPointer(start: storage, count: capacity)
    guard let count = fill(space), count >= 0, count <= capacity else {
      storage.deallocate()
      return nil
    }
    let read = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(space)[..<count])
    guard Encoding.detect(read) == .utf8, !Encoding.hasMark(read) else {
      defer { storage.deallocate() }
      return SourceBytes(read)
    }
    (storage + count).update(repeating: 0, count: capacity - count + margin)
    return SourceBytes(adopting: storage, count: count)
  }

  private init(adopting storage: UnsafeMutablePointer<UInt8>, count: Int) {
    self.storage = storage
    self.count = count
    self.encodingError = nil
  }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<UInt8> {
    let storage = UnsafeMutablePointer<UInt8>.allocate(capacity: count + margin)
    (storage + count).initialize(repeating: 0, count: margin)
    return storage
  }

  deinit { storage.deallocate() }

  /// The text of a range, with what is not UTF-8 replaced.
  public func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: 0..<count)], as: UTF8.self)
  }
}

/// The encodings of a YAML stream (YAML 1.2, 5.2).
enum Encoding {
  case utf8, utf16LittleEndian, utf16BigEndian, utf32LittleEndian, utf32BigEndian

  static func hasMark(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
  }

  /// By byte order mark, or by where the zeros of the first characters stand.
  static func detect(_ bytes: UnsafeRawBufferPointer) -> Encoding {
    guard bytes.count >= 2 else { return .utf8 }
    let (a, b) = (bytes[0], bytes[1])
    let c = bytes.count > 3 ? bytes[2] : 1
    let d = bytes.count > 3 ? bytes[3] : 1
    switch (a, b, c, d) {
    case (0, 0, 0xFE, 0xFF), (0, 0, 0, 1...): return .utf32BigEndian
    case (0xFF, 0xFE, 0, 0), (1..., 0, 0, 0): return .utf32LittleEndian
    case (0xFE, 0xFF, _, _), (0, 1..., 0, 1...): return .utf16BigEndian
    case (0xFF, 0xFE, _, _), (1..., 0, 1..., 0): return .utf16LittleEndian
    default: return .utf8
    }
  }

  /// The bytes as UTF-8 without a byte order mark, up to the first that is wrong.
  func transcode(_ bytes: UnsafeRawBufferPointer, problem: inout YAMLError?) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    let wide = self == .utf32LittleEndian || self == .utf32BigEndian
    let little = self == .utf16LittleEndian || self == .utf32LittleEndian
    func unit(_ at: Int) -> UInt32 {
      if wide {
        let parts = (0..<4).map { UInt32(bytes[at + $0]) }
        let ordered = little ? parts.reversed() : parts
        return ordered.reduce(0) { $0 << 8 | $1 }
      }
      let (first, second) = (UInt32(bytes[at]), UInt32(bytes[at + 1]))
      return little ? second << 8 | first : first << 8 | second
    }
    let width = wide ? 4 : 2
    var at = 0
    while at < bytes.count {
      guard at + width <= bytes.count else { break }
      var code = unit(at)
      at += width
      if !wide, code & 0xFC00 == 0xD800, at + 2 <= bytes.count, unit(at) & 0xFC00 == 0xDC00 {
        code = 0x10000 + (code & 0x3FF) << 10 + (unit(at) & 0x3FF)
        at += 2
      }
      guard let scalar = Unicode.Scalar(code) else {
        problem = YAMLError(wide ? .invalidUTF32 : .invalidUTF16, at: out.count)
        return out
      }
      if code != 0xFEFF || at != width { out.append(contentsOf: Array(String(scalar).utf8)) }
    }
    if bytes.count % width != 0 { problem = YAMLError(wide ? .invalidUTF32 : .invalidUTF16, at: out.count) }
    return out
  }
}
