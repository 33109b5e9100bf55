import APIMachinery
import Basics

/// A level-triggered reconciler behind a deduplicating work queue, as kube-controller-manager's are.
///
/// A registry line makes it a `Component` through `ControllerComponent`.
public protocol Controller: AnyObject {
  /// The controller's ID (`cmd/kube-controller-manager/names`).
  var name: String { get }
  /// The kinds whose changes it is told of; nil for all.
  var watches: Set<GroupKind>? { get }
  /// The informer handlers: enqueues the keys that a change concerns.
  func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant)
  /// Brings one key from what is to what should be. A thrown conflict or other error is retried with back-off.
  func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError)
  /// Objects that reconciling this one will read besides it, as far as they are known at a glance. Only to have
  /// them at hand: nothing depends on it.
  func companions(of object: Value, _ key: ObjectKey, _ client: any ObjectReader) -> [Value]
}

extension Controller {
  public var watches: Set<GroupKind>? { nil }
  public func companions(of object: Value, _ key: ObjectKey, _ client: any ObjectReader) -> [Value] { [] }
}

/// client-go's rate-limited work queue on virtual time: a key is queued at most once, delayed keys come when due.
public final class WorkQueue {
  private var ready: [ObjectKey] = []
  private var head = 0
  private var queued: Set<ObjectKey> = []
  private var delayed = Heap<Instant, ObjectKey>()
  private var delayedUntil: [ObjectKey: Instant] = [:]
  private var failures: [ObjectKey: Int] = [:]

  public init() {}

  /// A queue that takes nothing, for what is only to be remembered.
  init(isDeaf: Bool) { self.isDeaf = isDeaf }
  private var isDeaf = false

  public var isEmpty: Bool { head == ready.count }

  /// When something can be taken: `now` if a key is ready, else the earliest delay.
  public func nextDue(now: Instant) -> Instant? { isEmpty ? delayed.top?.priority : now }

  public func add(_ key: ObjectKey) {
    if isDeaf { return }
    if queued.insert(key).inserted { ready.append(key) }
  }

  /// Adds the key at `instant`; of several delays the earliest counts.
  public func add(_ key: ObjectKey, at instant: Instant) {
    if isDeaf { return }
    if let known = delayedUntil[key], known <= instant { return }
    delayedUntil[key] = instant
    delayed.push(key, instant)
  }

  /// Retries after 5 ms × 2ⁿ, at most 1000 s (`workqueue.DefaultTypedControllerRateLimiter`).
  public func addRateLimited(_ key: ObjectKey, now: Instant) {
    let n = failures[key, default: 0]
    failures[key] = n + 1
    add(key, at: now + .milliseconds(n >= 18 ? 1_000_000 : 5 << n))
  }

  /// Forgets the failures of the key.
  public func forget(_ key: ObjectKey) { failures[key] = nil }

  /// The keys that are taken next, as far as they are ready; at most so many.
  func upcoming(_ limit: Int) -> ArraySlice<ObjectKey> { ready[head..<min(head + limit, ready.count)] }

  /// Moves what is due to the ready keys and takes the first.
  public func take(now: Instant) -> ObjectKey? {
    while let top = delayed.top, top.priority <= now {
      delayed.pop()
      guard delayedUntil[top.element] == top.priority else { continue }
      delayedUntil[top.element] = nil
      add(top.element)
    }
    guard head < ready.count else { return nil }
    let key = ready[head]
    head += 1
    if head > 1024 && head * 2 > ready.count {
      ready.removeFirst(head)
      head = 0
    }
    queued.remove(key)
    return key
  }
}

/// Runs one controller as a component: one key a step.
public final class ControllerComponent: Component, Memorable {
  public let controller: any Controller
  public let queue = WorkQueue()
  public let reach: Reach
  private let forgetful: WorkQueue
  private var lastSeen = Instant(nanoseconds: .min)
  private var readAhead = ReadAhead()

  /// `rests`: reconciling an object of a cluster at rest changes nothing and leaves nothing in the controller's mind.
  public init(_ controller: any Controller, _ reach: Reach = .cluster, rests: Bool = false) {
    self.controller = controller
    self.reach = reach
    forgetful = rests ? WorkQueue(isDeaf: true) : queue
  }

  public var name: String { controller.name }
  public var watches: Set<GroupKind>? { controller.watches }
  public func observe(_ event: WatchEvent, now: Instant) {
    lastSeen = now
    controller.observe(event, queue, now: now)
  }
  public func recall(_ event: WatchEvent, _ start: Instant) {
    lastSeen = max(lastSeen, start)
    controller.observe(event, forgetful, now: start)
  }
  public var nextDue: Instant? { queue.nextDue(now: lastSeen) }
  /// The object that is looked at next, if one is ready.
  public var next: ObjectKey? { queue.upcoming(1).first }

  public var memory: Value { (controller as? any Memorable)?.memory ?? .null }
  public func restore(_ memory: Value) { (controller as? any Memorable)?.restore(memory) }

  public func step(_ context: Context) {
    lastSeen = context.now
    readAhead.next { upcoming($0, context.client) }
    guard let key = queue.take(now: context.now) else { return }
    do {
      try controller.reconcile(key, context, queue)
      queue.forget(key)
    } catch {
      queue.addRateLimited(key, now: context.now)
    }
  }

  private func upcoming(_ limit: Int, _ client: any ObjectReader) -> (objects: [Value], keys: Int) {
    let keys = queue.upcoming(limit)
    if keys.count < 2 { return ([], keys.count) }
    var objects: [Value] = []
    for key in keys {
      guard let object = client.get(key) else { continue }
      objects.append(object)
      objects += controller.companions(of: object, key, client)
    }
    return (objects, keys.count)
  }
}
