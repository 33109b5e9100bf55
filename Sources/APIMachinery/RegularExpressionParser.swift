/// Reads a pattern in Go's syntax into a tree.
struct RegularExpressionParser {
  typealias Problem = RegularExpression.Problem
  typealias Tree = RegularExpressionTree

  private let pattern: [UInt32]
  private let text: String
  private var at = 0
  private var depth = 0
  private var isCaseless = false
  private var isMultiline = false
  private var dotTakesAll = false

  init(_ pattern: String) {
    text = pattern
    self.pattern = pattern.unicodeScalars.map(\.value)
  }

  static let word = ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
  private static let digit = ScalarSet(ranges: [0x30...0x39])
  private static let space = ScalarSet(ranges: [0x09...0x0A, 0x0C...0x0D, 0x20...0x20])

  mutating func parse() throws(Problem) -> Tree {
    let tree = try choice()
    if at < pattern.count { throw Problem(message: "unexpected ): `\(text)`") }
    return tree
  }

  private func piece(_ from: Int, _ to: Int? = nil) -> String {
    let end = min(to ?? pattern.count, pattern.count)
    var out = String.UnicodeScalarView()
    for c in pattern[min(from, end)..<end] { if let scalar = Unicode.Scalar(c) { out.append(scalar) } }
    return String(out)
  }

  private func peek(_ offset: Int = 0) -> UInt32? {
    at + offset < pattern.count ? pattern[at + offset] : nil
  }

  private mutating func take(_ c: UInt32) -> Bool {
    guard peek() == c else { return false }
    at += 1
    return true
  }

  private mutating func choice() throws(Problem) -> Tree {
    depth += 1
    defer { depth -= 1 }
    if depth > 200 { throw Problem(message: "expression nests too deeply: `\(text)`") }
    var all = [try sequence()]
    while take(0x7C) { all.append(try sequence()) }
    return all.count == 1 ? all[0] : .choice(all)
  }

  private mutating func sequence() throws(Problem) -> Tree {
    var all: [Tree] = []
    while let c = peek(), c != 0x7C, c != 0x29 {
      let start = at
      var one = try atom()
      var repeats = 0
      while let (low, high) = try quantifier() {
        if case .empty = one {
          throw Problem(message: "missing argument to repetition operator: `\(piece(start, at))`")
        }
        repeats += 1
        if repeats > 1 {
          throw Problem(message: "invalid nested repetition operator: `\(piece(at - 2, at))`")
        }
        one = .repeated(one, low, high)
      }
      all.append(one)
    }
    return all.count == 1 ? all[0] : .sequence(all)
  }

  private mutating func quantifier() throws(Problem) -> (Int, Int?)? {
    var bounds: (Int, Int?)
    switch peek() {
    case 0x2A: bounds = (0, nil)
    case 0x2B: bounds = (1, nil)
    case 0x3F: bounds = (0, 1)
    case 0x7B:
      let start = at
      guard let given = counts() else {
        at = start
        return nil
      }
      bounds = given
      if bounds.0 > 1000 || (bounds.1 ?? 0) > 1000 || bounds.1.map({ $0 < bounds.0 }) == true {
        throw Problem(message: "invalid repeat count: `\(piece(start, at))`")
      }
      _ = take(0x3F)
      return bounds
    default: return nil
    }
    at += 1
    _ = take(0x3F)
    return bounds
  }

  /// `{n}`, `{n,}` or `{n,m}`; nil if the brace is a plain one.
  private mutating func counts() -> (Int, Int?)? {
    at += 1
    guard let low = number() else { return nil }
    if take(0x7D) { return (low, low) }
    guard take(0x2C) else { return nil }
    if take(0x7D) { return (low, nil) }
    guard let high = number(), take(0x7D) else { return nil }
    return (low, high)
  }

  private mutating func number() -> Int? {
    var n: Int?
    while let c = peek(), c >= 0x30, c <= 0x39 {
      n = min((n ?? 0) * 10 + Int(c - 0x30), 100_000)
      at += 1
    }
    return n
  }

  private func set(_ set: ScalarSet) -> Tree { .set(isCaseless ? set.caseless : set) }

  private mutating func atom() throws(Problem) -> Tree {
    guard let c = peek() else { return .empty }
    switch c {
    case 0x28: return try group()
    case 0x5B: return set(try bracket())
    case 0x2E:
      at += 1
      return .set(
        dotTakesAll ? ScalarSet(isNegated: true) : ScalarSet(ranges: [0x0A...0x0A], isNegated: true))
    case 0x5E:
      at += 1
      return .assert(isMultiline ? .lineStart : .textStart)
    case 0x24:
      at += 1
      return .assert(isMultiline ? .lineEnd : .textEnd)
    case 0x2A, 0x2B, 0x3F:
      throw Problem(message: "missing argument to repetition operator: `\(piece(at, at + 1))`")
    case 0x5C: return try escape()
    default:
      at += 1
      return set(ScalarSet(ranges: [c...c]))
    }
  }

  private mutating func group() throws(Problem) -> Tree {
    let start = at
    at += 1
    let outer = (isCaseless, isMultiline, dotTakesAll)
    if take(0x3F), try flags(start) {
      // `(?i)`: the flags hold to the end of the enclosing group.
      let rest = try choice()
      (isCaseless, isMultiline, dotTakesAll) = outer
      return rest
    }
    let inner = try choice()
    (isCaseless, isMultiline, dotTakesAll) = outer
    guard take(0x29) else { throw Problem(message: "missing closing ): `\(text)`") }
    return inner
  }

  /// What follows `(?`; true if the group is only flags.
  private mutating func flags(_ start: Int) throws(Problem) -> Bool {
    let isNamed = peek() == 0x50 && peek(1) == 0x3C || peek() == 0x3C && peek(1) != 0x3D && peek(1) != 0x21
    if isNamed {
      while let c = peek(), c != 0x3E { if c == 0x29 { break } else { at += 1 } }
      guard take(0x3E) else { throw Problem(message: "invalid named capture: `\(piece(start))`") }
      return false
    }
    var isOn = true
    while let c = peek() {
      at += 1
      switch c {
      case 0x3A: return false
      case 0x29: return true
      case 0x2D: isOn = false
      case 0x69: isCaseless = isOn
      case 0x6D: isMultiline = isOn
      case 0x73: dotTakesAll = isOn
      case 0x55: continue
      default: throw Problem(message: "invalid or unsupported Perl syntax: `\(piece(start, at))`")
      }
    }
    throw Problem(message: "missing argument to repetition operator: `?`")
  }

  private mutating func escape() throws(Problem) -> Tree {
    let start = at
    switch peek(1) {
    case 0x41: return assertion(.textStart)
    case 0x7A: return assertion(.textEnd)
    case 0x62: return assertion(.wordBorder)
    case 0x42: return assertion(.noWordBorder)
    case 0x51:
      at += 2
      var all: [Tree] = []
      while let c = peek() {
        if c == 0x5C, peek(1) == 0x45 {
          at += 2
          break
        }
        at += 1
        all.append(set(ScalarSet(ranges: [c...c])))
      }
      return .sequence(all)
    case nil: throw Problem(message: "trailing backslash at end of expression: ``")
    default: break
    }
    if let known = try escapedClass() { return set(known) }
    let c = try escapedScalar(start)
    return set(ScalarSet(ranges: [c...c]))
  }

  private mutating func assertion(_ assertion: RegularExpression.Assertion) -> Tree {
    at += 2
    return .assert(assertion)
  }

  /// `\d` and its like, at a backslash.
  private mutating func escapedClass() throws(Problem) -> ScalarSet? {
    let set: ScalarSet
    switch peek(1) {
    case 0x64: set = Self.digit
    case 0x44: set = Self.digit.inverted
    case 0x77: set = Self.word
    case 0x57: set = Self.word.inverted
    case 0x73: set = Self.space
    case 0x53: set = Self.space.inverted
    case 0x70, 0x50: return try unicodeClass()
    default: return nil
    }
    at += 2
    return set
  }

  /// `\pL`, `\p{Lu}`: letters, digits, spaces and punctuation of ASCII and Latin-1, letters beyond.
  private mutating func unicodeClass() throws(Problem) -> ScalarSet {
    let start = at
    let negated = peek(1) == 0x50
    at += 2
    var name = ""
    if take(0x7B) {
      while let c = peek(), c != 0x7D {
        name += piece(at, at + 1)
        at += 1
      }
      guard take(0x7D) else { throw Problem(message: "invalid character class range: `\(piece(start))`") }
    } else {
      name = piece(at, at + 1)
      at += 1
    }
    let ranges: [ClosedRange<UInt32>]
    switch name {
    case "L": ranges = [0x41...0x5A, 0x61...0x7A, 0xAA...0xAA, 0xB5...0xB5, 0xBA...0xBA, 0xC0...0x10FFFF]
    case "Lu": ranges = [0x41...0x5A, 0xC0...0xDE]
    case "Ll": ranges = [0x61...0x7A, 0xDF...0xFF]
    case "N", "Nd": ranges = [0x30...0x39]
    case "Z", "Zs": ranges = [0x20...0x20, 0xA0...0xA0]
    case "P":
      ranges = [0x21...0x23, 0x25...0x2A, 0x2C...0x2F, 0x3A...0x3B, 0x3F...0x40, 0x5B...0x5D, 0x5F...0x5F]
    default: throw Problem(message: "invalid character class range: `\(piece(start, at))`")
    }
    return ScalarSet(ranges: ranges, isNegated: negated)
  }

  private mutating func escapedScalar(_ start: Int) throws(Problem) -> UInt32 {
    at += 1
    guard let c = peek() else { throw Problem(message: "trailing backslash at end of expression: ``") }
    at += 1
    switch c {
    case 0x6E: return 0x0A
    case 0x72: return 0x0D
    case 0x74: return 0x09
    case 0x66: return 0x0C
    case 0x76: return 0x0B
    case 0x61: return 0x07
    case 0x30...0x37 where c == 0x30 || peek().map { $0 >= 0x30 && $0 <= 0x37 } == true:
      var n = c - 0x30
      var digits = 1
      while digits < 3, let d = peek(), d >= 0x30, d <= 0x37 {
        n = n * 8 + d - 0x30
        digits += 1
        at += 1
      }
      return n
    case 0x78:
      let braced = take(0x7B)
      var n: UInt32 = 0
      var digits = 0
      while digits < (braced ? 6 : 2), let d = peek().flatMap({ Unicode.Scalar($0)?.properties.numericHex }) {
        n = n * 16 + d
        digits += 1
        at += 1
      }
      guard digits > 0, !braced || take(0x7D), n <= 0x10FFFF else {
        throw Problem(message: "invalid escape sequence: `\(piece(start, at))`")
      }
      return n
    default:
      let isWord = Self.word.contains(c) && c != 0x5F
      if isWord || c >= 0x80 { throw Problem(message: "invalid escape sequence: `\(piece(start, at))`") }
      return c
    }
  }

  private mutating func bracket() throws(Problem) -> ScalarSet {
    let start = at
    at += 1
    var set = ScalarSet()
    let negated = take(0x5E)
    var isFirst = true
    while let c = peek(), c != 0x5D || isFirst {
      isFirst = false
      if c == 0x5B, peek(1) == 0x3A, let named = posixClass() {
        set.ranges += named.flat
        continue
      }
      if c == 0x5C, let known = try escapedClass() {
        set.ranges += known.flat
        continue
      }
      let from = at
      let low = try bracketScalar()
      var high = low
      if peek() == 0x2D, let next = peek(1), next != 0x5D {
        at += 1
        high = try bracketScalar()
        if high < low { throw Problem(message: "invalid character class range: `\(piece(from, at))`") }
      }
      set.ranges.append(low...high)
    }
    guard take(0x5D) else { throw Problem(message: "missing closing ]: `\(piece(start))`") }
    set.isNegated = negated
    return set
  }

  private mutating func bracketScalar() throws(Problem) -> UInt32 {
    guard let c = peek() else { throw Problem(message: "missing closing ]: `\(text)`") }
    if c == 0x5C { return try escapedScalar(at) }
    at += 1
    return c
  }

  private mutating func posixClass() -> ScalarSet? {
    var end = at + 2
    while end < pattern.count, pattern[end] != 0x3A, end - at < 12 { end += 1 }
    guard end + 1 < pattern.count, pattern[end] == 0x3A, pattern[end + 1] == 0x5D else { return nil }
    var name = piece(at + 2, end)
    let negated = name.hasPrefix("^")
    if negated { name.removeFirst() }
    let known: [String: [ClosedRange<UInt32>]] = [
      "alnum": [0x30...0x39, 0x41...0x5A, 0x61...0x7A], "alpha": [0x41...0x5A, 0x61...0x7A],
      "digit": [0x30...0x39], "lower": [0x61...0x7A], "upper": [0x41...0x5A],
      "space": [0x09...0x0D, 0x20...0x20],
      "xdigit": [0x30...0x39, 0x41...0x46, 0x61...0x66], "blank": [0x09...0x09, 0x20...0x20],
      "print": [0x20...0x7E], "graph": [0x21...0x7E], "cntrl": [0...0x1F, 0x7F...0x7F], "ascii": [0...0x7F],
      "word": Self.word.ranges, "punct": [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E],
    ]
    guard let ranges = known[name] else { return nil }
    at = end + 2
    return ScalarSet(ranges: ranges, isNegated: negated)
  }
}

extension Unicode.Scalar.Properties {
  /// The value of an ASCII hexadecimal digit.
  fileprivate var numericHex: UInt32? {
    guard isASCIIHexDigit else { return nil }
    let letter = lowercaseMapping.unicodeScalars.first?.value ?? 0x30
    return letter >= 0x61 ? letter - 0x61 + 10 : numericType == nil ? nil : UInt32(numericValue ?? 0)
  }
}
