public import APIMachinery
public import Basics

/// A component that need not be told of each object of a kind when a cluster at rest wakes: it takes what it has to
/// know from the lines in which the objects are stored.
public protocol RowReader: Component {
  var readsRowsOf: GroupKind { get }
  /// Takes from the objects of one namespace, which `each` goes through, what is to be remembered. Runs for several
  /// namespaces at the same time.
  static func read(_ namespace: Key, _ each: ((ObjectRow) -> Void) -> Void) -> any Sendable
  /// Remembers what was read, one namespace after the other.
  func recall(_ read: any Sendable, _ start: Instant)
}
