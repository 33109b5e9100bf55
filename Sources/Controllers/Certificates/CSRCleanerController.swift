import APIMachinery
import Basics
import ControllerRuntime

/// Deletes CertificateSigningRequests that are done with, and those that nobody has answered
/// (`pkg/controller/certificates/cleaner/cleaner.go`).
final class CSRCleanerController: Controller {
  let name = "certificatesigningrequest-cleaner-controller"
  let watches: Set<GroupKind>? = [
    GroupKind(group: "certificates.k8s.io", kind: "CertificateSigningRequest")
  ]
  private static let answered: Nanoseconds = .seconds(3600)
  private static let pending: Nanoseconds = .seconds(24 * 3600)

  func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    if event.type != .deleted { queue.add(event.key) }
  }

  /// When a request is no longer kept: an hour after it was denied, failed or got its certificate, a day after
  /// it was made or approved if it waits for more.
  static func expiry(_ request: Value) -> Instant? {
    let conditions = request.status[.conditions].items
    if conditions.isEmpty { return PodState.created(request) + pending }
    let isIssued = !(request.status["certificate"].string ?? "").isEmpty
    return conditions.compactMap { condition -> Instant? in
      guard let since = PodState.time(condition[.lastUpdateTime]) else { return nil }
      switch condition[.type].string {
      case "Approved": return since + (isIssued ? answered : pending)
      case "Denied", "Failed": return since + answered
      default: return nil
      }
    }.min()
  }

  func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let request = context.client.get(key), !request.isTerminating else { return }
    guard let expiry = Self.expiry(request) else { return }
    if expiry > context.now { return queue.add(key, at: expiry) }
    try context.client.delete(key, DeleteOptions(uid: request.uid))
  }
}
