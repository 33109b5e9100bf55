extension Parser {
  /// Reads the node behind an indicator, inside a block indented by `n` (YAML 1.2, 8.2).
  /// `compact`: a block collection may begin on the line of the indicator. `indentless`: a sequence may
  /// be indented as much as the block, as the value of a mapping.
  mutating func blockNode(_ n: Int, compact: Bool, indentless: Bool) throws(YAMLError) {
    let behind = p
    skip()
    if atEnd { return pushEmpty(at: behind) }
    if fresh, indent <= n {
      if indentless, indent == n, !tabBefore, isEntry(Byte.dash) { return try blockSequence(n) }
      return pushEmpty(at: behind)
    }
    try nodeAtToken(n, collections: fresh || compact, indentless: indentless)
  }

  /// The token is the indicator `byte` followed by white space.
  @inline(__always)
  func isEntry(_ byte: UInt8) -> Bool { base[p] == byte && isBlank(p + 1) }

  /// Reads the node that begins at the token `p`. `collections`: a block collection may begin here.
  mutating func nodeAtToken(_ n: Int, collections: Bool, indentless: Bool) throws(YAMLError) {
    let c = base[p]
    if !has(c, CharacterClass.indicator) { return try plainOrMapping(n, collections, p, 0) }
    switch c {
    case Byte.dash where isBlank(p + 1):
      guard collections else { throw YAMLError(.sequenceNotAllowed, at: p) }
      if tabBefore { throw YAMLError(.tabIndentation, at: p) }
      try blockSequence(p - lineStart)
    case Byte.question where isBlank(p + 1), Byte.colon where isBlank(p + 1):
      guard collections else { throw YAMLError(.keyNotAllowed, at: p) }
      if tabBefore { throw YAMLError(.tabIndentation, at: p) }
      try explicitMapping(p - lineStart)
    case Byte.dash, Byte.question, Byte.colon:
      try plainOrMapping(n, collections, p, 0)
    case Byte.ampersand, Byte.bang:
      try nodeWithProperties(n, collections, indentless)
    case Byte.pipe, Byte.greater:
      try blockScalar(n, 0)
    case Byte.quote, Byte.apostrophe, Byte.openSquare, Byte.openCurly, Byte.star:
      try delimited(n, collections && !tabBefore, p - lineStart, 0)
    default:
      throw cannotStart()
    }
  }

  func cannotStart() -> YAMLError {
    switch base[p] {
    case Byte.at, Byte.backtick: YAMLError(.reservedIndicator, at: p)
    case Byte.tab: YAMLError(.tabIndentation, at: p)
    case Byte.dash, Byte.question: YAMLError(.blockInFlow, at: p)
    case 0: YAMLError(atEnd ? .unexpectedContent : .nulByte, at: p)
    default: YAMLError(.unexpectedCharacter, at: p)
    }
  }

  /// A node that begins with an anchor or a tag. On one line with a key they are the key's; alone on
  /// their line they are those of what follows.
  private mutating func nodeWithProperties(
    _ n: Int, _ collections: Bool, _ indentless: Bool
  ) throws(YAMLError) {
    let allowed = collections && !tabBefore
    let start = p
    let column = p - lineStart
    let mine = try nodeProperties(inFlow: false)
    let behind = p
    skip()
    if atEnd || fresh {
      let sequence = indentless && !atEnd && indent == n && !tabBefore && isEntry(Byte.dash)
      if atEnd || indent <= n && !sequence { return pushEmpty(at: behind, mine) }
      let index = nodeCount
      try enter()
      if sequence {
        try blockSequence(n)
      } else {
        try nodeAtToken(n, collections: true, indentless: false)
      }
      depth -= 1
      return try attach(mine, to: index)
    }
    let c = base[p]
    if c == Byte.colon, isBlank(p + 1) {
      guard allowed else { throw YAMLError(.keyNotAllowed, at: p) }
      push(Node(kind: .mapping, style: .block, start: start))
      pushEmpty(at: behind, mine)
      return try blockMapping(nodeCount - 2, column)
    }
    if !has(c, CharacterClass.indicator) { return try plainOrMapping(n, allowed, start, mine) }
    switch c {
    case Byte.dash where isBlank(p + 1): throw YAMLError(.sequenceNotAllowed, at: p)
    case Byte.question where isBlank(p + 1): throw YAMLError(.keyNotAllowed, at: p)
    case Byte.dash, Byte.question, Byte.colon: try plainOrMapping(n, allowed, start, mine)
    case Byte.pipe, Byte.greater: try blockScalar(n, mine)
    case Byte.star: throw YAMLError(.aliasProperties, at: start)
    case Byte.quote, Byte.apostrophe, Byte.openSquare, Byte.openCurly: try delimited(n, allowed, column, mine)
    default: throw cannotStart()
    }
  }

  @inline(__always)
  mutating func enter() throws(YAMLError) {
    depth &+= 1
    if depth > dialect.maximumDepth { throw YAMLError(.tooDeep, at: p) }
  }

  /// A quoted scalar, a flow collection or an alias, which may turn out to be a key.
  private mutating func delimited(
    _ n: Int, _ mappingAllowed: Bool, _ column: Int, _ mine: UInt32
  ) throws(YAMLError) {
    let index = nodeCount
    let start = p
    let line = lineStart
    try delimitedNode(n)
    if mine != 0 { nodeStorage[index].properties = mine }
    var q = p
    while base[q] == Byte.space || base[q] == Byte.tab { q += 1 }
    guard base[q] == Byte.colon, isBlank(q + 1) else {
      skip()
      if !atEnd, !fresh { throw unexpected() }
      return
    }
    guard mappingAllowed else { throw YAMLError(.keyNotAllowed, at: q) }
    guard line == lineStart else { throw YAMLError(.multilineKey, at: start) }
    guard p - start <= dialect.maximumKey else { throw YAMLError(.keyTooLong, at: start) }
    p = q
    insertMapping(at: index, style: .block, start: lineStart + column)
    try blockMapping(index, column)
  }

  /// Pushes what begins with a quote, a bracket or `*`, and stops behind it.
  mutating func delimitedNode(_ n: Int) throws(YAMLError) {
    switch base[p] {
    case Byte.quote: try doubleQuoted(n)
    case Byte.apostrophe: try singleQuoted(n)
    case Byte.star: try alias()
    default: try flowCollection(n)
    }
  }

  // MARK: Sequences

  /// The sequence whose first `-` is at `p`, in this column (YAML 1.2, 8.2.1).
  private mutating func blockSequence(_ column: Int) throws(YAMLError) {
    let index = nodeCount
    push(Node(kind: .sequence, style: .block, start: p))
    try enter()
    var count = 0
    while true {
      p &+= 1
      try blockNode(column, compact: true, indentless: false)
      count &+= 1
      if atEnd { break }
      guard fresh else { throw unexpected() }
      if indent != column {
        if indent < column { break }
        throw unexpected()
      }
      guard isEntry(Byte.dash) else { break }
      if tabBefore { throw YAMLError(.tabIndentation, at: p) }
    }
    depth &-= 1
    close(index, count: count)
  }

  // MARK: Mappings

  /// The mapping whose first token, at `p`, is `?` or a `:` without a key.
  private mutating func explicitMapping(_ column: Int) throws(YAMLError) {
    push(Node(kind: .mapping, style: .block, start: p))
    let index = nodeCount - 1
    try enter()
    let empty = try key(column)
    depth -= 1
    try blockMapping(index, column, emptyValue: empty)
  }

  /// The rest of a mapping in this column, after its first key; `p` is at the colon (YAML 1.2, 8.2.2).
  mutating func blockMapping(_ index: Int, _ column: Int, emptyValue: Bool = false) throws(YAMLError) {
    try enter()
    var count = 0
    var isEmpty = emptyValue
    while true {
      if isEmpty {
        pushEmpty(at: p)
      } else {
        let explicit = p == lineStart + column
        p &+= 1
        try blockNode(column, compact: explicit, indentless: true)
      }
      count &+= 1
      if atEnd { break }
      guard fresh else { throw unexpected() }
      if indent != column {
        if indent < column { break }
        throw unexpected()
      }
      if tabBefore { throw YAMLError(.tabIndentation, at: p) }
      isEmpty = try key(column)
    }
    depth &-= 1
    close(index, count: count)
  }

  /// Pushes the key at `p` and stops at its colon. True if `?` was used and there is no value.
  @inline(__always)
  private mutating func key(_ column: Int) throws(YAMLError) -> Bool {
    if !has(base[p], CharacterClass.indicator) {
      try plainKey(0)
      return false
    }
    return try unusualKey(column)
  }

  @inline(never)
  private mutating func unusualKey(_ column: Int) throws(YAMLError) -> Bool {
    if isEntry(Byte.question) {
      p += 1
      try blockNode(column, compact: true, indentless: true)
      guard !atEnd, fresh, indent == column, !tabBefore, isEntry(Byte.colon) else {
        if !atEnd, !fresh { throw unexpected() }
        return true
      }
      return false
    }
    if isEntry(Byte.dash) { throw YAMLError(.expectedKey, at: p) }
    let start = p
    var mine: UInt32 = 0
    if base[p] == Byte.ampersand || base[p] == Byte.bang { mine = try nodeProperties(inFlow: false) }
    if isEntry(Byte.colon) {
      pushEmpty(at: p, mine)
      return false
    }
    let index = nodeCount
    switch base[p] {
    case Byte.star where mine != 0:
      throw YAMLError(.aliasProperties, at: start)
    case Byte.quote, Byte.apostrophe, Byte.openSquare, Byte.openCurly, Byte.star:
      let line = lineStart
      try delimitedNode(column)
      if line != lineStart { throw YAMLError(.multilineKey, at: start) }
      if p - start > dialect.maximumKey { throw YAMLError(.keyTooLong, at: start) }
      while base[p] == Byte.space || base[p] == Byte.tab { p += 1 }
      guard isEntry(Byte.colon) else { throw YAMLError(.expectedColon, at: p) }
      nodeStorage[index].properties = mine
    case Byte.dash where !isBlank(p + 1), Byte.question where !isBlank(p + 1),
      Byte.colon where !isBlank(p + 1):
      try plainKey(mine)
    default:
      guard mine != 0, !has(base[p], CharacterClass.indicator) else { throw cannotBeKey(start) }
      try plainKey(mine)
    }
    return false
  }

  private func cannotBeKey(_ start: Int) -> YAMLError {
    has(base[p], CharacterClass.lineEnd) ? YAMLError(.expectedKey, at: start) : cannotStart()
  }
}
