public import API
public import APIMachinery
public import Basics
public import ControllerRuntime

/// Gives services of type LoadBalancer an address of the provider that the assumptions declare; without one they
/// stay pending, as in a cluster without a cloud (`cloud-provider/controllers/service/controller.go`).
public final class ServiceLBController: Controller, AssumptionsUser {
  public let name = "service-lb-controller"
  public let watches: Set<GroupKind>? = [.service]
  static let finalizer = "service.kubernetes.io/load-balancer-cleanup"

  private var providers: [Assumptions.LoadBalancer] = []
  /// Addresses in use, and by whom.
  private var taken: [String: ObjectKey] = [:]

  public init() {}

  public func assume(_ assumptions: Assumptions, now: Instant) { providers = assumptions.loadBalancers }

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    guard event.key.kind == .service else { return }
    for address in Self.addresses(event.old ?? .null) where taken[address] == event.key {
      taken[address] = nil
    }
    if event.type != .deleted {
      for address in Self.addresses(event.object) { taken[address] = event.key }
    }
    if providers.isEmpty && !Self.isKept(event.object) { return }
    queue.add(event.key)
  }

  private static func addresses(_ service: Value) -> [String] {
    service.status["loadBalancer"]["ingress"].items.compactMap { $0["ip"].string }
  }

  private static func isKept(_ service: Value) -> Bool {
    service.metadata[.finalizers].items.contains { $0.string == finalizer }
  }

  private func provider(of service: Value) -> Assumptions.LoadBalancer? {
    guard service.spec[.type].says("LoadBalancer") else { return nil }
    let wanted = service.spec["loadBalancerClass"].string
    return providers.first { $0.className == wanted }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let service = context.client.get(key) else { return }
    if service.isTerminating || !service.spec[.type].says("LoadBalancer") {
      return try clean(service, context)
    }
    guard let provider = provider(of: service) else { return }
    let current = Self.addresses(service)
    if current.contains(where: { provider.contains($0) }) { return }
    tell(service, "EnsuringLoadBalancer", "Ensuring load balancer", context)
    var next = service
    if !Self.isKept(service) {
      next[.metadata][.finalizers].append(.string(Self.finalizer))
      next = try context.client.update(next)
    }
    guard let address = choose(provider, for: service, key) else {
      context.recorder.event(
        service, type: "Warning", reason: "SyncLoadBalancerFailed",
        message: "Error syncing load balancer: failed to ensure load balancer: no address is free",
        source: "service-controller", now: context.now)
      return
    }
    next[.status]["loadBalancer"]["ingress"] = [["ip": .string(address), "ipMode": "VIP"]]
    try context.client.updateStatus(next)
    tell(service, "EnsuredLoadBalancer", "Ensured load balancer", context)
  }

  /// The address that the service asks for if it is free, else the first free one.
  private func choose(_ provider: Assumptions.LoadBalancer, for service: Value, _ key: ObjectKey) -> String? {
    func isFree(_ address: String) -> Bool { taken[address] == nil || taken[address] == key }
    if let wanted = service.spec["loadBalancerIP"].string, !wanted.isEmpty {
      return provider.contains(wanted) && isFree(wanted) ? wanted : nil
    }
    return provider.addresses.first { isFree($0) }
  }

  private func clean(_ service: Value, _ context: Context) throws(APIError) {
    guard Self.isKept(service) else { return }
    tell(service, "DeletingLoadBalancer", "Deleting load balancer", context)
    var next = service
    if !service.isTerminating, !Self.addresses(service).isEmpty {
      next[.status]["loadBalancer"] = .emptyObject
      next = try context.client.updateStatus(next)
    }
    let left = next.metadata[.finalizers].items.filter { $0.string != Self.finalizer }
    next[.metadata].set(.finalizers, left.isEmpty ? nil : .array(left))
    try context.client.update(next)
    tell(service, "DeletedLoadBalancer", "Deleted load balancer", context)
  }

  private func tell(_ service: Value, _ reason: String, _ message: String, _ context: Context) {
    context.recorder.event(
      service, type: "Normal", reason: reason, message: message, source: "service-controller",
      now: context.now)
  }
}
