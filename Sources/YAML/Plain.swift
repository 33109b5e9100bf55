extension Parser {
  /// Scans plain text in a block on one line from `p`; stops at its end. Returns where the text ends.
  @inline(__always)
  mutating func scanPlain() -> Int {
    var q = p
    while true {
      while !has(base[q], CharacterClass.stopsPlain) { q &+= 1 }
      let c = base[q]
      if c == Byte.colon {
        if isBlank(q &+ 1) { break }
        q &+= 1
      } else if c == Byte.hash {
        if q > p, isBlank(q &- 1) { break }
        q &+= 1
      } else {
        break
      }
    }
    p = q
    var e = q
    while base[e &- 1] == Byte.space || base[e &- 1] == Byte.tab { e &-= 1 }
    return e
  }

  /// Pushes the plain key at `p` and stops at its colon.
  @inline(__always)
  mutating func plainKey(_ mine: UInt32) throws(YAMLError) {
    let start = p
    let stop = scanPlain()
    guard base[p] == Byte.colon else { throw YAMLError(.expectedColon, at: start) }
    guard stop &- start <= dialect.maximumKey else { throw YAMLError(.keyTooLong, at: start) }
    var node = Node(kind: .scalar, style: .plain, start: start, text: start, count: stop &- start)
    node.properties = mine
    push(node)
  }

  /// A plain scalar, or the block mapping of which it is the first key. `start` is where the node with
  /// its properties begins.
  mutating func plainOrMapping(
    _ n: Int, _ collections: Bool, _ start: Int, _ mine: UInt32
  ) throws(YAMLError) {
    let first = p
    let stop = scanPlain()
    if base[p] == Byte.colon {
      guard collections else { throw YAMLError(.keyNotAllowed, at: p) }
      if tabBefore, mine == 0 { throw YAMLError(.tabIndentation, at: first) }
      guard stop - first <= dialect.maximumKey else { throw YAMLError(.keyTooLong, at: first) }
      push(Node(kind: .mapping, style: .block, start: start))
      var key = Node(kind: .scalar, style: .plain, start: first, text: first, count: stop &- first)
      key.properties = mine
      push(key)
      return try blockMapping(nodeCount - 2, start - lineStart)
    }
    skip()
    var node = Node(kind: .scalar, style: .plain, start: first, text: first, count: stop &- first)
    node.properties = mine
    if !fresh || atEnd || sawComment || indent <= n {
      push(node)
      return
    }
    node.text = UInt32(truncatingIfNeeded: scratchCount)
    node.inScratch = true
    append(first, stop)
    try continuePlain(n)
    node.count = UInt32(truncatingIfNeeded: scratchCount) &- node.text
    push(node)
  }

  /// The further lines of a plain scalar in a block, folded into the scratch (YAML 1.2, 7.3.3).
  private mutating func continuePlain(_ n: Int) throws(YAMLError) {
    while true {
      if isEntry(Byte.colon) { return }
      fold(breaks)
      let start = p
      let stop = scanPlain()
      append(start, stop)
      if base[p] == Byte.colon { throw YAMLError(.keyNotAllowed, at: p) }
      skip()
      if !fresh || atEnd || sawComment || indent <= n { return }
    }
  }

  /// One line break becomes a space, more become one less.
  @inline(__always)
  mutating func fold(_ breaks: Int) {
    if breaks <= 1 { return append(Byte.space) }
    for _ in 1..<breaks { append(Byte.lf) }
  }

  /// Scans plain text in a flow collection on one line from `p`; returns where the text ends.
  private mutating func scanFlowPlain() -> Int {
    let start = p
    var q = p
    while true {
      while !has(base[q], CharacterClass.stopsFlowPlain) { q &+= 1 }
      let c = base[q]
      if c == Byte.colon {
        if has(base[q &+ 1], CharacterClass.blank | CharacterClass.flow) { break }
        q &+= 1
      } else if c == Byte.hash {
        if q > start, isBlank(q &- 1) { break }
        q &+= 1
      } else {
        break
      }
    }
    p = q
    var e = q
    while e > start, base[e &- 1] == Byte.space || base[e &- 1] == Byte.tab { e &-= 1 }
    return e
  }

  /// A plain scalar in a flow collection, which may have several lines.
  mutating func flowPlain(_ n: Int) throws(YAMLError) {
    let start = p
    let stop = scanFlowPlain()
    var node = Node(kind: .scalar, style: .plain, start: start, text: start, count: stop &- start)
    guard has(base[p], CharacterClass.lineEnd) else { return push(node) }
    skip()
    if atEnd || sawComment || !continuesFlow() { return push(node) }
    node.text = UInt32(truncatingIfNeeded: scratchCount)
    node.inScratch = true
    append(start, stop)
    while true {
      try checkFlowIndentation(n)
      fold(breaks)
      let from = p
      let to = scanFlowPlain()
      append(from, to)
      guard has(base[p], CharacterClass.lineEnd) else { break }
      skip()
      if atEnd || sawComment || !continuesFlow() { break }
    }
    node.count = UInt32(truncatingIfNeeded: scratchCount) &- node.text
    push(node)
  }

  /// The token continues a plain scalar of the line before.
  private func continuesFlow() -> Bool {
    let c = base[p]
    if has(c, CharacterClass.flow) { return false }
    return !(c == Byte.colon && has(base[p + 1], CharacterClass.blank | CharacterClass.flow))
  }
}
