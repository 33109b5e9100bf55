import APIMachinery
import APIServer
import Basics
import Kubectl
import Planner

/// `drain NODE…`: cordons, then evicts the pods, in virtual time (`kubectl/pkg/cmd/drain`, `pkg/drain`).
struct DrainCommand: VerbCommand {
  static let name = "drain"
  static let summary = "Cordon nodes and evict their pods"
  static let usage = "NODE…"
  static let discussion = """
    Evictions respect disruption budgets: a refused one is tried again every 5 s of virtual time until --timeout, or
    until the pass ends (--horizon).
    """
  static let flags = [
    VerbFlags.selector,
    Option("ignore-daemonsets", "leave the pods of DaemonSets"),
    Option("delete-emptydir-data", "go on although pods lose what they keep in an emptyDir"),
    Option("force", "also take pods that no controller would make again"),
    Option("grace-period", value: "SECONDS", "how long pods may take; negative for their own"),
    Option("timeout", value: "DURATION", "how long to try; 0s for as long as the pass may last"),
    Option("pod-selector", value: "SELECTOR", "only pods with such labels"),
    Option("disable-eviction", "delete the pods, without regard to budgets"),
    Option(
      "skip-wait-for-delete-timeout", value: "SECONDS",
      "do not wait for pods that have been told to go longer ago than this"),
  ]

  func perform(_ verb: Verb) throws {
    var filter = DrainFilter()
    filter.force = verb.arguments.flag("force")
    filter.ignoresDaemonSets = verb.arguments.flag("ignore-daemonsets")
    filter.deletesEmptyDirs = verb.arguments.flag("delete-emptydir-data")
    filter.skipDeletedAfter = try verb.arguments.int("skip-wait-for-delete-timeout") ?? 0
    if let selector = try verb.labelSelector("pod-selector") { filter.selector = selector }
    let nodes = try Cordon.nodes(verb)
    try Cordon.perform(verb, nodes, true)
    let timeout = try PassOptions.duration(verb.arguments, "timeout") ?? .zero
    var fatal: [KubectlError] = []
    var pending: [String] = []
    for node in nodes {
      let drain = NodeDrain(verb, filter, timeout, grace: try verb.arguments.int("grace-period") ?? -1)
      if let error = drain.run(node) {
        verb.warn(
          "error: unable to drain node \"\(node.name)\" due to error: \(error.message), continuing command..."
        )
        fatal.append(error)
        pending.append(node.name)
      } else {
        verb.show(node, "drained")
      }
    }
    if fatal.isEmpty { return }
    verb.warn("There are pending nodes to be drained:")
    for name in pending { verb.warn(" \(name)") }
    throw KubectlError.aggregate(fatal)
  }
}

/// The draining of one node.
private final class NodeDrain {
  private let verb: Verb
  private let filter: DrainFilter
  private let timeout: Nanoseconds
  private let begun: Instant
  private var options = DeleteOptions()

  /// How long kubectl waits before it tries an eviction again, and between looks at what has still to go.
  private static let retry = Nanoseconds.seconds(5)
  private static let poll = Nanoseconds.seconds(1)

  init(_ verb: Verb, _ filter: DrainFilter, _ timeout: Nanoseconds, grace: Int) {
    self.verb = verb
    self.filter = filter
    self.timeout = timeout
    begun = verb.pass.now
    if grace >= 0 { options.gracePeriodSeconds = grace }
  }

  func run(_ node: Value) -> KubectlError? {
    let list = filter.list(node: node.name, verb.server, now: verb.pass.now)
    if let error = KubectlError.of(list.errors) { return error }
    if !list.warning.isEmpty { verb.warn("Warning: \(list.warning)") }
    if verb.dryRun != .none {
      for pod in list.pods { verb.console.print("evicting pod \(pod.namespace)/\(pod.name)\(verb.suffix)") }
      return nil
    }
    let errors = verb.arguments.flag("disable-eviction") ? delete(list.pods) : evict(list.pods)
    guard let error = KubectlError.of(errors) else { return nil }
    let left = filter.list(node: node.name, verb.server, now: verb.pass.now).pods
    if !left.isEmpty {
      verb.warn("There are pending pods in node \"\(node.name)\" when an error occurred: \(error.message)")
      for pod in left { verb.warn("pod/\(pod.name)") }
    }
    return error
  }

  private var isOver: Bool { timeout > .zero && verb.pass.now - begun >= timeout }

  /// What is said of the time limit: kubectl's, or the end of the pass.
  private var limit: String {
    timeout > .zero && isOver
      ? "global timeout reached: \(GoDuration.string(timeout))"
      : "the pass ended before it was done: give it more time with --horizon"
  }

  private func label(_ pod: Value) -> String { "pods/\"\(pod.name)\" -n \"\(pod.namespace)\"" }

  /// Evicts all pods; those that a budget holds are tried again.
  private func evict(_ pods: [Value]) -> [KubectlError] {
    var waiting = pods
    var evicted: [Value] = []
    var errors: [KubectlError] = []
    while !waiting.isEmpty {
      var refused: [Value] = []
      for pod in waiting {
        verb.console.print("evicting pod \(pod.namespace)/\(pod.name)")
        if isOver {
          errors.append(.client("error when evicting \(label(pod)): \(limit)"))
          continue
        }
        do {
          try verb.server.evict(ObjectKey(of: pod), options)
          evicted.append(pod)
        } catch  where error.reason == .notFound {
          continue
        } catch  where error.reason == .tooManyRequests {
          verb.warn("error when evicting \(label(pod)) (will retry after 5s): \(error.message)")
          refused.append(pod)
        } catch {
          errors.append(.client("error when evicting \(label(pod)): \(error.message)"))
        }
      }
      waiting = refused
      if waiting.isEmpty { break }
      evicted = unfinished(evicted)
      if !verb.pass.advance(to: verb.pass.now + Self.retry) {
        errors += waiting.map { .client("error when evicting \(label($0)): \(limit)") }
        break
      }
    }
    return errors + waitFor(evicted, "evicted")
  }

  private func delete(_ pods: [Value]) -> [KubectlError] {
    for pod in pods {
      do { try verb.server.delete(ObjectKey(of: pod), options) } catch {
        if error.reason != .notFound { return [.api(error)] }
      }
    }
    return waitFor(pods, "deleted")
  }

  /// Those that are still there; the others are told of.
  private func unfinished(_ pods: [Value], _ word: String = "evicted") -> [Value] {
    pods.filter { pod in
      if let there = verb.server.get(ObjectKey(of: pod)), there.uid == pod.uid { return true }
      verb.done(pod, word)
      return false
    }
  }

  private func waitFor(_ pods: [Value], _ word: String) -> [KubectlError] {
    verb.pass.advance(to: verb.pass.now)
    var left = unfinished(pods, word)
    while !left.isEmpty {
      let goesOn = !isOver && verb.pass.advance(to: verb.pass.now + Self.poll)
      left = unfinished(left, word)
      if left.isEmpty || goesOn { continue }
      return left.map { .client("error when waiting for pod \(label($0)) to terminate: \(limit)") }
    }
    return []
  }
}
