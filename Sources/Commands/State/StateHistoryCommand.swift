import API
import APIMachinery
import Basics
import Renderers
import Store

/// `state history`: the commits, the latest last.
struct StateHistoryCommand: Command {
  static let name = "state history"
  static let summary = "List the commits of the state"
  static let usage = ""
  static let options = [
    Option("state", value: "DIR", "the state store (default state)"),
    Option("limit", value: "N", "only the last N"),
    Option("output", short: "o", value: "FORMAT", "table (default) or json", choices: ["table", "json"]),
  ]

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let limit = try arguments.int("limit") ?? Int.max
    guard limit >= 0 else { throw Arguments.UsageError(message: "--limit: a number from 0 is needed") }
    let entries = try StateSession.directory(arguments, "plimsoll state history") {
      directory throws(StateError) in
      try directory.history()
    }.suffix(limit)
    if arguments.string("output") == "json" {
      for entry in entries { console.write(entry.line) }
      return .success
    }
    var table = Table(
      ["SERIAL", "TIME", "ADDED", "CHANGED", "REMOVED", "COMMAND"], alignment: [.right])
    for entry in entries {
      let counts = [entry.added, entry.changed, entry.removed].map { String($0) }
      table.rows.append([String(entry.serial), RFC3339.string(entry.time)] + counts + [entry.command])
    }
    for line in table.lines() { console.print(line) }
    return .success
  }
}

extension StateSession {
  /// Runs `body` on the state directory that the words name.
  static func directory<R>(
    _ arguments: Arguments, _ command: String, _ body: (StateDirectory) throws(StateError) -> R
  ) throws -> R {
    do throws(StateError) {
      let directory = try StateDirectory.open(
        arguments.string("state") ?? "state", layout: SchemeLayout(scheme: Scheme.builtin),
        request: LockRequest(command: command, now: clock()))
      return try body(directory)
    } catch { throw failure(error) }
  }
}
