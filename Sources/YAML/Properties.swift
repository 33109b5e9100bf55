extension Parser {
  /// Reads the anchor and the tag at `p`, in either order (YAML 1.2, 6.9). Returns their number in
  /// `properties`, counted from 1. What follows them on their line is left to the caller.
  mutating func nodeProperties(inFlow: Bool) throws(YAMLError) -> UInt32 {
    var found = NodeProperties(anchor: nil, tag: nil, start: p)
    while true {
      let at = p
      if base[p] == Byte.ampersand {
        if found.anchor != nil { throw YAMLError(.duplicateProperty, at: at) }
        found.anchor = try anchorName(.emptyAnchor)
      } else if base[p] == Byte.bang {
        if found.tag != nil { throw YAMLError(.duplicateProperty, at: at) }
        found.tag = try tag()
      } else {
        break
      }
      guard isBlank(p) || inFlow && has(base[p], CharacterClass.flow) else {
        throw YAMLError(.propertySpace, at: p)
      }
      while base[p] == Byte.space || base[p] == Byte.tab { p += 1 }
    }
    properties.append(found)
    return UInt32(truncatingIfNeeded: properties.count)
  }

  /// Gives the node at `index` the properties that stood on a line before it.
  mutating func attach(_ outer: UInt32, to index: Int) throws(YAMLError) {
    let mine = properties[Int(outer) - 1]
    if nodeStorage[index].kind == .alias { throw YAMLError(.aliasProperties, at: mine.start) }
    let inner = nodeStorage[index].properties
    guard inner != 0 else {
      nodeStorage[index].properties = outer
      return
    }
    var both = properties[Int(inner) - 1]
    if both.anchor != nil && mine.anchor != nil || both.tag != nil && mine.tag != nil {
      throw YAMLError(.duplicateProperty, at: both.start)
    }
    both.anchor = both.anchor ?? mine.anchor
    both.tag = both.tag ?? mine.tag
    both.start = mine.start
    properties[Int(inner) - 1] = both
  }

  /// The name behind `&` or `*` at `p`.
  mutating func anchorName(_ problem: Problem) throws(YAMLError) -> Range<Int> {
    let start = p + 1
    var q = start
    while !isBlank(q), !has(base[q], CharacterClass.flow) { q += 1 }
    guard q > start else { throw YAMLError(problem, at: p) }
    p = q
    return start..<q
  }

  mutating func alias() throws(YAMLError) {
    let start = p
    let name = try anchorName(.emptyAlias)
    push(Node(kind: .alias, style: .plain, start: start, text: name.lowerBound, count: name.count))
  }

  /// The tag at `p` with its handle resolved.
  private mutating func tag() throws(YAMLError) -> String {
    let start = p
    var q = p + 1
    if base[q] == Byte.less {
      let from = q + 1
      q = from
      while !isBlank(q), base[q] != Byte.greater { q += 1 }
      guard base[q] == Byte.greater, q > from else { throw YAMLError(.badTag, at: start) }
      p = q + 1
      return source.text(from..<q)
    }
    var handleEnd = start + 1
    while !isBlank(q), !has(base[q], CharacterClass.flow) {
      if base[q] == Byte.bang {
        guard handleEnd == start + 1 else { throw YAMLError(.badTag, at: start) }
        handleEnd = q + 1
      }
      q += 1
    }
    p = q
    let handle = source.text(start..<handleEnd)
    let suffix = try unescaped(handleEnd..<q)
    if suffix.isEmpty {
      guard handle == "!" else { throw YAMLError(.badTag, at: start) }
      return "!"
    }
    if let declared = handles.first(where: { $0.handle == handle }) { return declared.prefix + suffix }
    switch handle {
    case "!": return "!" + suffix
    case "!!": return "tag:yaml.org,2002:" + suffix
    default: throw YAMLError(.unknownHandle, at: start)
    }
  }

  /// `%21` in a tag is a byte (YAML 1.2, 5.6).
  private func unescaped(_ range: Range<Int>) throws(YAMLError) -> String {
    var out: [UInt8] = []
    var q = range.lowerBound
    while q < range.upperBound {
      if base[q] == Byte.percent {
        guard q + 2 < range.upperBound, let high = hexDigit(base[q + 1]), let low = hexDigit(base[q + 2])
        else { throw YAMLError(.badTag, at: q) }
        out.append(UInt8(truncatingIfNeeded: high << 4 | low))
        q += 3
      } else {
        out.append(base[q])
        q += 1
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  @inline(__always)
  func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x30...0x39: UInt32(byte) - 0x30
    case 0x41...0x46: UInt32(byte) - 0x37
    case 0x61...0x66: UInt32(byte) - 0x57
    default: nil
    }
  }
}
