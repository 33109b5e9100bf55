/// Label selectors as text, as `kubectl get -l` reads and tables print them (`labels.Parse`,
/// `metav1.FormatLabelSelector`).
extension LabelSelector: CustomStringConvertible {
  /// `app=web,tier in (a,b),!old`; `<none>` for a selector that is empty, `<error>` for one that is none.
  public var description: String {
    if isNothing { return "<error>" }
    return requirements.isEmpty ? "<none>" : text
  }

  /// As `description`, but empty where nothing is required (`Selector.String`).
  public var text: String { requirements.map(\.description).joined(separator: ",") }

  /// Why a text is no selector.
  public struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
    public var message: String
    public var description: String { message }
  }

  /// Reads a selector; the empty text selects everything.
  public static func parse(_ text: String) -> Result<LabelSelector, ParseError> {
    var reader = LabelSelectorReader(bytes: Array(text.utf8))
    do throws(ParseError) {
      return .success(LabelSelector(try reader.requirements()))
    } catch {
      return .failure(error)
    }
  }
}

extension LabelSelector.Requirement: CustomStringConvertible {
  public var description: String {
    let list = values.map(\.string).joined(separator: ",")
    switch op {
    case .exists: return key.string
    case .doesNotExist: return "!\(key)"
    case .equals: return "\(key)=\(list)"
    case .notEquals: return "\(key)!=\(list)"
    case .in: return "\(key) in (\(list))"
    case .notIn: return "\(key) notin (\(list))"
    case .greaterThan: return "\(key)>\(list)"
    case .lessThan: return "\(key)<\(list)"
    }
  }
}

private struct LabelSelectorReader {
  var bytes: [UInt8]
  var at = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func skipSpace() {
    while at < bytes.count, bytes[at] == 32 || (bytes[at] >= 9 && bytes[at] <= 13) { at += 1 }
  }

  private static func isSpecial(_ c: UInt8) -> Bool {
    switch c {
    case 0x3D, 0x21, 0x28, 0x29, 0x2C, 0x3E, 0x3C, 0x20, 9...13: true
    default: false
    }
  }

  private mutating func word() -> String {
    skipSpace()
    let start = at
    while at < bytes.count, !Self.isSpecial(bytes[at]) { at += 1 }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }

  private mutating func take(_ text: StaticString) -> Bool {
    skipSpace()
    let count = text.utf8CodeUnitCount
    guard at + count <= bytes.count else { return false }
    for i in 0..<count where bytes[at + i] != text.utf8Start[i] { return false }
    at += count
    return true
  }

  private func fail(_ expected: String) -> LabelSelector.ParseError {
    let rest = at < bytes.count ? String(decoding: bytes[at...], as: UTF8.self) : ""
    return .init(message: "unable to parse requirement: found '\(rest)', expected: \(expected)")
  }

  mutating func requirements() throws(LabelSelector.ParseError) -> [LabelSelector.Requirement] {
    var out: [LabelSelector.Requirement] = []
    skipSpace()
    if at == bytes.count { return out }
    while true {
      out.append(try requirement())
      skipSpace()
      if at == bytes.count { return out }
      guard take(",") else { throw fail("',' or end of string") }
    }
  }

  private mutating func requirement() throws(LabelSelector.ParseError) -> LabelSelector.Requirement {
    let negated = take("!")
    let name = word()
    guard !name.isEmpty else { throw fail("!, identifier, or ','") }
    if let wrong = Names.isQualifiedName(name).first {
      throw .init(message: "key: Invalid value: \"\(name)\": \(wrong)")
    }
    let key = Key(name)
    if negated { return .init(key, .doesNotExist) }
    skipSpace()
    if at == bytes.count || bytes[at] == 0x2C { return .init(key, .exists) }
    if take("!=") { return .init(key, .notEquals, [try value(key)]) }
    if take("==") || take("=") { return .init(key, .equals, [try value(key)]) }
    if take(">") { return .init(key, .greaterThan, [try integer(key)]) }
    if take("<") { return .init(key, .lessThan, [try integer(key)]) }
    let start = at
    switch word() {
    case "in": return .init(key, .in, try list(key))
    case "notin": return .init(key, .notIn, try list(key))
    default:
      at = start
      throw fail("in, notin, =, ==, !=, gt, lt")
    }
  }

  private mutating func value(_ key: Key) throws(LabelSelector.ParseError) -> String {
    let value = word()
    if let wrong = Names.isLabelValue(value).first {
      throw .init(message: "values[0][\(key)]: Invalid value: \"\(value)\": \(wrong)")
    }
    return value
  }

  private mutating func integer(_ key: Key) throws(LabelSelector.ParseError) -> String {
    let value = try value(key)
    guard Int(value) != nil else {
      throw .init(
        message:
          "values[0]: Invalid value: \"\(value)\": for 'Gt', 'Lt' operators, the value must be an integer")
    }
    return value
  }

  private mutating func list(_ key: Key) throws(LabelSelector.ParseError) -> [String] {
    guard take("(") else { throw fail("'('") }
    if take(")") {
      throw .init(
        message: "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty")
    }
    var out: [String] = []
    while true {
      out.append(try value(key))
      if take(")") { return out }
      guard take(",") else { throw fail("',', ')' or identifier") }
    }
  }
}
