import API
import APIMachinery
import APIServer
import Kubectl

/// `taint node NAME KEY=VALUE:EFFECT… KEY:EFFECT-…` (`kubectl/pkg/cmd/taint`).
struct TaintCommand: VerbCommand {
  static let name = "taint"
  static let summary = "Set or remove taints of nodes"
  static let usage = "node NAME… KEY=VALUE:EFFECT… KEY[:EFFECT]-…"
  static let flags = [
    Option("overwrite", "let present taints be overwritten"), VerbFlags.selector,
    Option("all", "all nodes"),
  ]

  func perform(_ verb: Verb) throws {
    let (resources, words) = try Taints.split(verb.arguments.positional)
    guard let type = resources.first else {
      throw KubectlError.client("one or more resources must be specified as <resource> <name>")
    }
    if words.isEmpty { throw KubectlError.client("at least one taint update is required") }
    let taints = try Taints(words)
    let kinds = try ResourceArguments.kinds(
      type.split(separator: "/").first.map(String.init) ?? type, verb.scheme)
    guard kinds.allSatisfy({ $0.groupKind == .node }) else {
      throw KubectlError.client("invalid resource type \(type), only node types are supported")
    }
    let picks = verb.arguments.flag("all") || verb.arguments.has("selector")
    if resources.count < 2, !picks, !type.contains("/") {
      throw KubectlError.client(
        "at least one resource name must be specified since 'all' parameter is not set")
    }
    try verb.each(try verb.targets(picks ? [type] : resources)) { _, object in
      let (node, done) = try taints.applied(to: object, overwrite: verb.arguments.flag("overwrite"))
      verb.done(try verb.server.update(node), done)
    }
  }
}
