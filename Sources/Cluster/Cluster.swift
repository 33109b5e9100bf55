public import API
public import APIMachinery
public import APIServer
public import Basics
public import ControllerRuntime
import Controllers
import Kubelet
import Scheduler

/// The composition root: one server, all components, one clock and one seed.
///
/// Use: make it over a server, `sync()`, write the change set through the server, `run(until:)`.
public final class Cluster {
  public let server: APIServer
  public let loop: EventLoop
  public let context: Context
  public var clock: VirtualClock { server.clock }

  private let assumptions: Assumptions

  /// `recorder` takes the Events of components; by default they are stored as objects.
  public init(
    server: APIServer, assumptions: Assumptions = Assumptions(), recorder: (any EventSink)? = nil,
    memory: Value = .null
  ) {
    self.server = server
    self.assumptions = assumptions
    let seed = server.seed
    context = Context(
      client: server, clock: server.clock, recorder: recorder ?? EventRecorder(server), seed: seed)
    var components: [any Component] = [
      Kubelet(startLatency: { Latency.podStart($0, seed: seed) }), Scheduler(),
    ]
    components += ControllerRegistry.all()
    for component in components { (component as? any Memorable)?.restore(memory[Key(component.name)]) }
    loop = EventLoop(components: components, context: context, drain: { server.drainEvents() })
  }

  /// Tells the components what is assumed and gives them the objects that are there.
  public func sync() {
    for component in loop.components {
      (component as? any AssumptionsUser)?.assume(assumptions, now: clock.now)
      if let controller = (component as? ControllerComponent)?.controller {
        (controller as? any AssumptionsUser)?.assume(assumptions, now: clock.now)
      }
    }
    for info in server.scheme.kinds { loop.sync(server.list(info.gvk.groupKind, namespace: nil)) }
  }

  /// Runs until nothing is due or the horizon is reached.
  public func run(until horizon: Instant) -> Convergence { loop.run(until: horizon) }

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
