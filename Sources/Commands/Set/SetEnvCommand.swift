import API
import APIMachinery
import APIServer
import Kubectl

/// `set env TYPE NAME KEY=VALUE… KEY-…` (`kubectl/pkg/cmd/set/set_env.go`).
struct SetEnvCommand: VerbCommand {
  static let name = "set env"
  static let summary = "Set or remove environment variables of a workload's containers"
  static let usage = "(-f FILE | TYPE NAME…) KEY=VALUE… KEY-…"
  static let flags =
    [
      Option("from", value: "KIND/NAME", "take the keys of a configmap or secret as variables"),
      Option("keys", value: "LIST", "with --from: only these keys"),
      Option("prefix", value: "TEXT", "with --from: put before each name"),
      Option("overwrite", "let present variables be overwritten (default on)"),
      Option("list", "print the variables instead"), SetVerb.containers,
    ] + VerbFlags.targets

  func perform(_ verb: Verb) throws {
    let words = try PairArguments(verb.arguments.positional, "environment variable")
    var env = try SetEnv(
      try words.values("environment variable"), overwrites: verb.arguments.flag("overwrite", true))
    let containers = verb.arguments.string("containers") ?? "*"
    if let from = verb.arguments.string("from") {
      let keys = (verb.arguments.string("keys") ?? "").split(separator: ",").map(String.init)
      try env.add(
        from: try source(from, verb), keys: Set(keys), prefix: verb.arguments.string("prefix") ?? "")
    }
    if verb.arguments.flag("list") {
      try verb.each(try verb.targets(words.resources)) { _, object in
        verb.console.print("# \(ObjectKey(of: object).kind.kind) \(object.name)")
        for line in try SetEnv.list(object, containers: containers) { verb.console.print(line) }
      }
      return
    }
    if env.isEmpty {
      throw KubectlError.client("at least one environment variable must be provided")
    }
    try SetVerb.change(verb, words.resources, "env updated") { object throws(KubectlError) in
      try env.apply(to: object, containers: containers)
    }
  }

  /// The ConfigMap or Secret of `--from`.
  private func source(_ text: String, _ verb: Verb) throws -> Value {
    guard case .named(let names) = try ResourceArguments.parse([text], verb.scheme, lists: false),
      let (info, name) = names.first, [.configMap, .secret].contains(info.groupKind)
    else { throw KubectlError.client("unsupported resource specified in --from") }
    let key = ObjectKey(info.groupKind, namespace: verb.namespace, name: name)
    guard let object = verb.server.get(key) else { throw APIError.notFound(info.resourceName, name) }
    return object
  }
}
