public import APIMachinery
public import Basics
public import ControllerRuntime

/// Writes the Endpoints of services with a selector (`pkg/controller/endpoint/endpoints_controller.go`).
public final class EndpointsController: Controller {
  public let name = "endpoints-controller"
  public let watches: Set<GroupKind>? = [.service, .pod, .endpoints]
  private static let managedBy: Key = "endpoints.kubernetes.io/managed-by"
  private static let managedByValue: Value = "endpoint-controller"
  private static let overCapacity: Key = "endpoints.kubernetes.io/over-capacity"
  /// The most addresses that one Endpoints object holds (`maxCapacity`).
  private static let capacity = 1000

  private let pods: PodIndex
  /// The versions that this controller wrote and has not seen yet.
  private var written: [ObjectKey: Value] = [:]

  public init(_ pods: PodIndex) { self.pods = pods }

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    switch event.key.kind {
    case .service: queue.add(event.key)
    case .pod:
      guard let change = pods.change else { return }
      for service in EndpointPods.services(concernedBy: change, event) {
        queue.add(service, at: now + EndpointPods.delay(pods.services.selection(service)?.count ?? 0))
      }
    case .endpoints:
      // The service brings back what somebody changed or took away.
      let own = written.removeValue(forKey: event.key) == event.object[.metadata, .resourceVersion]
      if event.type != .added && !own { queue.add(ObjectKey(.service, event.key.namespace, event.key.name)) }
    default: break
    }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    let place = ObjectKey(.endpoints, key.namespace, key.name)
    guard let service = context.client.get(key) else {
      try deleteOwn(place, context)
      return
    }
    guard EndpointPods.isManaged(service) else { return }
    var subsets = EndpointSubsets(service)
    for pod in pods.services.selection(key)?.pods ?? [] { subsets.add(pod) }
    let all = subsets.value
    let some = EndpointSubsets.truncated(all, to: Self.capacity)
    try write(place, service, some ?? all, isOver: some != nil, context)
  }

  /// The Endpoints of a service that is gone go with it.
  private func deleteOwn(_ place: ObjectKey, _ context: Context) throws(APIError) {
    guard context.client.get(place) != nil else { return }
    do {
      try context.client.delete(place)
    } catch  where error.reason == .notFound {
      return
    }
  }

  private func write(
    _ place: ObjectKey, _ service: Value, _ subsets: Value, isOver: Bool, _ context: Context
  ) throws(APIError) {
    let old = context.client.get(place)
    var labels = service.labels.isObject ? service.labels : .emptyObject
    labels.remove(EndpointPods.headlessLabel)
    if EndpointPods.isHeadless(service) { labels[EndpointPods.headlessLabel] = "" }
    labels[Self.managedBy] = Self.managedByValue
    if let old, EndpointSubsets.isSame(old[.subsets], subsets), old.labels == labels,
      (old.annotation(Self.overCapacity) != nil) == isOver
    {
      return
    }
    var next =
      old
      ?? Value.fields(
        (.apiVersion, "v1"), (.kind, "Endpoints"),
        (.metadata, .fields((.name, service[.metadata, .name]), (.namespace, service[.metadata, .namespace])))
      )
    next[.metadata, .labels] = labels
    next.set(.subsets, subsets.isEmpty ? nil : subsets)
    next.setAnnotation(EndpointPods.triggerTime, context.timestamp.string)
    next.setAnnotation(Self.overCapacity, isOver ? "truncated" : nil)
    if old == nil {
      do {
        written[place] = try context.client.create(canonical: next)[.metadata, .resourceVersion]
      } catch {
        // Nothing is made in a namespace that is being deleted.
        if !PodControl.isNamespaceGoing(error) { throw error }
      }
    } else {
      written[place] = try context.client.update(canonical: next)[.metadata, .resourceVersion]
    }
  }
}
