public import APIMachinery

/// What the scheduler thinks of one pod, node by node.
public struct PodExplanation: Sendable {
  /// One node's verdict; in the order of the scheduler's snapshot.
  public struct Node: Sendable {
    public var name: String
    /// The plugin that rejects the node first, and its reasons; empty where the pod fits.
    public var plugin: String
    public var reasons: [String]
    /// Weighted points per score plugin, in the profile's order; empty where the pod does not fit.
    public var scores: [Int]
    public var total: Int
    public var fits: Bool { plugin.isEmpty }
  }

  /// A change that would make the pod fit.
  public struct Remedy: Sendable, Equatable {
    /// What to do.
    public var text: String
    /// The nodes on which the pod would fit then.
    public var nodes: [String]
  }

  public var pod: ObjectKey
  /// The node that it has; empty while it has none.
  public var assigned: String
  /// The node that a cycle would choose now; empty for none.
  public var chosen: String
  public var scheduler: String
  /// Names and weights of the score plugins.
  public var plugins: [(name: String, weight: Int)]
  public var nodes: [Node]
  /// Why it fits nowhere, as kube-scheduler says it; or why nobody looks at it.
  public var message: String
  /// The pods that would be preempted for it on `chosen`.
  public var victims: [String]
  public var remedies: [Remedy]
}
