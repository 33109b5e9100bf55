import APIMachinery
import Basics
import Kubectl
import Planner

/// `rollout status TYPE NAME`: lets virtual time pass, without writing anything, until the rollout is done
/// (`kubectl/pkg/cmd/rollout/rollout_status.go`).
struct RolloutStatusCommand: ReadCommand {
  static let takesTime = true
  static let name = "rollout status"
  static let summary = "Follow a rollout on the virtual clock; nothing is written"
  static let usage = "(-f FILE | TYPE NAME…)"
  static let flags =
    [
      Option("watch", short: "w", "follow it to its end (default on)"),
      Option("revision", value: "N", "fail unless this is the revision that is rolled out"),
      Option("timeout", value: "DURATION", "how much virtual time to give it (default: the horizon)"),
    ] + RolloutVerb.flags

  func perform(_ verb: Verb) throws {
    let revision = try verb.arguments.int("revision") ?? 0
    if revision < 0 { throw KubectlError.client("revision must be a positive integer: \(revision)") }
    let timeout = try PassOptions.duration(verb.arguments, "timeout") ?? .zero
    let end = timeout > .zero ? min(verb.pass.end, verb.pass.now + timeout) : verb.pass.end
    for (_, object) in try verb.targets(verb.arguments.positional, lists: true) {
      let first = try RolloutStatus.of(object, revision: revision)
      verb.console.print(first.text)
      if first.isDone || !verb.arguments.flag("watch", true) { continue }
      var course = Course(last: first)
      let key = ObjectKey(of: object)
      verb.pass.onEvents = { events in
        for event in events where event.key == key { course.see(event, revision, verb) }
      }
      verb.pass.advance(to: end)
      verb.pass.onEvents = nil
      if let error = course.error { throw error }
      if !course.last.isDone { throw KubectlError.client("timed out waiting for the condition") }
    }
  }

  /// What was said last, until it is done.
  private struct Course {
    var last: RolloutStatus
    var error: KubectlError?

    mutating func see(_ event: WatchEvent, _ revision: Int, _ verb: Verb) {
      if last.isDone || error != nil { return }
      if event.type == .deleted {
        error = .client("object has been deleted")
        return
      }
      do {
        let next = try RolloutStatus.of(event.object, revision: revision)
        if next != last { verb.console.print(next.text) }
        last = next
      } catch {
        self.error = error
      }
    }
  }
}
