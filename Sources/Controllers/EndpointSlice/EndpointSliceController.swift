public import APIMachinery
public import Basics
public import ControllerRuntime

/// Writes the EndpointSlices of services with a selector (`pkg/controller/endpointslice`).
public final class EndpointSliceController: Controller {
  public let name = "endpointslice-controller"
  public let watches: Set<GroupKind>? = [.service, .pod, .endpointSlice]
  static let managedByValue: Value = "endpointslice-controller.k8s.io"

  private let pods: PodIndex
  private var slices = SliceIndex(managedBy: managedByValue)

  public init(_ pods: PodIndex) { self.pods = pods }

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    switch event.key.kind {
    case .service where event.type != .deleted: queue.add(event.key)
    case .pod:
      guard let change = pods.change else { return }
      for service in EndpointPods.services(concernedBy: change, event) {
        queue.add(service, at: now + EndpointPods.delay(pods.services.selection(service)?.count ?? 0))
      }
    case .endpointSlice:
      if let service = slices.observe(event) { queue.add(service) }
    default: break
    }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let service = context.client.get(key), EndpointPods.isManaged(service) else { return }
    var families = service[.spec, .ipFamilies].items.compactMap(\.string)
    if families.isEmpty {
      families = [service[.spec, .clusterIP].string?.contains(":") ?? false ? "IPv6" : "IPv4"]
    }
    let behind = pods.services.selection(key)?.pods ?? []
    var ports = PortsOfPods(service)
    let existing = slices.keys(of: key).compactMap { context.client.get($0) }.filter { !$0.isTerminating }
    for family in families {
      let own = existing.filter { $0[.addressType].string == family }
      var plan = SlicePlan(owner: service, labels: Self.labels(service), addressType: family)
      for pod in behind { add(pod, to: &plan, &ports, context) }
      plan.reconcile(own, keepPlaceholder: true)
      try slices.write(plan, context)
    }
    let strays = existing.filter { !families.contains($0[.addressType].string ?? "") }
    try slices.delete(strays, context)
  }

  private func add(
    _ record: PodRecord, to plan: inout SlicePlan, _ ports: inout PortsOfPods, _ context: Context
  ) {
    let service = plan.owner
    guard EndpointPods.belongs(record, includeTerminating: true) else { return }
    let publishes = service[.spec, .publishNotReadyAddresses].bool ?? false
    let node = context.client.get(ObjectKey(.node, .empty, record.node))
    // A pod whose node is gone is no endpoint.
    if node == nil && !publishes { return }
    let zone = node?.labels.get(.topologyKubernetesIoZone)
    let isIPv6 = plan.addressType == "IPv6"
    let hostname = EndpointPods.hostname(record, service)
    let derived = EndpointPods.derived(record)
    if let known = derived.endpoint, known.isIPv6 == isIPv6, known.publishes == publishes,
      known.hasHostname == (hostname != nil), known.zone == zone
    {
      plan.add(TrafficDistribution.hint(known.value, service), ports: ports.of(record))
      return
    }
    let pod = record.object
    let addresses = pod[.status, .podIPs].items.map { $0[.ip] }
      .filter { EndpointSubsets.isFamily($0, isIPv6 ? "IPv6" : "IPv4") }
    guard !addresses.isEmpty else { return }
    let serving = record.facts.isReady
    let terminating = record.facts.isTerminating
    let endpoint = Value.fields(
      (.addresses, .array(addresses)),
      (
        .conditions,
        .fields(
          (.ready, .bool(publishes || (serving && !terminating))), (.serving, .bool(serving)),
          (.terminating, .bool(terminating)))
      ),
      (.hostname, hostname), (.nodeName, pod.spec.get(.nodeName)), (.targetRef, derived.reference),
      (.zone, zone))
    derived.endpoint = (zone, isIPv6, hostname != nil, publishes, endpoint)
    plan.add(TrafficDistribution.hint(endpoint, service), ports: ports.of(record))
  }

  /// The labels of the service and what the controller says about it (`setEndpointSliceLabels`).
  private static func labels(_ service: Value) -> Value {
    var labels = service.labels.isObject ? service.labels : .emptyObject
    labels.remove(EndpointPods.headlessLabel)
    if EndpointPods.isHeadless(service) { labels[EndpointPods.headlessLabel] = "" }
    labels[SliceIndex.serviceName] = service[.metadata, .name]
    labels[SliceIndex.managedBy] = managedByValue
    return labels
  }
}

/// The ports of a service as they are in its pods; one that a pod does not have is left out.
struct PortsOfPods {
  private let ports: Value
  /// The containers and numbers of the last pod, and what was made of them.
  private var last: (containers: EndpointPods.Containers, numbers: [Int?], key: ValueKey)?

  init(_ service: Value) { ports = service[.spec, .ports] }

  mutating func of(_ record: PodRecord) -> ValueKey {
    let containers = EndpointPods.derived(record).containers
    if let last, last.containers == containers { return last.key }
    let numbers = ports.items.map { EndpointPods.port($0, record.object) }
    if let last, last.numbers == numbers { return last.key }
    var all: [Value] = []
    for (port, number) in zip(ports.items, numbers) {
      guard let number else { continue }
      all.append(
        .fields(
          (.name, port.get(.name) ?? ""), (.port, .int(number)), (.protocol, port.get(.protocol) ?? "TCP"),
          (.appProtocol, port.get(.appProtocol))))
    }
    let key = SlicePlan.key(ofPorts: .array(all))
    last = (containers, numbers, key)
    return key
  }
}
