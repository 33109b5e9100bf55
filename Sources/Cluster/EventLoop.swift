public import APIMachinery
public import Basics
public import ControllerRuntime

/// Runs components one piece of work at a time, the earliest first, and is the only one to move the clock.
///
/// After each step every committed change goes to every component in commit order. Of components that are due at
/// the same instant the one that was registered first runs.
public final class EventLoop {
  public let components: [any Component]
  public let context: Context
  /// Takes the changes that were committed since the last call.
  private let drain: () -> [WatchEvent]
  private var guardian: WriteGuard
  /// Steps taken so far.
  public private(set) var steps = 0
  /// Called with each batch of changes, for traces.
  public var onEvents: (([WatchEvent]) -> Void)?

  public init(
    components: [any Component], context: Context, drain: @escaping () -> [WatchEvent],
    writeLimit: Int = 20_000
  ) {
    self.components = components
    self.context = context
    self.drain = drain
    guardian = WriteGuard(limit: writeLimit)
  }

  /// Delivers what was committed from outside (the change set) or by the last step. False when an object has
  /// been written too often.
  @discardableResult public func deliver() -> Bool {
    let now = context.now
    var calm = true
    while true {
      let events = drain()
      if events.isEmpty { return calm }
      onEvents?(events)
      for event in events {
        if !guardian.count(event.key, at: now) { calm = false }
        for component in components { component.observe(event, now: now) }
      }
    }
  }

  /// Gives components the objects that are already there, as an informer's first list does.
  public func sync(_ objects: some Sequence<Value>) {
    let now = context.now
    for object in objects {
      let event = WatchEvent(.added, ObjectKey(of: object), old: nil, object: object)
      for component in components { component.observe(event, now: now) }
    }
  }

  /// Runs until nothing is due or the next work lies beyond `horizon`; the clock then stands at the horizon
  /// if there is pending work, else where the last work was done.
  public func run(until horizon: Instant) -> Convergence {
    guard deliver() else { return guardian.verdict }
    while let (index, due) = earliest() {
      if due > horizon {
        context.clock.advance(to: horizon)
        return .horizon(pending: pending())
      }
      context.clock.advance(to: due)
      components[index].step(context)
      steps += 1
      guard deliver() else { return guardian.verdict }
    }
    return .quiescent
  }

  private func earliest() -> (Int, Instant)? {
    var best: (Int, Instant)?
    let now = context.now
    for (i, component) in components.enumerated() {
      guard let due = component.nextDue else { continue }
      let at = max(due, now)
      if best == nil || at < best!.1 { best = (i, at) }
      if at == now { break }
    }
    return best
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

/// Counts writes per object while the clock shows the same second.
private struct WriteGuard {
  let limit: Int
  private var second: Int64 = .min
  private var writes: [ObjectKey: Int] = [:]

  init(limit: Int) { self.limit = limit }

  mutating func count(_ key: ObjectKey, at now: Instant) -> Bool {
    if now.seconds != second {
      second = now.seconds
      writes.removeAll(keepingCapacity: true)
    }
    let n = writes[key, default: 0] + 1
    writes[key] = n
    return n <= limit
  }

  /// The two objects with the most writes.
  var verdict: Convergence {
    let worst = writes.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
    guard let first = worst.first else { return .quiescent }
    let second = worst.dropFirst().first { $0.value > 1 }?.key
    return .oscillating(first.key, second)
  }
}
