/// A count or a percentage (`apimachinery/pkg/util/intstr.IntOrString`), as in `maxSurge: 25%`; also a port
/// number or a port's name.
public enum IntOrString: Hashable, Sendable, CustomStringConvertible {
  case int(Int)
  case string(String)

  /// How a fraction of a percentage becomes a count.
  public enum Rounding: Sendable {
    case up, down
  }

  /// From a value of the API: an integer or a string, else nil.
  public init?(_ value: Value) {
    if let n = value.int {
      self = .int(n)
    } else if let s = value.string {
      self = .string(s)
    } else {
      return nil
    }
  }

  /// The percentage where the text is digits and `%`.
  public var percent: Int? {
    guard case .string(let s) = self, s.utf8.last == 37 else { return nil }
    return Int(s.dropLast())
  }

  /// The count, percentages taken of `total`; nil for a text that is no percentage
  /// (`intstr.GetScaledValueFromIntOrPercent`).
  public func scaled(of total: Int, rounding: Rounding) -> Int? {
    if case .int(let n) = self { return n }
    guard let percent else { return nil }
    let product = Int128(percent) * Int128(total)
    let (quotient, rest) = product.quotientAndRemainder(dividingBy: 100)
    let adjust: Int128 =
      switch rounding {
      case .up: rest > 0 ? 1 : 0
      case .down: rest < 0 ? -1 : 0
      }
    return Int(clamping: quotient + adjust)
  }

  public func roundUp(of total: Int) -> Int? { scaled(of: total, rounding: .up) }
  public func roundDown(of total: Int) -> Int? { scaled(of: total, rounding: .down) }

  public var apiValue: Value {
    switch self {
    case .int(let n): .int(n)
    case .string(let s): .string(s)
    }
  }

  public var description: String {
    switch self {
    case .int(let n): String(n)
    case .string(let s): s
    }
  }
}
