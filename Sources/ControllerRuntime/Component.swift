import APIMachinery
import Basics

/// A part of the control plane: sees every committed change, says when it has work, does one piece of it at a time.
///
/// The event loop delivers all changes to all components after each step, then runs the component with the earliest
/// `nextDue`; ties go to the component that was registered first.
public protocol Component: AnyObject {
  var name: String { get }
  /// The kinds whose changes it is told of; nil for all.
  var watches: Set<GroupKind>? { get }
  /// How far what it does about an object depends on others.
  var reach: Reach { get }
  /// A committed change, in commit order. Only notes what is to be done; writes nothing.
  func observe(_ event: WatchEvent, now: Instant)
  /// An object that was there when nothing was due. Where looking at it again is known to change nothing, it is only
  /// remembered; it may come after changes of other objects.
  func recall(_ event: WatchEvent, _ start: Instant)
  /// When the next piece of work is due; nil when there is none.
  var nextDue: Instant? { get }
  /// Does one piece of work that is due.
  func step(_ context: Context)
}

extension Component {
  public var watches: Set<GroupKind>? { nil }
  public var reach: Reach { .cluster }
  public func recall(_ event: WatchEvent, _ start: Instant) { observe(event, now: start) }
}

/// How far what a component does about an object depends on other objects.
public enum Reach: Sendable {
  /// On any.
  case cluster
  /// On those of the object's namespace and on those without a namespace.
  case namespace
}

/// What a component may use while it works.
public final class Context {
  public let client: any ObjectWriter
  public let clock: VirtualClock
  public let recorder: any EventSink
  /// The seed of all random streams of the state.
  public let seed: UInt64
  public var now: Instant { clock.now }
  /// The present as `metav1.Time`.
  public var timestamp: Value { .string(RFC3339.string(clock.now)) }

  public init(client: any ObjectWriter, clock: VirtualClock, recorder: any EventSink, seed: UInt64) {
    self.client = client
    self.clock = clock
    self.recorder = recorder
    self.seed = seed
  }

  /// The random stream of an owner.
  public func random(_ label: String) -> RandomStream { RandomStream(seed: seed, label: label) }
}

/// Takes the Events that components report (`client-go/tools/record`).
public protocol EventSink: AnyObject {
  /// `type` is Normal or Warning; `object` is what the event is about; `source` the component.
  func event(_ object: Value, type: String, reason: String, message: String, source: String, now: Instant)
}
