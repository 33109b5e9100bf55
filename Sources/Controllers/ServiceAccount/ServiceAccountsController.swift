public import APIMachinery
public import Basics
public import ControllerRuntime

/// Keeps a service account `default` in every namespace (`pkg/controller/serviceaccount`).
public final class ServiceAccountsController: Controller {
  public let name = "serviceaccount-controller"
  public let watches: Set<GroupKind>? = [.namespace, .serviceAccount]

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    switch event.key.kind {
    case .namespace where event.type != .deleted: queue.add(event.key)
    case .serviceAccount where event.type == .deleted:
      queue.add(ObjectKey(.namespace, .empty, event.key.namespace))
    default: break
    }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let namespace = context.client.get(key), !namespace.isTerminating,
      !namespace.status[.phase].says("Terminating")
    else { return }
    if context.client.get(ObjectKey(.serviceAccount, key.name, "default")) != nil { return }
    try context.client.create([
      "apiVersion": "v1", "kind": "ServiceAccount",
      "metadata": ["name": "default", "namespace": .string(key.name)],
    ])
  }
}
