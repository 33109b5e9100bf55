public import API
public import APIMachinery
public import APIServer
public import Basics
public import ControllerRuntime
import Controllers
import Kubelet
import Scheduler
public import Store

/// The composition root: one server, all components, one clock and one seed.
///
/// Use: make it over a server, `sync()`, write the change set through the server, `run(until:)`.
public final class Cluster {
  public let server: APIServer
  public let loop: EventLoop
  public let context: Context
  public var clock: VirtualClock { server.clock }

  private let assumptions: Assumptions
  private let events: EventRecorder
  private let start: Int

  /// `scheduler` is what a KubeSchedulerConfiguration says; `client` is what components write through, if not the
  /// server itself.
  public init(
    server: APIServer, assumptions: Assumptions = Assumptions(), memory: Value = .null,
    scheduler: SchedulerConfiguration = .standard, client: (any ObjectWriter)? = nil,
    writeLimit: Int = 20_000
  ) {
    self.server = server
    self.assumptions = assumptions
    events = EventRecorder(server)
    start = server.resourceVersion
    let seed = server.seed
    context = Context(client: client ?? server, clock: server.clock, recorder: events, seed: seed)
    var components: [any Component] = [
      Kubelet(startLatency: { Latency.podStart($0, seed: seed) }), Scheduler(scheduler),
    ]
    components += ControllerRegistry.all()
    for component in components { (component as? any Memorable)?.restore(memory[Key(component.name)]) }
    loop = EventLoop(
      components: components, context: context, drain: { server.drainEvents() }, writeLimit: writeLimit)
  }

  /// Tells the components what is assumed and gives them the objects that are there.
  public func sync() {
    assume()
    for info in server.scheme.kinds {
      let objects = server.list(info.groupKind, namespace: nil)
      if !objects.isEmpty { loop.sync(server.store.keys(info.groupKind), objects) }
    }
  }

  /// Instead of `sync`, where nothing was due when `objects`, which the server's store lies over, were written by
  /// these same components under these same assumptions: they are told when something changes.
  public func rest(on objects: ObjectStore) {
    assume()
    loop.rest(on: objects, kinds: server.scheme.kinds.map(\.groupKind))
  }

  private func assume() {
    for component in loop.components {
      (component as? any AssumptionsUser)?.assume(assumptions, now: clock.now)
      if let controller = (component as? ControllerComponent)?.controller {
        (controller as? any AssumptionsUser)?.assume(assumptions, now: clock.now)
      }
    }
  }

  /// Runs until nothing is due or the horizon is reached, then stores what the components reported.
  public func run(until horizon: Instant) -> Convergence {
    let end = loop.run(until: horizon)
    storeEvents()
    return end
  }

  /// The same for whoever does not ask how it ended.
  public func advance(until horizon: Instant) {
    _ = loop.advance(until: horizon)
    storeEvents()
  }

  private func storeEvents() {
    events.flush()
    if server.resourceVersion != start { events.expire(now: clock.now) }
  }

  /// What components keep in mind between passes that no object tells.
  public var memory: Value {
    var all = Value.emptyObject
    for component in loop.components {
      guard let kept = (component as? any Memorable)?.memory, !kept.isEmpty else { continue }
      all[Key(component.name)] = kept
    }
    return all
  }
}
