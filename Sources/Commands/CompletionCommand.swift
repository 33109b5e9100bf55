/// `completion bash|zsh|fish`: completion of commands and flags, made from their declarations.
struct CompletionCommand: Command {
  static let name = "completion"
  static let summary = "Print a completion script for bash, zsh or fish"
  static let usage = "bash|zsh|fish"

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    guard arguments.positional.count == 1 else { throw Arguments.UsageError(message: "name one shell") }
    switch arguments.positional[0] {
    case "bash": console.print(bash())
    case "zsh": console.print("#compdef plimsoll\nautoload -U +X bashcompinit && bashcompinit\n" + bash())
    case "fish": console.print(fish())
    default: throw Arguments.UsageError(message: "bash, zsh or fish, not \"\(arguments.positional[0])\"")
    }
    return .success
  }

  private func flags(_ command: any Command.Type) -> [Option] { command.options + Commands.common }

  private func bash() -> String {
    var text =
      "_plimsoll() {\n  local current=${COMP_WORDS[COMP_CWORD]} words\n  case \"${COMP_WORDS[1]}\" in\n"
    let names = Commands.all.map { $0.name.split(separator: " ").first.map(String.init) ?? "" }
    var seen: [String] = []
    for (command, name) in zip(Commands.all, names) where !seen.contains(name) {
      seen.append(name)
      text += "    \(name)) words=\"\(flags(command).map { "--\($0.name)" }.joined(separator: " "))\" ;;\n"
    }
    text += "    *) words=\"\(seen.joined(separator: " "))\" ;;\n  esac\n"
    text += "  [ \"$COMP_CWORD\" -eq 1 ] && words=\"\(seen.joined(separator: " "))\"\n"
    text += "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
    text += "  [ ${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- \"$current\"))\n}\n"
    return text + "complete -o filenames -F _plimsoll plimsoll"
  }

  private func fish() -> String {
    var lines: [String] = []
    for command in Commands.all {
      let name = command.name.split(separator: " ").first.map(String.init) ?? ""
      lines.append("complete -c plimsoll -n __fish_use_subcommand -a \(name) -d '\(command.summary)'")
      for option in flags(command) {
        let help = option.help.split(separator: "'").joined()
        lines.append(
          "complete -c plimsoll -n '__fish_seen_subcommand_from \(name)' -l \(option.name) -d '\(help)'")
      }
    }
    return lines.joined(separator: "\n")
  }
}
