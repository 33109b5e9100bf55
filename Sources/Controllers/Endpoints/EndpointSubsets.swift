import APIMachinery
import ControllerRuntime

/// The subsets of an Endpoints object: each address stands once for each set of ports, ready or not
/// (`pkg/api/v1/endpoints/util.go`, RepackSubsets).
struct EndpointSubsets {
  private struct Member {
    var address: Value
    var order: [UInt8]
    var isReady: Bool
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
    let (address, order) = Self.entry(record, ip, service)
    let member = Member(address: address, order: order, isReady: tolerates || record.facts.isReady)
    if servicePorts.isEmpty {
      if isHeadless { ports[ValueKey(.null), default: []].append(member) }
      return
    }
    for port in portsOf(record) { ports[port, default: []].append(member) }
  }

  private static func entry(_ record: PodRecord, _ ip: Value, _ service: Value) -> (Value, [UInt8]) {
    let derived = EndpointPods.derived(record)
    let hostname = EndpointPods.hostname(record, service)
    if let known = derived.address, known.ip == ip, known.hasHostname == (hostname != nil) {
      return (known.value, known.order)
    }
    let address = Value.fields(
      (.hostname, hostname), (.ip, ip), (.nodeName, record.object.spec.get(.nodeName)),
      (.targetRef, derived.reference))
    let order = order(ip)
    derived.address = (ip, hostname != nil, order, address)
    return (address, order)
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

  /// IPv4 addresses in the order of their numbers, others by their text.
  private static func order(_ ip: Value) -> [UInt8] {
    guard let text = ip.text else { return [] }
    var parts: [UInt8] = []
    var number: UInt8?
    for byte in text.utf8 {
      if byte == 46, let n = number {
        parts.append(n)
        number = nil
      } else if byte >= 48, byte <= 57 {
        let (ten, tooMuch) = (number ?? 0).multipliedReportingOverflow(by: 10)
        let (sum, over) = ten.addingReportingOverflow(byte - 48)
        if tooMuch || over { return Array(text.utf8) }
        number = sum
      } else {
        return Array(text.utf8)
      }
    }
    if let n = number { parts.append(n) }
    return parts.count == 4 ? parts : Array(text.utf8)
  }

  /// Drops addresses beyond the limit; true if some were dropped.
  mutating func truncate(to limit: Int) -> Bool {
    let total = ports.values.map(\.count).max() ?? 0
    guard total > limit else { return false }
    for (port, members) in ports where members.count > limit {
      // Ready addresses stay before those that are not.
      ports[port] = Array((members.filter(\.isReady) + members.filter { !$0.isReady }).prefix(limit))
    }
    return true
  }

  /// Ports with the same addresses share a subset.
  var value: Value {
    var subsets: [(ready: Value, notReady: Value, ports: [Value])] = []
    var known: [ValueKey: Int] = [:]
    for (port, members) in ports {
      let sorted = members.sorted { $0.order.lexicographicallyPrecedes($1.order) }
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
    let built = subsets.map { subset in
      let own = subset.ports.filter { !$0.isNull }.map { (CanonicalJSON.string($0), $0) }
        .sorted { $0.0 < $1.0 }
      return (
        order: own.map(\.0).joined(separator: ","),
        value: Value.fields(
          (.addresses, subset.ready.isEmpty ? nil : subset.ready),
          (.notReadyAddresses, subset.notReady.isEmpty ? nil : subset.notReady),
          (.ports, own.isEmpty ? nil : .array(own.map(\.1))))
      )
    }
    return .array(built.sorted { $0.order < $1.order }.map(\.value))
  }
}
