import API
import APIMachinery
import Basics

/// What a Service takes from the cluster: families, cluster IPs, node ports and the health check port
/// (`registry/core/service/storage/alloc.go`). Nothing is taken before the service is stored.
enum Allocation {
  static func allocate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    guard request.kind == .service, request.subresource == .none else { return }
    server.ports.load(server.store)
    var work = ServiceAllocation(server, request)
    work.run()
    if !work.causes.isEmpty {
      throw .invalid("Service", request.object.name, work.causes)
    }
    if work.spec != request.object[.spec] { request.object[.spec] = work.spec }
    guard !request.isDryRun else { return }
    let before = Set(addresses(of: request.old))
    let after = addresses(of: request.object)
    request.companions = after.filter { !before.contains($0) }.map { ipAddress($0, for: request.key) }
    request.released = before.subtracting(after).sorted().map { ObjectKey(.ipAddress, name: $0) }
  }

  private static func addresses(of service: Value?) -> [String] {
    (service?[.spec][.clusterIPs].items ?? Value.emptyArray.items).compactMap(\.string).filter {
      $0 != "None" && !$0.isEmpty
    }
  }

  /// Objects that go with an object.
  static func companions(of object: Value, kind: GroupKind) -> [ObjectKey] {
    guard kind == .service else { return [] }
    return addresses(of: object).map { ObjectKey(.ipAddress, name: $0) }
  }

  /// The object that says whose an address is (`networking.k8s.io/v1.IPAddress`).
  private static func ipAddress(_ address: String, for service: ObjectKey) -> Value {
    let labels: Value = [
      "ipaddress.kubernetes.io/ip-family": "IPv4",
      "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io",
    ]
    let parent: Value = [
      "resource": "services", "namespace": .string(service.namespace), "name": .string(service.name),
    ]
    return [
      "apiVersion": "networking.k8s.io/v1", "kind": "IPAddress",
      "metadata": ["name": .string(address), "labels": labels], "spec": ["parentRef": parent],
    ]
  }
}

/// The allocation for one write of a Service.
struct ServiceAllocation {
  var spec: Value
  var causes: [APIError.Cause] = []
  private let old: Value?
  private let isDryRun: Bool
  private let pools: ServicePools
  private var random: RandomStream
  private var placeholderPort = 32769

  init(_ server: APIServer, _ request: WriteRequest) {
    spec = request.object[.spec]
    old = request.old?[.spec]
    isDryRun = request.usesPlaceholders
    pools = server.ports
    let key = request.key
    random = server.identities.random(4, [key.namespace, key.name])
  }

  mutating func run() {
    normalise()
    if let old {
      keepAllocated(old)
      dropTypeDependent(old)
    }
    setFamilies()
    if !causes.isEmpty { return }
    if needsClusterIP(spec) { allocateAddresses() }
    if causes.isEmpty { allocateNodePorts() }
    if causes.isEmpty, needsHealthCheckPort(spec) { allocateHealthCheckPort() }
  }

  // MARK: - What a type needs

  private func type(_ spec: Value) -> String { spec[.type].string ?? "ClusterIP" }
  private func needsClusterIP(_ spec: Value) -> Bool { type(spec) != "ExternalName" }
  private func needsNodePorts(_ spec: Value) -> Bool {
    let type = type(spec)
    if type == "NodePort" { return true }
    return type == "LoadBalancer"
  }
  private func allocatesNodePorts(_ spec: Value) -> Bool {
    type(spec) == "NodePort"
      || type(spec) == "LoadBalancer" && spec[.allocateLoadBalancerNodePorts].bool != false
  }
  private func needsHealthCheckPort(_ spec: Value) -> Bool {
    type(spec) == "LoadBalancer" && spec[.externalTrafficPolicy].says("Local")
  }

  // MARK: - Old and new spellings

  /// Keeps `clusterIP` and `clusterIPs` in step (`NormalizeClusterIPs`).
  private mutating func normalise() {
    let given = spec[.clusterIP].string ?? ""
    guard let old else {
      if !given.isEmpty, spec[.clusterIPs].isEmpty { spec[.clusterIPs] = [.string(given)] }
      return
    }
    let before = old[.clusterIP].string ?? ""
    let same = old[.clusterIPs] == spec[.clusterIPs] || spec[.clusterIPs].isEmpty
    if !before.isEmpty, given.isEmpty, same { spec.remove(.clusterIPs) }
    if !given.isEmpty, given != before, same { spec[.clusterIPs] = [.string(given)] }
  }

  /// An update that leaves allocated values out keeps them (`patchAllocatedValues`).
  private mutating func keepAllocated(_ old: Value) {
    if needsClusterIP(old), needsClusterIP(spec) {
      if spec[.clusterIP].string ?? "" == "", let known = old.get(.clusterIP) { spec[.clusterIP] = known }
      if spec[.clusterIPs].isEmpty, spec[.clusterIP] == old[.clusterIP], let known = old.get(.clusterIPs) {
        spec[.clusterIPs] = known
      }
    }
    if needsNodePorts(old), needsNodePorts(spec) { keepNodePorts(old) }
    if needsHealthCheckPort(old), needsHealthCheckPort(spec), spec[.healthCheckNodePort].int ?? 0 == 0,
      let known = old.get(.healthCheckNodePort)
    {
      spec[.healthCheckNodePort] = known
    }
  }

  private mutating func keepNodePorts(_ old: Value) {
    var known: [String: Int] = [:]
    for port in old[.ports].items {
      if let node = port[.nodePort].int, node != 0 { known[portKey(port)] = node }
    }
    var used = Set(spec[.ports].items.compactMap { $0[.nodePort].int })
    let ports = spec[.ports].items.map { port -> Value in
      guard port[.nodePort].int ?? 0 == 0, let node = known[portKey(port)], !used.contains(node) else {
        return port
      }
      used.insert(node)
      return port.setting(.nodePort, .int(node))
    }
    if !ports.isEmpty { spec[.ports] = .array(ports) }
  }

  private func portKey(_ port: Value) -> String {
    "\(port[.protocol].string ?? "TCP")/\(port[.port].int ?? 0)"
  }

  /// A change of type drops what the new type has not, unless it was changed too (`dropTypeDependentFields`).
  private mutating func dropTypeDependent(_ old: Value) {
    if needsClusterIP(old), !needsClusterIP(spec) {
      for key in [Key.clusterIP, .clusterIPs, .ipFamilies, .ipFamilyPolicy, .internalTrafficPolicy]
      where spec.has(key)
        && (spec[key] == old[key] || key == .clusterIPs && spec[.clusterIP] == old[.clusterIP])
      {
        spec.remove(key)
      }
    }
    if needsNodePorts(old), !needsNodePorts(spec) {
      let before = Set(old[.ports].items.compactMap { $0[.nodePort].int })
      let ports = spec[.ports].items.map { port -> Value in
        port[.nodePort].int.map { before.contains($0) } ?? false ? port.removing(.nodePort) : port
      }
      if !ports.isEmpty { spec[.ports] = .array(ports) }
    }
    if needsHealthCheckPort(old), !needsHealthCheckPort(spec),
      spec[.healthCheckNodePort] == old[.healthCheckNodePort]
    {
      spec.remove(.healthCheckNodePort)
    }
    if type(old) == "LoadBalancer", type(spec) != "LoadBalancer" {
      for key in [Key.allocateLoadBalancerNodePorts, .loadBalancerClass] where spec[key] == old[key] {
        spec.remove(key)
      }
    }
    let isExternal = type(spec) == "NodePort" || type(spec) == "LoadBalancer" || !spec[.externalIPs].isEmpty
    if !isExternal, spec[.externalTrafficPolicy] == old[.externalTrafficPolicy] {
      spec.remove(.externalTrafficPolicy)
    }
    if spec[.sessionAffinity].says("None") { spec.remove(.sessionAffinityConfig) }
  }

  // MARK: - Families

  /// This cluster has IPv4 only.
  private mutating func setFamilies() {
    guard needsClusterIP(spec) else { return }
    let given = spec[.ipFamilies].items.compactMap(\.string)
    let policy = spec[.ipFamilyPolicy].string
    let isHeadless = spec[.clusterIP].says("None")
    if isHeadless, spec[.selector].isEmpty {
      if given.isEmpty { spec[.ipFamilies] = policy == "SingleStack" ? ["IPv4"] : ["IPv4", "IPv6"] }
      if policy == nil { spec[.ipFamilyPolicy] = given.count == 1 ? "SingleStack" : "RequireDualStack" }
      return
    }
    if let first = spec[.clusterIPs].items.first?.string, first.contains(":"), given.isEmpty {
      add(
        "spec.clusterIPs[0]", CanonicalJSON.string(spec[.clusterIPs]),
        "IPv6 is not configured on this cluster")
      return
    }
    if policy == "RequireDualStack" {
      add(
        "spec.ipFamilyPolicy", "\"RequireDualStack\"",
        "this cluster is not configured for dual-stack services")
    }
    for (i, family) in given.enumerated() where family != "IPv4" {
      add("spec.ipFamilies[\(i)]", "\"\(family)\"", "not configured on this cluster")
    }
    if given.isEmpty { spec[.ipFamilies] = ["IPv4"] }
    if policy == nil { spec[.ipFamilyPolicy] = "SingleStack" }
  }

  private mutating func add(_ field: String, _ value: String, _ why: String) {
    causes.append(
      APIError.Cause(reason: "FieldValueInvalid", message: "Invalid value: \(value): \(why)", field: field))
  }

  // MARK: - Cluster IPs

  private mutating func allocateAddresses() {
    let given = spec[.clusterIPs].items.compactMap(\.string)
    if given.first == "None" { return }
    if let first = given.first, !first.isEmpty {
      if let old, old[.clusterIPs] == spec[.clusterIPs] { return }
      // A changed address is refused by validation, a malformed one too.
      if let old, needsClusterIP(old), !(old[.clusterIP].string ?? "").isEmpty { return }
      for text in given {
        guard let address = IPv4.parse(text) else { continue }
        if let why = problem(address, text) {
          add(
            "spec.clusterIPs", CanonicalJSON.string(spec[.clusterIPs]),
            "failed to allocate IP \(text): \(why)")
        }
      }
      return
    }
    let chosen = isDryRun ? "10.96.0.0" : draw()
    guard let chosen else {
      add(
        "spec.clusterIPs", "[]", "failed to allocate a serviceIP: range is full")
      return
    }
    spec[.clusterIP] = .string(chosen)
    spec[.clusterIPs] = [.string(chosen)]
  }

  private func problem(_ address: UInt32, _ text: String) -> String? {
    let host = address &- ServicePools.network
    if address <= ServicePools.network || host >= ServicePools.hosts - 1 {
      // A dry run asks an allocator with words of its own.
      return isDryRun
        ? "the provided IP (\(text)) is not in the valid range. The range of valid IPs is \(ServicePools.cidr)"
        : "the provided network does not match the current range"
    }
    if !isDryRun, pools.isTaken(address: address) { return "provided IP is already allocated" }
    return nil
  }

  private mutating func draw() -> String? {
    let first = ServicePools.band + 1
    let room = UInt64(ServicePools.hosts - 1 - first)
    for _ in 0..<64 {
      let address = ServicePools.network + first + UInt32(random.below(room))
      if !pools.isTaken(address: address) { return IPv4.text(address) }
    }
    for host in 1..<(ServicePools.hosts - 1) where !pools.isTaken(address: ServicePools.network + host) {
      return IPv4.text(ServicePools.network + host)
    }
    return nil
  }

  // MARK: - Node ports

  private mutating func allocateNodePorts() {
    let mine = Set(old.map { ServicePools.nodePorts(of: ["spec": $0]) } ?? [])
    var ports = Array(spec[.ports].items)
    let automatic = allocatesNodePorts(spec)
    guard needsNodePorts(spec) else { return }
    var chosen: [Int: Int] = [:]
    var used = Set(ports.compactMap { $0[.nodePort].int })
    for i in ports.indices {
      guard let node = ports[i][.nodePort].int, node != 0 else { continue }
      chosen[ports[i][.port].int ?? 0] = node
      if isDryRun || mine.contains(node) { continue }
      if let why = problem(port: node) { add("spec.ports[\(i)].nodePort", String(node), why) }
    }
    guard automatic, causes.isEmpty else { return }
    for i in ports.indices where ports[i][.nodePort].int ?? 0 == 0 {
      let number = ports[i][.port].int ?? 0
      // The same port of another protocol shares the number.
      if let shared = chosen[number], !ports.contains(where: { conflicts($0, ports[i], shared) }) {
        ports[i][.nodePort] = .int(shared)
        continue
      }
      guard let free = drawPort(used) else {
        add("spec.ports[\(i)].nodePort", "0", "failed to allocate a nodePort: range is full")
        return
      }
      used.insert(free)
      chosen[number] = free
      ports[i][.nodePort] = .int(free)
    }
    spec[.ports] = .array(ports)
  }

  private func conflicts(_ a: Value, _ b: Value, _ node: Int) -> Bool {
    a[.nodePort].int == node && (a[.protocol].string ?? "TCP") == (b[.protocol].string ?? "TCP")
  }

  private func problem(port: Int) -> String? {
    guard ServicePools.nodePorts.contains(port) else {
      return "provided port is not in the valid range. The range of valid ports is 30000-32767"
    }
    return pools.isTaken(port: port) ? "provided port is already allocated" : nil
  }

  private mutating func drawPort(_ used: Set<Int>) -> Int? {
    if isDryRun {
      placeholderPort += 1
      return placeholderPort - 1
    }
    let range = ServicePools.nodePorts
    for _ in 0..<64 {
      let port = range.lowerBound + Int(random.below(UInt64(range.count)))
      if !pools.isTaken(port: port), !used.contains(port) { return port }
    }
    return range.first { !pools.isTaken(port: $0) && !used.contains($0) }
  }

  private mutating func allocateHealthCheckPort() {
    let given = spec[.healthCheckNodePort].int ?? 0
    if given != 0 {
      if isDryRun || old?[.healthCheckNodePort].int == given { return }
      if let why = problem(port: given) {
        causes.append(
          APIError.Cause(
            reason: "InternalError",
            message: "Internal error: failed to allocate requested HealthCheck NodePort \(given): \(why)",
            field: "spec.healthCheckNodePort"))
      }
      return
    }
    if let port = drawPort(Set(spec[.ports].items.compactMap { $0[.nodePort].int })) {
      spec[.healthCheckNodePort] = .int(port)
    }
  }
}
