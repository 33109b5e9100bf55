/// Times as the API writes them (RFC 3339, UTC, `metav1.Time` in whole seconds, `metav1.MicroTime` in microseconds).
public enum RFC3339 {
  /// `2026-11-23T07:34:18Z`, the fraction cut off.
  public static func string(_ instant: Instant) -> String {
    let seconds = instant.seconds
    var days = seconds / 86_400
    var rest = seconds % 86_400
    if rest < 0 {
      rest += 86_400
      days -= 1
    }
    let (year, month, day) = civil(days)
    guard (0...9999).contains(year) else {
      return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))T\(clock(rest))Z"
    }
    return String(unsafeUninitializedCapacity: 20) { room in
      func put(_ at: Int, _ number: Int64) {
        room[at] = UInt8(48 + number / 10)
        room[at + 1] = UInt8(48 + number % 10)
      }
      put(0, year / 100)
      put(2, year % 100)
      put(5, month)
      put(8, day)
      put(11, rest / 3600)
      put(14, rest / 60 % 60)
      put(17, rest % 60)
      (room[4], room[7], room[10], room[13], room[16], room[19]) = (45, 45, 84, 58, 58, 90)
      return 20
    }
  }

  /// The local time so many seconds east of Greenwich, `2026-11-23T08:34:18+01:00`; without an offset in UTC.
  public static func string(_ instant: Instant, offset: Int64) -> String {
    if offset == 0 { return string(instant) }
    let minutes = abs(offset) / 60
    return String(string(instant + .seconds(Int(offset))).dropLast())
      + "\(offset < 0 ? "-" : "+")\(pad(minutes / 60, 2)):\(pad(minutes % 60, 2))"
  }

  private static func clock(_ rest: Int64) -> String {
    "\(pad(rest / 3600, 2)):\(pad(rest / 60 % 60, 2)):\(pad(rest % 60, 2))"
  }

  /// Reads times as `string` writes them without making a `String`; nil for any other form, valid or not.
  public static func parseWhole(_ b: UnsafeBufferPointer<UInt8>) -> Instant? {
    guard b.count == 20, b[4] == 45, b[7] == 45, b[10] == 84, b[13] == 58, b[16] == 58, b[19] == 90 else {
      return nil
    }
    func two(_ at: Int) -> Int64? {
      let (x, y) = (b[at] &- 48, b[at + 1] &- 48)
      return x <= 9 && y <= 9 ? Int64(x) * 10 + Int64(y) : nil
    }
    guard let century = two(0), let rest = two(2), let month = two(5), let day = two(8), let hour = two(11),
      let minute = two(14), let second = two(17), (1...12).contains(month), day >= 1, hour < 24, minute < 60,
      second < 60
    else { return nil }
    let year = century * 100 + rest
    guard day <= daysIn(month, year) else { return nil }
    let at = days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
    let (scaled, overflow) = at.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? nil : Instant(nanoseconds: scaled)
  }

  /// `2026-11-23T07:34:18.000000Z`.
  public static func microString(_ instant: Instant) -> String {
    let micros = (instant.nanoseconds - instant.seconds * 1_000_000_000) / 1000
    return String(string(instant).dropLast()) + "." + pad(micros, 6) + "Z"
  }

  private static func pad(_ n: Int64, _ width: Int) -> String {
    let s = String(n)
    return s.utf8.count >= width ? s : String(repeating: "0", count: width - s.utf8.count) + s
  }

  /// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
  public static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// Year, month and day of a day since 1970-01-01.
  public static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let z = days + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let doe = z - era * 146_097
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100)
    let mp = (5 * doy + 2) / 153
    let month = mp < 10 ? mp + 3 : mp - 9
    return (yoe + era * 400 + (month <= 2 ? 1 : 0), month, doy - (153 * mp + 2) / 5 + 1)
  }

  /// Reads `YYYY-MM-DDThh:mm:ss[.fraction](Z|±hh:mm)`; nil if it is anything else.
  public static func parse(_ text: String) -> Instant? {
    let b = Array(text.utf8)
    func number(_ from: Int, _ count: Int) -> Int64? {
      guard from + count <= b.count else { return nil }
      var n: Int64 = 0
      for c in b[from..<from + count] {
        guard c >= 48 && c <= 57 else { return nil }
        n = n * 10 + Int64(c - 48)
      }
      return n
    }
    guard b.count >= 20, let year = number(0, 4), b[4] == 45, let month = number(5, 2), b[7] == 45,
      let day = number(8, 2), b[10] == 84 || b[10] == 116, let hour = number(11, 2), b[13] == 58,
      let minute = number(14, 2), b[16] == 58, let second = number(17, 2), (1...12).contains(month), day >= 1,
      day <= daysIn(month, year), hour < 24, minute < 60, second < 60
    else { return nil }
    var at = 19
    var nanos: Int64 = 0
    if b[at] == 46 || b[at] == 44 {
      at += 1
      var scale: Int64 = 100_000_000
      let first = at
      while at < b.count, b[at] >= 48, b[at] <= 57 {
        nanos += Int64(b[at] - 48) * scale
        scale /= 10
        at += 1
      }
      if at == first { return nil }
    }
    guard at < b.count else { return nil }
    var offset: Int64 = 0
    if b[at] == 90 || b[at] == 122 {
      at += 1
    } else if b[at] == 43 || b[at] == 45 {
      guard let h = number(at + 1, 2), at + 3 < b.count, b[at + 3] == 58, let m = number(at + 4, 2), h < 24,
        m < 60
      else { return nil }
      offset = (h * 3600 + m * 60) * (b[at] == 43 ? 1 : -1)
      at += 6
    }
    guard at == b.count else { return nil }
    let total =
      days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second - offset
    let (scaled, overflow) = total.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? nil : Instant(nanoseconds: scaled + nanos)
  }

  static func daysIn(_ month: Int64, _ year: Int64) -> Int64 {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }
}
