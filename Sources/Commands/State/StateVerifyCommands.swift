import API
import APIMachinery
import APIServer
import Basics
import Cluster
import Planner
import Store

/// `state verify`: reads the whole state and checks every digest.
struct StateVerifyCommand: Command {
  static let name = "state verify"
  static let summary = "Check that the state is whole"
  static let usage = ""
  static let options = [
    Option("state", value: "DIR", "the state store (default state)"),
    Option("invariants", "also check what must hold of any cluster that came to be by passes"),
  ]

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let path = arguments.string("state") ?? "state"
    let errors = try StateSession.verify(path)
    console.report(errors.map(\.diagnostic))
    guard errors.isEmpty else { return .failure }
    if arguments.flag("invariants") {
      let session = try StateSession.open(path, now: nil)
      let server = APIServer(
        store: session.store, scheme: Planner.scheme(for: session.store), clock: VirtualClock(session.now),
        seed: session.meta.seed, resourceVersion: session.meta.resourceVersion)
      let violations = ClusterChecker.run(server, memory: session.meta.components)
      console.report(violations.map { Diagnostic(.error, "invariant", $0.description, at: nil) })
      guard violations.isEmpty else { return .failure }
    }
    console.print("The state in \(path) is whole.")
    return .success
  }
}

/// `state list`: the names of all stored objects.
struct StateListCommand: Command {
  static let name = "state list"
  static let summary = "List the stored objects"
  static let usage = ""
  static let options = [Option("state", value: "DIR", "the state store (default state)")]

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let session = try StateSession.open(arguments.string("state") ?? "state", now: nil)
    for kind in session.store.kinds { for key in session.store.keys(kind) { console.print("\(key)") } }
    return .success
  }
}

extension StateSession {
  /// What is wrong with the state; nothing if it is whole.
  static func verify(_ path: String) throws -> [StateError] {
    let request = LockRequest(command: "plimsoll state verify", now: clock())
    do {
      let directory = try StateDirectory.open(
        path, layout: SchemeLayout(scheme: Scheme.builtin), request: request)
      return directory.verify()
    } catch { return [error] }
  }
}
