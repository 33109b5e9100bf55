/// Floating point numbers as Go writes them.
enum GoFloat {
  /// The shortest decimal digits and the position of the point: 0.d₁d₂… × 10^point.
  private static func shortest(_ description: String) -> (negative: Bool, digits: [UInt8], point: Int) {
    var digits: [UInt8] = []
    var point = 0
    var seenPoint = false
    var exponent = 0
    let negative = description.utf8.first == 0x2D
    var rest = description.utf8[...]
    if negative { rest = rest.dropFirst() }
    while let byte = rest.first {
      rest = rest.dropFirst()
      if byte == 0x2E {
        seenPoint = true
      } else if byte | 0x20 == 0x65 {
        exponent = Int(String(decoding: rest, as: UTF8.self)) ?? 0
        break
      } else {
        digits.append(byte)
        if !seenPoint { point += 1 }
      }
    }
    let leading = digits.prefix { $0 == 0x30 }.count
    digits.removeFirst(leading)
    point -= leading
    while digits.last == 0x30 { digits.removeLast() }
    return (negative, digits, digits.isEmpty ? 1 : point + exponent)
  }

  /// As `encoding/json` writes a float64: without an exponent from 1e-6 up to 1e21.
  static func json(_ number: Double) -> String {
    let parts = shortest("\(number)")
    let magnitude = abs(number)
    let usesExponent = magnitude != 0 && (magnitude < 1e-6 || magnitude >= 1e21)
    return usesExponent ? scientific(parts, width: 1) : positional(parts)
  }

  /// As `strconv.FormatFloat(number, 'g', -1, 32)`, which makes the text of a key.
  static func key(_ number: Double) -> String {
    let single = Float(number)
    if single.isNaN { return ".nan" }
    if single.isInfinite { return single < 0 ? "-.inf" : ".inf" }
    let parts = shortest("\(single)")
    let exponent = parts.point - 1
    return exponent < -4 || exponent >= 6 ? scientific(parts, width: 2) : positional(parts)
  }

  private static func positional(_ parts: (negative: Bool, digits: [UInt8], point: Int)) -> String {
    var out: [UInt8] = parts.negative ? [0x2D] : []
    if parts.point <= 0 || parts.digits.isEmpty {
      out.append(0x30)
    } else {
      for at in 0..<parts.point { out.append(at < parts.digits.count ? parts.digits[at] : 0x30) }
    }
    if parts.digits.count > max(parts.point, 0) {
      out.append(0x2E)
      for _ in 0..<max(-parts.point, 0) { out.append(0x30) }
      out += parts.digits[max(parts.point, 0)...]
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func scientific(
    _ parts: (negative: Bool, digits: [UInt8], point: Int), width: Int
  ) -> String {
    var out = parts.negative ? "-" : ""
    out += String(decoding: parts.digits.prefix(1), as: UTF8.self)
    if parts.digits.count > 1 { out += "." + String(decoding: parts.digits.dropFirst(), as: UTF8.self) }
    let exponent = parts.point - 1
    let digits = String(abs(exponent))
    out += exponent < 0 ? "e-" : "e+"
    return out + String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
