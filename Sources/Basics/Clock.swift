/// A point in time: nanoseconds since 1970-01-01T00:00:00Z.
public struct Instant: Hashable, Comparable, Sendable {
  public var nanoseconds: Int64
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
  public init(seconds: Int64) { nanoseconds = seconds &* 1_000_000_000 }

  public static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }
  public static func + (a: Instant, d: Nanoseconds) -> Instant {
    Instant(
      nanoseconds: a.nanoseconds.addingReportingOverflow(d.count).overflow ? .max : a.nanoseconds + d.count)
  }
  public static func - (a: Instant, b: Instant) -> Nanoseconds {
    Nanoseconds(count: a.nanoseconds.subtractingReportingOverflow(b.nanoseconds).partialValue)
  }

  /// Whole seconds since 1970, rounded down: the resolution of `metav1.Time`.
  public var seconds: Int64 {
    let s = nanoseconds / 1_000_000_000
    return nanoseconds % 1_000_000_000 < 0 ? s - 1 : s
  }

  /// The instant cut to a whole second.
  public var wholeSecond: Instant { Instant(seconds: seconds) }
}

/// A length of time.
public struct Nanoseconds: Hashable, Comparable, Sendable {
  public var count: Int64
  public init(count: Int64) { self.count = count }
  public static func seconds(_ n: Int) -> Nanoseconds {
    let (product, overflow) = Int64(n).multipliedReportingOverflow(by: 1_000_000_000)
    return Nanoseconds(count: overflow ? (n < 0 ? .min : .max) : product)
  }
  public static func milliseconds(_ n: Int) -> Nanoseconds {
    Nanoseconds(count: Int64(n).multipliedReportingOverflow(by: 1_000_000).partialValue)
  }
  public static let zero = Nanoseconds(count: 0)
  public static func < (a: Nanoseconds, b: Nanoseconds) -> Bool { a.count < b.count }
  /// Seconds, fractions included.
  public var inSeconds: Double { Double(count) / 1e9 }
}

/// The virtual clock of a pass; only the event loop moves it.
public final class VirtualClock {
  public private(set) var now: Instant
  public init(_ start: Instant) { now = start }

  /// Moves the clock forward; an earlier instant leaves it where it is.
  public func advance(to instant: Instant) { if instant > now { now = instant } }
}
