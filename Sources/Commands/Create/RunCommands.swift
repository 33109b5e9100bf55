import APIMachinery
import APIServer
import Kubectl

/// `run NAME --image=IMAGE [-- ARGS…]`: one pod (`kubectl/pkg/cmd/run`).
struct RunCommand: VerbCommand {
  static let name = "run"
  static let summary = "Create a pod that runs an image"
  static let usage = "NAME --image=IMAGE [--command] [-- ARGS…]"
  static let flags = [
    Option("image", value: "IMAGE", "the image of the container"),
    Option("port", value: "PORT", "the port of the container"),
    Option("env", value: "KEY=VALUE", "an environment variable", repeats: true),
    Option("labels", short: "l", value: "LIST", "labels as a=b,c=d (default run=NAME)"),
    Option("restart", value: "POLICY", "Always (default), OnFailure or Never"),
    Option("command", "the words after -- are the command, not its arguments"),
  ]

  func perform(_ verb: Verb) throws {
    guard let name = verb.arguments.positional.first else {
      throw KubectlError.client("NAME is required for run")
    }
    var words = Generators.Container()
    words.images = verb.arguments.strings("image")
    words.port = try verb.arguments.int("port")
    var pod = try Generators.pod(
      name, verb.namespace, words, labels: try Self.map(verb.arguments.string("labels")),
      env: verb.arguments.strings("env"), restart: verb.arguments.string("restart") ?? "Always")
    let rest = Value.array(verb.arguments.positional.dropFirst().map { .string($0) })
    if !rest.isEmpty {
      pod[.spec][.containers][0][verb.arguments.flag("command") ? .command : .args] = rest
    }
    verb.done(try verb.server.create(pod), "created")
  }

  /// `a=b,c=d` as a map.
  static func map(_ text: String?) throws -> Value {
    var map = Value.emptyObject
    for part in (text ?? "").split(separator: ",") {
      let pair = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard pair.count == 2 else { throw KubectlError.client("unexpected label spec: \(part)") }
      map[Key(pair[0])] = .string(pair[1])
    }
    return map
  }
}

/// `expose TYPE NAME --port=PORT`: a service for what is there (`kubectl/pkg/cmd/expose`).
struct ExposeCommand: VerbCommand {
  static let name = "expose"
  static let summary = "Create a service for the pods of a workload"
  static let usage = "(-f FILE | TYPE NAME) [--port=PORT] [--target-port=PORT]"
  static let flags =
    [
      Option("port", value: "PORT", "the port of the service (default: those of the containers)"),
      Option("target-port", value: "PORT", "the port of the pods, by number or name"),
      Option("name", value: "NAME", "the name of the service (default: that of the target)"),
      Option("type", value: "TYPE", "ClusterIP (default), NodePort or LoadBalancer"),
      Option("selector", value: "LIST", "labels of the pods instead of the target's"),
    ] + VerbFlags.files

  func perform(_ verb: Verb) throws {
    let selector = try RunCommand.map(verb.arguments.string("selector"))
    // The selector is the new service's; it picks no targets.
    try verb.each(try verb.targets(verb.arguments.positional, ignoresSelector: true)) { _, target in
      let service = try Generators.expose(
        target, name: verb.arguments.string("name") ?? target.name, port: try verb.arguments.int("port"),
        targetPort: verb.arguments.string("target-port"), type: verb.arguments.string("type"),
        selector: selector.isEmpty ? nil : selector)
      verb.done(try verb.server.create(service), "exposed")
    }
  }
}

/// `autoscale TYPE NAME --max=N`: a HorizontalPodAutoscaler (`kubectl/pkg/cmd/autoscale`).
struct AutoscaleCommand: VerbCommand {
  static let name = "autoscale"
  static let summary = "Create an autoscaler for a workload"
  static let usage = "(-f FILE | TYPE NAME) [--min=N] --max=N [--cpu=PERCENT]"
  static let flags =
    [
      Option("min", value: "N", "the least replicas"), Option("max", value: "N", "the most replicas"),
      Option("cpu", value: "PERCENT", "the wanted use of the requested CPU, as in 80%"),
      Option("cpu-percent", value: "N", "the same, without the sign"),
      Option("name", value: "NAME", "the name of the autoscaler (default: that of the target)"),
    ] + VerbFlags.files

  func perform(_ verb: Verb) throws {
    let text = verb.arguments.string("cpu").map { $0.hasSuffix("%") ? String($0.dropLast()) : $0 }
    if let text, Int(text) == nil { throw KubectlError.client("--cpu: \"\(text)\" is no percentage") }
    let cpu = try text.flatMap { Int($0) } ?? verb.arguments.int("cpu-percent")
    try verb.each(try verb.targets(verb.arguments.positional)) { _, target in
      _ = try verb.server.scale(of: ObjectKey(of: target))
      let autoscaler = try Generators.autoscaler(
        target, name: verb.arguments.string("name") ?? target.name, least: try verb.arguments.int("min"),
        most: try verb.arguments.int("max") ?? -1, cpu: cpu)
      verb.done(try verb.server.create(autoscaler), "autoscaled")
    }
  }
}
