/// An exact amount of a resource (`apimachinery/pkg/api/resource.Quantity`): a whole number times a power of
/// ten, never a floating point number. It remembers the notation it was written in.
///
/// Parsed amounts are rounded away from zero to whole nanos; binary ones are capped at 2^63-1, as in Kubernetes.
/// More than 38 significant digits are refused, which Kubernetes would keep.
public struct Quantity: Sendable {
  /// The notations of `resource.Format`.
  public enum Format: Sendable {
    case decimalExponent, binarySI, decimalSI
  }

  /// Why a text is no quantity, in the words of Kubernetes.
  public enum ParseError: String, Error, Sendable {
    case format =
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    case numeric = "unable to parse numeric part of quantity"
    case suffix = "unable to parse quantity's suffix"
  }

  /// The amount is `mantissa` × 10^`scale`.
  var mantissa: Int128
  var scale: Int
  public var format: Format
  /// The text it was read from where that counts as canonical already.
  var spelling: String?

  init(mantissa: Int128, scale: Int, format: Format, spelling: String? = nil) {
    self.mantissa = mantissa
    self.scale = scale
    self.format = format
    self.spelling = spelling
  }

  public static let zero = Quantity(mantissa: 0, scale: 0, format: .decimalSI)

  /// A whole number of units.
  public init(_ value: Int, _ format: Format = .decimalSI) {
    self.init(mantissa: Int128(value), scale: 0, format: format)
  }

  public init(milli: Int, _ format: Format = .decimalSI) {
    self.init(mantissa: Int128(milli), scale: -3, format: format)
  }

  /// Reads a quantity; nil if the text is none.
  public init?(_ text: String) {
    guard case .success(let parsed) = Quantity.parse(text) else { return nil }
    self = parsed
  }

  /// Reads a quantity of the API: a string, or a number as it is written.
  public init?(_ value: Value) {
    switch value {
    case .small(let n): self.init(Int(n))
    case .number(let t), .string(let t): self.init(t.string)
    default: return nil
    }
  }

  public var isZero: Bool { mantissa == 0 }
  /// -1, 0 or 1.
  public var sign: Int { mantissa.signum() == 0 ? 0 : mantissa < 0 ? -1 : 1 }

  /// Whole units, fractions rounded away from zero; at the bounds of 64 bits where it does not fit.
  public var value: Int { scaled(to: 0) }
  /// Thousandths, rounded likewise.
  public var milliValue: Int { scaled(to: -3) }
  /// Multiples of 10^`target`, rounded likewise (`Quantity.ScaledValue`).
  public func scaled(to target: Int) -> Int {
    let rounded = Decimal128.rescale(mantissa, from: scale, to: target)
    return rounded.map { Int(clamping: $0) } ?? (mantissa < 0 ? .min : .max)
  }

  /// The amount as a floating point number, to nine places (`Quantity.AsApproximateFloat64`).
  public var approximate: Double { Double(scaled(to: -9)) / 1e9 }

  /// Whether the amount is a whole number of units.
  public var isInteger: Bool {
    if mantissa == 0 || scale >= 0 { return true }
    return -scale < 39 && mantissa % Decimal128.powers[-scale] == 0
  }
}

extension Quantity: Comparable, Hashable {
  /// Amounts are equal whatever their notation.
  public static func == (a: Quantity, b: Quantity) -> Bool { a.compare(b) == 0 }
  public static func < (a: Quantity, b: Quantity) -> Bool { a.compare(b) < 0 }

  public func hash(into hasher: inout Hasher) {
    let (m, s) = Decimal128.normalized(mantissa, scale)
    hasher.combine(m)
    hasher.combine(s)
  }

  func compare(_ other: Quantity) -> Int {
    if sign != other.sign || sign == 0 { return sign - other.sign }
    let (x, xs) = Decimal128.normalized(mantissa, scale)
    let (y, ys) = Decimal128.normalized(other.mantissa, other.scale)
    if xs == ys { return x < y ? -1 : x == y ? 0 : 1 }
    // Of the two, the one with the larger scale is written out; where that does not fit, it is the larger.
    if xs > ys {
      guard let wide = Decimal128.scaledUp(x, by: xs - ys) else { return sign }
      return wide < y ? -1 : wide == y ? 0 : 1
    }
    guard let wide = Decimal128.scaledUp(y, by: ys - xs) else { return -sign }
    return x < wide ? -1 : x == wide ? 0 : 1
  }
}

extension Quantity {
  /// The sum; its notation is that of the left side unless that is zero (`Quantity.Add`).
  public static func + (a: Quantity, b: Quantity) -> Quantity {
    let format = a.isZero ? b.format : a.format
    let (x, y, scale) = Decimal128.aligned(a.mantissa, a.scale, b.mantissa, b.scale)
    let (sum, overflow) = x.addingReportingOverflow(y)
    if overflow {
      // Beyond 38 digits only the last ones are lost.
      return Quantity(mantissa: x / 10 + y / 10, scale: scale + 1, format: format)
    }
    return Quantity(mantissa: sum, scale: scale, format: format)
  }

  public static func - (a: Quantity, b: Quantity) -> Quantity { a + -b }

  public static prefix func - (a: Quantity) -> Quantity {
    Quantity(mantissa: a.mantissa == .min ? .max : -a.mantissa, scale: a.scale, format: a.format)
  }

  public static func += (a: inout Quantity, b: Quantity) { a = a + b }
  public static func -= (a: inout Quantity, b: Quantity) { a = a - b }

  /// The amount `n` times; saturates beyond 38 digits.
  public static func * (a: Quantity, n: Int) -> Quantity {
    let (m, s) = Decimal128.normalized(a.mantissa, a.scale)
    let (product, overflow) = m.multipliedReportingOverflow(by: Int128(n))
    if overflow {
      return Quantity(mantissa: (m < 0) == (n < 0) ? .max : -.max, scale: s, format: a.format)
    }
    return Quantity(mantissa: product, scale: s, format: a.format)
  }
}

extension Quantity: CustomStringConvertible {
  public var description: String { canonical }

  /// The text that Kubernetes prints: no fraction, the largest suffix that loses nothing.
  public var canonical: String {
    if let spelling { return spelling }
    if mantissa == 0 { return "0" }
    if format == .binarySI, let text = binary() { return text }
    var (m, s) = Decimal128.normalized(mantissa, scale)
    while s % 3 != 0 {
      let (wide, overflow) = m.multipliedReportingOverflow(by: 10)
      if overflow { break }
      m = wide
      s -= 1
    }
    if format != .decimalExponent, let suffix = QuantitySuffix.decimal(s) { return "\(m)\(suffix)" }
    return s == 0 ? "\(m)" : "\(m)e\(s)"
  }

  /// The amount in Ki, Mi …; nil where decimal notation is due: below 1024, or with a fraction.
  private func binary() -> String? {
    guard isInteger, var m = Decimal128.rescale(mantissa, from: scale, to: 0) else { return nil }
    if m > -1024 && m < 1024 { return nil }
    var power = 0
    while m % 1024 == 0 && power < 6 {
      m /= 1024
      power += 1
    }
    return "\(m)\(QuantitySuffix.binary[power])"
  }

  /// The canonical text as a value of the API.
  public var apiValue: Value { .string(canonical) }
}

enum QuantitySuffix {
  static let binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]
  static let decimals = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"]

  static func decimal(_ scale: Int) -> String? {
    scale % 3 == 0 && (-9...18).contains(scale) ? decimals[scale / 3 + 3] : nil
  }
}

/// Arithmetic of decimal numbers with 128-bit mantissas.
enum Decimal128 {
  /// 10^0 … 10^38.
  static let powers: [Int128] = {
    var all: [Int128] = [1]
    for _ in 0..<38 { all.append(all[all.count - 1] * 10) }
    return all
  }()

  static func scaledUp(_ m: Int128, by places: Int) -> Int128? {
    if m == 0 { return 0 }
    guard places <= 38 else { return nil }
    let (wide, overflow) = m.multipliedReportingOverflow(by: powers[places])
    return overflow ? nil : wide
  }

  /// `m` × 10^`from` in multiples of 10^`to`, rounded away from zero; nil where it does not fit.
  static func rescale(_ m: Int128, from: Int, to: Int) -> Int128? {
    if m == 0 { return 0 }
    if from >= to { return scaledUp(m, by: from - to) }
    let places = to - from
    guard places <= 38 else { return m < 0 ? -1 : 1 }
    let (quotient, rest) = m.quotientAndRemainder(dividingBy: powers[places])
    return rest == 0 ? quotient : quotient + (m < 0 ? -1 : 1)
  }

  /// The same number with no factor of ten left in the mantissa.
  static func normalized(_ m: Int128, _ s: Int) -> (Int128, Int) {
    if m == 0 { return (0, 0) }
    var (m, s) = (m, s)
    while m % 10 == 0 {
      m /= 10
      s += 1
    }
    return (m, s)
  }

  /// Both numbers at one scale. Where 128 bits do not do, the smaller one's last digits go.
  static func aligned(_ a: Int128, _ aScale: Int, _ b: Int128, _ bScale: Int) -> (Int128, Int128, Int) {
    if a == 0 { return (0, b, bScale) }
    if b == 0 { return (a, 0, aScale) }
    if aScale < bScale {
      let (y, x, scale) = aligned(b, bScale, a, aScale)
      return (x, y, scale)
    }
    if let wide = scaledUp(a, by: aScale - bScale) { return (wide, b, bScale) }
    var (x, scale) = normalized(a, aScale)
    while scale > bScale {
      let (wide, overflow) = x.multipliedReportingOverflow(by: 10)
      if overflow { break }
      x = wide
      scale -= 1
    }
    return (x, rescale(b, from: bScale, to: scale) ?? 0, scale)
  }
}
