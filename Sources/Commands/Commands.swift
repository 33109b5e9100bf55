import Basics

/// All commands, and the way from the words of the command line to an exit status.
public enum Commands {
  /// One line per command, in the order of the help.
  public static let all: [any Command.Type] = [
    PlanCommand.self,
    ApplyCommand.self,
    DiffCommand.self,
    AuditCommand.self,
    ValidateCommand.self,
    ConvertCommand.self,
    ShowCommand.self,
    ImportCommand.self,
    ExportCommand.self,
    GetCommand.self,
    ExplainCommand.self,
    CapacityCommand.self,
    DescribeCommand.self,
    CreateCommand.self,
    RunCommand.self,
    ExposeCommand.self,
    AutoscaleCommand.self,
    ScaleCommand.self,
    RolloutStatusCommand.self,
    RolloutHistoryCommand.self,
    RolloutUndoCommand.self,
    RolloutPauseCommand.self,
    RolloutResumeCommand.self,
    RolloutRestartCommand.self,
    SetImageCommand.self,
    SetResourcesCommand.self,
    SetEnvCommand.self,
    SetServiceAccountCommand.self,
    SetSelectorCommand.self,
    CordonCommand.self,
    UncordonCommand.self,
    DrainCommand.self,
    TaintCommand.self,
    LabelCommand.self,
    AnnotateCommand.self,
    PatchCommand.self,
    DeleteCommand.self,
    StateVerifyCommand.self,
    StateListCommand.self,
    StateShowCommand.self,
    StateHistoryCommand.self,
    StateRemoveCommand.self,
    StateLockCommand.self,
    StateUnlockCommand.self,
    CompletionCommand.self,
    VersionCommand.self,
    HelpCommand.self,
  ]

  public static let version = "0.1.0"

  /// Options that every command takes.
  static let common: [Option] = [
    Option(
      "color", value: "WHEN", "colour the output: auto, always or never",
      choices: ["auto", "always", "never"]),
    Option("help", short: "h", "show this help"),
  ]

  /// Runs the words after the program's name.
  public static func run(_ words: [String], _ console: Console) -> ExitStatus {
    Environment.setThreads()
    defer { console.flush() }
    if words.isEmpty {
      console.print(HelpText.overview())
      return .usage
    }
    if words == ["--help"] || words == ["-h"] {
      console.print(HelpText.overview())
      return .success
    }
    if words == ["--version"] { return run(["version"], console) }
    guard let (command, rest) = find(words) else {
      console.warn(unknown(words[0]))
      return .usage
    }
    do {
      let arguments = try Arguments(rest, command.options + common)
      if arguments.flag("help") {
        console.print(HelpText.of(command))
        return .success
      }
      console.colorChoice = arguments.string("color") ?? "auto"
      return try command.init().run(arguments, console)
    } catch let error as Arguments.UsageError {
      console.warn(
        "plimsoll \(command.name): \(error.message)\nRun 'plimsoll help \(command.name)' for its flags.")
      return .usage
    } catch let failure as CommandFailure {
      console.report(failure.diagnostics)
      return failure.status
    } catch {
      console.warn("plimsoll \(command.name): \(error)")
      return .failure
    }
  }

  /// What is said of a word that begins no command.
  private static func unknown(_ word: String) -> String {
    let second = all.map { $0.name }.filter { $0.hasPrefix(word + " ") }
    if !second.isEmpty { return "plimsoll: \(word) needs a second word: \(second.joined(separator: ", "))" }
    let near = all.map { (EditDistance.between($0.name, word), $0.name) }.min { $0 < $1 }
    let hint = near.map { $0.0 <= 2 ? ", did you mean \"\($0.1)\"?" : "" } ?? ""
    return "plimsoll: unknown command \"\(word)\"\(hint)\nRun 'plimsoll help' for the commands."
  }

  /// The command that the first words name, the longest name first, and the words after it.
  static func find(_ words: [String]) -> ((any Command.Type), [String])? {
    for length in [2, 1] where words.count >= length {
      let name = words.prefix(length).joined(separator: " ")
      if let command = all.first(where: { $0.name == name }) {
        return (command, Array(words.dropFirst(length)))
      }
    }
    return nil
  }
}

/// The texts of `help`, made from the commands' declarations.
enum HelpText {
  static func overview() -> String {
    let width = Commands.all.map { $0.name.count }.max() ?? 0
    var text = """
      Plimsoll says what a change to Kubernetes manifests will do before it is done.

      Usage: plimsoll COMMAND [FLAGS]

      Commands:

      """
    for command in Commands.all {
      let space = String(repeating: " ", count: width - command.name.count + 3)
      text += "  \(command.name)\(space)\(command.summary)\n"
    }
    return text + "\nRun 'plimsoll help COMMAND' for a command's flags."
  }

  static func of(_ command: any Command.Type) -> String {
    var text = "\(command.summary)\n\nUsage: plimsoll \(command.name) \(command.usage)\n"
    if !command.discussion.isEmpty { text += "\n\(command.discussion)\n" }
    text += "\nFlags:\n"
    let options = command.options + Commands.common
    let left = options.map { option in
      (option.short.map { "-\($0), " } ?? "    ") + "--\(option.name)" + (option.value.map { " \($0)" } ?? "")
    }
    let width = left.map(\.count).max() ?? 0
    for (option, name) in zip(options, left) {
      text += "  \(name)\(String(repeating: " ", count: width - name.count + 2))\(option.help)\n"
    }
    while text.last == "\n" { text.removeLast() }
    return text
  }
}
