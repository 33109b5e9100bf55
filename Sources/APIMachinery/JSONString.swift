/// Strings of JSON: finding their end eight bytes at a time, and decoding escapes where there are any.
extension JSONParser {
  /// Reads the string whose opening quote stands at `at`. Gives its bytes in the source, or nil where it has
  /// escapes; then its bytes are in `scratch`.
  @inline(__always)
  mutating func string() throws(JSONError) -> UnsafeBufferPointer<UInt8>? {
    let start = at &+ 1
    let (end, ascii) = JSONScan.plainEnd(bytes, from: start)
    if end < bytes.count, bytes[end] == 0x22 {
      let span = UnsafeBufferPointer(rebasing: bytes[start..<end])
      if !ascii, let bad = UTF8Check.firstInvalid(span) {
        throw JSONError(offset: start + bad, message: "invalid UTF-8 in string")
      }
      at = end &+ 1
      return span
    }
    try escapedString()
    return nil
  }

  /// The slow way: the string has an escape, or an error.
  private mutating func escapedString() throws(JSONError) {
    scratch.removeAll(keepingCapacity: true)
    at &+= 1
    while true {
      let (end, ascii) = JSONScan.plainEnd(bytes, from: at)
      let span = UnsafeBufferPointer(rebasing: bytes[at..<end])
      if !ascii, let bad = UTF8Check.firstInvalid(span) {
        throw JSONError(offset: at + bad, message: "invalid UTF-8 in string")
      }
      scratch.append(contentsOf: span)
      at = end
      guard at < bytes.count else {
        throw JSONError(offset: at, message: "unexpected end of JSON input")
      }
      switch bytes[at] {
      case 0x22:
        at &+= 1
        return
      case 0x5C: try escape()
      default:
        throw JSONError(
          offset: at, message: "control character 0x\(String(bytes[at], radix: 16)) in string literal")
      }
    }
  }

  private mutating func escape() throws(JSONError) {
    guard at + 1 < bytes.count else {
      throw JSONError(offset: bytes.count, message: "unexpected end of JSON input")
    }
    let c = bytes[at + 1]
    switch c {
    case 0x22, 0x5C, 0x2F: scratch.append(c)
    case 0x62: scratch.append(0x08)
    case 0x66: scratch.append(0x0C)
    case 0x6E: scratch.append(0x0A)
    case 0x72: scratch.append(0x0D)
    case 0x74: scratch.append(0x09)
    case 0x75:
      try unicodeEscape()
      return
    default: throw JSONError(offset: at + 1, message: "unknown escape in string literal")
    }
    at &+= 2
  }

  /// `\uXXXX`, with its second half where it is a surrogate pair; a lone surrogate gives U+FFFD.
  private mutating func unicodeEscape() throws(JSONError) {
    guard let first = hex4(at + 2) else {
      throw JSONError(offset: at + 2, message: "invalid \\u escape in string literal")
    }
    at &+= 6
    var scalar = first
    if first >= 0xD800 && first < 0xE000 {
      scalar = 0xFFFD
      if first < 0xDC00, at + 1 < bytes.count, bytes[at] == 0x5C, bytes[at + 1] == 0x75,
        let second = hex4(at + 2), second >= 0xDC00, second < 0xE000
      {
        scalar = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
        at &+= 6
      }
    }
    if let known = UnicodeScalar(scalar) { scratch.append(contentsOf: UTF8.encode(known) ?? .init()) }
  }

  private func hex4(_ from: Int) -> UInt32? {
    guard from + 4 <= bytes.count else { return nil }
    var n: UInt32 = 0
    for c in bytes[from..<from + 4] {
      switch c {
      case 0x30...0x39: n = n << 4 | UInt32(c - 0x30)
      case 0x41...0x46: n = n << 4 | UInt32(c - 0x41 + 10)
      case 0x61...0x66: n = n << 4 | UInt32(c - 0x61 + 10)
      default: return nil
      }
    }
    return n
  }
}

enum JSONScan {
  /// The first offset from `from` on with a quote, a backslash or a control character (or the end), and
  /// whether all bytes before it are ASCII.
  @inline(__always)
  static func plainEnd(_ bytes: UnsafeBufferPointer<UInt8>, from: Int) -> (end: Int, ascii: Bool) {
    var i = from
    var high: UInt64 = 0
    guard let base = bytes.baseAddress else { return (from, true) }
    let raw = UnsafeRawPointer(base)
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    while i &+ 8 <= bytes.count {
      let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: i, as: UInt64.self))
      let quote = word ^ 0x2222_2222_2222_2222
      let slash = word ^ 0x5C5C_5C5C_5C5C_5C5C
      let found =
        ((quote &- ones) & ~quote | (slash &- ones) & ~slash | (word &- 0x2020_2020_2020_2020) & ~word) & tops
      if found != 0 {
        let offset = found.trailingZeroBitCount
        // Only the bytes before the first hit count; the lowest hit of this test is always a true one.
        if offset > 7 { high |= word & (UInt64.max >> UInt64(63 &- (offset &- 8))) }
        return (i &+ offset / 8, high & tops == 0)
      }
      high |= word
      i &+= 8
    }
    while i < bytes.count {
      let c = bytes[i]
      if c == 0x22 || c == 0x5C || c < 0x20 { break }
      high |= UInt64(c & 0x80)
      i &+= 1
    }
    return (i, high & tops == 0)
  }
}

/// Whether bytes are UTF-8 as RFC 3629 has it: shortest form, no surrogates, at most U+10FFFF.
public enum UTF8Check {
  /// The offset of the first byte that cannot stand where it stands, or nil.
  public static func firstInvalid(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var i = 0
    while i < bytes.count {
      let c = bytes[i]
      if c < 0x80 {
        i &+= 1
        continue
      }
      var low: UInt8 = 0x80
      var high: UInt8 = 0xBF
      var more = 1
      switch c {
      case 0xC2...0xDF: break
      case 0xE0: (low, more) = (0xA0, 2)
      case 0xED: (high, more) = (0x9F, 2)
      case 0xE1...0xEF: more = 2
      case 0xF0: (low, more) = (0x90, 3)
      case 0xF4: (high, more) = (0x8F, 3)
      case 0xF1...0xF3: more = 3
      default: return i
      }
      guard i &+ more < bytes.count else { return i }
      for k in 1...more {
        let next = bytes[i &+ k]
        if next < low || next > high { return i }
        low = 0x80
        high = 0xBF
      }
      i &+= more &+ 1
    }
    return nil
  }
}

/// A stack of raw memory whose elements are moved in and out.
struct RawStack<Element> {
  var start: UnsafeMutablePointer<Element>
  var count = 0
  private var capacity: Int

  init(capacity: Int = 64) {
    self.capacity = capacity
    start = .allocate(capacity: capacity)
  }

  @inline(__always)
  mutating func push(_ element: consuming Element) {
    if count == capacity { grow() }
    (start + count).initialize(to: element)
    count &+= 1
  }

  @inline(__always)
  mutating func pop() -> Element {
    precondition(count > 0)
    count &-= 1
    return (start + count).move()
  }

  @inline(never)
  private mutating func grow() {
    let more = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
    more.moveInitialize(from: start, count: count)
    start.deallocate()
    start = more
    capacity *= 2
  }

  /// Takes all elements out; the memory stays.
  mutating func clear() {
    start.deinitialize(count: count)
    count = 0
  }

  mutating func free() {
    clear()
    start.deallocate()
  }
}
