import API
import APIMachinery
import APIServer
import Basics
import Planner
import Scheduler
import Store

/// The scheduler of a stored cluster, to be asked and not to decide.
struct SchedulerView {
  static let options = [
    Option("state", value: "DIR", "the state store (default state)"),
    Option("namespace", short: "n", value: "NAME", "the namespace (default default)"),
    SchedulerConfigurationFile.option,
    Option("output", short: "o", value: "FORMAT", "json", choices: ["json"]),
  ]

  let session: StateSession
  let server: APIServer
  let scheduler: Scheduler

  init(_ arguments: Arguments) throws {
    session = try StateSession.open(arguments.string("state") ?? "state", now: nil)
    if session.isNew {
      throw CommandFailure(
        code: "no-state", "there is no state in \(session.path)", remedy: "make one with apply or import")
    }
    let configuration = try SchedulerConfigurationFile.read(arguments.string("scheduler-config"))
    let scheme = Planner.scheme(for: session.store)
    server = APIServer(
      store: session.store.overlay(), scheme: scheme, clock: VirtualClock(session.now),
      seed: session.meta.seed, resourceVersion: session.meta.resourceVersion)
    scheduler = Scheduler.looking(
      at: server, kinds: scheme.kinds.map(\.groupKind), configuration,
      memory: session.meta.components["default-scheduler"])
  }
}
