import APIMachinery
import APIServer
import Kubectl

/// `scale TYPE NAME --replicas=N` (`kubectl/pkg/cmd/scale`).
struct ScaleCommand: VerbCommand {
  static let name = "scale"
  static let summary = "Set a new size for deployments, stateful sets and the like"
  static let usage = "(-f FILE | TYPE NAME…) --replicas=COUNT"
  static let flags =
    [
      Option("replicas", value: "COUNT", "the new number of replicas"),
      Option("current-replicas", value: "COUNT", "refuse unless this is the present number"),
      VerbFlags.resourceVersion,
      Option("timeout", value: "DURATION", "for kubectl's sake: the pass after it is the wait"),
    ] + VerbFlags.targets

  func perform(_ verb: Verb) throws {
    guard let replicas = try verb.arguments.int("replicas"), replicas >= 0 else {
      throw KubectlError.client(
        "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0")
    }
    let current = try verb.arguments.int("current-replicas")
    if let current, current < 0 {
      throw KubectlError.client("The --current-replicas must specify an integer of 0 or greater")
    }
    let version = verb.arguments.string("resource-version")
    let targets = try verb.targets(verb.arguments.positional)
    if targets.count > 1, version != nil {
      throw KubectlError.client("cannot use --resource-version with multiple resources")
    }
    if targets.isEmpty, verb.errors.isEmpty { throw KubectlError.client("no objects passed to scale") }
    try verb.each(targets) { _, object in
      let key = ObjectKey(of: object)
      let scale = try verb.server.scale(of: key)
      if let current, scale[.spec][.replicas].int != current {
        throw KubectlError.client(
          "Expected replicas to be \(current), was \(scale[.spec][.replicas].int ?? 0)")
      }
      if let version, version != object.resourceVersion {
        throw KubectlError.client(
          "Expected resource version to be \(version), was \(object.resourceVersion)")
      }
      let scaled = try verb.server.setScale(of: key, replicas: replicas)
      verb.done(scaled, "scaled")
    }
  }
}
