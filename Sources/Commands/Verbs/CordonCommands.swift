import API
import APIMachinery
import APIServer
import Kubectl

/// `cordon NODE…` (`kubectl/pkg/cmd/drain`).
struct CordonCommand: VerbCommand {
  static let name = "cordon"
  static let summary = "Mark nodes as unschedulable"
  static let usage = "NODE…"
  static let flags = [VerbFlags.selector]

  func perform(_ verb: Verb) throws { try Cordon.perform(verb, try Cordon.nodes(verb), true) }
}

/// `uncordon NODE…`.
struct UncordonCommand: VerbCommand {
  static let name = "uncordon"
  static let summary = "Mark nodes as schedulable"
  static let usage = "NODE…"
  static let flags = [VerbFlags.selector]

  func perform(_ verb: Verb) throws { try Cordon.perform(verb, try Cordon.nodes(verb), false) }
}

enum Cordon {
  /// The nodes that the words name; the first that is missing ends the verb.
  static func nodes(_ verb: Verb) throws -> [Value] {
    let words = verb.arguments.positional
    if words.isEmpty, !verb.arguments.has("selector") {
      throw Arguments.UsageError(message: "name a node, or pick nodes with --selector")
    }
    if !words.isEmpty, verb.arguments.has("selector") {
      throw Arguments.UsageError(message: "cannot specify both a node name and a --selector option")
    }
    var out: [Value] = []
    for target in try verb.named(words.isEmpty ? ["nodes"] : resources(words)) {
      guard target.info.groupKind == .node else {
        throw KubectlError.client("expected resource of type node, got \"\(target.info.plural)\"")
      }
      guard let node = target.object else { throw APIError.notFound("nodes", target.key.name.string) }
      out.append(node)
    }
    return out
  }

  /// `n1 n2` as well as `node/n1`.
  private static func resources(_ words: [String]) -> [String] {
    words.contains { $0.contains("/") }
      ? words.map { $0.contains("/") ? $0 : "node/\($0)" } : ["node"] + words
  }

  static func perform(_ verb: Verb, _ nodes: [Value], _ wanted: Bool) throws {
    let word = wanted ? "cordoned" : "uncordoned"
    for node in nodes {
      if (node.spec[.unschedulable].bool ?? false) == wanted {
        verb.show(node, "already \(word)")
        continue
      }
      var next = node
      next[.spec].set(.unschedulable, wanted ? true : nil)
      do {
        verb.done(try verb.server.update(next), word)
      } catch {
        verb.warn("error: unable to \(wanted ? "" : "un")cordon node \"\(node.name)\": \(error.message)")
      }
    }
  }
}
