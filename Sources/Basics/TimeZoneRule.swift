/// The local time of a zone of the IANA database by the rule that holds in it today (the POSIX TZ text of its
/// file). Earlier rules are not known, nor the weeks of Ramadan in Morocco.
public struct TimeZoneRule: Sendable, Equatable {
  /// When summer time begins or ends, in a year's local time.
  private struct Change: Sendable, Equatable {
    enum Day: Sendable, Equatable {
      /// Month, week (5 is the last) and day of the week (0 is Sunday).
      case week(Int64, Int64, Int64)
      /// The day of the year from 1, the 29th of February never counted.
      case julian(Int64)
      /// The day of the year from 0.
      case ordinal(Int64)
    }
    var day: Day
    /// Seconds after local midnight.
    var time: Int64 = 7200
  }

  /// Seconds east of Greenwich.
  private var standard: Int64
  private var summer: Int64
  private var begin: Change?
  private var end: Change?

  private static let names: [String: String] = {
    var all: [String: String] = [:]
    for line in ZoneTable.text.split(separator: "\n") {
      let words = line.split(separator: " ")
      for name in words.dropFirst() { all[String(name)] = String(words[0]) }
    }
    return all
  }()

  /// The zone of this name (`Europe/Berlin`), or nil (`time.LoadLocation`).
  public static func named(_ name: String) -> TimeZoneRule? { names[name].flatMap { TimeZoneRule($0) } }

  /// Reads a POSIX TZ text such as `CET-1CEST,M3.5.0,M10.5.0/3`.
  public init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    guard Self.skipName(&rest), let west = Self.time(&rest) else { return nil }
    standard = -west
    summer = standard + 3600
    if rest.isEmpty { return }
    guard Self.skipName(&rest) else { return nil }
    if rest.first != 44, let west = Self.time(&rest) { summer = -west }
    guard let first = Self.change(&rest), let second = Self.change(&rest), rest.isEmpty else { return nil }
    begin = first
    end = second
  }

  // MARK: Reading

  private static func skipName(_ rest: inout ArraySlice<UInt8>) -> Bool {
    if rest.first == 60 {
      guard let close = rest.firstIndex(of: 62) else { return false }
      rest = rest[(close + 1)...]
      return true
    }
    let length = rest.prefix { ($0 | 32) >= 97 && ($0 | 32) <= 122 }.count
    rest = rest.dropFirst(length)
    return length >= 3
  }

  private static func number(_ rest: inout ArraySlice<UInt8>) -> Int64? {
    let digits = rest.prefix(6).prefix { $0 >= 48 && $0 <= 57 }
    rest = rest.dropFirst(digits.count)
    return digits.isEmpty ? nil : digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
  }

  /// `[+-]hh[:mm[:ss]]` in seconds.
  private static func time(_ rest: inout ArraySlice<UInt8>) -> Int64? {
    var sign: Int64 = 1
    if let first = rest.first, first == 43 || first == 45 {
      sign = first == 45 ? -1 : 1
      rest = rest.dropFirst()
    }
    guard var total = number(&rest).map({ $0 * 3600 }) else { return nil }
    for unit in [60, 1] as [Int64] where rest.first == 58 {
      rest = rest.dropFirst()
      guard let n = number(&rest) else { return nil }
      total += n * unit
    }
    return sign * total
  }

  private static func change(_ rest: inout ArraySlice<UInt8>) -> Change? {
    guard rest.first == 44 else { return nil }
    rest = rest.dropFirst()
    var change: Change
    if rest.first == 77 {
      rest = rest.dropFirst()
      guard let month = number(&rest), (1...12).contains(month), rest.first == 46 else { return nil }
      rest = rest.dropFirst()
      guard let week = number(&rest), (1...5).contains(week), rest.first == 46 else { return nil }
      rest = rest.dropFirst()
      guard let day = number(&rest), day <= 6 else { return nil }
      change = Change(day: .week(month, week, day))
    } else if rest.first == 74 {
      rest = rest.dropFirst()
      guard let day = number(&rest), (1...365).contains(day) else { return nil }
      change = Change(day: .julian(day))
    } else {
      guard let day = number(&rest), day <= 365 else { return nil }
      change = Change(day: .ordinal(day))
    }
    if rest.first == 47 {
      rest = rest.dropFirst()
      guard let at = time(&rest) else { return nil }
      change.time = at
    }
    return change
  }

  // MARK: Asking

  /// The days since 1970 on which a change falls in a year.
  private static func day(_ change: Change, _ year: Int64) -> Int64 {
    switch change.day {
    case .week(let month, let week, let weekday):
      let first = RFC3339.days(year: year, month: month, day: 1)
      // 1970-01-01 was a Thursday.
      let offset = ((weekday - first - 4) % 7 + 7) % 7
      let day = first + offset + (week - 1) * 7
      return day - first < RFC3339.daysIn(month, year) ? day : day - 7
    case .julian(let n):
      let isLeap = RFC3339.daysIn(2, year) == 29
      return RFC3339.days(year: year, month: 1, day: 1) + n - 1 + (isLeap && n >= 60 ? 1 : 0)
    case .ordinal(let n): return RFC3339.days(year: year, month: 1, day: 1) + n
    }
  }

  /// The changes of a year in the order of time, each with the offset that holds from then on.
  private func changes(_ year: Int64) -> [(at: Int64, offset: Int64)] {
    guard let begin, let end else { return [] }
    let all = [
      (at: Self.day(begin, year) * 86_400 + begin.time - standard, offset: summer),
      (at: Self.day(end, year) * 86_400 + end.time - summer, offset: standard),
    ]
    return all[0].at <= all[1].at ? all : [all[1], all[0]]
  }

  private static func year(_ seconds: Int64) -> Int64 {
    RFC3339.civil(seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400).year
  }

  /// Seconds east of Greenwich at an instant, and when that changes next (nil: never).
  public func offset(at instant: Instant) -> (seconds: Int64, until: Instant?) {
    guard begin != nil else { return (standard, nil) }
    let now = instant.seconds
    let year = Self.year(now)
    var offset = standard
    for change in (year - 1...year + 1).flatMap({ changes($0) }) {
      if change.at > now { return (offset, Instant(seconds: change.at)) }
      offset = change.offset
    }
    return (offset, nil)
  }
}
