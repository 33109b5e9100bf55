import Basics
import PlanReport
import Planner

/// `diff [DIR]`: field by field, desired against stored, without a pass.
struct DiffCommand: Command {
  static let name = "diff"
  static let summary = "Show the fields in which manifests and state differ, without running anything"
  static let usage = "[DIR]"
  static let discussion = "Exits 0 when there is no difference, 1 when there is, 2 on an error."
  static let options = PassOptions.options

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    do {
      var options = try PassOptions(arguments, console)
      options.horizon = .zero
      let session = try StateSession.open(options.statePath, now: options.now)
      let outcome = try session.pass(options, console)
      console.report(outcome.diagnostics)
      if outcome.diagnostics.hasErrors { return .changes }
      var report = outcome.report
      report.derived = []
      report.findings = []
      report.nodes = []
      report.pods = []
      for i in report.changes.indices { report.changes[i].rollout = nil }
      if report.changes.isEmpty { return .success }
      try options.write(report, console)
      return .failure
    } catch let failure as CommandFailure {
      console.report(failure.diagnostics)
      return .changes
    }
  }
}
