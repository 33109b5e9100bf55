public import API
public import APIMachinery
public import Basics

/// A component that can say what it has put off, object by object; reports name it.
public protocol PendingReporter: AnyObject {
  var pendingWork: [(key: ObjectKey?, due: Instant)] { get }
}

/// A component or controller that needs to know what the world is assumed to do (`plimsoll.dev/v1 Assumptions`).
/// It is told at the start of each pass, before the first object is delivered.
public protocol AssumptionsUser: AnyObject {
  func assume(_ assumptions: Assumptions, now: Instant)
}

/// A component with a memory that no object tells; it is saved with the state and restored before a pass.
public protocol Memorable: AnyObject {
  var memory: Value { get }
  func restore(_ memory: Value)
}
