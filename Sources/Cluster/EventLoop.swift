public import APIMachinery
public import Basics
public import ControllerRuntime
public import Store

/// Runs components one piece of work at a time, the earliest first, and is the only one to move the clock.
///
/// After each step every committed change goes, in commit order, to the components that watch its kind. Of
/// components that are due at the same instant the one that was registered first runs.
public final class EventLoop {
  public let components: [any Component]
  public var componentNames: [String] { components.map(\.name) }
  public let context: Context
  /// Takes the changes that were committed since the last call.
  private let drain: () -> [WatchEvent]
  private var guardian: WriteGuard
  private var stepGuardian: StepGuard
  /// How many objects and changes the components were told of.
  private var told = 0
  /// Who watches a kind; worked out when the kind is first seen.
  private var watchers: [GroupKind: Watchers] = [:]
  private let listeners: [Listener]
  /// When each component has work; asked again only after it has seen a change or taken a step.
  private var due: [Instant]
  /// The components to be asked again, a bit for each.
  private var stale: UInt64 = .max
  /// Components that were not told yet of what is there.
  private var sleepers: Sleepers?
  /// The stored pods as their lines tell of them, if somebody has asked for them.
  public var podLines: [PodLines]? { sleepers?.podLines }
  private static let never = Instant(nanoseconds: .max)
  /// Steps taken so far.
  public private(set) var steps = 0
  /// Called with each batch of changes, for traces.
  public var onEvents: (([WatchEvent]) -> Void)?
  /// Called around each step and each delivery, for measurements.
  public var probe: (any LoopProbe)?

  public init(
    components: [any Component], context: Context, drain: @escaping () -> [WatchEvent],
    writeLimit: Int = 20_000, idleLimit: Int = 100_000
  ) {
    self.components = components
    self.context = context
    self.drain = drain
    guardian = WriteGuard(limit: writeLimit)
    stepGuardian = StepGuard(limit: idleLimit)
    precondition(components.count <= UInt64.bitWidth, "components to be asked are bits of one number")
    listeners = components.map { Listener($0) }
    due = Array(repeating: Self.never, count: components.count)
  }

  /// A component that is told of a change without its reference being counted.
  private final class Listener {
    let component: any Component
    init(_ component: any Component) { self.component = component }
  }

  /// Who watches a kind: their positions, in a list and as bits. The loop keeps them alive.
  private struct Watchers {
    var positions: [Int] = []
    var listeners: [Unmanaged<Listener>] = []
    var bits: UInt64 = 0
  }

  /// Delivers what was committed from outside (the change set) or by the last step. False when an object has
  /// been written too often.
  @discardableResult public func deliver() -> Bool {
    let now = context.now
    var calm = true
    while true {
      var events = drain()
      if events.isEmpty { return calm }
      told += events.count
      onEvents?(events)
      let shown = probe == nil ? [] : events
      // Taken out one by one: nothing is counted for it, and what only the event held is freed while it is at hand.
      if events.count > 1 { events.reverse() }
      while let event = events.popLast() {
        if !guardian.count(event.key, at: now) { calm = false }
        tell(event, now)
      }
      probe?.delivered(shown)
    }
  }

  private func tell(_ event: WatchEvent, _ now: Instant) {
    let concerned = watchers(of: event.key.kind)
    if let sleepers, !sleepers.isDone, sleepers.wake(concerned.positions, for: event) { stale = .max }
    for listener in concerned.listeners {
      listener._withUnsafeGuaranteedRef { $0.component.observe(event, now: now) }
    }
    stale |= concerned.bits
  }

  private func watchers(of kind: GroupKind) -> Watchers {
    if let known = watchers[kind] { return known }
    var found = Watchers()
    for (i, component) in components.enumerated() where component.watches?.contains(kind) ?? true {
      found.positions.append(i)
      found.listeners.append(.passUnretained(listeners[i]))
      found.bits |= 1 << UInt64(i)
    }
    watchers[kind] = found
    return found
  }

  /// Instead of `sync`: nothing was due when these objects were written. Components learn of them when something
  /// happens that they have to know them for.
  public func rest(on objects: ObjectStore, kinds: [GroupKind]) {
    sleepers = Sleepers(components, objects, kinds: kinds, start: context.now)
    told += objects.count
  }

  /// Gives components the objects that are already there, as an informer's first list does. Keys and objects
  /// stand in the same order.
  public func sync(_ keys: [ObjectKey], _ objects: [Value]) {
    let now = context.now
    told += keys.count
    for (key, object) in zip(keys, objects) { tell(WatchEvent(.added, key, old: nil, object: object), now) }
  }

  /// Runs until nothing is due or the next work lies beyond `horizon`; the clock then stands at the horizon
  /// if there is pending work, else where the last work was done.
  public func run(until horizon: Instant) -> Convergence {
    advance(until: horizon) ?? .horizon(pending: pending())
  }

  /// The same for whoever does not ask what is pending: nil where there is something.
  public func advance(until horizon: Instant) -> Convergence? {
    stale = .max
    guard deliver() else { return guardian.verdict }
    while let (index, instant) = earliest() {
      if instant > horizon {
        context.clock.advance(to: horizon)
        return nil
      }
      context.clock.advance(to: instant)
      probe?.begins(index)
      components[index].step(context)
      stale |= 1 << UInt64(index)
      steps += 1
      probe?.ends(index)
      guard deliver() else { return guardian.verdict }
      if !stepGuardian.count(at: context.now, told: told) {
        return .spinning(components[index].name, (components[index] as? ControllerComponent)?.next)
      }
    }
    return .quiescent
  }

  private func earliest() -> (Int, Instant)? {
    let now = context.now
    var best = -1
    var bestDue = Self.never
    for i in due.indices {
      let bit: UInt64 = 1 << UInt64(i)
      if stale & bit != 0 {
        stale &= ~bit
        due[i] = components[i].nextDue ?? Self.never
      }
      let at = due[i]
      if at <= now && at != Self.never { return (i, now) }
      if at < bestDue {
        best = i
        bestDue = at
      }
    }
    return best < 0 ? nil : (best, bestDue)
  }

  private func pending() -> [PendingWork] {
    var all: [PendingWork] = []
    for component in components {
      if let detailed = component as? any PendingReporter {
        all += detailed.pendingWork.map { PendingWork(component: component.name, key: $0.key, due: $0.due) }
      } else if let due = component.nextDue {
        all.append(PendingWork(component: component.name, key: nil, due: due))
      }
    }
    return all.enumerated().sorted { a, b in
      a.element.due == b.element.due ? a.offset < b.offset : a.element.due < b.element.due
    }.map(\.element)
  }
}

/// Watches the loop at work, for measurements.
public protocol LoopProbe: AnyObject {
  /// Before the step of the component at this position.
  func begins(_ component: Int)
  /// After it, before its changes are delivered.
  func ends(_ component: Int)
  /// After these changes were delivered.
  func delivered(_ events: [WatchEvent])
}
