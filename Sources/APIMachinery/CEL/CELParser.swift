/// A parsed expression.
indirect enum CELNode: Sendable {
  case literal(CELValue)
  case name(String, at: Int)
  /// `at` is the place of the dot.
  case select(CELNode, String, isOptional: Bool, at: Int)
  /// `has(a.b)`.
  case presence(CELNode, String)
  case index(CELNode, CELNode, isOptional: Bool)
  /// `at` is the place of the operator or of the parenthesis.
  case call(String, CELNode?, [CELNode], at: Int)
  case list([CELNode])
  case map([(CELNode, CELNode)])
  /// `Object.spec{field: value}`, with the name of its type.
  case object(String, [(CELNode, CELNode)])
  case and(CELNode, CELNode)
  case or(CELNode, CELNode)
  case choice(CELNode, CELNode, CELNode)
  /// `all`, `exists`, `exists_one`, `map`, `filter` over a list or a map's keys.
  case macro(String, CELNode, [String], [CELNode])
}

/// Reads an expression (`google/cel-spec`, doc/langdef.md).
struct CELParser {
  private var tokens: [CELToken] = []
  private var at = 0
  private var depth = 0
  private var end = 0

  static func parse(_ source: String) throws(CELError) -> CELNode {
    var parser = CELParser()
    parser.tokens = try CELLexer.tokens(source)
    parser.end = source.unicodeScalars.count
    let node = try parser.expression()
    guard parser.at == parser.tokens.count else { throw parser.unexpected("<EOF>", verb: "extraneous") }
    return node
  }

  /// What may stand where a value is looked for, as the grammar of cel-go lists it.
  private static let operand =
    "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, "
    + "IDENTIFIER}"

  private func unexpected(_ expected: String = operand, verb: String = "mismatched") -> CELError {
    let word = at < tokens.count ? tokens[at].text : "<EOF>"
    return CELError("Syntax error: \(verb) input '\(word)' expecting \(expected)", at: place)
  }

  /// Where the next word begins.
  private var place: Int { at < tokens.count ? tokens[at].at : end }

  private func isNext(_ text: String) -> Bool {
    at < tokens.count && tokens[at].kind == .symbol && tokens[at].text == text
  }

  private mutating func take(_ text: String) -> Bool {
    guard isNext(text) else { return false }
    at += 1
    return true
  }

  private mutating func need(_ text: String) throws(CELError) {
    if !take(text) { throw unexpected("'\(text)'") }
  }

  private mutating func expression() throws(CELError) -> CELNode {
    depth += 1
    defer { depth -= 1 }
    if depth > 100 { throw CELError("expression nests too deeply", at: place) }
    let condition = try or()
    guard take("?") else { return condition }
    let yes = try or()
    try need(":")
    return .choice(condition, yes, try expression())
  }

  private mutating func or() throws(CELError) -> CELNode {
    var left = try and()
    while take("||") { left = .or(left, try and()) }
    return left
  }

  private mutating func and() throws(CELError) -> CELNode {
    var left = try relation()
    while take("&&") { left = .and(left, try relation()) }
    return left
  }

  private mutating func relation() throws(CELError) -> CELNode {
    var left = try sum()
    while true {
      if at < tokens.count, tokens[at].kind == .name, tokens[at].text == "in" {
        let from = place
        at += 1
        left = .call("in", nil, [left, try sum()], at: from)
        continue
      }
      guard let operation = ["==", "!=", "<=", ">=", "<", ">"].first(where: { isNext($0) }) else {
        return left
      }
      let from = place
      at += 1
      left = .call(operation, nil, [left, try sum()], at: from)
    }
  }

  private mutating func sum() throws(CELError) -> CELNode {
    var left = try product()
    while let operation = ["+", "-"].first(where: { isNext($0) }) {
      let from = place
      at += 1
      left = .call(operation, nil, [left, try product()], at: from)
    }
    return left
  }

  private mutating func product() throws(CELError) -> CELNode {
    var left = try unary()
    while let operation = ["*", "/", "%"].first(where: { isNext($0) }) {
      let from = place
      at += 1
      left = .call(operation, nil, [left, try unary()], at: from)
    }
    return left
  }

  private mutating func unary() throws(CELError) -> CELNode {
    depth += 1
    defer { depth -= 1 }
    if depth > 100 { throw CELError("expression nests too deeply", at: place) }
    let from = place
    if take("!") { return .call("!", nil, [try unary()], at: from) }
    if take("-") {
      let inner = try unary()
      if case .literal(.int(let n)) = inner { return .literal(.int(0 &- n)) }
      if case .literal(.double(let d)) = inner { return .literal(.double(-d)) }
      return .call("neg", nil, [inner], at: from)
    }
    return try member()
  }

  private mutating func member() throws(CELError) -> CELNode {
    var node = try primary()
    while at < tokens.count {
      let from = place
      if take(".") {
        let isOptional = take("?")
        guard at < tokens.count, tokens[at].kind == .name else { throw unexpected("IDENTIFIER") }
        let name = tokens[at].text
        at += 1
        let open = place
        if !isOptional, take("(") {
          node = try call(name, node, try arguments(")"), open)
        } else {
          node = .select(node, Self.unescaped(name), isOptional: isOptional, at: from)
        }
      } else if take("[") {
        let isOptional = take("?")
        let index = try expression()
        try need("]")
        node = .index(node, index, isOptional: isOptional)
      } else if isNext("{"), let type = Self.typeName(node) {
        at += 1
        node = .object(type, try objectFields())
      } else {
        return node
      }
    }
    return node
  }

  private mutating func arguments(_ end: String) throws(CELError) -> [CELNode] {
    var all: [CELNode] = []
    while !take(end) {
      all.append(try expression())
      if !take(","), !isNext(end) { throw unexpected() }
    }
    return all
  }

  private mutating func primary() throws(CELError) -> CELNode {
    if take("(") {
      let inner = try expression()
      try need(")")
      return inner
    }
    if take("[") { return .list(try arguments("]")) }
    if take("{") { return try mapLiteral() }
    _ = take(".")
    guard at < tokens.count else { throw unexpected() }
    let token = tokens[at]
    switch token.kind {
    case .literal(let value):
      at += 1
      return .literal(value)
    case .name:
      at += 1
      switch token.text {
      case "true": return .literal(.bool(true))
      case "false": return .literal(.bool(false))
      case "null": return .literal(.null)
      default: break
      }
      let open = place
      if take("(") { return try call(token.text, nil, try arguments(")"), open) }
      return .name(token.text, at: token.at)
    case .symbol: throw unexpected()
    }
  }

  /// The dotted name that an expression spells, if it is one.
  private static func typeName(_ node: CELNode) -> String? {
    switch node {
    case .name(let name, _): name
    case .select(let inner, let field, false, _): typeName(inner).map { $0 + "." + field }
    default: nil
    }
  }

  private mutating func objectFields() throws(CELError) -> [(CELNode, CELNode)] {
    var all: [(CELNode, CELNode)] = []
    while !take("}") {
      _ = take("?")
      guard at < tokens.count, tokens[at].kind == .name else { throw unexpected("IDENTIFIER") }
      let field = Self.unescaped(tokens[at].text)
      at += 1
      try need(":")
      all.append((.literal(.string(field)), try expression()))
      if !take(","), !isNext("}") { throw unexpected() }
    }
    return all
  }

  private mutating func mapLiteral() throws(CELError) -> CELNode {
    var all: [(CELNode, CELNode)] = []
    while !take("}") {
      let key = try expression()
      try need(":")
      all.append((key, try expression()))
      if !take(","), !isNext("}") { throw unexpected() }
    }
    return .map(all)
  }

  private func call(
    _ name: String, _ target: CELNode?, _ arguments: [CELNode], _ open: Int
  ) throws(CELError) -> CELNode {
    if name == "has", target == nil {
      guard arguments.count == 1, case .select(let inner, let field, _, _) = arguments[0] else {
        throw CELError("invalid argument to has() macro", at: open)
      }
      return .presence(inner, field)
    }
    let macros = ["all", "exists", "exists_one", "existsOne", "map", "filter"]
    if let target, macros.contains(name), arguments.count >= 2, case .name(let variable, _) = arguments[0] {
      if arguments.count == 3, name != "map", case .name(let second, _) = arguments[1] {
        return .macro(name, target, [variable, second], [arguments[2]])
      }
      return .macro(name, target, [variable], Array(arguments[1...]))
    }
    // `sets.contains(a, b)`, `optional.of(x)`, `cel.bind(x, a, b)`: functions with a namespace.
    if case .name(let space, _) = target,
      ["sets", "optional", "math", "ip", "cidr", "strings", "jsonpatch"].contains(space)
    {
      return .call(space + "." + name, nil, arguments, at: open)
    }
    if case .name("cel", _) = target, name == "bind", arguments.count == 3,
      case .name(let variable, _) = arguments[0]
    {
      return .macro("bind", arguments[1], [variable], [arguments[2]])
    }
    return .call(name, target, arguments, at: open)
  }

  /// Field names that CEL cannot spell are escaped in rules.
  static func unescaped(_ name: String) -> String {
    guard name.hasPrefix("__") || name.contains("__") else { return name }
    let reserved = [
      "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if",
      "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
    ]
    for word in reserved where name == "__\(word)__" { return word }
    var out = ""
    var rest = Substring(name)
    let escapes = [
      ("__underscores__", "__"), ("__dot__", "."), ("__dash__", "-"), ("__slash__", "/"),
    ]
    while !rest.isEmpty {
      if let (from, to) = escapes.first(where: { rest.hasPrefix($0.0) }) {
        out += to
        rest = rest.dropFirst(from.count)
      } else {
        out.append(rest.removeFirst())
      }
    }
    return out
  }
}
