/// Functions on strings, with positions counted in Unicode code points (`cel-go/ext/strings.go`).
enum CELTextFunctions {
  static func call(_ name: String, _ v: [CELValue]) throws(CELError) -> CELValue? {
    guard let first = v.first, case .string(let text) = first else { return nil }
    if v.count == 1 { return simple(name, text) }
    let rest = Array(v.dropFirst())
    let argument = rest[0].plain
    switch name {
    case "startsWith": if let argument { return .bool(text.utf8.starts(with: argument.utf8)) }
    case "endsWith": if let argument { return .bool(text.hasSuffix(argument) || argument.isEmpty) }
    case "contains":
      if let argument { return .bool(argument.isEmpty || text.firstRange(of: argument) != nil) }
    case "matches", "find", "findAll": if let argument { return try pattern(name, text, argument) }
    case "indexOf", "lastIndexOf": if let argument { return .int(position(name, text, argument, rest)) }
    case "split": if let argument { return .list(split(text, argument, rest).map { .string($0) }) }
    case "replace":
      if let argument, rest.count >= 2, let with = rest[1].plain {
        let most = rest.count > 2 ? rest[2].integer ?? -1 : -1
        return .string(replaced(text, argument, with, most))
      }
    case "charAt":
      if let at = rest[0].integer { return .string(try piece(text, at, at + 1, isChar: true)) }
    case "substring":
      if let from = rest[0].integer {
        return .string(try piece(text, from, rest.count > 1 ? rest[1].integer ?? 0 : nil, isChar: false))
      }
    case "format":
      if case .list(let items) = rest[0] { return .string(try formatted(text, items)) }
    default: return nil
    }
    return nil
  }

  private static func simple(_ name: String, _ text: String) -> CELValue? {
    switch name {
    case "lowerAscii":
      return .string(String(decoding: text.utf8.map { $0 >= 65 && $0 <= 90 ? $0 + 32 : $0 }, as: UTF8.self))
    case "upperAscii":
      return .string(String(decoding: text.utf8.map { $0 >= 97 && $0 <= 122 ? $0 - 32 : $0 }, as: UTF8.self))
    case "trim":
      let isBlank: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace }
      let scalars = text.unicodeScalars.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
      return .string(string(Array(scalars)))
    case "reverse": return .string(string(Array(text.unicodeScalars.reversed())))
    default: return nil
    }
  }

  private static func string(_ scalars: [Unicode.Scalar]) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  private static func pattern(_ name: String, _ text: String, _ pattern: String) throws(CELError) -> CELValue?
  {
    guard let matches = PatternCache.shared.matches(pattern, text) else {
      throw CELError("error parsing regexp: `\(pattern)`")
    }
    return name == "matches" ? .bool(matches) : nil
  }

  private static func position(_ name: String, _ text: String, _ part: String, _ rest: [CELValue]) -> Int {
    let all = Array(text.unicodeScalars)
    let wanted = Array(part.unicodeScalars)
    guard wanted.count <= all.count else { return -1 }
    let last = all.count - wanted.count
    func isAt(_ i: Int) -> Bool { all[i..<i + wanted.count].elementsEqual(wanted) }
    if name == "lastIndexOf" {
      let start = min(rest.count > 1 ? rest[1].integer ?? last : last, last)
      return start < 0 ? -1 : stride(from: start, through: 0, by: -1).first(where: isAt) ?? -1
    }
    let start = max(rest.count > 1 ? rest[1].integer ?? 0 : 0, 0)
    return start > last ? -1 : (start...last).first(where: isAt) ?? -1
  }

  private static func split(_ text: String, _ by: String, _ rest: [CELValue]) -> [String] {
    let most = rest.count > 1 ? rest[1].integer ?? -1 : -1
    if most == 0 { return [] }
    if by.isEmpty { return text.unicodeScalars.map { String(Character($0)) } }
    var out: [String] = []
    var left = text[...]
    while most < 0 || out.count < most - 1, let range = left.firstRange(of: by) {
      out.append(String(left[..<range.lowerBound]))
      left = left[range.upperBound...]
    }
    return out + [String(left)]
  }

  private static func replaced(_ text: String, _ from: String, _ to: String, _ most: Int) -> String {
    if from.isEmpty { return text }
    var out = ""
    var left = text[...]
    var count = 0
    while most < 0 || count < most, let range = left.firstRange(of: from) {
      out += left[..<range.lowerBound]
      out += to
      left = left[range.upperBound...]
      count += 1
    }
    return out + left
  }

  private static func piece(_ text: String, _ from: Int, _ to: Int?, isChar: Bool) throws(CELError) -> String
  {
    let all = Array(text.unicodeScalars)
    if isChar && from == all.count { return "" }
    let end = to ?? all.count
    guard from >= 0, from <= all.count, end >= 0, end <= all.count else {
      throw CELError("index out of range: \(from < 0 || from > all.count ? from : end)")
    }
    guard from <= end else { throw CELError("invalid substring range. start: \(from), end: \(end)") }
    return string(Array(all[from..<end]))
  }

  /// `'%s has %d'.format([a, b])` with `%s`, `%d`, `%f`, `%x` and `%%`.
  private static func formatted(_ text: String, _ items: [CELValue]) throws(CELError) -> String {
    var out = ""
    var next = 0
    var isDirective = false
    for c in text.unicodeScalars {
      if !isDirective {
        if c == "%" { isDirective = true } else { out.unicodeScalars.append(c) }
        continue
      }
      if c == "." || c.properties.numericType != nil { continue }
      isDirective = false
      if c == "%" {
        out += "%"
        continue
      }
      guard next < items.count else { throw CELError("index \(next) out of range") }
      let item = items[next]
      next += 1
      if c == "x", let n = item.integer {
        out += String(n, radix: 16)
      } else {
        out += CELFunctions.text(item)
      }
    }
    return out
  }
}

extension StringProtocol {
  /// Where `part` first stands, compared by bytes.
  fileprivate func firstRange(of part: String) -> Range<Index>? {
    let wanted = Array(part.utf8)
    guard let head = wanted.first else { return nil }
    let all = utf8
    var at = all.startIndex
    while at < all.endIndex {
      if all[at] == head, all[at...].starts(with: wanted) {
        return at..<all.index(at, offsetBy: wanted.count)
      }
      at = all.index(after: at)
    }
    return nil
  }
}
