import APIMachinery
import Kubectl

/// `rollout history TYPE NAME [--revision=N]` (`kubectl/pkg/cmd/rollout/rollout_history.go`).
struct RolloutHistoryCommand: ReadCommand {
  static let name = "rollout history"
  static let summary = "List the revisions of a workload, or show one"
  static let usage = "(-f FILE | TYPE NAME…) [--revision=N]"
  static let flags =
    [Option("revision", value: "N", "show the pod template of this revision")] + RolloutVerb.flags

  func perform(_ verb: Verb) throws {
    let revision = try verb.arguments.int("revision") ?? 0
    if revision < 0 { throw KubectlError.client("revision must be a positive integer: \(revision)") }
    try verb.each(try verb.targets(verb.arguments.positional, lists: true)) { _, object in
      guard let revisions = RolloutRevisions(object, verb.server) else {
        throw KubectlError.client(
          "no history viewer has been implemented for \"\(ObjectKey(of: object).kind)\"")
      }
      let text = try revisions.text(revision: revision)
      verb.console.print(
        "\(verb.name(object)) \(revision > 0 ? "with revision #\(revision)" : "")\n\(text)")
    }
  }
}
