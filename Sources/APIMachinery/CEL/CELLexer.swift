/// One word of an expression.
struct CELToken: Sendable {
  enum Kind: Sendable {
    case name, symbol
    case literal(CELValue)
  }
  let kind: Kind
  let text: String
  /// Where it begins, in characters from the start of the expression.
  let at: Int
}

extension CELToken.Kind {
  static func == (a: CELToken.Kind, b: CELToken.Kind) -> Bool {
    switch (a, b) {
    case (.name, .name), (.symbol, .symbol): true
    default: false
    }
  }
}

/// Splits an expression into words.
struct CELLexer {
  private let text: [UInt32]
  private var at = 0
  /// Where the word that is being read begins.
  private var start = 0
  private var tokens: [CELToken] = []

  private init(_ source: String) { text = source.unicodeScalars.map(\.value) }

  static func tokens(_ source: String) throws(CELError) -> [CELToken] {
    var lexer = CELLexer(source)
    while try lexer.next() {}
    return lexer.tokens
  }

  private func piece(_ from: Int, _ to: Int) -> String {
    var out = String.UnicodeScalarView()
    for c in text[from..<min(to, text.count)] { if let scalar = Unicode.Scalar(c) { out.append(scalar) } }
    return String(out)
  }

  private func peek(_ offset: Int = 0) -> UInt32 { at + offset < text.count ? text[at + offset] : 0 }

  private static func isDigit(_ c: UInt32) -> Bool { c >= 0x30 && c <= 0x39 }
  private static func isLetter(_ c: UInt32) -> Bool {
    c >= 0x41 && c <= 0x5A || c >= 0x61 && c <= 0x7A || c == 0x5F
  }

  private mutating func next() throws(CELError) -> Bool {
    while at < text.count, text[at] <= 0x20 { at += 1 }
    if peek() == 0x2F, peek(1) == 0x2F {
      while at < text.count, text[at] != 0x0A { at += 1 }
      return true
    }
    guard at < text.count else { return false }
    start = at
    let c = text[at]
    if c == 0x22 || c == 0x27 {
      try string(isRaw: false, isBytes: false)
    } else if let prefix = stringPrefix() {
      at += prefix.utf8.count
      let lower = prefix.lowercased()
      try string(isRaw: lower.contains("r"), isBytes: lower.contains("b"))
    } else if Self.isDigit(c) || c == 0x2E && Self.isDigit(peek(1)) {
      try number()
    } else if Self.isLetter(c) {
      let from = at
      while Self.isLetter(peek()) || Self.isDigit(peek()) { at += 1 }
      tokens.append(CELToken(kind: .name, text: piece(from, at), at: start))
    } else if c == 0x60 {
      let from = at + 1
      at += 1
      while at < text.count, text[at] != 0x60 { at += 1 }
      tokens.append(CELToken(kind: .name, text: piece(from, at), at: start))
      at += 1
    } else {
      try symbol()
    }
    return true
  }

  private func stringPrefix() -> String? {
    for length in 1...2 {
      let quote = peek(length)
      guard quote == 0x22 || quote == 0x27 else { continue }
      let word = piece(at, at + length)
      if ["r", "b", "br", "rb"].contains(word.lowercased()) { return word }
    }
    return nil
  }

  private mutating func symbol() throws(CELError) {
    for length in [2, 1] {
      let word = piece(at, at + length)
      let known =
        length == 2 ? ["==", "!=", "<=", ">=", "&&", "||"] : "()[]{}.,?:<>+-*/%!".map { String($0) }
      if word.unicodeScalars.count == length, known.contains(word) {
        tokens.append(CELToken(kind: .symbol, text: word, at: start))
        at += length
        return
      }
    }
    throw CELError("Syntax error: token recognition error at: '\(piece(at, at + 1))'", at: at)
  }

  private mutating func number() throws(CELError) {
    let from = at
    var isFloat = false
    if peek() == 0x30, peek(1) | 0x20 == 0x78 {
      at += 2
      while Self.isDigit(peek()) || peek() | 0x20 >= 0x61 && peek() | 0x20 <= 0x66 { at += 1 }
    } else {
      while Self.isDigit(peek()) { at += 1 }
      if peek() == 0x2E, Self.isDigit(peek(1)) {
        isFloat = true
        at += 1
        while Self.isDigit(peek()) { at += 1 }
      }
      if peek() | 0x20 == 0x65 {
        isFloat = true
        at += 1
        if peek() == 0x2B || peek() == 0x2D { at += 1 }
        while Self.isDigit(peek()) { at += 1 }
      }
    }
    let word = piece(from, at)
    let isUnsigned = peek() | 0x20 == 0x75
    if isUnsigned { at += 1 }
    let digits = word.lowercased().hasPrefix("0x") ? String(word.dropFirst(2)) : word
    let radix = digits.utf8.count == word.utf8.count ? 10 : 16
    if isFloat, let value = Double(word) {
      tokens.append(CELToken(kind: .literal(.double(value)), text: word, at: start))
    } else if isUnsigned, let value = UInt(digits, radix: radix) {
      tokens.append(CELToken(kind: .literal(.uint(value)), text: word, at: start))
    } else if let value = Int(digits, radix: radix) {
      tokens.append(CELToken(kind: .literal(.int(value)), text: word, at: start))
    } else {
      throw CELError("Syntax error: invalid number '\(word)'", at: start)
    }
  }

  private mutating func string(isRaw: Bool, isBytes: Bool) throws(CELError) {
    let quote = peek()
    let isTriple = peek(1) == quote && peek(2) == quote
    at += isTriple ? 3 : 1
    var out: [UInt8] = []
    while true {
      guard at < text.count else { throw CELError("Syntax error: string literal is not closed", at: start) }
      let c = text[at]
      if c == quote, !isTriple || peek(1) == quote && peek(2) == quote {
        at += isTriple ? 3 : 1
        break
      }
      at += 1
      if c == 0x5C && !isRaw {
        try escape(&out, isBytes: isBytes)
      } else {
        Self.append(c, &out)
      }
    }
    let value: CELValue = isBytes ? .bytes(out) : .string(String(decoding: out, as: UTF8.self))
    tokens.append(CELToken(kind: .literal(value), text: "string", at: start))
  }

  private mutating func escape(_ out: inout [UInt8], isBytes: Bool) throws(CELError) {
    guard at < text.count else { throw CELError("Syntax error: string literal is not closed", at: start) }
    let c = text[at]
    at += 1
    let plain: [UInt32: UInt8] = [
      0x6E: 10, 0x74: 9, 0x72: 13, 0x61: 7, 0x62: 8, 0x66: 12, 0x76: 11, 0x5C: 0x5C, 0x27: 0x27, 0x22: 0x22,
      0x3F: 0x3F, 0x60: 0x60,
    ]
    if let byte = plain[c] { return out.append(byte) }
    let digits = c == 0x78 || c == 0x58 ? 2 : c == 0x75 ? 4 : c == 0x55 ? 8 : 3
    let from = digits == 3 ? at - 1 : at
    guard from + digits <= text.count,
      let value = UInt32(piece(from, from + digits), radix: digits == 3 ? 8 : 16), value <= 0x10FFFF
    else { throw CELError("Syntax error: invalid escape in string literal", at: start) }
    at = from + digits
    if isBytes && digits <= 3 {
      out.append(UInt8(truncatingIfNeeded: value))
    } else {
      Self.append(value, &out)
    }
  }

  private static func append(_ c: UInt32, _ out: inout [UInt8]) {
    if let scalar = Unicode.Scalar(c) { out += Array(String(Character(scalar)).utf8) }
  }
}
