public import APIMachinery
public import Basics
public import ControllerRuntime

/// Deletes Jobs `ttlSecondsAfterFinished` after they finished
/// (`pkg/controller/ttlafterfinished/ttlafterfinished_controller.go`).
public final class TTLAfterFinishedController: Controller {
  public let name = "ttl-after-finished-controller"
  public let watches: Set<GroupKind>? = [.job]

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    guard event.key.kind == .job, event.type != .deleted, let due = Self.due(event.object) else { return }
    queue.add(event.key, at: max(due, now))
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let job = context.client.get(key), let due = Self.due(job) else { return }
    if due > context.now {
      queue.add(key, at: due)
      return
    }
    try context.client.delete(key, DeleteOptions(propagation: .foreground, uid: job.uid))
  }

  /// When a finished Job with a time to live is to go; nil for others.
  private static func due(_ job: Value) -> Instant? {
    guard let ttl = job.spec[.ttlSecondsAfterFinished].int, !job.isTerminating else { return nil }
    for condition in job.status[.conditions].items
    where condition[.status].says("True")
      && (condition[.type].says("Complete") || condition[.type].says("Failed"))
    {
      return PodState.time(condition[.lastTransitionTime]).map { $0 + .seconds(ttl) }
    }
    return nil
  }
}
