public import APIMachinery
public import Basics

/// How a pass ended.
public enum Convergence: Sendable {
  /// Nothing is due any more.
  case quiescent
  /// The horizon was reached; this is due later, the earliest first.
  case horizon(pending: [PendingWork])
  /// Two objects were written over and over without time passing.
  case oscillating(ObjectKey, ObjectKey?)
  /// A component had work over and over without time passing and without writing; the object, where it can tell.
  case spinning(String, ObjectKey?)

  public var isStable: Bool {
    switch self {
    case .quiescent, .horizon: true
    case .oscillating, .spinning: false
    }
  }
}

/// Work that a component has put off beyond the horizon.
public struct PendingWork: Sendable, Hashable {
  public var component: String
  /// What the work is about, where the component can tell.
  public var key: ObjectKey?
  public var due: Instant
  public init(component: String, key: ObjectKey?, due: Instant) {
    self.component = component
    self.key = key
    self.due = due
  }
}
