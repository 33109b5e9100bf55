import APIMachinery

/// Reads JSONPath templates (`client-go/util/jsonpath/parser.go`).
struct JSONPathReader {
  private var rest: ArraySlice<Character>
  /// Filters and ranges within each other.
  private var depth = 0
  private static let deepest = 32

  init(_ text: String) { rest = Array(text)[...] }

  private func fail(_ message: String) -> JSONPath.SyntaxError { JSONPath.SyntaxError(message: message) }

  private mutating func take(_ text: String) -> Bool {
    guard rest.starts(with: text) else { return false }
    rest = rest.dropFirst(text.count)
    return true
  }

  private mutating func skipSpace() { while rest.first == " " || rest.first == "\t" { rest.removeFirst() } }

  /// Text and expressions, up to the end of the text or, within `range`, up to `{end}`.
  mutating func template(untilEnd: Bool) throws(JSONPath.SyntaxError) -> [JSONPath.Node] {
    var nodes: [JSONPath.Node] = []
    var text = ""
    while let c = rest.first {
      rest.removeFirst()
      guard c == "{" else {
        text.append(c)
        continue
      }
      if !text.isEmpty { nodes.append(.text(text)) }
      text = ""
      while true {
        skipSpace()
        if take("}") { break }
        if rest.isEmpty { throw fail("unclosed action") }
        if isWord("end") {
          if !untilEnd { throw fail("not in range, nothing to end") }
          rest = rest.dropFirst(3)
          skipSpace()
          if !take("}") { throw fail("unclosed action") }
          return nodes
        }
        let node = try expression()
        nodes.append(node)
        // A range has read its own braces, and those of its end.
        if case .range = node { break }
      }
    }
    if untilEnd { throw fail("unterminated range") }
    if !text.isEmpty { nodes.append(.text(text)) }
    return nodes
  }

  private func isWord(_ word: String) -> Bool {
    guard rest.starts(with: word) else { return false }
    guard let next = rest.dropFirst(word.count).first else { return true }
    return !(next.isLetter || next.isNumber || next == "_")
  }

  private mutating func expression() throws(JSONPath.SyntaxError) -> JSONPath.Node {
    if rest.first == "\"" || rest.first == "'" { return .text(try quoted()) }
    if isWord("range") {
      try goDeeper()
      defer { depth -= 1 }
      rest = rest.dropFirst(5)
      skipSpace()
      let steps = try path()
      skipSpace()
      if !take("}") { throw fail("unclosed action") }
      return .range(steps, try template(untilEnd: true))
    }
    return .path(try path())
  }

  private mutating func quoted() throws(JSONPath.SyntaxError) -> String {
    let quote = rest.removeFirst()
    var text = ""
    while let c = rest.first {
      rest.removeFirst()
      if c == quote { return text }
      guard c == "\\", let next = rest.first else {
        text.append(c)
        continue
      }
      rest.removeFirst()
      switch next {
      case "n": text.append("\n")
      case "t": text.append("\t")
      case "r": text.append("\r")
      default: text.append(next)
      }
    }
    throw fail("unterminated quoted string")
  }

  /// `$`, `@`, `.name`, `..`, `[…]` after each other.
  private mutating func path() throws(JSONPath.SyntaxError) -> [JSONPath.Step] {
    var steps: [JSONPath.Step] = []
    if rest.first == "$" || rest.first == "@" { rest.removeFirst() }
    while let c = rest.first {
      if take("..") {
        steps.append(.recursive)
        if rest.first == "[" { continue }
        if let name = name() { steps.append(name) }
      } else if c == "." {
        rest.removeFirst()
        if let name = name() { steps.append(name) }
      } else if c == "[" {
        rest.removeFirst()
        steps.append(try bracket())
      } else if steps.isEmpty, c.isLetter || c == "_", let name = name() {
        steps.append(name)
      } else {
        break
      }
    }
    if steps.isEmpty, let c = rest.first, !["}", " ", ")", "=", "!", "<", ">"].contains(c) {
      throw fail(
        "unrecognized character in action: U+\(String(c.unicodeScalars.first?.value ?? 0, radix: 16))")
    }
    return steps
  }

  private mutating func name() -> JSONPath.Step? {
    if take("*") { return .wildcard }
    var text = ""
    while let c = rest.first {
      if c == "\\", let next = rest.dropFirst().first {
        text.append(next)
        rest = rest.dropFirst(2)
      } else if c.isLetter || c.isNumber || c == "_" || c == "-" || c == "/" {
        text.append(c)
        rest.removeFirst()
      } else {
        break
      }
    }
    return text.isEmpty ? nil : .field(text)
  }

  private mutating func bracket() throws(JSONPath.SyntaxError) -> JSONPath.Step {
    skipSpace()
    if take("?(") { return try filter() }
    var parts: [JSONPath.Step] = []
    repeat {
      skipSpace()
      if rest.first == "'" || rest.first == "\"" {
        parts.append(.field(try quoted()))
      } else if take("*") {
        parts.append(.wildcard)
      } else {
        parts.append(try range())
      }
      skipSpace()
    } while take(",")
    if !take("]") { throw fail("unterminated array") }
    return parts.count == 1 ? parts[0] : .union(parts)
  }

  /// `3`, `1:3`, `-1:`, `::2`.
  private mutating func range() throws(JSONPath.SyntaxError) -> JSONPath.Step {
    var numbers: [Int?] = []
    while true {
      var digits = ""
      while let c = rest.first, c.isNumber || (c == "-" && digits.isEmpty) {
        digits.append(c)
        rest.removeFirst()
      }
      if !digits.isEmpty, Int(digits) == nil { throw fail("cannot parse integer \(digits)") }
      numbers.append(Int(digits))
      if !take(":") { break }
    }
    if numbers.count == 1, let index = numbers[0] { return .index(index) }
    guard numbers.count == 2 || numbers.count == 3 else { throw fail("invalid array index") }
    return .slice(numbers[0], numbers[1], numbers.count == 3 ? numbers[2] ?? 1 : 1)
  }

  private mutating func goDeeper() throws(JSONPath.SyntaxError) {
    depth += 1
    if depth > Self.deepest { throw fail("filters and ranges are nested too deeply") }
  }

  private mutating func filter() throws(JSONPath.SyntaxError) -> JSONPath.Step {
    try goDeeper()
    defer { depth -= 1 }
    skipSpace()
    let left = try path()
    skipSpace()
    let op = ["==", "!=", "<=", ">=", "<", ">"].first { take($0) }
    var right = JSONPath.Operand.none
    if op != nil {
      skipSpace()
      right = try operand()
      skipSpace()
    }
    if !take(")") { throw fail("unterminated filter") }
    if !take("]") { throw fail("unclosed array expect ]") }
    return .filter(left, op ?? "exists", right)
  }

  private mutating func operand() throws(JSONPath.SyntaxError) -> JSONPath.Operand {
    if rest.first == "'" || rest.first == "\"" { return .value(.string(try quoted())) }
    if rest.first == "@" || rest.first == "$" || rest.first == "." { return .path(try path()) }
    var word = ""
    while let c = rest.first, c != ")", c != " " {
      word.append(c)
      rest.removeFirst()
    }
    switch word {
    case "true": return .value(true)
    case "false": return .value(false)
    default:
      if case .success(let value) = JSON.parse(Array(word.utf8)), value.double != nil { return .value(value) }
      return .value(.string(word))
    }
  }
}
