public import APIMachinery

/// What an object takes from a ResourceQuota, shared by admission and by the quota controller
/// (`pkg/quota/v1/evaluator/core`, `apiserver/pkg/quota/v1/generic`).
public enum QuotaUsage {
  /// Amounts by resource name; names of which nothing is taken may be missing.
  public typealias Amounts = [Key: Quantity]

  /// Usage of one object; empty for kinds without a count. `resource` is `pods`, `deployments.apps`.
  public static func usage(of object: Value, kind: GroupKind, resource: String) -> Amounts {
    var used: Amounts = [Key("count/\(resource)"): Quantity(1)]
    switch kind {
    case .pod: addPod(object, &used)
    case .service: addService(object, &used)
    case .persistentVolumeClaim: addClaim(object, &used)
    case .configMap, .secret, .replicationController, .resourceQuota: used[Key(resource)] = Quantity(1)
    default: break
    }
    return used
  }

  /// Whether the quota's scopes take the object in. Kinds other than pods are in no scope.
  public static func isInScope(_ quota: Value, _ object: Value, kind: GroupKind) -> Bool {
    let spec = quota[.spec]
    let scopes = spec[.scopes].items.compactMap(\.string)
    let expressions = spec[.scopeSelector][.matchExpressions].items
    if scopes.isEmpty && expressions.isEmpty { return true }
    guard kind == .pod else { return false }
    return scopes.allSatisfy { isPod(object, in: $0, expression: nil) }
      && expressions.allSatisfy { isPod(object, in: $0[.scopeName].string ?? "", expression: $0) }
  }

  private static func isPod(_ pod: Value, in scope: String, expression: Value?) -> Bool {
    switch scope {
    case "Terminating": return (pod[.spec][.activeDeadlineSeconds].int ?? -1) >= 0
    case "NotTerminating": return (pod[.spec][.activeDeadlineSeconds].int ?? -1) < 0
    case "BestEffort": return isBestEffort(pod)
    case "NotBestEffort": return !isBestEffort(pod)
    case "PriorityClass":
      let name = pod[.spec][.priorityClassName].string ?? ""
      guard let expression else { return !name.isEmpty }
      let values = expression[.values].items.compactMap(\.string)
      switch expression[.operator].string {
      case "In": return values.contains(name)
      case "NotIn": return !values.contains(name)
      case "Exists": return !name.isEmpty
      case "DoesNotExist": return name.isEmpty
      default: return false
      }
    case "CrossNamespacePodAffinity": return reachesOtherNamespaces(pod)
    default: return false
    }
  }

  private static func isBestEffort(_ pod: Value) -> Bool {
    let names: [Key] = [.cpu, .memory]
    let lists = [pod[.spec][.containers], pod[.spec][.initContainers]]
    return !lists.contains { list in
      list.items.contains { container in
        names.contains { name in
          [Key.requests, Key.limits].contains { part in
            !(Quantity(container[.resources][part][name])?.isZero ?? true)
          }
        }
      }
    }
  }

  private static func reachesOtherNamespaces(_ pod: Value) -> Bool {
    let affinity = pod[.spec][.affinity]
    for part in [affinity[.podAffinity], affinity[.podAntiAffinity]] {
      let hard = part[.requiredDuringSchedulingIgnoredDuringExecution].items
      let soft = part[.preferredDuringSchedulingIgnoredDuringExecution].items.map { $0[.podAffinityTerm] }
      for term in Array(hard) + soft where !term[.namespaces].isEmpty || term.has(.namespaceSelector) {
        return true
      }
    }
    return false
  }

  // MARK: - Kinds with amounts

  private static let pods = Key.pods
  private static let services = Key("services")
  private static let nodePorts = Key("services.nodeports")
  private static let loadBalancers = Key("services.loadbalancers")
  private static let claims = Key("persistentvolumeclaims")
  private static let requestsStorage = Key("requests.storage")

  private static func addPod(_ pod: Value, _ used: inout Amounts) {
    // A pod that is done counts as an object only.
    if PodPhase.isTerminal(pod) { return }
    used[pods] = Quantity(1)
    for (name, amount) in PodTotals.amounts(pod, .requests) {
      let text = name.string
      switch text {
      case "cpu", "memory", "ephemeral-storage": used[name] = amount
      default:
        if text.utf8.starts(with: "hugepages-".utf8) { used[name] = amount }
      }
      used[Key("requests." + text)] = amount
    }
    for (name, amount) in PodTotals.amounts(pod, .limits) {
      switch name.string {
      case "cpu", "memory", "ephemeral-storage": used[Key("limits." + name.string)] = amount
      default: break
      }
    }
  }

  private static func addService(_ service: Value, _ used: inout Amounts) {
    let spec = service[.spec]
    var ports = 0
    var balancers = 0
    switch spec[.type].string {
    case "NodePort": ports = spec[.ports].count
    case "LoadBalancer":
      balancers = 1
      ports =
        spec[.allocateLoadBalancerNodePorts].bool == false
        ? spec[.ports].items.filter { ($0[.nodePort].int ?? 0) != 0 }.count : spec[.ports].count
    default: break
    }
    used[services] = Quantity(1)
    used[nodePorts] = Quantity(ports)
    used[loadBalancers] = Quantity(balancers)
  }

  private static func addClaim(_ claim: Value, _ used: inout Amounts) {
    used[claims] = Quantity(1)
    let storage = Quantity(claim[.spec][.resources][.requests][.storage])
    if let storage { used[requestsStorage] = storage }
    let name = claim.storageClassName.string
    if !name.isEmpty {
      let prefix = name + ".storageclass.storage.k8s.io/"
      used[Key(prefix + "persistentvolumeclaims")] = Quantity(1)
      if let storage { used[Key(prefix + "requests.storage")] = storage }
    }
  }
}

/// Requests or limits of a whole pod (`component-helpers/resource`): containers and sidecars together, or the
/// largest step of initialisation, and the overhead.
public enum PodTotals {
  /// Sorted by name. `part` is `requests` or `limits`.
  public static func amounts(_ pod: Value, _ part: Key) -> [(Key, Quantity)] {
    var total: [Key: Quantity] = [:]
    for container in pod[.spec][.containers].items { add(container[.resources][part], &total) }
    var sidecars: [Key: Quantity] = [:]
    var peak: [Key: Quantity] = [:]
    for container in pod[.spec][.initContainers].items {
      let own = container[.resources][part]
      if container[.restartPolicy].says("Always") {
        add(own, &total)
        add(own, &sidecars)
        raise(sidecars, &peak)
      } else {
        var step = sidecars
        add(own, &step)
        raise(step, &peak)
      }
    }
    raise(peak, &total)
    for field in pod[.spec][.resources][part].fields {
      if let amount = Quantity(field.value) { total[field.key] = amount }
    }
    if part == .requests {
      add(pod[.spec][.overhead], &total)
    } else {
      for field in pod[.spec][.overhead].fields {
        guard let known = total[field.key], !known.isZero, let more = Quantity(field.value) else { continue }
        total[field.key] = known + more
      }
    }
    return total.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func add(_ list: Value, _ total: inout [Key: Quantity]) {
    for field in list.fields {
      guard let amount = Quantity(field.value) else { continue }
      if let known = total[field.key] { total[field.key] = known + amount } else { total[field.key] = amount }
    }
  }

  private static func raise(_ other: [Key: Quantity], _ total: inout [Key: Quantity]) {
    for (name, amount) in other where (total[name].map { $0 < amount } ?? true) { total[name] = amount }
  }
}
