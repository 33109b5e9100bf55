import API
import APIMachinery
import Basics
import ControllerRuntime

/// Takes back what was said of a pod's disruption when the pod is still there two minutes later
/// (`syncStalePodDisruption` in `pkg/controller/disruption/disruption.go`).
final class StalePodDisruptionController: Controller {
  let name = "disruption-controller-stale-pods"
  let watches: Set<GroupKind>? = [.pod]
  private static let timeout: Nanoseconds = .seconds(120)

  func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    if event.type == .deleted || event.old?[.status].identity == event.object[.status].identity { return }
    if let due = Self.staleAt(event.object) { queue.add(event.key, at: due) }
  }

  /// When the condition of a pod is stale; nil where there is none that could be.
  private static func staleAt(_ pod: Value) -> Instant? {
    guard let condition = pod.condition("DisruptionTarget"), condition[.status].says("True"),
      !condition[.reason].says("TerminationByKubelet"), !pod.isTerminating, !PodPhase.isTerminal(pod),
      let since = PodState.time(condition[.lastTransitionTime])
    else { return nil }
    return since + timeout
  }

  func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let pod = context.client.get(key), let due = Self.staleAt(pod) else { return }
    if due > context.now { return queue.add(key, at: due) }
    var condition = Condition.make("DisruptionTarget", false, observedGeneration: pod.generation)
    condition[.lastProbeTime] = .null
    var conditions = pod.status[.conditions]
    Condition.set(condition, in: &conditions, now: context.now)
    var next = pod
    next[.status][.conditions] = conditions
    try context.client.updateStatus(next)
  }
}
