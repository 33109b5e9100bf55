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

  private let isHeadless: Bool
  /// Ports by what is offered on them; a nil port stands for a headless service without ports.
  private var ports: [ValueKey: [Member]] = [:]

  init(isHeadless: Bool) { self.isHeadless = isHeadless }

  mutating func add(_ pod: Value, _ service: Value) {
    let tolerates = service.spec[.publishNotReadyAddresses].bool ?? false
    guard EndpointPods.belongs(pod, includeTerminating: tolerates) else { return }
    guard let ip = Self.address(pod, service) else { return }
    let address = Value.fields(
      (.ip, ip), (.nodeName, pod.spec.get(.nodeName)), (.hostname, EndpointPods.hostname(pod, service)),
      (.targetRef, EndpointPods.reference(pod)))
    let member = Member(
      address: address, order: Self.order(ip), isReady: tolerates || PodState.isReady(pod))
    let servicePorts = service.spec[.ports].items
    if servicePorts.isEmpty {
      if isHeadless { ports[ValueKey(.null), default: []].append(member) }
      return
    }
    for servicePort in servicePorts {
      guard let number = EndpointPods.port(servicePort, pod) else { continue }
      let port = Value.fields(
        (.name, servicePort.get(.name).flatMap { $0.text?.count ?? 0 == 0 ? nil : $0 }),
        (.port, .int(number)), (.protocol, servicePort.get(.protocol) ?? "TCP"),
        (.appProtocol, servicePort.get(.appProtocol)))
      ports[ValueKey(port), default: []].append(member)
    }
  }

  /// Endpoints have one family: that of the service, or of the pod where it says nothing.
  private static func address(_ pod: Value, _ service: Value) -> Value? {
    let first = pod.status.get(.podIP) ?? pod.status[.podIPs][0].get(.ip)
    let family =
      service.spec[.ipFamilies].items.first?.string
      ?? (service.spec[.clusterIP].string?.contains(":") ?? false ? "IPv6" : nil)
    guard let family else { return first }
    if let first, isFamily(first, family) { return first }
    return pod.status[.podIPs].items.first { isFamily($0[.ip], family) }?.get(.ip)
  }

  static func isFamily(_ address: Value, _ family: String) -> Bool {
    guard let text = address.text, text.count > 0 else { return false }
    return text.utf8.contains(58) == (family == "IPv6")
  }

  /// IPv4 addresses in the order of their numbers, others by their text.
  private static func order(_ ip: Value) -> [UInt8] {
    guard let text = ip.string else { return [] }
    let parts = text.split(separator: ".").compactMap { UInt8($0) }
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
