extension Parser {
  /// The scalar in single quotes at `p` (YAML 1.2, 7.3.2).
  mutating func singleQuoted(_ n: Int) throws(YAMLError) {
    let open = p
    var q = p &+ 1
    while !has(base[q], CharacterClass.stopsSingle) { q &+= 1 }
    if base[q] == Byte.apostrophe, base[q + 1] != Byte.apostrophe {
      p = q &+ 1
      return push(
        Node(kind: .scalar, style: .singleQuoted, start: open, text: open &+ 1, count: q &- open &- 1))
    }
    let text = scratchCount
    append(open + 1, q)
    while true {
      let from = q
      while !has(base[q], CharacterClass.stopsSingle) { q &+= 1 }
      append(from, q)
      if base[q] == Byte.apostrophe {
        guard base[q + 1] == Byte.apostrophe else { break }
        append(Byte.apostrophe)
        q += 2
      } else {
        q = try foldQuoted(q, open, n, keep: text, trims: true)
      }
    }
    p = q + 1
    push(
      Node(
        kind: .scalar, style: .singleQuoted, start: open, text: text, count: scratchCount - text,
        scratch: true))
  }

  /// The scalar in double quotes at `p` (YAML 1.2, 7.3.1).
  mutating func doubleQuoted(_ n: Int) throws(YAMLError) {
    let open = p
    var q = p &+ 1
    while !has(base[q], CharacterClass.stopsDouble) { q &+= 1 }
    if base[q] == Byte.quote {
      p = q &+ 1
      return push(
        Node(kind: .scalar, style: .doubleQuoted, start: open, text: open &+ 1, count: q &- open &- 1))
    }
    let text = scratchCount
    // Blanks at the end of a line are dropped, but not those that an escape made.
    var keep = text
    append(open + 1, q)
    while true {
      let from = q
      while !has(base[q], CharacterClass.stopsDouble) { q &+= 1 }
      append(from, q)
      if base[q] == Byte.quote { break }
      if base[q] == Byte.backslash {
        let next = base[q + 1]
        if next == Byte.lf || next == Byte.cr {
          q = try foldQuoted(q + 1, open, n, keep: scratchCount, trims: false)
        } else {
          q = try escape(q)
        }
      } else {
        q = try foldQuoted(q, open, n, keep: keep, trims: true)
      }
      keep = scratchCount
    }
    p = q + 1
    push(
      Node(
        kind: .scalar, style: .doubleQuoted, start: open, text: text, count: scratchCount - text,
        scratch: true))
  }

  /// Folds the line break at `at` and the blank lines after it; returns where the text goes on.
  /// `trims`: the break counts, and blanks before it go, down to `keep`.
  private mutating func foldQuoted(
    _ at: Int, _ open: Int, _ n: Int, keep: Int, trims: Bool
  ) throws(YAMLError) -> Int {
    if base[at] == 0 { throw YAMLError(.unclosedQuote, at: open) }
    if trims {
      while scratchCount > keep {
        let last = scratchStorage[scratchCount - 1]
        guard last == Byte.space || last == Byte.tab else { break }
        scratchCount -= 1
      }
    }
    var q = at
    var breaks = 0
    while base[q] == Byte.lf || base[q] == Byte.cr {
      breaks += 1
      q = afterBreak(q)
      lineStart = q
      if isDocumentEnd(q) {
        throw YAMLError(q >= end ? .unclosedQuote : .markerInQuotes, at: q >= end ? open : q)
      }
      while base[q] == Byte.space { q += 1 }
      indent = q - lineStart
      while base[q] == Byte.space || base[q] == Byte.tab { q += 1 }
    }
    if base[q] == 0 { throw YAMLError(.unclosedQuote, at: open) }
    if indent <= n, !dialect.freeIndentation {
      throw YAMLError(base[lineStart + indent] == Byte.tab ? .tabIndentation : .flowIndentation, at: q)
    }
    checkedLine = lineStart
    if trims {
      fold(breaks)
    } else {
      for _ in 1..<max(breaks, 1) { append(Byte.lf) }
    }
    return q
  }

  /// The escape at `at`; returns what is behind it (YAML 1.2, 5.7).
  private mutating func escape(_ at: Int) throws(YAMLError) -> Int {
    let byte: UInt8
    switch base[at + 1] {
    case UInt8(ascii: "0"): byte = 0
    case UInt8(ascii: "a"): byte = 7
    case UInt8(ascii: "b"): byte = 8
    case UInt8(ascii: "t"), Byte.tab: byte = 9
    case UInt8(ascii: "n"): byte = 10
    case UInt8(ascii: "v"): byte = 11
    case UInt8(ascii: "f"): byte = 12
    case UInt8(ascii: "r"): byte = 13
    case UInt8(ascii: "e"): byte = 27
    case Byte.space, Byte.quote, Byte.backslash, UInt8(ascii: "/"): byte = base[at + 1]
    case UInt8(ascii: "N"): return unicode(0x85, at + 2)
    case UInt8(ascii: "_"): return unicode(0xA0, at + 2)
    case UInt8(ascii: "L"): return unicode(0x2028, at + 2)
    case UInt8(ascii: "P"): return unicode(0x2029, at + 2)
    case UInt8(ascii: "x"): return try codePoint(at, 2)
    case UInt8(ascii: "u"): return try codePoint(at, 4)
    case UInt8(ascii: "U"): return try codePoint(at, 8)
    default: throw YAMLError(.unknownEscape, at: at)
    }
    append(byte)
    return at + 2
  }

  private func hex(_ at: Int, _ digits: Int) -> UInt32? {
    var value: UInt32 = 0
    for offset in 0..<digits {
      guard let digit = hexDigit(base[at + offset]) else { return nil }
      value = value << 4 | digit
    }
    return value
  }

  private mutating func codePoint(_ at: Int, _ digits: Int) throws(YAMLError) -> Int {
    guard var code = hex(at + 2, digits) else { throw YAMLError(.unknownEscape, at: at) }
    var next = at + 2 + digits
    if code & 0xFFFF_FC00 == 0xD800, dialect.joinsSurrogates {
      if base[next] == Byte.backslash, base[next + 1] == UInt8(ascii: "u"), let low = hex(next + 2, 4),
        low & 0xFC00 == 0xDC00
      {
        code = 0x10000 + (code & 0x3FF) << 10 + (low & 0x3FF)
        next += 6
      }
    }
    guard Unicode.Scalar(code) != nil else { throw YAMLError(.badCodePoint, at: at) }
    return unicode(code, next)
  }

  private mutating func unicode(_ code: UInt32, _ next: Int) -> Int {
    guard let scalar = Unicode.Scalar(code) else { return next }
    for byte in String(scalar).utf8 { append(byte) }
    return next
  }
}
