public import Basics

/// A component that need not be told of each pod when a cluster at rest wakes: it takes what it has to know from the
/// lines in which pods are stored.
public protocol RowReader: Component {
  /// Remembers the pods of one namespace, one namespace after the other.
  func recall(_ pods: PodLines, _ start: Instant)
}
