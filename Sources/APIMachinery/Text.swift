/// An immutable, shareable piece of UTF-8 with its hash: the leaf of a `Value`.
public final class Text: ManagedBuffer<NodeHeader, UInt8> {
  /// A new text with a copy of `bytes`, whose hash is already known.
  public static func make(_ bytes: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Text {
    let text = unsafeDowncast(
      create(minimumCapacity: bytes.count) { _ in NodeHeader(count: bytes.count, hash: hash) }, to: Text.self)
    if let from = bytes.baseAddress { text.start.initialize(from: from, count: bytes.count) }
    return text
  }

  /// A new text with a copy of `string`.
  public static func make(_ string: String) -> Text {
    var string = string
    return string.withUTF8 { make($0, hash: hash($0)) }
  }

  @inlinable var head: UnsafeMutablePointer<NodeHeader> { withUnsafeMutablePointerToHeader { $0 } }
  @inlinable public var count: Int { head.pointee.count }
  @inlinable public var hash: UInt64 { head.pointee.hash }
  @inlinable var start: UnsafeMutablePointer<UInt8> { withUnsafeMutablePointerToElements { $0 } }

  /// The bytes, valid as long as the text is.
  @inlinable public var utf8: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: start, count: count)
  }

  public var string: String { String(decoding: utf8, as: UTF8.self) }

  /// The text as an interned name, looked up once: whoever fills it in writes the same number.
  public var key: Key {
    let known = head.pointee.name
    if known != 0 { return Key(id: known &- 1) }
    let key = KeyTable.shared.intern(utf8, hash)
    head.pointee.name = key.id &+ 1
    return key
  }

  /// A 64-bit hash of bytes that is equal on every run and machine (not cryptographic).
  @inlinable public static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var h: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ (UInt64(truncatingIfNeeded: bytes.count) &* 0xC2B2_AE3D_27D4_EB4F)
    guard let base = bytes.baseAddress else { return h }
    let raw = UnsafeRawPointer(base)
    var i = 0
    while i &+ 8 <= bytes.count {
      h = (h ^ raw.loadUnaligned(fromByteOffset: i, as: UInt64.self)) &* 0x9FB2_1C65_1E98_DF25
      h ^= h >> 32
      i &+= 8
    }
    var tail: UInt64 = 0
    var shift: UInt64 = 0
    while i < bytes.count {
      tail |= UInt64(raw.load(fromByteOffset: i, as: UInt8.self)) << shift
      shift &+= 8
      i &+= 1
    }
    h = (h ^ tail) &* 0x9FB2_1C65_1E98_DF25
    h ^= h >> 29
    return h
  }

  @inlinable public static func equal(
    _ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: Int
  ) -> Bool {
    let x = UnsafeRawPointer(a)
    let y = UnsafeRawPointer(b)
    var i = 0
    while i &+ 8 <= count {
      if x.loadUnaligned(fromByteOffset: i, as: UInt64.self)
        != y.loadUnaligned(fromByteOffset: i, as: UInt64.self)
      {
        return false
      }
      i &+= 8
    }
    while i < count {
      if a[i] != b[i] { return false }
      i &+= 1
    }
    return true
  }

  @inlinable public static func == (a: Text, b: Text) -> Bool {
    if a === b { return true }
    return a.hash == b.hash && a.count == b.count && equal(a.start, b.start, a.count)
  }

  /// Whether the text has exactly the bytes of `string`.
  public func equals(_ string: StaticString) -> Bool {
    count == string.utf8CodeUnitCount && Text.equal(start, string.utf8Start, count)
  }

  /// Whether the text has exactly the bytes of `string`; nothing is allocated.
  public func equals(_ string: String) -> Bool {
    let same = string.utf8.withContiguousStorageIfAvailable { bytes in
      bytes.count == count && (count == 0 || Text.equal(start, bytes.baseAddress!, count))
    }
    return same ?? (self.string == string)
  }
}

/// Escaping of JSON strings, shared by keys and values.
public enum JSONText {
  /// Appends `text` as a JSON string with quotes. Escapes what must be escaped and, nothing else.
  public static func appendQuoted(_ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
    out.append(0x22)
    var from = 0
    for i in 0..<text.count {
      let c = text[i]
      if c >= 0x20 && c != 0x22 && c != 0x5C { continue }
      out.append(contentsOf: UnsafeBufferPointer(rebasing: text[from..<i]))
      from = i + 1
      appendEscape(c, to: &out)
    }
    out.append(contentsOf: UnsafeBufferPointer(rebasing: text[from..<text.count]))
    out.append(0x22)
  }

  private static func appendEscape(_ c: UInt8, to out: inout [UInt8]) {
    out.append(0x5C)
    switch c {
    case 0x22, 0x5C: out.append(c)
    case 0x0A: out.append(0x6E)
    case 0x0D: out.append(0x72)
    case 0x09: out.append(0x74)
    case 0x08: out.append(0x62)
    case 0x0C: out.append(0x66)
    default:
      let hex: [UInt8] = Array("0123456789abcdef".utf8)
      out.append(contentsOf: [0x75, 0x30, 0x30, hex[Int(c >> 4)], hex[Int(c & 15)]])
    }
  }
}
