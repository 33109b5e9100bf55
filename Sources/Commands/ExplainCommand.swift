/// `explain pod NS/NAME`: what the scheduler thinks of a pod.
struct ExplainCommand: Command {
  static let name = "explain"
  static let summary = "Say why a pod runs where it does, or what would make it fit"
  static let usage = "pod [NAMESPACE/]NAME"
  static let discussion =
    "Every node's verdict and the scores of each plugin; for a pending pod the smallest change that would help."
  static let options = ExplainPod.options

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let words = arguments.positional
    if ExplainPod.isMeant(words) { return try ExplainPod.run(words[1], arguments, console) }
    throw Arguments.UsageError(message: "name a pod, for example explain pod shop/web-0")
  }
}
