import APIMachinery
import Kubectl

/// `set resources TYPE NAME --limits=… --requests=…` (`kubectl/pkg/cmd/set/set_resources.go`).
struct SetResourcesCommand: VerbCommand {
  static let name = "set resources"
  static let summary = "Set requests and limits of a workload's containers"
  static let usage = "(-f FILE | TYPE NAME…) [--limits=LIST] [--requests=LIST]"
  static let flags =
    [
      Option("limits", value: "LIST", "as in cpu=200m,memory=512Mi; 0 takes a limit away"),
      Option("requests", value: "LIST", "as in cpu=100m,memory=256Mi; 0 takes a request away"),
      SetVerb.containers,
    ] + VerbFlags.targets

  func perform(_ verb: Verb) throws {
    let resources = try SetResources(
      limits: verb.arguments.string("limits"), requests: verb.arguments.string("requests"))
    let containers = verb.arguments.string("containers") ?? "*"
    try SetVerb.change(verb, verb.arguments.positional, "resource requirements updated") {
      object throws(KubectlError) in try resources.apply(to: object, containers: containers)
    }
  }
}
