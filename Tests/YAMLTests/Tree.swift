import YAML

/// A document as a tree, for comparing in tests.
indirect enum Tree {
  case scalar(String, plain: Bool, tag: String?)
  case sequence([Tree])
  case mapping([(Tree, Tree)])
  case alias(String)

  /// The field of a mapping with scalar keys.
  subscript(_ key: String) -> Tree? {
    guard case .mapping(let pairs) = self else { return nil }
    for case (.scalar(key, _, _), let value) in pairs { return value }
    return nil
  }

  var text: String? { if case .scalar(let text, _, _) = self { text } else { nil } }
  var items: [Tree] { if case .sequence(let items) = self { items } else { [] } }
}

/// All documents of a text.
func trees(_ text: String, dialect: Dialect = .yaml12) throws -> [Tree] {
  let source = SourceBytes(text)
  if let error = source.firstInvalid(in: 0..<source.count) { throw error }
  var parser = Parser(source, dialect: dialect)
  var all: [Tree] = []
  while try parser.nextDocument() {
    var at = 0
    all.append(tree(parser, &at))
  }
  return all
}

func tree(_ parser: borrowing Parser, _ at: inout Int) -> Tree {
  let node = parser.nodes[at]
  at += 1
  switch node.kind {
  case .scalar:
    let tag = node.properties == 0 ? nil : parser.properties[Int(node.properties) - 1].tag
    return .scalar(
      String(decoding: parser.text(of: node), as: UTF8.self), plain: node.style == .plain, tag: tag)
  case .alias: return .alias(String(decoding: parser.text(of: node), as: UTF8.self))
  case .sequence:
    var items: [Tree] = []
    for _ in 0..<node.count { items.append(tree(parser, &at)) }
    return .sequence(items)
  case .mapping:
    var pairs: [(Tree, Tree)] = []
    for _ in 0..<node.count {
      let key = tree(parser, &at)
      pairs.append((key, tree(parser, &at)))
    }
    return .mapping(pairs)
  }
}

/// The events of all documents in the notation of the YAML test suite, without indentation and without
/// the marks of documents and flow style.
func events(_ text: String, dialect: Dialect = .yaml12) throws -> [String] {
  let source = SourceBytes(text)
  if let error = source.firstInvalid(in: 0..<source.count) { throw error }
  var parser = Parser(source, dialect: dialect)
  var lines = ["+STR"]
  while try parser.nextDocument() {
    lines.append("+DOC")
    var at = 0
    nodeEvents(parser, &at, source, &lines)
    lines.append("-DOC")
  }
  lines.append("-STR")
  return lines
}

private func nodeEvents(
  _ parser: borrowing Parser, _ at: inout Int, _ source: SourceBytes, _ lines: inout [String]
) {
  let start = at
  let node = parser.nodes[at]
  at += 1
  var properties = ""
  if node.properties != 0 {
    let found = parser.properties[Int(node.properties) - 1]
    if let anchor = found.anchor { properties += " &" + source.text(anchor) }
    if let tag = found.tag { properties += " <\(tag)>" }
  }
  switch node.kind {
  case .scalar:
    let mark =
      switch node.style {
      case .singleQuoted: "'"
      case .doubleQuoted: "\""
      case .literal: "|"
      case .folded: ">"
      default: ":"
      }
    lines.append("=VAL\(properties) \(mark)\(escaped(parser.text(of: node)))")
  case .alias:
    lines.append("=ALI *" + String(decoding: parser.text(of: node), as: UTF8.self))
  case .sequence:
    lines.append("+SEQ" + properties)
    for _ in 0..<node.count { nodeEvents(parser, &at, source, &lines) }
    lines.append("-SEQ")
  case .mapping:
    lines.append("+MAP" + properties)
    for _ in 0..<(2 * node.count) { nodeEvents(parser, &at, source, &lines) }
    lines.append("-MAP")
  }
  if Int(node.size) != at - start { lines.append("size \(node.size) is not \(at - start)") }
}

private func escaped(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
  var out = ""
  for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
    switch scalar {
    case "\\": out += "\\\\"
    case "\n": out += "\\n"
    case "\t": out += "\\t"
    case "\r": out += "\\r"
    case "\u{8}": out += "\\b"
    default: out.unicodeScalars.append(scalar)
    }
  }
  return out
}

/// The tree as JSON would mean it, in one spelling (YAML 1.2 core schema), for comparing with recorded JSON.
func canonical(_ tree: Tree, _ anchors: [String: Tree] = [:]) -> String {
  switch tree {
  case .scalar(let text, let plain, let tag): return canonicalScalar(text, plain, tag)
  case .alias(let name): return "*" + name
  case .sequence(let items): return "[" + items.map { canonical($0) }.joined(separator: ",") + "]"
  case .mapping(let pairs):
    let fields = pairs.map { key, value in
      var name = canonical(key)
      if !name.hasPrefix("\"") { name = name == "null" ? "\"\"" : "\"\(name)\"" }
      return name + ":" + canonical(value)
    }
    return "{" + fields.sorted().joined(separator: ",") + "}"
  }
}

private func canonicalScalar(_ text: String, _ plain: Bool, _ tag: String?) -> String {
  if plain, tag == nil || tag == "tag:yaml.org,2002:int" {
    if ["", "~", "null"].contains(text) { return "null" }
    if ["true", "false"].contains(text) { return text }
    if let first = text.utf8.first, first == 45 || (48...57).contains(first), let number = Double(text),
      !text.hasPrefix("0x")
    {
      return "\(number)"
    }
  }
  return "\"\(text)\""
}
