/// What a node offers and what pods request of it, before and after the pass.
public struct NodeCapacity: Sendable {
  public struct Share: Sendable {
    /// Milli-CPU, bytes, or pods.
    public var allocatable: Int
    public var before: Int
    public var after: Int
    public init(allocatable: Int, before: Int, after: Int) {
      self.allocatable = allocatable
      self.before = before
      self.after = after
    }
    /// Whole percent of what is allocatable, rounded half up.
    public func percent(_ n: Int) -> Int {
      allocatable <= 0 ? 0 : Int((Double(n) * 100 / Double(allocatable)).rounded())
    }
  }
  public var name: String
  /// `Ready`, `NotReady`, `Unknown`, with `,SchedulingDisabled` where cordoned.
  public var status: String
  public var cpu: Share
  public var memory: Share
  public var pods: Share
  public init(name: String, status: String, cpu: Share, memory: Share, pods: Share) {
    self.name = name
    self.status = status
    self.cpu = cpu
    self.memory = memory
    self.pods = pods
  }
}

/// A quota's use before and after the pass.
public struct QuotaUse: Sendable {
  public var namespace: String
  public var name: String
  public var resource: String
  public var hard: String
  public var before: String
  public var after: String
  public init(namespace: String, name: String, resource: String, hard: String, before: String, after: String)
  {
    self.namespace = namespace
    self.name = name
    self.resource = resource
    self.hard = hard
    self.before = before
    self.after = after
  }
}
