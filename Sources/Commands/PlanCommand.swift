import Basics
import PlanReport
import Planner

/// `plan [DIR]`: what would happen; nothing is written to the state.
struct PlanCommand: Command {
  static let name = "plan"
  static let summary = "Show which fields change and what will happen"
  static let usage = "[DIR]"
  static let discussion =
    "Reads the manifests, runs one pass over a copy of the state and prints the report. The state is not written."
  static let options =
    PassOptions.options + WhatIf.options + [Option("out", value: "FILE", "save the plan, for apply")]

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let options = try PassOptions(arguments, console)
    let session = try StateSession.open(options.statePath, writing: false, options)
    let file = arguments.string("out")
    let outcome = try session.pass(options, console, isToBeSaved: file != nil)
    console.report(outcome.diagnostics)
    if outcome.diagnostics.hasErrors && !options.keepGoing { return .failure }
    try options.write(outcome.report, console)
    try StateSession.requireEnd(of: outcome)
    if let file {
      try SavedPlan(session: session, options: options, outcome: outcome).write(file)
    }
    let fired = options.gates.fired(outcome.report, stored: session.stored)
    for gate in fired { console.warn("gate: \(gate)") }
    if !fired.isEmpty { return .gate }
    if outcome.diagnostics.hasErrors { return .failure }
    return options.detailedExitCode && !outcome.report.isEmpty ? .changes : .success
  }
}
