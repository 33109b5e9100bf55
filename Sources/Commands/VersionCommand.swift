/// `version`.
struct VersionCommand: Command {
  static let name = "version"
  static let summary = "Show the version, and the version of Kubernetes that is predicted"
  static let usage = ""

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    console.print("plimsoll \(Commands.version) (Kubernetes 1.36)")
    return .success
  }
}
