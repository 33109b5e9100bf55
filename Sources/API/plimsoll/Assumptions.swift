public import APIMachinery

/// What the world is stated to do (`plimsoll.dev/v1`, kind `Assumptions`): nodes that are not ready or silent,
/// containers that fail or never get ready, measured usage. It is never stored as an object.
public struct Assumptions: Sendable {
  /// What is assumed of one node, or of all nodes with some labels.
  public struct Node: Sendable {
    public var name: Key?
    public var selector: LabelSelector?
    public var ready: Bool?
    public var heartbeat: Bool?
    /// What the node runs short of.
    public var pressure: [Pressure]?
    public init(
      name: Key? = nil, selector: LabelSelector? = nil, ready: Bool? = nil, heartbeat: Bool? = nil,
      pressure: [Pressure]? = nil
    ) {
      self.name = name
      self.selector = selector
      self.ready = ready
      self.heartbeat = heartbeat
      self.pressure = pressure
    }
  }

  /// A resource that a node can run short of, as its conditions name it.
  public enum Pressure: String, Sendable, CaseIterable { case memory, disk, pid }

  /// What is assumed of the containers of some pods.
  public struct Pod: Sendable {
    public var namespace: Key
    public var selector: LabelSelector
    public var image: String?
    public var container: String?
    public var ready: Bool?
    public var exitCode: Int?
    public var runSeconds: Int?
    public var usage: Value?
  }

  /// A provider of load balancers, with the addresses that it has.
  public struct LoadBalancer: Sendable {
    /// The services that it serves: those of this class, or those of none.
    public var className: String?
    /// IPv4 addresses, in the order in which they are given.
    public var addresses: [String]
    public init(className: String? = nil, addresses: [String]) {
      self.className = className
      self.addresses = addresses
    }
    public func contains(_ address: String) -> Bool { addresses.contains(address) }
  }

  /// What holds for one container after all entries.
  public struct Container: Sendable, Equatable {
    public var ready: Bool?
    public var exitCode: Int?
    public var runSeconds: Int?
    public init() {}
  }

  public var nodes: [Node] = []
  public var pods: [Pod] = []
  public var loadBalancers: [LoadBalancer] = []

  public init() {}

  /// Whether the kubelet of the node reports Ready; later entries override earlier ones.
  public func isReady(_ node: Value) -> Bool { last(node, \.ready) ?? true }

  /// Whether the kubelet of the node still reports and works at all.
  public func hasHeartbeat(_ node: Value) -> Bool { last(node, \.heartbeat) ?? true }

  /// What the node runs short of, each once.
  public func pressure(on node: Value) -> [Pressure] {
    let said = last(node, \.pressure) ?? []
    return Pressure.allCases.filter { said.contains($0) }
  }

  private func last<T>(_ node: Value, _ path: KeyPath<Node, T?>) -> T? {
    guard !nodes.isEmpty else { return nil }
    let name = node.nameKey
    var result: T?
    for entry in nodes {
      guard let value = entry[keyPath: path] else { continue }
      if let wanted = entry.name, wanted != name { continue }
      if let selector = entry.selector, !selector.matches(node) { continue }
      result = value
    }
    return result
  }

  /// What is assumed of the container `name` of the pod; an init container is meant only where it is named.
  public func container(_ name: String, isInit: Bool, of pod: Value) -> Container {
    var result = Container()
    guard !pods.isEmpty else { return result }
    for entry in pods where entry.concerns(pod) {
      if let wanted = entry.container { if wanted != name { continue } } else if isInit { continue }
      if let ready = entry.ready { result.ready = ready }
      if let code = entry.exitCode { result.exitCode = code }
      if let seconds = entry.runSeconds { result.runSeconds = seconds }
    }
    return result
  }

  /// The usage that metrics report for the pod (`cpu`, `memory`, as quantities): what is said of the whole pod,
  /// else the sum of what is said of its containers; nil when it has no metrics.
  public func usage(of pod: Value) -> Value? {
    var whole: Value?
    var parts: [String: Value] = [:]
    for entry in pods where entry.usage != nil && entry.concerns(pod) {
      if let name = entry.container {
        parts[name] = Self.merged(parts[name], entry.usage!)
      } else {
        whole = Self.merged(whole, entry.usage!)
      }
    }
    var sum: Value?
    for (_, part) in parts.sorted(by: { $0.key < $1.key }) {
      var next = sum ?? .emptyObject
      for field in part.fields {
        guard let amount = Quantity(field.value) else { continue }
        next[field.key] = (amount + (Quantity(next[field.key]) ?? .zero)).apiValue
      }
      sum = next
    }
    guard let whole else { return sum }
    return Self.merged(sum, whole)
  }

  /// The usage that is said of one container by its name; nil where none is.
  public func usage(ofContainer name: String, in pod: Value) -> Value? {
    var result: Value?
    for entry in pods where entry.container == name && entry.usage != nil && entry.concerns(pod) {
      result = Self.merged(result, entry.usage!)
    }
    return result
  }

  private static func merged(_ old: Value?, _ new: Value) -> Value {
    var all = old ?? .emptyObject
    for field in new.fields { all[field.key] = field.value }
    return all
  }

  /// Adds the entries of `other` behind these.
  public mutating func append(_ other: Assumptions) {
    nodes += other.nodes
    pods += other.pods
    loadBalancers += other.loadBalancers
  }
}

extension Assumptions.Pod {
  func concerns(_ pod: Value) -> Bool {
    guard pod.namespaceKey == namespace, selector.matches(pod) else { return false }
    guard let image else { return true }
    let spec = pod.spec
    return spec[.initContainers].items.contains { $0[.image].string == image }
      || spec[.containers].items.contains { $0[.image].string == image }
  }
}
