import Basics
import Foundation
import PlanReport
import Planner

/// `apply [DIR | PLANFILE]`: the same pass as `plan`, then the commit, all or nothing.
struct ApplyCommand: Command {
  static let name = "apply"
  static let summary = "Run the pass and write the state"
  static let usage = "[DIR | PLANFILE]"
  static let options = PassOptions.options + [Option("yes", short: "y", "do not ask")]

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    var options = try PassOptions(arguments, console)
    var saved: SavedPlan?
    if arguments.positional.count == 1, SavedPlan.isPlan(arguments.positional[0]) {
      let plan = try SavedPlan(reading: arguments.positional[0])
      plan.restore(&options)
      saved = plan
    }
    let session = try StateSession.open(options.statePath, writing: true, options)
    try saved?.check(session)
    let outcome = try session.pass(options, console, saved: saved)
    console.report(outcome.diagnostics)
    if outcome.diagnostics.hasErrors && !options.keepGoing { return .failure }
    if let saved, saved.digest != outcome.report.digest {
      throw CommandFailure(
        .stale, code: "stale-plan", "the plan would not come out as it was saved",
        remedy: "run plan again with this version of plimsoll")
    }
    try options.write(outcome.report, console)
    try StateSession.requireEnd(of: outcome)
    let fired = options.gates.fired(outcome.report, stored: session.stored)
    for gate in fired { console.warn("gate: \(gate)") }
    if !fired.isEmpty { return .gate }
    if !outcome.report.isEmpty, saved == nil, !arguments.flag("yes") {
      guard console.outIsTerminal, isatty(0) == 1 else {
        throw CommandFailure(code: "not-confirmed", "nobody to ask", remedy: "pass --yes")
      }
      console.flush()
      console.warn("\nApply these changes? Only 'yes' is accepted.")
      guard readLine() == "yes" else {
        console.warn("Nothing was applied.")
        return .failure
      }
    }
    try session.commit(outcome, command: "apply")
    if !outcome.report.isEmpty, options.outputs.isEmpty {
      console.print("Apply complete! State serial \(session.serial).")
    }
    if outcome.diagnostics.hasErrors { return .failure }
    return options.detailedExitCode && !outcome.report.isEmpty ? .changes : .success
  }
}
