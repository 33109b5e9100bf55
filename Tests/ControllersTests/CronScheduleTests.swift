import Basics
import Controllers
import Testing

/// When cron expressions are due.
struct CronScheduleTests {
  @Test(arguments: [
    ("* * * * *", "2026-11-23T07:24:52Z", "2026-11-23T07:25:00Z"),
    ("*/15 8-10 * * mon-fri", "2026-11-21T09:00:00Z", "2026-11-23T08:00:00Z"),
    ("0 3 29 2 *", "2026-11-23T07:24:52Z", "2028-02-29T03:00:00Z"),
    ("@hourly", "2026-11-23T07:00:00Z", "2026-11-23T08:00:00Z"),
    ("0 0 13 * 5", "2026-11-23T07:00:00Z", "2026-11-27T00:00:00Z"),
    ("@every 1h30m", "2026-11-23T07:00:00Z", "2026-11-23T08:30:00Z"),
    ("5,10 0 1 jan ?", "2026-11-23T07:00:00Z", "2027-01-01T00:05:00Z"),
  ])
  func next(_ expression: String, _ from: String, _ wanted: String) throws {
    let schedule = try #require(CronSchedule(expression))
    let start = try #require(RFC3339.parse(from))
    #expect(schedule.next(after: start).map { RFC3339.string($0) } == wanted)
  }

  @Test(arguments: ["", "* * * *", "60 * * * *", "5-1 * * * *", "*/0 * * * *", "@every x", "* * 0 * *"])
  func refuses(_ expression: String) { #expect(CronSchedule(expression) == nil) }

  @Test func latestOfManyMissed() throws {
    let schedule = try #require(CronSchedule("*/5 * * * *"))
    let from = try #require(RFC3339.parse("2020-01-01T00:00:00Z"))
    let now = try #require(RFC3339.parse("2026-11-23T07:24:52Z"))
    let found = schedule.mostRecent(after: from, now: now)
    #expect(found.map { RFC3339.string($0) } == "2026-11-23T07:20:00Z")
  }
}

/// Schedules in the local time of a zone.
struct CronZoneTests {
  @Test(arguments: [
    ("30 2 * * *", "Europe/Berlin", "2026-06-01T00:00:00Z", ["2026-06-01T00:30:00Z"]),
    // 02:30 does not exist on the 29th of March.
    ("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", ["2026-03-30T00:30:00Z"]),
    // 02:30 comes twice on the 25th of October.
    (
      "30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z",
      ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"]
    ),
    ("0 3 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", ["2026-03-29T01:00:00Z"]),
    ("0 0 * * 1", "Asia/Kolkata", "2026-06-01T00:00:00Z", ["2026-06-07T18:30:00Z"]),
  ]) func next(schedule: String, zone: String, from: String, expected: [String]) throws {
    var cron = try #require(CronSchedule(schedule))
    cron.zone = TimeZoneRule.named(zone)
    #expect(cron.zone != nil)
    var at = try #require(RFC3339.parse(from))
    for text in expected {
      at = try #require(cron.next(after: at))
      #expect(RFC3339.string(at) == text)
    }
  }
}
