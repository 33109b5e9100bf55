import Basics

/// Times and durations as CEL reads and writes them.
enum CELTime {
  static func timestamp(_ text: String) -> CELValue? {
    guard let instant = RFC3339.parse(text) else { return nil }
    let seconds = Int(instant.seconds)
    return .timestamp(seconds, Int(instant.nanoseconds) - seconds &* 1_000_000_000)
  }

  /// Go's notation, `1h30m`, in nanoseconds.
  static func duration(_ text: String) -> CELValue? {
    var rest = Substring(text)
    var sign = 1.0
    if rest.hasPrefix("-") || rest.hasPrefix("+") { sign = rest.removeFirst() == "-" ? -1 : 1 }
    if rest == "0" { return .duration(0) }
    guard !rest.isEmpty else { return nil }
    let units = [
      ("ns", 1.0), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
    ]
    var total = 0.0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isNumber || $0 == "." }
      guard let number = Double(digits) else { return nil }
      rest = rest.dropFirst(digits.count)
      guard let (name, size) = units.first(where: { rest.hasPrefix($0.0) }) else { return nil }
      rest = rest.dropFirst(name.count)
      total += number * size
    }
    guard total < 9.2e18 else { return nil }
    return .duration(Int(sign * total))
  }

  static func durationText(_ nanoseconds: Int) -> String {
    let seconds = nanoseconds / 1_000_000_000
    let rest = abs(nanoseconds % 1_000_000_000)
    if rest == 0 { return "\(seconds)s" }
    var fraction = String(rest)
    fraction = String(repeating: "0", count: 9 - fraction.utf8.count) + fraction
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return "\(nanoseconds < 0 && seconds == 0 ? "-" : "")\(seconds).\(fraction)s"
  }

  static func base64(_ text: String) -> [UInt8]? {
    let bytes = Array(text.utf8)
    let isSound = bytes.withUnsafeBufferPointer { ScalarText.base64Problem($0) == nil }
    guard isSound else { return nil }
    var out: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for c in bytes where c != 0x3D && c != 0x0A && c != 0x0D {
      let six: UInt8
      switch c {
      case 0x41...0x5A: six = c - 0x41
      case 0x61...0x7A: six = c - 0x61 + 26
      case 0x30...0x39: six = c - 0x30 + 52
      case 0x2B: six = 62
      default: six = 63
      }
      bits = bits << 6 | UInt32(six)
      count += 6
      if count >= 8 {
        count -= 8
        out.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return out
  }
}
