extension Parser {
  /// To the next token inside a flow collection.
  @inline(__always)
  private mutating func flowSkip(_ n: Int) throws(YAMLError) {
    skip()
    if atEnd { throw YAMLError(.unclosedFlow, at: p) }
    if lineStart != checkedLine { try checkFlowIndentation(n) }
  }

  /// A line inside a flow collection must be indented more than the block around it (YAML 1.2, 7.4).
  mutating func checkFlowIndentation(_ n: Int) throws(YAMLError) {
    checkedLine = lineStart
    guard !dialect.freeIndentation, indent <= n else { return }
    throw YAMLError(tabAfterIndentation() ? .tabIndentation : .flowIndentation, at: p)
  }

  private func tabAfterIndentation() -> Bool { base[lineStart + indent] == Byte.tab }

  /// The collection that begins at `p` (YAML 1.2, 7.4).
  mutating func flowCollection(_ n: Int) throws(YAMLError) {
    let open = p
    let index = nodeCount
    let isMapping = base[p] == Byte.openCurly
    let closing = isMapping ? Byte.closeCurly : Byte.closeSquare
    push(Node(kind: isMapping ? .mapping : .sequence, style: .flow, start: open))
    try enter()
    checkedLine = lineStart
    p &+= 1
    var count = 0
    do throws(YAMLError) {
      while true {
        try flowSkip(n)
        if base[p] == closing { break }
        if isMapping { try flowMappingEntry(n) } else { try flowSequenceEntry(n) }
        count &+= 1
        try flowSkip(n)
        if base[p] == Byte.comma {
          p &+= 1
          continue
        }
        if base[p] == closing { break }
        throw flowUnexpected()
      }
    } catch {
      throw error.problem == .unclosedFlow ? YAMLError(.unclosedFlow, at: open) : error
    }
    p &+= 1
    depth &-= 1
    close(index, count: count)
  }

  private func flowUnexpected() -> YAMLError {
    let c = base[p]
    if c == Byte.hash { return YAMLError(.commentSpace, at: p) }
    if c == Byte.colon, has(base[p + 1], CharacterClass.blank) { return YAMLError(.multilineKey, at: p) }
    return YAMLError(.expectedComma, at: p)
  }

  /// The token is `:` or `?` as an indicator.
  @inline(__always)
  private func isFlowIndicator(_ byte: UInt8) -> Bool {
    base[p] == byte && has(base[p + 1], CharacterClass.blank | CharacterClass.flow)
  }

  private mutating func flowMappingEntry(_ n: Int) throws(YAMLError) {
    if isFlowIndicator(Byte.question) {
      p &+= 1
      try flowSkip(n)
      try optionalFlowNode(n)
      return try flowValue(n, adjacent: false)
    }
    if isFlowIndicator(Byte.colon) {
      pushEmpty(at: p)
      return try flowValue(n, adjacent: false)
    }
    let likeJSON = try flowNode(n)
    try flowValue(n, adjacent: likeJSON)
  }

  /// A node, or nothing where a `:`, a `,` or a closing bracket stands.
  private mutating func optionalFlowNode(_ n: Int) throws(YAMLError) {
    let c = base[p]
    if c == Byte.comma || c == Byte.closeCurly || c == Byte.closeSquare || isFlowIndicator(Byte.colon) {
      return pushEmpty(at: p)
    }
    _ = try flowNode(n)
  }

  /// `: value`, or an empty value if there is no colon. `adjacent`: the colon needs no space behind it.
  @inline(__always)
  private mutating func flowValue(_ n: Int, adjacent: Bool) throws(YAMLError) {
    try flowSkip(n)
    guard base[p] == Byte.colon, adjacent || isFlowIndicator(Byte.colon) else {
      return pushEmpty(at: p)
    }
    p &+= 1
    try flowSkip(n)
    let c = base[p]
    if c == Byte.comma || c == Byte.closeCurly || c == Byte.closeSquare { return pushEmpty(at: p) }
    _ = try flowNode(n)
  }

  /// An item of a sequence, which may be a mapping of one pair without braces.
  private mutating func flowSequenceEntry(_ n: Int) throws(YAMLError) {
    let index = nodeCount
    let start = p
    if isFlowIndicator(Byte.question) {
      push(Node(kind: .mapping, style: .flow, start: start))
      p &+= 1
      try flowSkip(n)
      try optionalFlowNode(n)
      try flowValue(n, adjacent: false)
      return close(index, count: 1)
    }
    if isFlowIndicator(Byte.colon) {
      push(Node(kind: .mapping, style: .flow, start: start))
      pushEmpty(at: p)
      try flowValue(n, adjacent: false)
      return close(index, count: 1)
    }
    let line = lineStart
    let likeJSON = try flowNode(n)
    let stop = p
    guard line == lineStart else { return }
    try flowSkip(n)
    guard line == lineStart, base[p] == Byte.colon, likeJSON || isFlowIndicator(Byte.colon) else { return }
    guard stop - start <= dialect.maximumKey else { throw YAMLError(.keyTooLong, at: start) }
    insertMapping(at: index, style: .flow, start: start)
    try flowValue(n, adjacent: likeJSON)
    close(index, count: 1)
  }

  /// A node inside a flow collection. True if it is quoted or bracketed, so that a colon may touch it.
  mutating func flowNode(_ n: Int) throws(YAMLError) -> Bool {
    let c = base[p]
    if !has(c, CharacterClass.indicator) {
      try flowPlain(n)
      return false
    }
    switch c {
    case Byte.quote:
      try doubleQuoted(n)
      return true
    case Byte.apostrophe:
      try singleQuoted(n)
      return true
    case Byte.openSquare, Byte.openCurly:
      try flowCollection(n)
      return true
    case Byte.star:
      try alias()
      return false
    case Byte.ampersand, Byte.bang:
      return try flowNodeWithProperties(n)
    case Byte.dash, Byte.question, Byte.colon:
      if has(base[p + 1], CharacterClass.blank | CharacterClass.flow) { throw cannotStart() }
      try flowPlain(n)
      return false
    default:
      throw cannotStart()
    }
  }

  private mutating func flowNodeWithProperties(_ n: Int) throws(YAMLError) -> Bool {
    let start = p
    let mine = try nodeProperties(inFlow: true)
    try flowSkip(n)
    let index = nodeCount
    let c = base[p]
    if c == Byte.comma || c == Byte.closeCurly || c == Byte.closeSquare || isFlowIndicator(Byte.colon) {
      pushEmpty(at: p, mine)
      return false
    }
    if c == Byte.star { throw YAMLError(.aliasProperties, at: start) }
    try enter()
    let likeJSON = try flowNode(n)
    depth -= 1
    try attach(mine, to: index)
    return likeJSON
  }
}
