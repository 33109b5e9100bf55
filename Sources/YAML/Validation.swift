extension SourceBytes {
  /// The first byte of a range that no YAML stream may hold (YAML 1.2, 5.1): invalid UTF-8, NUL, and
  /// control characters but tab and line breaks.
  public func firstInvalid(in range: Range<Int>) -> YAMLError? {
    var at = range.lowerBound
    let end = range.upperBound
    while at < end {
      at = skipOrdinary(from: at, to: end)
      if at >= end { break }
      let byte = base[at]
      if byte < 0x80 {
        if byte == Byte.tab || byte == Byte.lf || byte == Byte.cr || (byte >= 0x20 && byte != 0x7F) {
          at += 1
          continue
        }
        return YAMLError(byte == 0 ? .nulByte : .controlCharacter, at: at)
      }
      let length = sequenceLength(at, end)
      if length == 0 { return YAMLError(.invalidUTF8, at: at) }
      if length < 0 { return YAMLError(.controlCharacter, at: at) }
      at += length
    }
    return nil
  }

  /// Past printable ASCII and line feeds, eight bytes at a time.
  @inline(__always)
  private func skipOrdinary(from start: Int, to end: Int) -> Int {
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    let high: UInt64 = 0x8080_8080_8080_8080
    var at = start
    let raw = UnsafeRawPointer(base)
    while at &+ 8 <= end {
      let word = raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      let seven = word & low
      // The high bit of each byte says: below 0x20, 0x7F, above 0x7F.
      let odd = ~(seven &+ 0x6060_6060_6060_6060) | (seven &+ 0x0101_0101_0101_0101) | word
      if odd & high != 0, odd & high & ~Self.lineFeeds(word) != 0 { break }
      at &+= 8
    }
    return at
  }

  /// The high bit of each byte that is a line feed.
  @inline(__always)
  static func lineFeeds(_ word: UInt64) -> UInt64 { zeros(word ^ 0x0A0A_0A0A_0A0A_0A0A) }

  /// The high bit of each byte that is zero.
  @inline(__always)
  static func zeros(_ word: UInt64) -> UInt64 {
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    return ~(((word & low) &+ low) | word | low)
  }

  /// How many line feeds stand in a range, and whether it holds a carriage return.
  public func countLines(in range: Range<Int>) -> (feeds: Int, hasReturns: Bool) {
    var at = range.lowerBound
    let end = min(range.upperBound, count)
    var feeds = 0
    var returns: UInt64 = 0
    let raw = UnsafeRawPointer(base)
    while at &+ 8 <= end {
      let word = raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      feeds &+= Self.lineFeeds(word).nonzeroBitCount
      returns |= Self.zeros(word ^ 0x0D0D_0D0D_0D0D_0D0D)
      at &+= 8
    }
    while at < end {
      if base[at] == Byte.lf { feeds &+= 1 }
      if base[at] == Byte.cr { returns = 1 }
      at &+= 1
    }
    return (feeds, returns != 0)
  }

  /// Length of the UTF-8 sequence at a byte above 0x7F; 0 if it is malformed, -1 if it is not printable.
  private func sequenceLength(_ at: Int, _ end: Int) -> Int {
    let first = base[at]
    func tail(_ offset: Int) -> Bool { at + offset < end && base[at + offset] & 0xC0 == 0x80 }
    switch first {
    case 0xC2...0xDF:
      guard tail(1) else { return 0 }
      return first == 0xC2 && base[at + 1] < 0xA0 && base[at + 1] != 0x85 ? -1 : 2
    case 0xE0...0xEF:
      guard tail(1), tail(2) else { return 0 }
      let second = base[at + 1]
      if first == 0xE0 && second < 0xA0 || first == 0xED && second > 0x9F { return 0 }
      return first == 0xEF && second == 0xBF && base[at + 2] >= 0xBE ? -1 : 3
    case 0xF0...0xF4:
      guard tail(1), tail(2), tail(3) else { return 0 }
      let second = base[at + 1]
      if first == 0xF0 && second < 0x90 || first == 0xF4 && second > 0x8F { return 0 }
      return 4
    default:
      return 0
    }
  }
}
