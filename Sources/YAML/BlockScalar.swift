extension Parser {
  private enum Chomping { case strip, clip, keep }

  /// The literal or folded scalar at `p`, inside a block indented by `n` (YAML 1.2, 8.1).
  mutating func blockScalar(_ n: Int, _ mine: UInt32) throws(YAMLError) {
    let start = p
    let isFolded = base[p] == Byte.greater
    var chomping = Chomping.clip
    var width = 0
    let first = try blockHeader(&chomping, &width)
    let text = scratchCount
    let column = try width > 0 ? max(n, 0) + width : contentColumn(first, n)
    var lastBreaks = 0
    let stop =
      try isFolded
      ? foldedLines(first, column, &lastBreaks) : literalLines(first, column, &lastBreaks)
    switch chomping {
    case .strip: break
    case .clip: if scratchCount > text, lastBreaks > 0 { append(Byte.lf) }
    case .keep: for _ in 0..<lastBreaks { append(Byte.lf) }
    }
    var node = Node(
      kind: .scalar, style: isFolded ? .folded : .literal, start: start, text: text,
      count: scratchCount - text, scratch: true)
    node.properties = mine
    push(node)
    p = stop
    if stop >= end, base[stop - 1] != Byte.lf, base[stop - 1] != Byte.cr {
      atEnd = true
      fresh = true
    } else {
      skipFromLineStart(stop)
    }
  }

  /// Reads `|+2 # comment`; returns where the next line begins.
  private mutating func blockHeader(
    _ chomping: inout Chomping, _ width: inout Int
  ) throws(YAMLError) -> Int {
    var q = p + 1
    var chomped = false
    while true {
      let c = base[q]
      if c == Byte.plus || c == Byte.dash, !chomped {
        chomping = c == Byte.plus ? .keep : .strip
        chomped = true
      } else if c >= 0x31, c <= 0x39, width == 0 {
        width = Int(c) - 0x30
      } else {
        break
      }
      q += 1
    }
    guard isBlank(q) else { throw YAMLError(.blockHeader, at: q) }
    while base[q] == Byte.space || base[q] == Byte.tab { q += 1 }
    if base[q] == Byte.hash, isBlank(q - 1) { q = lineEnd(q) }
    guard has(base[q], CharacterClass.lineEnd) else { throw YAMLError(.blockHeader, at: q) }
    return q < end ? afterBreak(q) : q
  }

  /// The indentation of the first line with text, or more than any line has if there is none.
  private func contentColumn(_ first: Int, _ n: Int) throws(YAMLError) -> Int {
    var line = first
    var widest = 0
    while !isDocumentEnd(line) {
      var q = line
      while base[q] == Byte.space { q += 1 }
      let spaces = q - line
      if base[q] == Byte.lf || base[q] == Byte.cr {
        widest = max(widest, spaces)
        line = afterBreak(q)
        continue
      }
      if q >= end {
        widest = max(widest, spaces)
        break
      }
      if spaces <= n {
        if base[q] == Byte.tab { throw YAMLError(.tabIndentation, at: q) }
        break
      }
      if widest > spaces { throw YAMLError(.blockIndentation, at: line) }
      return spaces
    }
    return max(n + 1, widest, 1)
  }

  /// Finds the text of the line at `line`: where it begins, or nil if the line is blank (`next` is then
  /// the line after it) or no longer of this scalar (`next` is then `line`).
  @inline(__always)
  private func lineText(_ line: Int, _ column: Int, _ next: inout Int) throws(YAMLError) -> Int? {
    var q = line
    let limit = line + column
    while q < limit, base[q] == Byte.space { q &+= 1 }
    next = line
    if isDocumentEnd(line) { return nil }
    let c = base[q]
    if c == Byte.lf || c == Byte.cr {
      next = afterBreak(q)
      return nil
    }
    if c == 0, q >= end {
      next = q
      return nil
    }
    if q == limit { return q }
    if c == Byte.tab { throw YAMLError(.tabIndentation, at: q) }
    return nil
  }

  private mutating func literalLines(_ first: Int, _ column: Int, _ breaks: inout Int) throws(YAMLError)
    -> Int
  {
    var line = first
    while true {
      var next = line
      guard let start = try lineText(line, column, &next) else {
        if next == line { return line }
        breaks += 1
        line = next
        if line >= end { return line }
        continue
      }
      for _ in 0..<breaks { append(Byte.lf) }
      let stop = lineEnd(start)
      append(start, stop)
      breaks = 1
      if stop >= end { return stop }
      line = afterBreak(stop)
    }
  }

  private mutating func foldedLines(_ first: Int, _ column: Int, _ breaks: inout Int) throws(YAMLError) -> Int
  {
    var line = first
    var isFirst = true
    var wasMore = false
    while true {
      var next = line
      guard let start = try lineText(line, column, &next) else {
        if next == line { return line }
        breaks += 1
        line = next
        if line >= end { return line }
        continue
      }
      let isMore = base[start] == Byte.space || base[start] == Byte.tab
      if isFirst || wasMore || isMore {
        for _ in 0..<breaks { append(Byte.lf) }
      } else {
        fold(breaks)
      }
      isFirst = false
      wasMore = isMore
      let stop = lineEnd(start)
      append(start, stop)
      breaks = 1
      if stop >= end { return stop }
      line = afterBreak(stop)
    }
  }
}
