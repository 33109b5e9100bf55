import APIMachinery

/// `show PLANFILE`: the report of a saved plan.
struct ShowCommand: Command {
  static let name = "show"
  static let summary = "Print the report of a saved plan as JSON"
  static let usage = "PLANFILE"

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    guard arguments.positional.count == 1 else { throw Arguments.UsageError(message: "name one plan file") }
    let plan = try SavedPlan(reading: arguments.positional[0])
    console.write(JSONPretty.bytes(plan.report, indent: 2) + [0x0A])
    return .success
  }
}
