extension Parser {
  /// Reads the next document of the text into the arena; false at the end of the text (YAML 1.2, 9.2).
  public mutating func nextDocument() throws(YAMLError) -> Bool {
    reset()
    var directives = false
    while true {
      skipPrefix()
      if p >= end {
        if directives { throw YAMLError(.directiveWithoutDocument, at: p) }
        return false
      }
      if p == lineStart, isDocumentEnd(p) {
        if base[p] == Byte.dash { break }
        if directives { throw YAMLError(.directiveWithoutDocument, at: p) }
        try endMarker()
        continue
      }
      guard p == lineStart, base[p] == Byte.percent else { break }
      try directive()
      directives = true
    }
    atEnd = false
    depth = 0
    if p == lineStart, isDocumentEnd(p) {
      explicitStart = true
      p += 3
      try blockNode(-1, compact: false, indentless: false)
    } else {
      if directives { throw YAMLError(.directiveWithoutDocument, at: p) }
      explicitStart = false
      fresh = true
      try nodeAtToken(-1, collections: true, indentless: false)
    }
    guard atEnd else { throw unexpected() }
    explicitEnd = p < end && base[p] == Byte.dot
    if explicitEnd { try endMarker() }
    return true
  }

  /// Reads one flow collection or scalar that begins at the parser's position, and stops behind it;
  /// false at the end of the text.
  public mutating func nextValue() throws(YAMLError) -> Bool {
    reset()
    atEnd = false
    depth = 0
    checkedLine = -1
    skip()
    if atEnd || p >= end { return false }
    _ = try flowNode(-1)
    return true
  }

  private mutating func reset() {
    nodeCount = 0
    scratchCount = 0
    if !properties.isEmpty { properties.removeAll(keepingCapacity: true) }
    if !handles.isEmpty { handles.removeAll() }
  }

  /// To the first line that is not blank nor a comment.
  private mutating func skipPrefix() {
    while p < end {
      if base[p] == 0xEF, base[p + 1] == 0xBB, base[p + 2] == 0xBF {
        p += 3
        lineStart = p
      }
      if p == lineStart, isDocumentEnd(p) { return }
      atEnd = false
      skip()
      if !fresh {
        indent = p - lineStart
        if tabBefore { indent = 0 }
      }
      if atEnd || base[p] != 0xEF || base[p + 1] != 0xBB || base[p + 2] != 0xBF { return }
    }
  }

  /// `...`, after which only a comment may stand on the line.
  private mutating func endMarker() throws(YAMLError) {
    p += 3
    atEnd = false
    skip()
    guard atEnd || fresh else { throw YAMLError(.documentMarker, at: p) }
    if fresh {
      p = lineStart
    }
  }

  /// Why the token after a complete value does not belong there.
  func unexpected() -> YAMLError {
    let c = base[p]
    if fresh, tabBefore { return YAMLError(.tabIndentation, at: p) }
    if c == Byte.hash { return YAMLError(.commentSpace, at: p) }
    if c == Byte.colon, isBlank(p + 1) { return YAMLError(.keyNotAllowed, at: p) }
    return YAMLError(fresh ? .badIndentation : .unexpectedContent, at: p)
  }

  // MARK: Directives (YAML 1.2, 6.8)

  private mutating func directive() throws(YAMLError) {
    let start = p
    var stop = lineEnd(p)
    var at = p
    while at < stop {
      if base[at] == Byte.hash, isBlank(at - 1) { stop = at }
      at += 1
    }
    let words = source.text(start + 1..<stop).split { $0 == " " || $0 == "\t" }.map(String.init)
    switch words.first {
    case "YAML": try versionDirective(words, start)
    case "TAG": try tagDirective(words, start)
    default: break  // a reserved directive is ignored
    }
    p = lineEnd(stop)
    atEnd = false
    if p < end {
      p = afterBreak(p)
      lineStart = p
    }
  }

  private mutating func versionDirective(_ words: [String], _ start: Int) throws(YAMLError) {
    guard words.count == 2 else { throw YAMLError(.badDirective, at: start) }
    let parts = words[1].split(separator: ".", omittingEmptySubsequences: false)
    let digits = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
    guard parts.count == 2, digits else { throw YAMLError(.badDirective, at: start) }
    guard parts[0] == "1" else { throw YAMLError(.unsupportedVersion, at: start) }
    if handles.contains(where: { $0.handle == "%YAML" }) { throw YAMLError(.duplicateDirective, at: start) }
    handles.append((handle: "%YAML", prefix: words[1]))
  }

  private mutating func tagDirective(_ words: [String], _ start: Int) throws(YAMLError) {
    guard words.count == 3, words[1].utf8.first == Byte.bang, words[1].utf8.last == Byte.bang else {
      throw YAMLError(.badDirective, at: start)
    }
    if handles.contains(where: { $0.handle == words[1] }) { throw YAMLError(.duplicateDirective, at: start) }
    handles.append((handle: words[1], prefix: words[2]))
  }
}
