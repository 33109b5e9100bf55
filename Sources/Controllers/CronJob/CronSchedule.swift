public import Basics

/// A cron expression of five fields, a macro, or `@every` (`robfig/cron/v3` ParseStandard).
public struct CronSchedule: Sendable {
  private var minutes: UInt64 = 0
  private var hours: UInt64 = 0
  private var days: UInt64 = 0
  private var months: UInt64 = 0
  private var weekdays: UInt64 = 0
  /// Whether the field is `*` or `?`: then the other of the two fields for days decides alone.
  private var anyDay = false
  private var anyWeekday = false
  /// `@every`: a fixed number of seconds.
  private var period: Int64?
  /// The zone in whose local time the fields are meant; UTC if none is set.
  public var zone: TimeZoneRule?

  private static let macros = [
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
  ]
  private static let monthNames = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]
  private static let dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

  public init?(_ text: String) {
    if text.hasPrefix("@every ") {
      guard let seconds = Self.seconds(text.dropFirst(7)), seconds > 0 else { return nil }
      period = seconds
      return
    }
    let fields = (Self.macros[text] ?? text).split(whereSeparator: { $0 == " " || $0 == "\t" })
    guard fields.count == 5, let minutes = Self.bits(fields[0], 0, 59, []),
      let hours = Self.bits(fields[1], 0, 23, []), let days = Self.bits(fields[2], 1, 31, []),
      let months = Self.bits(fields[3], 1, 12, Self.monthNames),
      let weekdays = Self.bits(fields[4], 0, 6, Self.dayNames)
    else { return nil }
    self.minutes = minutes.bits
    self.hours = hours.bits
    self.days = days.bits
    self.months = months.bits
    self.weekdays = weekdays.bits
    anyDay = days.any
    anyWeekday = weekdays.any
  }

  /// Hours, minutes and seconds as Go writes durations: `1h30m`.
  private static func seconds(_ text: Substring) -> Int64? {
    var total: Int64 = 0
    var number: Int64?
    for c in text.utf8 {
      switch c {
      case 48...57:
        guard (number ?? 0) < 1 << 40 else { return nil }
        number = (number ?? 0) * 10 + Int64(c - 48)
      case 104, 109, 115:
        guard let n = number else { return nil }
        total += n * (c == 104 ? 3600 : c == 109 ? 60 : 1)
        number = nil
      default: return nil
      }
    }
    return number == nil ? total : nil
  }

  private static func bits(_ field: Substring, _ low: Int, _ high: Int, _ names: [String])
    -> (bits: UInt64, any: Bool)?
  {
    var bits: UInt64 = 0
    var any = false
    for part in field.split(separator: ",") {
      let halves = part.split(separator: "/", omittingEmptySubsequences: false)
      guard halves.count <= 2, let range = halves.first else { return nil }
      var first = low
      var last = high
      if range == "*" || range == "?" {
        any = any || halves.count == 1
      } else {
        let ends = range.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2, let from = number(ends[0], low, names) else { return nil }
        first = from
        if ends.count == 2 {
          guard let to = number(ends[1], low, names) else { return nil }
          last = to
        } else if halves.count == 1 {
          last = from
        }
      }
      var step = 1
      if halves.count == 2 {
        guard let n = Int(halves[1]), n > 0 else { return nil }
        step = n
      }
      guard first >= low, last <= high, first <= last else { return nil }
      for n in stride(from: first, through: last, by: step) { bits |= 1 << UInt64(n) }
    }
    return bits == 0 ? nil : (bits, any)
  }

  private static func number(_ text: Substring, _ low: Int, _ names: [String]) -> Int? {
    if let at = names.firstIndex(of: text.lowercased()) { return at + low }
    guard let n = Int(text), n >= 0 else { return nil }
    return n
  }

  /// The first time after `instant`; nil if there is none within five years. A local time that a change of the
  /// clocks leaves out does not come, one that it repeats comes twice.
  public func next(after instant: Instant) -> Instant? {
    if let period { return Instant(seconds: instant.seconds + period) }
    guard let zone else { return nextLocal(after: instant) }
    var from = instant
    let last = instant + .seconds(366 * 5 * 86_400)
    while from <= last {
      let (offset, until) = zone.offset(at: from)
      let local = nextLocal(after: Instant(seconds: from.seconds + offset))
      let next = local.map { Instant(seconds: $0.seconds - offset) }
      guard let until, next.map({ $0 >= until }) ?? true else { return next }
      // The first minute under the new clock may be one.
      let after = zone.offset(at: until).seconds
      if let first = nextLocal(after: Instant(seconds: until.seconds + after - 1)),
        first.seconds - after == until.seconds
      {
        return until
      }
      from = until
    }
    return nil
  }

  private func nextLocal(after instant: Instant) -> Instant? {
    let start = instant.seconds - instant.seconds % 60 + 60
    var day = start / 86_400
    var minute = Int(start % 86_400 / 60)
    let lastDay = day + 366 * 5
    while day <= lastDay {
      if matches(day: day) {
        while minute < 1440 {
          if hours >> UInt64(minute / 60) & 1 == 0 {
            minute = (minute / 60 + 1) * 60
          } else if minutes >> UInt64(minute % 60) & 1 == 0 {
            minute += 1
          } else {
            return Instant(seconds: day * 86_400 + Int64(minute) * 60)
          }
        }
      }
      day += 1
      minute = 0
    }
    return nil
  }

  private func matches(day: Int64) -> Bool {
    let date = RFC3339.civil(day)
    guard months >> UInt64(date.month) & 1 == 1 else { return false }
    let inMonth = days >> UInt64(date.day) & 1 == 1
    let inWeek = weekdays >> UInt64((day % 7 + 11) % 7) & 1 == 1
    return anyDay || anyWeekday ? inMonth && inWeek : inMonth || inWeek
  }

  /// The latest time after `earliest` and not after `now`; nil if none has passed.
  public func mostRecent(after earliest: Instant, now: Instant) -> Instant? {
    guard let first = next(after: earliest), first <= now, let second = next(after: first) else {
      return next(after: earliest).flatMap { $0 <= now ? $0 : nil }
    }
    if second > now { return first }
    let gap = max(1, second.seconds - first.seconds)
    let missed = (now.seconds - first.seconds) / gap + 1
    var at = Instant(seconds: first.seconds + max(0, missed - 2) * gap - 1)
    var latest = first
    while let time = next(after: at), time <= now {
      latest = time
      at = time
    }
    return latest
  }
}
