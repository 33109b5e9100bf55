public import API
import APIMachinery
import Basics
public import PlanReport

/// Marks what a baseline accepts, and says which of its entries ran out or are needed no more.
public enum BaselineCheck {
  public static func apply(_ baseline: AuditBaseline, to report: inout AuditReport) {
    for entry in baseline.entries {
      let what = entry.path.map { "\(entry.object) \($0)" } ?? entry.object
      var isNeeded = false
      let isOver = entry.until < report.time
      for i in report.entries.indices where report.entries[i].object.address == entry.object {
        guard let path = entry.path else {
          isNeeded = true
          if !isOver { report.entries[i].accepted = entry.reason }
          continue
        }
        for j in report.entries[i].differences.indices
        where covers(path, report.entries[i].differences[j].path) {
          isNeeded = true
          if !isOver { report.entries[i].differences[j].accepted = entry.reason }
        }
      }
      if isNeeded && isOver {
        report.baselineNotes.append("\(what): accepted until \(RFC3339.string(entry.until)), ran out")
      } else if !isNeeded {
        report.baselineNotes.append("\(what): no longer differs, remove the entry")
      }
    }
  }

  private static func covers(_ path: String, _ field: String) -> Bool {
    field == path || field.hasPrefix(path + ".") || field.hasPrefix(path + "[")
  }

  /// A baseline that accepts all that is open in the report, until an instant.
  public static func accepting(_ report: AuditReport, until: Instant, reason: String) -> AuditBaseline {
    var out = AuditBaseline()
    for entry in report.open {
      if entry.verdict != .drifted {
        out.entries.append(
          .init(object: entry.object.address, path: nil, until: until, reason: reason))
      }
      for difference in entry.differences where difference.accepted == nil {
        out.entries.append(
          .init(object: entry.object.address, path: difference.path, until: until, reason: reason))
      }
    }
    return out
  }
}
