import APIMachinery

/// What Kubernetes' YAML reader (`sigs.k8s.io/yaml/goyaml.v2/resolve.go`) takes an untagged plain scalar for.
enum YAMLScalar {
  case null
  case bool(Bool)
  case integer(Int64)
  /// Above `Int64.max`.
  case unsigned(UInt64)
  case float(Double)
  case string
}

extension YAMLScalar {
  /// First bytes that may begin something other than a string.
  private enum Hint {
    static let none: UInt8 = 0, word: UInt8 = 1, digit: UInt8 = 2, sign: UInt8 = 3, dot: UInt8 = 4
  }

  private static let hints: [UInt8] = {
    var table = [UInt8](repeating: Hint.none, count: 256)
    for byte in "yYnNtTfFoO~".utf8 { table[Int(byte)] = Hint.word }
    for byte in "0123456789".utf8 { table[Int(byte)] = Hint.digit }
    for byte in "+-".utf8 { table[Int(byte)] = Hint.sign }
    table[0x2E] = Hint.dot
    return table
  }()

  /// True if a plain scalar with these bytes is a string for certain, without a closer look.
  @inline(__always)
  static func isPlainlyText(_ first: UInt8) -> Bool {
    // Letters but y n t f o, and everything from `:` to `@` and from `[` to `}`.
    switch first {
    case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x7E: false
    case 0x59, 0x79, 0x4E, 0x6E, 0x54, 0x74, 0x46, 0x66, 0x4F, 0x6F: false
    default: true
    }
  }

  static func resolve(_ text: UnsafeBufferPointer<UInt8>) -> YAMLScalar {
    guard let first = text.first else { return .null }
    switch hints[Int(first)] {
    case Hint.none: return .string
    case Hint.word: return word(text)
    case Hint.dot: return dotted(text)
    default: return number(text)
    }
  }

  /// The words of YAML 1.1 (`resolveMap`): `y`, `Yes`, `NO`, `~`, `Null` …
  private static func word(_ text: UnsafeBufferPointer<UInt8>) -> YAMLScalar {
    guard text.count <= 5 else { return .string }
    if text.count == 1 {
      switch text[0] {
      case 0x79, 0x59: return .bool(true)
      case 0x6E, 0x4E: return .bool(false)
      case 0x7E: return .null
      default: return .string
      }
    }
    // Lower, Upper or UPPER case: all letters behind the first have one case, upper only if the first has.
    let upper = text[1] & 0x20 == 0
    if upper, text[0] & 0x20 != 0 { return .string }
    var packed: UInt64 = 0
    for (at, byte) in text.enumerated() {
      guard byte | 0x20 >= 0x61, byte | 0x20 <= 0x7A else { return .string }
      if at > 0, (byte & 0x20 == 0) != upper { return .string }
      packed = packed << 8 | UInt64(byte | 0x20)
    }
    switch packed {
    case 0x79_6573, 0x7472_7565, 0x6F6E: return .bool(true)
    case 0x6E6F, 0x66_616C_7365, 0x6F_6666: return .bool(false)
    case 0x6E75_6C6C: return .null
    default: return .string
    }
  }

  private static func dotted(_ text: UnsafeBufferPointer<UInt8>) -> YAMLScalar {
    switch String(decoding: text, as: UTF8.self) {
    case ".nan", ".NaN", ".NAN": return .float(.nan)
    case ".inf", ".Inf", ".INF": return .float(.infinity)
    default: return isFloat(text) ? finite(text) : .string
    }
  }

  private static func finite(_ text: UnsafeBufferPointer<UInt8>) -> YAMLScalar {
    guard let number = Double(String(decoding: text, as: UTF8.self)), number.isFinite else { return .string }
    return .float(number)
  }

  private static func number(_ text: UnsafeBufferPointer<UInt8>) -> YAMLScalar {
    if let small = shortDecimal(text) { return .integer(small) }
    if text.count == 5, text[1] == 0x2E {
      let word = String(decoding: text, as: UTF8.self)
      if [".inf", ".Inf", ".INF"].contains(word.dropFirst()) {
        return .float(text[0] == 0x2D ? -.infinity : .infinity)
      }
    }
    // Whatever begins like a date stays text, as do all with other letters or colons.
    guard text.count < 512 else { return .string }
    var plain: [UInt8] = []
    for byte in text where byte != 0x5F { plain.append(byte) }
    return plain.withUnsafeBufferPointer { plain in
      if let known = GoInteger.parse(plain) { return known }
      if isFloat(plain), case .float(let number) = finite(plain) { return .float(number) }
      return GoInteger.parseBinary(plain) ?? .string
    }
  }

  /// Up to eighteen decimal digits without a leading zero.
  @inline(__always)
  private static func shortDecimal(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    var at = 0
    let negative = text[0] == 0x2D
    if negative || text[0] == 0x2B { at = 1 }
    guard text.count > at, text.count <= 18 else { return nil }
    if text[at] == 0x30, text.count > at + 1 { return nil }
    var value: Int64 = 0
    while at < text.count {
      let digit = text[at] &- 0x30
      guard digit <= 9 else { return nil }
      value = value &* 10 &+ Int64(digit)
      at &+= 1
    }
    return negative ? -value : value
  }

  /// `yamlStyleFloat`: an optional sign, digits with at most one point, an optional exponent.
  private static func isFloat(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var at = 0
    func digits() -> Int {
      let start = at
      while at < text.count, text[at] &- 0x30 <= 9 { at += 1 }
      return at - start
    }
    if at < text.count, text[at] == 0x2B || text[at] == 0x2D { at += 1 }
    let whole = digits()
    if at < text.count, text[at] == 0x2E {
      at += 1
      if digits() == 0, whole == 0 { return false }
    } else if whole == 0 {
      return false
    }
    if at < text.count, text[at] | 0x20 == 0x65 {
      at += 1
      if at < text.count, text[at] == 0x2B || text[at] == 0x2D { at += 1 }
      if digits() == 0 { return false }
    }
    return at == text.count
  }
}

/// Integers as Go's `strconv.ParseInt` and `ParseUint` read them with base 0.
enum GoInteger {
  static func parse(_ text: UnsafeBufferPointer<UInt8>) -> YAMLScalar? {
    var at = 0
    var negative = false
    let signed = text.count > 0 && (text[0] == 0x2B || text[0] == 0x2D)
    if signed {
      negative = text[0] == 0x2D
      at = 1
    }
    var base: UInt64 = 10
    if text.count > at + 1, text[at] == 0x30 {
      switch text[at + 1] | 0x20 {
      case 0x78: (base, at) = (16, at + 2)
      case 0x6F: (base, at) = (8, at + 2)
      case 0x62: (base, at) = (2, at + 2)
      default: (base, at) = (8, at + 1)
      }
    }
    guard let magnitude = digits(text, at, base) else { return nil }
    return make(magnitude, negative, signed)
  }

  /// `0b` or `-0b` and what `ParseInt` takes with base 2, which may have a sign of its own.
  static func parseBinary(_ text: UnsafeBufferPointer<UInt8>) -> YAMLScalar? {
    var at = 0
    var negative = false
    if text.count > 1, text[0] == 0x2D {
      negative = true
      at = 1
    }
    guard text.count > at + 2, text[at] == 0x30, text[at + 1] == 0x62 else { return nil }
    at += 2
    if !negative, text[at] == 0x2B || text[at] == 0x2D {
      negative = text[at] == 0x2D
      at += 1
    }
    guard let magnitude = digits(text, at, 2) else { return nil }
    return make(magnitude, negative, true)
  }

  private static func make(_ magnitude: UInt64, _ negative: Bool, _ signed: Bool) -> YAMLScalar? {
    if negative {
      if magnitude == 1 << 63 { return .integer(.min) }
      return Int64(exactly: magnitude).map { .integer(-$0) }
    }
    if let value = Int64(exactly: magnitude) { return .integer(value) }
    return signed ? nil : .unsigned(magnitude)
  }

  private static func digits(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ base: UInt64) -> UInt64? {
    guard start < text.count else { return nil }
    var value: UInt64 = 0
    for byte in text[start...] {
      let digit: UInt64
      switch byte {
      case 0x30...0x39: digit = UInt64(byte) - 0x30
      case 0x41...0x46: digit = UInt64(byte) - 0x37
      case 0x61...0x66: digit = UInt64(byte) - 0x57
      default: return nil
      }
      guard digit < base else { return nil }
      let (product, overflow) = value.multipliedReportingOverflow(by: base)
      let (sum, carry) = product.addingReportingOverflow(digit)
      if overflow || carry { return nil }
      value = sum
    }
    return value
  }
}
