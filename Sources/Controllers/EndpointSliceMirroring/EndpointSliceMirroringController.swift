public import APIMachinery
public import Basics
public import ControllerRuntime

/// Copies Endpoints that users wrote for services without selector to EndpointSlices
/// (`pkg/controller/endpointslicemirroring`).
public final class EndpointSliceMirroringController: Controller {
  public let name = "endpointslice-mirroring-controller"
  public let watches: Set<GroupKind>? = [.endpoints, .service, .endpointSlice]
  static let managedByValue: Value = "endpointslicemirroring-controller.k8s.io"
  private static let skipMirror: Key = "endpointslice.kubernetes.io/skip-mirror"
  private static let leader: Key = "control-plane.alpha.kubernetes.io/leader"
  private static let lastApplied: Key = "kubectl.kubernetes.io/last-applied-configuration"
  /// The most addresses of a subset that are mirrored.
  private static let maximum = 1000

  private var slices = SliceIndex(managedBy: managedByValue, owner: .endpoints)

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    switch event.key.kind {
    case .endpoints:
      if Self.isMirrored(event.object) || (event.old.map { Self.isMirrored($0) } ?? false) {
        queue.add(event.key)
      }
    case .service:
      queue.add(ObjectKey(.endpoints, event.key.namespace, event.key.name))
    case .endpointSlice:
      if let owner = slices.observe(event) { queue.add(owner) }
    default: break
    }
  }

  private static func isMirrored(_ endpoints: Value) -> Bool {
    endpoints.label(skipMirror) != "true" && endpoints.annotation(leader) == nil
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    let existing = slices.keys(of: key).compactMap { context.client.get($0) }.filter { !$0.isTerminating }
    guard let endpoints = context.client.get(key), Self.isMirrored(endpoints),
      let service = context.client.get(ObjectKey(.service, key.namespace, key.name)),
      service[.spec, .selector].isEmpty
    else {
      try slices.delete(existing, context)
      return
    }
    for family in ["IPv4", "IPv6"] {
      let own = existing.filter { $0[.addressType].string == family }
      var plan = SlicePlan(owner: endpoints, labels: Self.labels(endpoints), addressType: family)
      for subset in endpoints[.subsets].items { Self.add(subset, to: &plan, family) }
      plan.reconcile(own, keepPlaceholder: false)
      plan.mirror(Self.annotations(endpoints))
      try slices.write(plan, context, stamp: false)
    }
  }

  private static func add(_ subset: Value, to plan: inout SlicePlan, _ family: String) {
    let all = subset[.ports].items.map { port -> Value in
      .fields(
        (.name, port.get(.name) ?? ""), (.port, port.get(.port)), (.protocol, port.get(.protocol) ?? "TCP"),
        (.appProtocol, port.get(.appProtocol)))
    }
    let ports = SlicePlan.key(ofPorts: .array(all))
    var count = 0
    for (addresses, isReady) in [(subset[.addresses], true), (subset[.notReadyAddresses], false)] {
      for address in addresses.items where EndpointSubsets.isFamily(address[.ip], family) && count < maximum {
        count += 1
        plan.add(
          .fields(
            (.addresses, [address[.ip]]), (.conditions, ["ready": .bool(isReady)]),
            (.hostname, address.get(.hostname)), (.nodeName, address.get(.nodeName)),
            (.targetRef, address.get(.targetRef))),
          ports: ports)
      }
    }
  }

  private static func labels(_ endpoints: Value) -> Value {
    var labels = endpoints.labels.isObject ? endpoints.labels : .emptyObject
    labels[SliceIndex.serviceName] = endpoints[.metadata, .name]
    labels[SliceIndex.managedBy] = managedByValue
    return labels
  }

  /// The annotations of the Endpoints but for those that are about that object alone.
  private static func annotations(_ endpoints: Value) -> Value? {
    var all = endpoints.annotations
    all.remove(lastApplied)
    all.remove(EndpointPods.triggerTime)
    return all.isEmpty ? nil : all
  }
}

extension SlicePlan {
  /// Gives all slices that are written the annotations; one that is updated is rebuilt without `generateName`.
  mutating func mirror(_ annotations: Value?) {
    map(
      create: { $0[.metadata].set(.annotations, annotations) },
      update: {
        $0[.metadata].set(.annotations, annotations)
        $0[.metadata].remove(.generateName)
      })
  }
}
