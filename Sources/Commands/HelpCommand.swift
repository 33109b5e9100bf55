/// `help [COMMAND]`.
struct HelpCommand: Command {
  static let name = "help"
  static let summary = "Show the commands, or one command's flags"
  static let usage = "[COMMAND]"

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    guard !arguments.positional.isEmpty else {
      console.print(HelpText.overview())
      return .success
    }
    guard let (command, _) = Commands.find(arguments.positional) else {
      throw Arguments.UsageError(message: "no such command: \(arguments.positional.joined(separator: " "))")
    }
    console.print(HelpText.of(command))
    return .success
  }
}
