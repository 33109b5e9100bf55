import APIMachinery
import Basics

/// `ValidateCronJob` (`pkg/apis/batch/validation`).
enum CronJobValidation {
  static func cronJob(_ object: Value, _ out: inout Findings) {
    // Eleven characters are kept for the suffix of the job's name.
    if object.name.utf8.count > 52 {
      out.invalid(Path.metadata.child("name"), object.name, "must be no more than 52 characters")
    }
    spec(object[.spec], &out)
  }

  static func update(_ new: Value, _ old: Value, _ out: inout Findings) { spec(new[.spec], &out) }

  private static func spec(_ spec: Value, _ out: inout Findings) {
    let path = Path.spec
    let schedule = spec[.schedule].string ?? ""
    if schedule.isEmpty {
      out.required(path.child("schedule"))
    } else if schedule.contains("TZ") {
      out.invalid(
        path.child("schedule"), schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")
    } else if let problem = CronText.problem(schedule) {
      out.invalid(path.child("schedule"), schedule, problem)
    }
    out.nonNegative(path.child("startingDeadlineSeconds"), spec[.startingDeadlineSeconds])
    if let zone = spec[.timeZone].string {
      let at = path.child("timeZone")
      if zone.isEmpty {
        out.invalid(at, zone, "timeZone must be nil or non-empty string")
      } else if zone.lowercased() == "local" {
        out.invalid(
          at, zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones")
      } else if TimeZoneRule.named(zone) == nil {
        let isPath = zone.contains("..") || zone.hasPrefix("/") || zone.contains("\\")
        out.invalid(at, zone, isPath ? "time: invalid location name" : "unknown time zone \(zone)")
      }
    }
    if spec[.concurrencyPolicy].string.isNilOrEmpty {
      out.required(path.child("concurrencyPolicy"))
    } else {
      out.oneOf(
        path.child("concurrencyPolicy"), spec[.concurrencyPolicy], ["Allow", "Forbid", "Replace"])
    }
    let job = spec[.jobTemplate][.spec]
    let at = path.child("jobTemplate").child("spec")
    if job.has(.manualSelector) {
      if job[.manualSelector].bool == true {
        out.notSupported(at.child("manualSelector"), true, ["nil", "false"])
      }
    }
    JobValidation.jobSpec(job, at, &out)
    out.nonNegative(path.child("successfulJobsHistoryLimit"), spec[.successfulJobsHistoryLimit])
    out.nonNegative(path.child("failedJobsHistoryLimit"), spec[.failedJobsHistoryLimit])
  }
}

/// The five fields of a schedule, read for errors only (`robfig/cron` v3, `ParseStandard`).
enum CronText {
  private struct Bounds {
    let low: Int
    let high: Int
    let names: [String]
  }

  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]
  private static let days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
  private static let bounds = [
    Bounds(low: 0, high: 59, names: []), Bounds(low: 0, high: 23, names: []),
    Bounds(low: 1, high: 31, names: []), Bounds(low: 1, high: 12, names: months),
    Bounds(low: 0, high: 6, names: days),
  ]
  private static let descriptors: Set<String> = [
    "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly",
  ]

  static func problem(_ schedule: String) -> String? {
    if schedule.hasPrefix("@") {
      if descriptors.contains(schedule) { return nil }
      if schedule.hasPrefix("@every ") { return nil }
      return "unrecognized descriptor: \(schedule)"
    }
    let fields = schedule.split(whereSeparator: \.isWhitespace).map(String.init)
    if fields.count != 5 {
      return "expected exactly 5 fields, found \(fields.count): [\(fields.joined(separator: " "))]"
    }
    for (field, bound) in zip(fields, bounds) {
      for part in field.split(separator: ",") {
        if let problem = problem(String(part), bound) { return problem }
      }
    }
    return nil
  }

  private static func problem(_ part: String, _ bound: Bounds) -> String? {
    let pieces = part.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let range = pieces[0].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    var low = bound.low
    var high = bound.high
    if range[0] != "*" && range[0] != "?" {
      switch number(range[0], bound) {
      case .success(let n): low = n
      case .failure(let problem): return problem.text
      }
      high = low
      if range.count == 2 {
        switch number(range[1], bound) {
        case .success(let n): high = n
        case .failure(let problem): return problem.text
        }
      } else if range.count > 2 {
        return "too many hyphens: \(part)"
      }
    }
    var step = 1
    if pieces.count == 2 {
      switch number(pieces[1], Bounds(low: 0, high: 0, names: [])) {
      case .success(let n): step = n
      case .failure(let problem): return problem.text
      }
      if range.count == 1, range[0] != "*", range[0] != "?" { high = bound.high }
    } else if pieces.count > 2 {
      return "too many slashes: \(part)"
    }
    if low < bound.low { return "beginning of range (\(low)) below minimum (\(bound.low)): \(part)" }
    if high > bound.high { return "end of range (\(high)) above maximum (\(bound.high)): \(part)" }
    if low > high { return "beginning of range (\(low)) beyond end of range (\(high)): \(part)" }
    if step == 0 { return "step of range should be a positive number: \(part)" }
    return nil
  }

  private struct Problem: Error { let text: String }

  private static func number(_ text: String, _ bound: Bounds) -> Result<Int, Problem> {
    if let i = bound.names.firstIndex(of: text.lowercased()) { return .success(i + bound.low) }
    guard let n = Int(text) else {
      return .failure(
        Problem(text: "failed to parse int from \(text): strconv.Atoi: parsing \"\(text)\": invalid syntax"))
    }
    if n < 0 { return .failure(Problem(text: "negative number (\(n)) not allowed: \(text)")) }
    return .success(n)
  }
}
