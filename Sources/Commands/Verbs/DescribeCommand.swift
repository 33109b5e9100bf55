import API
import APIMachinery
import APIServer
import Kubectl
import Planner

/// `describe TYPE [NAME…]` (`kubectl/pkg/cmd/describe`).
struct DescribeCommand: ReadCommand {
  static let name = "describe"
  static let summary = "Describe objects with what belongs to them and their events"
  static let usage = "(-f FILE | TYPE [NAME_PREFIX | NAME… | -l SELECTOR])"
  static let flags =
    [
      Option("show-events", "show the events about each object (default on)"), VerbFlags.allNamespaces,
    ] + VerbFlags.files + [VerbFlags.selector]

  func perform(_ verb: Verb) throws {
    let context = DescribeContext(
      client: verb.server, now: verb.pass.now, showsEvents: verb.arguments.flag("show-events", true))
    var objects: [Value] = []
    let targets = try verb.named(verb.arguments.positional, lists: true)
    for target in targets {
      if let object = target.object {
        objects.append(object)
        continue
      }
      let near = targets.count == 1 ? prefixed(target, verb) : []
      if near.isEmpty { verb.fail(.api(.notFound(target.info.resourceName, target.key.name.string))) }
      objects += near
    }
    for (i, object) in objects.enumerated() {
      if i > 0 { verb.console.print("\n") }
      let shown = ObjectKey(of: object).kind == .secret ? object : SecretMask.masked(object)
      verb.console.write(Array(Describers.text(shown, context).utf8))
    }
    if objects.isEmpty, verb.errors.isEmpty {
      let place = verb.arguments.flag("all-namespaces") ? "" : " in \(verb.namespace) namespace"
      verb.warn("No resources found\(place).")
    }
  }

  /// The objects whose names begin with the word, where none has just that name.
  private func prefixed(_ target: VerbTarget, _ verb: Verb) -> [Value] {
    verb.server.list(target.info.groupKind, namespace: target.info.namespaced ? target.key.namespace : nil)
      .filter { $0.name.hasPrefix(target.key.name.string) }
  }
}
