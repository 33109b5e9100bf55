public import APIMachinery
public import Basics
public import ControllerRuntime

/// Sees that every active namespace has the service account `default`
/// (`pkg/controller/serviceaccount/serviceaccounts_controller.go`).
public final class ServiceAccountsController: Controller {
  public let name = "serviceaccount-controller"
  private static let account: Key = "default"

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    if event.key.kind == .namespace {
      if event.type != .deleted { queue.add(event.key) }
    } else if event.key.kind == .serviceAccount, event.type == .deleted, event.key.name == Self.account {
      queue.add(ObjectKey(.namespace, .empty, event.key.namespace))
    }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let namespace = context.client.get(key), namespace.status[.phase].string == "Active",
      context.client.get(ObjectKey(.serviceAccount, key.name, Self.account)) == nil
    else { return }
    do {
      try context.client.create([
        "apiVersion": "v1", "kind": "ServiceAccount",
        "metadata": ["name": .string(Self.account), "namespace": .string(key.name)],
      ])
    } catch  where error.reason == .alreadyExists {
      return
    }
  }
}
