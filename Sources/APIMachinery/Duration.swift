import Basics

/// Lengths of time as Go writes them (`time.ParseDuration`, `Duration.String`): `1m30s`, `1.5h`, `300ms`.
public enum GoDuration {
  private static let units: [(name: String, nanoseconds: Int64)] = [
    ("ns", 1), ("us", 1000), ("µs", 1000), ("μs", 1000), ("ms", 1_000_000), ("s", 1_000_000_000),
    ("m", 60_000_000_000), ("h", 3_600_000_000_000),
  ]

  /// Reads a duration; nil if the text is none or does not fit.
  public static func parse(_ text: String) -> Nanoseconds? {
    var rest = Array(text.utf8)[...]
    var negative = false
    if let sign = rest.first, sign == 43 || sign == 45 {
      negative = sign == 45
      rest = rest.dropFirst()
    }
    if rest.elementsEqual("0".utf8) { return .zero }
    guard !rest.isEmpty else { return nil }
    var total: Int128 = 0
    while !rest.isEmpty {
      guard let amount = part(&rest) else { return nil }
      total += amount
      if total > Int128(Int64.max) + 1 { return nil }
    }
    return Int64(exactly: negative ? -total : total).map { Nanoseconds(count: $0) }
  }

  /// One number with its unit, taken off the front.
  private static func part(_ rest: inout ArraySlice<UInt8>) -> Int128? {
    var whole: Int128 = 0
    var digits = 0
    while let c = rest.first, c >= 48, c <= 57 {
      whole = whole * 10 + Int128(c - 48)
      if whole > Int128(Int64.max) + 1 { return nil }
      digits += 1
      rest = rest.dropFirst()
    }
    var fraction: Int128 = 0
    var scale: Int128 = 1
    if rest.first == 46 {
      rest = rest.dropFirst()
      while let c = rest.first, c >= 48, c <= 57 {
        // Digits beyond the 18th are far below a nanosecond.
        if scale < 1_000_000_000_000_000_000 {
          fraction = fraction * 10 + Int128(c - 48)
          scale *= 10
        }
        digits += 1
        rest = rest.dropFirst()
      }
    }
    guard digits > 0 else { return nil }
    let name = rest.prefix { $0 != 46 && !($0 >= 48 && $0 <= 57) }
    guard let unit = units.first(where: { $0.name.utf8.elementsEqual(name) }) else { return nil }
    rest = rest.dropFirst(name.count)
    return whole * Int128(unit.nanoseconds) + fraction * Int128(unit.nanoseconds) / scale
  }

  /// `1m30s`, `1.5s`, `100ms`, `0s`.
  public static func string(_ duration: Nanoseconds) -> String {
    let magnitude = duration.count.magnitude
    if magnitude == 0 { return "0s" }
    let sign = duration.count < 0 ? "-" : ""
    if magnitude < 1_000_000_000 {
      if magnitude < 1000 { return "\(sign)\(magnitude)ns" }
      if magnitude < 1_000_000 { return sign + decimal(magnitude, 1000, 3) + "µs" }
      return sign + decimal(magnitude, 1_000_000, 6) + "ms"
    }
    let minutes = magnitude / 60_000_000_000
    let seconds = decimal(magnitude % 60_000_000_000, 1_000_000_000, 9) + "s"
    if minutes == 0 { return sign + seconds }
    if minutes < 60 { return "\(sign)\(minutes)m\(seconds)" }
    return "\(sign)\(minutes / 60)h\(minutes % 60)m\(seconds)"
  }

  private static func decimal(_ n: UInt64, _ unit: UInt64, _ places: Int) -> String {
    let whole = String(n / unit)
    if n % unit == 0 { return whole }
    var digits = String(n % unit)
    digits = String(repeating: "0", count: places - digits.utf8.count) + digits
    while digits.utf8.last == 48 { digits.removeLast() }
    return whole + "." + digits
  }
}
