import API
import APIMachinery
import APIServer
import Kubectl
import Planner

/// `rollout pause TYPE NAME…` (`kubectl/pkg/cmd/rollout`).
struct RolloutPauseCommand: VerbCommand {
  static let name = "rollout pause"
  static let summary = "Stop the rollout of deployments"
  static let usage = RolloutVerb.usage
  static let flags = RolloutVerb.flags

  func perform(_ verb: Verb) throws {
    try RolloutVerb.change(verb, "paused") { object throws(KubectlError) in
      try RolloutControl.paused(object)
    }
  }
}

/// `rollout resume TYPE NAME…`.
struct RolloutResumeCommand: VerbCommand {
  static let name = "rollout resume"
  static let summary = "Let paused deployments roll out again"
  static let usage = RolloutVerb.usage
  static let flags = RolloutVerb.flags

  func perform(_ verb: Verb) throws {
    try RolloutVerb.change(verb, "resumed") { object throws(KubectlError) in
      try RolloutControl.resumed(object)
    }
  }
}

/// `rollout restart TYPE NAME…`.
struct RolloutRestartCommand: VerbCommand {
  static let name = "rollout restart"
  static let summary = "Replace the pods of a workload, as its strategy says"
  static let usage = RolloutVerb.usage
  static let flags = RolloutVerb.flags

  func perform(_ verb: Verb) throws {
    let now = verb.pass.now
    try RolloutVerb.change(verb, "restarted") { object throws(KubectlError) in
      try RolloutControl.restarted(object, now: now)
    }
  }
}

/// `rollout undo TYPE NAME…`.
struct RolloutUndoCommand: VerbCommand {
  static let name = "rollout undo"
  static let summary = "Go back to an earlier revision"
  static let usage = RolloutVerb.usage + " [--to-revision=N]"
  static let flags =
    [Option("to-revision", value: "N", "the revision to go back to (default 0: the one before the last)")]
    + RolloutVerb.flags

  func perform(_ verb: Verb) throws {
    let revision = try verb.arguments.int("to-revision") ?? 0
    try verb.each(try verb.targets(verb.arguments.positional)) { info, object in
      let key = ObjectKey(of: object)
      if object.annotation(ThreeWayMerge.lastAppliedAnnotation) != nil {
        verb.warn(
          "Warning: resource \(info.plural)/\(object.name) was previously managed with 'kubectl apply'. "
            + "Rolling back will not update the kubectl.kubernetes.io/last-applied-configuration annotation, "
            + "which may cause unexpected behavior on future 'kubectl apply' operations. Consider using "
            + "'kubectl apply' with your previous configuration file instead.")
      }
      switch try RolloutUndo.plan(object, to: revision, verb.server) {
      case .skipped(let why): verb.show(object, why)
      case .patch(let patch): verb.done(try verb.server.patch(key, .json, patch), "rolled back")
      case .revision(let patch): verb.done(try verb.server.patch(key, .strategic, patch), "rolled back")
      }
    }
  }
}

enum RolloutVerb {
  static let usage = "(-f FILE | TYPE NAME…)"
  static let flags = VerbFlags.files + [VerbFlags.selector]

  /// Changes each object and tells what was done.
  static func change(
    _ verb: Verb, _ done: String, _ change: (Value) throws(KubectlError) -> Value
  ) throws {
    try verb.each(try verb.targets(verb.arguments.positional)) { info, object in
      let next: Value
      do throws(KubectlError) { next = try change(object) } catch {
        throw KubectlError.client("error: \(info.resourceName) \"\(object.name)\" \(error.message)")
      }
      verb.done(try verb.server.update(next), done)
    }
  }
}
