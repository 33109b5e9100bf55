import APIMachinery
import ControllerRuntime

/// The subsets of an Endpoints object: each address stands once for each set of ports, ready or not
/// (`pkg/api/v1/endpoints/util.go`, RepackSubsets).
struct EndpointSubsets {
  private struct Member {
    var address: Value
    /// How the text of the address begins, as a number: texts are ordered as these are, as far as they differ.
    var start: UInt128
    var isReady: Bool

    init(_ entry: (start: UInt128, address: Value), isReady: Bool) {
      address = entry.address
      start = entry.start
      self.isReady = isReady
    }

    static func start(of ip: Value) -> UInt128 {
      guard let text = ip.text else { return 0 }
      var number: UInt128 = 0
      for i in 0..<16 { number = number << 8 | (i < text.count ? UInt128(text.utf8[i]) : 0) }
      return number
    }

    /// By the texts of their addresses, then by the pods' uids (`LessEndpointAddress`).
    static func precedes(_ a: Member, _ b: Member) -> Bool {
      if a.start != b.start { return a.start < b.start }
      if isLess(a.address[.ip], b.address[.ip]) { return true }
      if isLess(b.address[.ip], a.address[.ip]) { return false }
      return isLess(a.address[.targetRef, .uid], b.address[.targetRef, .uid])
    }

    private static func isLess(_ a: Value, _ b: Value) -> Bool {
      guard let a = a.text, let b = b.text else { return false }
      return a.utf8.lexicographicallyPrecedes(b.utf8)
    }
  }

  private let service: Value
  private let servicePorts: Value
  private let isHeadless: Bool
  /// Pods that are not ready are offered too.
  private let tolerates: Bool
  /// The family of the addresses; nil where it is that of each pod's own.
  private let family: String?
  /// Ports by what is offered on them; a nil port stands for a headless service without ports.
  private var ports: [ValueKey: [Member]] = [:]
  /// The ports of the last pod, of those that the service names.
  private var last: (containers: EndpointPods.Containers, ports: [ValueKey])?

  init(_ service: Value) {
    self.service = service
    servicePorts = service[.spec, .ports]
    isHeadless = EndpointPods.isHeadless(service)
    tolerates = service[.spec, .publishNotReadyAddresses].bool ?? false
    family =
      service[.spec, .ipFamilies].items.first?.string
      ?? (service[.spec, .clusterIP].string?.contains(":") ?? false ? "IPv6" : nil)
  }

  mutating func add(_ record: PodRecord) {
    let pod = record.object
    guard EndpointPods.belongs(record, includeTerminating: tolerates), let ip = address(pod) else { return }
    let member = Member(Self.entry(record, ip, service), isReady: tolerates || record.facts.isReady)
    if servicePorts.isEmpty {
      if isHeadless { ports[ValueKey(.null), default: []].append(member) }
      return
    }
    for port in portsOf(record) { ports[port, default: []].append(member) }
  }

  private static func entry(_ record: PodRecord, _ ip: Value, _ service: Value) -> (UInt128, Value) {
    let derived = EndpointPods.derived(record)
    let hostname = EndpointPods.hostname(record, service)
    if let known = derived.address, known.ip == ip, known.hasHostname == (hostname != nil) {
      return (known.start, known.value)
    }
    let address = Value.fields(
      (.hostname, hostname), (.ip, ip), (.nodeName, record.object.spec.get(.nodeName)),
      (.targetRef, derived.reference))
    let start = Member.start(of: ip)
    derived.address = (ip, hostname != nil, start, address)
    return (start, address)
  }

  /// The ports of the service as they are in this pod; those that it does not have are left out.
  private mutating func portsOf(_ record: PodRecord) -> [ValueKey] {
    let containers = EndpointPods.derived(record).containers
    if let last, last.containers == containers { return last.ports }
    let ports = servicePorts.items.compactMap { servicePort -> ValueKey? in
      guard let number = EndpointPods.port(servicePort, record.object) else { return nil }
      return ValueKey(
        .fields(
          (.name, servicePort.get(.name).flatMap { $0.text?.count ?? 0 == 0 ? nil : $0 }),
          (.port, .int(number)), (.protocol, servicePort.get(.protocol) ?? "TCP"),
          (.appProtocol, servicePort.get(.appProtocol))))
    }
    last = (containers, ports)
    return ports
  }

  /// Endpoints have one family: that of the service, or of the pod where it says nothing.
  private func address(_ pod: Value) -> Value? {
    let ip = pod[.status, .podIP]
    let first = ip.isNull ? pod[.status, .podIPs][0].get(.ip) : ip
    guard let family else { return first }
    if let first, Self.isFamily(first, family) { return first }
    return pod[.status, .podIPs].items.first { Self.isFamily($0[.ip], family) }?.get(.ip)
  }

  static func isFamily(_ address: Value, _ family: String) -> Bool {
    guard let text = address.text, text.count > 0 else { return false }
    return text.utf8.contains(58) == (family == "IPv6")
  }

  /// Ports with the same addresses share a subset.
  var value: Value {
    var subsets: [(ready: Value, notReady: Value, ports: [Value])] = []
    var known: [ValueKey: Int] = [:]
    for (port, members) in ports {
      let sorted = members.sorted(by: Member.precedes)
      let ready = Value.array(sorted.filter(\.isReady).map(\.address))
      let notReady = Value.array(sorted.filter { !$0.isReady }.map(\.address))
      let key = ValueKey([ready, notReady])
      if let i = known[key] {
        subsets[i].ports.append(port.value)
      } else {
        known[key] = subsets.count
        subsets.append((ready, notReady, [port.value]))
      }
    }
    return Self.sorted(
      .array(
        subsets.map { subset in
          let ports = subset.ports.filter { !$0.isNull }
          return .fields(
            (.addresses, subset.ready.isEmpty ? nil : subset.ready),
            (.notReadyAddresses, subset.notReady.isEmpty ? nil : subset.notReady),
            (.ports, ports.isEmpty ? nil : .array(ports)))
        }))
  }

  /// Subsets and their ports in the order in which they are written here. A real cluster orders them by hashes
  /// of their contents: what came from one may be the same in another order.
  static func sorted(_ subsets: Value) -> Value {
    let all = subsets.items.map { subset -> (order: String, value: Value) in
      let ports = subset[.ports].items.map { (order: CanonicalJSON.string($0), value: $0) }
        .sorted { $0.order < $1.order }
      let order = ports.map(\.order).joined(separator: ",")
      return (order, ports.count < 2 ? subset : subset.setting(.ports, .array(ports.map(\.value))))
    }
    return .array(all.sorted { $0.order < $1.order }.map(\.value))
  }

  /// The subsets without the addresses beyond `limit`, each with its share of what stays; nil if there are no
  /// more. Ready addresses stay before those that are not (`truncateEndpoints`).
  static func truncated(_ subsets: Value, to limit: Int) -> Value? {
    func count(_ field: Key) -> Int { subsets.items.reduce(0) { $0 + $1[field].count } }
    let (ready, notReady) = (count(.addresses), count(.notReadyAddresses))
    if ready + notReady <= limit { return nil }
    let isReadyCut = ready > limit
    let (field, all) = isReadyCut ? (Key.addresses, ready) : (.notReadyAddresses, notReady)
    let room = isReadyCut ? limit : limit - ready
    var left = room
    return .array(
      subsets.items.map { subset in
        let own = subset[field]
        // Rounded up, so that the last subset may get less; in floating point, as there.
        let share = Int((Double(own.count) / Double(all) * Double(room)).rounded(.up))
        let kept = min(share, left, own.count)
        left -= kept
        var cut = subset
        cut.set(field, kept == 0 ? nil : .array(Array(own.items.prefix(kept))))
        if isReadyCut { cut.set(.notReadyAddresses, nil) }
        return cut
      })
  }

  /// Whether stored subsets say the same as these, which are sorted.
  static func isSame(_ stored: Value, _ sorted: Value) -> Bool {
    if stored == sorted || stored.isEmpty && sorted.isEmpty { return true }
    guard stored.count == sorted.count, stored.count > 1 || stored[0][.ports].count > 1 else { return false }
    return Self.sorted(stored) == sorted
  }
}
