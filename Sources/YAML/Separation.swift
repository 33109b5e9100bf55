extension Parser {
  /// Moves to the next token over white space, line breaks and comments (YAML 1.2, 6.1–6.7).
  @inline(__always)
  mutating func skip() {
    fresh = false
    tabBefore = false
    breaks = 0
    sawComment = false
    advance(p)
  }

  /// As `skip()`, for a position at the beginning of a line which already counts as a line break.
  mutating func skipFromLineStart(_ start: Int) {
    tabBefore = false
    breaks = 1
    sawComment = false
    advance(beginLine(start))
  }

  @inline(__always)
  private mutating func advance(_ start: Int) {
    var q = start
    if atEnd { return }
    while true {
      let c = base[q]
      if c == Byte.space {
        q &+= 1
      } else if !has(c, CharacterClass.blank) {
        if c != Byte.hash { break }
        guard q == lineStart || isBlank(q - 1) else { break }
        sawComment = true
        q = lineEnd(q)
      } else if c == Byte.tab {
        tabBefore = true
        q &+= 1
      } else if c == 0 {
        atEnd = q >= end
        break
      } else {
        q &+= c == Byte.cr && base[q + 1] == Byte.lf ? 2 : 1
        tabBefore = false
        if !sawComment { breaks &+= 1 }
        q = beginLine(q)
        if atEnd { break }
      }
    }
    p = q
  }

  /// Notes the indentation of the line that begins at `start`; returns where its spaces end.
  @inline(__always)
  mutating func beginLine(_ start: Int) -> Int {
    lineStart = start
    fresh = true
    var q = start
    let raw = UnsafeRawPointer(base)
    while true {
      let word = raw.loadUnaligned(fromByteOffset: q, as: UInt64.self) ^ 0x2020_2020_2020_2020
      if word != 0 {
        q &+= word.littleEndian.trailingZeroBitCount >> 3
        break
      }
      q &+= 8
    }
    indent = q &- start
    if indent == 0, isDocumentEnd(start) {
      atEnd = true
      p = start
    }
    return q
  }

  /// A document marker, or the end of the text, at the beginning of a line.
  @inline(__always)
  func isDocumentEnd(_ at: Int) -> Bool {
    let c = base[at]
    if at >= end { return true }
    guard c == Byte.dash || c == Byte.dot else { return false }
    return base[at + 1] == c && base[at + 2] == c && isBlank(at + 3)
  }

  /// The end of the line of `start`: a line break, or the NUL behind the text. Eight bytes at a time.
  @inline(never)
  func lineEnd(_ start: Int) -> Int {
    var q = start
    let raw = UnsafeRawPointer(base)
    while true {
      let word = raw.loadUnaligned(fromByteOffset: q, as: UInt64.self).littleEndian
      let found =
        SourceBytes.lineFeeds(word) | SourceBytes.zeros(word ^ 0x0D0D_0D0D_0D0D_0D0D)
        | SourceBytes.zeros(word)
      if found != 0 { return q &+ found.trailingZeroBitCount >> 3 }
      q &+= 8
    }
  }

  /// Past one line break.
  @inline(__always)
  func afterBreak(_ at: Int) -> Int {
    base[at] == Byte.cr && base[at + 1] == Byte.lf ? at + 2 : at + 1
  }
}
