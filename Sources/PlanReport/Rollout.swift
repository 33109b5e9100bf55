import APIMachinery

/// What becomes of a workload in the pass.
public struct Rollout: Sendable {
  /// `RollingUpdate, surge 1, unavailable 0`.
  public var strategy: String
  public var replicas: Int
  /// The fewest ready pods at any instant of the pass, for a workload that had some.
  public var fewestReady: Int?
  /// Seconds from the beginning of the pass until all replicas are updated and available; nil if that is not reached.
  public var doneAfter: Double?
  /// Why it is not done, if it is not.
  public var stuck: String?
  public var sets: [ReplicaChange]
  public var pods: [PodChange]
  /// How many more pods there are than `pods` names.
  public var morePods: Int

  public init(strategy: String, replicas: Int) {
    self.strategy = strategy
    self.replicas = replicas
    sets = []
    pods = []
    morePods = 0
  }
}

/// A ReplicaSet (or other owner) that is scaled on the way.
public struct ReplicaChange: Sendable {
  public var object: ObjectName
  public var before: Int
  public var after: Int
  public init(object: ObjectName, before: Int, after: Int) {
    self.object = object
    self.before = before
    self.after = after
  }
}

/// What becomes of one pod.
public struct PodChange: Sendable {
  public enum Fate: String, Sendable { case created, terminated, preempted }
  public var object: ObjectName
  public var fate: Fate
  public var node: String?
  /// kube-scheduler's sentence for a pod that found no node.
  public var pending: String?
  /// Why the pod is not ready though it has a node.
  public var trouble: String?
  /// The controller that owns it.
  public var owner: ObjectName?
  /// Seconds from the beginning of the pass until it was ready.
  public var readyAfter: Double?

  public init(object: ObjectName, fate: Fate) {
    self.object = object
    self.fate = fate
  }
}
