/// Reading quantities: the grammar of `resource.ParseQuantity`, with its leniences.
extension Quantity {
  public static func parse(_ text: String) -> Result<Quantity, ParseError> {
    var text = text
    return text.withUTF8 { bytes in
      do throws(ParseError) { return .success(try parse(bytes)) } catch { return .failure(error) }
    }
  }

  /// The parts of the text: sign, digits before and after the point, suffix.
  private struct Parts {
    var negative = false
    var whole: Range<Int>
    var fraction: Range<Int>
    var suffix: Range<Int>
  }

  private static func parse(_ b: UnsafeBufferPointer<UInt8>) throws(ParseError) -> Quantity {
    let parts = try split(b)
    let suffix = UnsafeBufferPointer(rebasing: b[parts.suffix])
    guard let (base, exponent, format) = interpret(suffix) else { throw .suffix }
    let digits = max(parts.whole.count, 1) + parts.fraction.count
    var mantissa: Int128 = 0
    var dropped = 0
    // Zeros at the end add nothing but scale; they are kept back until a digit follows.
    for range in [parts.whole, parts.fraction] {
      for i in range {
        if b[i] == 48 {
          dropped += 1
          continue
        }
        guard let wide = Decimal128.scaledUp(mantissa, by: dropped + 1) else { throw .numeric }
        dropped = 0
        let (sum, overflow) = wide.addingReportingOverflow(Int128(b[i] - 48))
        if overflow { throw .numeric }
        mantissa = sum
      }
    }
    let written = -parts.fraction.count
    if parts.negative { mantissa = -mantissa }
    var scale = mantissa == 0 ? 0 : written + dropped
    if base == 10 {
      scale += exponent
      let keeps = digits <= 18 && written + exponent >= -9
      let spelling = keeps && isCanonicalDecimal(b, parts, written + exponent) ? text(b) : nil
      return rounded(mantissa, scale, format, spelling)
    }
    let fast =
      parts.fraction.isEmpty && 15 - max(parts.whole.count, 1) - Int(Float(exponent) * 3 / 10) - 1 >= 0
    let factor: Int128 = 1 << Int128(exponent)
    var spelling: String?
    if fast, let plain = Decimal128.scaledUp(mantissa, by: scale), plain & 7 != 0 { spelling = text(b) }
    guard let unit = Decimal128.scaledUp(mantissa, by: max(scale, 0)) else {
      return capped(mantissa < 0)
    }
    let (product, overflow) = unit.multipliedReportingOverflow(by: factor)
    if overflow { return capped(mantissa < 0) }
    return binary(product, min(scale, 0), fast: fast, spelling)
  }

  private static func text(_ b: UnsafeBufferPointer<UInt8>) -> String { String(decoding: b, as: UTF8.self) }

  private static func capped(_ negative: Bool) -> Quantity {
    let most = Int128(Int64.max)
    return Quantity(mantissa: negative ? -most : most, scale: 0, format: .binarySI)
  }

  private static func rounded(_ m: Int128, _ s: Int, _ format: Format, _ spelling: String?) -> Quantity {
    if s >= -9 { return Quantity(mantissa: m, scale: s, format: format, spelling: spelling) }
    return Quantity(mantissa: Decimal128.rescale(m, from: s, to: -9) ?? m, scale: -9, format: format)
  }

  private static func binary(_ m: Int128, _ s: Int, fast: Bool, _ spelling: String?) -> Quantity {
    var result = rounded(m, s, .binarySI, spelling)
    if fast { return result }
    let limit = Quantity(mantissa: Int128(Int64.max), scale: 0, format: .binarySI)
    if result > limit || result < -limit { return capped(m < 0) }
    // Below one it is shown in decimal.
    if result.mantissa != 0, result < Quantity(1), result > Quantity(-1) { result.format = .decimalSI }
    return result
  }

  /// Kubernetes keeps the text as it is where it looks canonical at a glance.
  private static func isCanonicalDecimal(
    _ b: UnsafeBufferPointer<UInt8>, _ parts: Parts, _ scale: Int
  ) -> Bool {
    if scale % 3 != 0 || parts.whole.isEmpty { return false }
    let shifted = b[parts.whole].map { $0 } + b[parts.fraction].map { $0 }
    return !(shifted.count >= 3 && shifted.suffix(3).allSatisfy { $0 == 48 })
  }

  private static func split(_ b: UnsafeBufferPointer<UInt8>) throws(ParseError) -> Parts {
    guard !b.isEmpty else { throw .format }
    var at = 0
    var parts = Parts(whole: 0..<0, fraction: 0..<0, suffix: b.count..<b.count)
    if b[0] == 43 || b[0] == 45 {
      parts.negative = b[0] == 45
      at = 1
    }
    while at < b.count, b[at] == 48 { at += 1 }
    func digits() -> Range<Int> {
      let from = at
      while at < b.count, b[at] >= 48, b[at] <= 57 { at += 1 }
      return from..<at
    }
    parts.whole = digits()
    if at < b.count, b[at] == 46 {
      at += 1
      parts.fraction = digits()
    }
    let start = at
    while at < b.count, isSuffixLetter(b[at]) { at += 1 }
    if at < b.count, b[at] == 43 || b[at] == 45 { at += 1 }
    _ = digits()
    guard at == b.count else { throw .format }
    parts.suffix = start..<at
    return parts
  }

  private static func isSuffixLetter(_ c: UInt8) -> Bool {
    switch c {
    case 0x65, 0x45, 0x69, 0x6E, 0x75, 0x6D, 0x6B, 0x4B, 0x4D, 0x47, 0x54, 0x50: true
    default: false
    }
  }

  private static func interpret(
    _ suffix: UnsafeBufferPointer<UInt8>
  ) -> (base: Int, exponent: Int, format: Format)? {
    let text = String(decoding: suffix, as: UTF8.self)
    if let i = QuantitySuffix.decimals.firstIndex(of: text) { return (10, (i - 3) * 3, .decimalSI) }
    if let i = QuantitySuffix.binary.firstIndex(of: text) { return (2, i * 10, .binarySI) }
    guard suffix.count > 1, suffix[0] | 0x20 == 0x65, let exponent = Int(text.dropFirst()) else { return nil }
    guard let small = Int32(exactly: exponent) else { return nil }
    return (10, Int(small), .decimalExponent)
  }
}
