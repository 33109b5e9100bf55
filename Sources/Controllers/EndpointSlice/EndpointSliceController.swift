public import APIMachinery
public import Basics
public import ControllerRuntime

/// Writes the EndpointSlices of services with a selector (`pkg/controller/endpointslice`).
public final class EndpointSliceController: Controller {
  public let name = "endpointslice-controller"
  public let watches: Set<GroupKind>? = [.service, .pod, .endpointSlice]
  static let managedByValue: Value = "endpointslice-controller.k8s.io"

  private let index = ServicePods()
  private var slices = SliceIndex(managedBy: managedByValue)

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    switch event.key.kind {
    case .service:
      index.observe(service: event)
      if event.type != .deleted { queue.add(event.key) }
    case .pod:
      let services = index.observe(pod: event)
      guard EndpointPods.matters(event) else { return }
      for service in services { queue.add(service, at: now + EndpointPods.delay(index.count(of: service))) }
    case .endpointSlice:
      if let service = slices.observe(event) { queue.add(service) }
    default: break
    }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let service = context.client.get(key), EndpointPods.isManaged(service) else { return }
    var families = service.spec[.ipFamilies].items.compactMap(\.string)
    if families.isEmpty {
      families = [service.spec[.clusterIP].string?.contains(":") ?? false ? "IPv6" : "IPv4"]
    }
    let pods = index.pods(of: key).compactMap { context.client.get($0) }
    let existing = slices.keys(of: key).compactMap { context.client.get($0) }.filter { !$0.isTerminating }
    for family in families {
      let own = existing.filter { $0[.addressType].string == family }
      var plan = SlicePlan(owner: service, labels: Self.labels(service), addressType: family)
      for pod in pods { try add(pod, to: &plan, context) }
      plan.reconcile(own, keepPlaceholder: true)
      try slices.write(plan, context)
    }
    let strays = existing.filter { !families.contains($0[.addressType].string ?? "") }
    try slices.delete(strays, context)
  }

  private func add(_ pod: Value, to plan: inout SlicePlan, _ context: Context) throws(APIError) {
    let service = plan.owner
    guard EndpointPods.belongs(pod, includeTerminating: true) else { return }
    let publishes = service.spec[.publishNotReadyAddresses].bool ?? false
    let nodeKey = ObjectKey(.node, .empty, pod.spec[.nodeName].key)
    let node = context.client.get(nodeKey)
    // A pod whose node is gone is no endpoint.
    if node == nil && !publishes { return }
    let family = plan.addressType.string ?? ""
    let addresses = pod.status[.podIPs].items.map { $0[.ip] }
      .filter { EndpointSubsets.isFamily($0, family) }
    guard !addresses.isEmpty else { return }
    let serving = PodState.isReady(pod)
    let terminating = pod.isTerminating
    let endpoint = Value.fields(
      (.addresses, .array(addresses)),
      (
        .conditions,
        .fields(
          (.ready, .bool(publishes || (serving && !terminating))), (.serving, .bool(serving)),
          (.terminating, .bool(terminating)))
      ),
      (.hostname, EndpointPods.hostname(pod, service)), (.nodeName, pod.spec.get(.nodeName)),
      (.zone, node?.labels.get(.topologyKubernetesIoZone)), (.targetRef, EndpointPods.reference(pod)))
    plan.add(endpoint, ports: Self.ports(service, pod))
  }

  /// The ports of the service as they are in this pod; one that the pod does not have is left out.
  private static func ports(_ service: Value, _ pod: Value) -> Value {
    var all: [Value] = []
    for port in service.spec[.ports].items {
      guard let number = EndpointPods.port(port, pod) else { continue }
      all.append(
        .fields(
          (.name, port.get(.name) ?? ""), (.port, .int(number)), (.protocol, port.get(.protocol) ?? "TCP"),
          (.appProtocol, port.get(.appProtocol))))
    }
    return .array(all)
  }

  /// The labels of the service and what the controller says about it (`setEndpointSliceLabels`).
  private static func labels(_ service: Value) -> Value {
    var labels = service.labels.isObject ? service.labels : .emptyObject
    labels.remove(EndpointPods.headlessLabel)
    if EndpointPods.isHeadless(service) { labels[EndpointPods.headlessLabel] = "" }
    labels[SliceIndex.serviceName] = service.metadata[.name]
    labels[SliceIndex.managedBy] = managedByValue
    return labels
  }
}
