import Basics
import Testing

/// Local time by POSIX TZ rules; the instants are those of the IANA database.
struct TimeZoneRuleTests {
  @Test(arguments: [
    ("UTC", "2026-07-01T00:00:00Z", 0), ("Europe/Berlin", "2026-03-29T00:59:59Z", 3600),
    ("Europe/Berlin", "2026-03-29T01:00:00Z", 7200), ("Europe/Berlin", "2026-10-25T00:59:59Z", 7200),
    ("Europe/Berlin", "2026-10-25T01:00:00Z", 3600), ("America/New_York", "2026-03-08T06:59:59Z", -18_000),
    ("America/New_York", "2026-03-08T07:00:00Z", -14_400),
    ("America/New_York", "2026-11-01T06:00:00Z", -18_000),
    ("Asia/Kolkata", "2026-01-01T00:00:00Z", 19_800), ("Asia/Kathmandu", "2026-01-01T00:00:00Z", 20_700),
    // South of the equator summer time spans the new year.
    ("Australia/Sydney", "2026-01-01T00:00:00Z", 39_600),
    ("Australia/Sydney", "2026-07-01T00:00:00Z", 36_000),
    ("Australia/Lord_Howe", "2026-01-01T00:00:00Z", 39_600),
    ("Australia/Lord_Howe", "2026-07-01T00:00:00Z", 37_800),
    // Summer time that is the standard, winter time the exception.
    ("Europe/Dublin", "2026-01-01T00:00:00Z", 0), ("Europe/Dublin", "2026-07-01T00:00:00Z", 3600),
    ("America/Sao_Paulo", "2026-01-01T00:00:00Z", -10_800), ("Etc/GMT-14", "2026-01-01T00:00:00Z", 50_400),
  ]) func offsets(zone: String, at: String, seconds: Int) throws {
    let rule = try #require(TimeZoneRule.named(zone))
    #expect(rule.offset(at: try #require(RFC3339.parse(at))).seconds == Int64(seconds))
  }

  @Test func nextChange() throws {
    let rule = try #require(TimeZoneRule.named("Europe/Berlin"))
    let until = rule.offset(at: try #require(RFC3339.parse("2026-06-01T00:00:00Z"))).until
    #expect(until.map { RFC3339.string($0) } == "2026-10-25T01:00:00Z")
    #expect(TimeZoneRule.named("UTC")?.offset(at: Instant(seconds: 0)).until == nil)
  }

  @Test(arguments: ["Mars/Base", "", "europe/berlin", "Local", "../UTC"]) func unknown(_ name: String) {
    #expect(TimeZoneRule.named(name) == nil)
  }

  @Test(arguments: ["", "X", "CET", "CET-1CEST", "CET-1CEST,M13.1.0,M1.1.0", "<+01", "CET-1CEST,M3.5.0"])
  func badRules(_ text: String) { #expect(TimeZoneRule(text) == nil) }
}
