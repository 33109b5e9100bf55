/// `explain pod NS/NAME`: what the scheduler thinks of a pod; `explain KIND[.FIELD…]`: what the schema says.
struct ExplainCommand: Command {
  static let name = "explain"
  static let summary = "Say why a pod runs where it does, or what the fields of a kind are"
  static let usage = "pod [NAMESPACE/]NAME | KIND[.FIELD…]"
  static let discussion =
    "Every node's verdict and the scores of each plugin; for a pending pod the smallest change that would help."
  static let options =
    ExplainPod.options
    + ExplainKind.options.filter { mine in !ExplainPod.options.contains { $0.name == mine.name } }

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let words = arguments.positional
    if ExplainPod.isMeant(words) { return try ExplainPod.run(words[1], arguments, console) }
    return try ExplainKind.run(arguments, console)
  }
}
