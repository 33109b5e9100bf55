import APIMachinery
import Basics
import ControllerRuntime

/// Takes a pod away for a more important one (`framework/preemption/executor.go`).
enum VictimRemoval {
  static func run(_ key: ObjectKey, preemptor: PodInfo, _ node: NodeInfo, _ context: Context) {
    guard var pod = context.client.get(key), !pod.isTerminating else { return }
    var conditions = pod[.status, .conditions]
    var condition = Condition.make(
      "DisruptionTarget", true, reason: "PreemptionByScheduler",
      message: "default-scheduler: preempting to accommodate a higher priority pod",
      observedGeneration: pod.generation)
    condition[.lastProbeTime] = .null
    Condition.set(condition, in: &conditions, now: context.now)
    pod[.status, .conditions] = conditions
    _ = try? context.client.updateStatus(pod)
    context.recorder.event(
      pod, type: "Normal", reason: "Preempted",
      message: "Preempted by pod \(preemptor.uid.string ?? "") on node \(node.name)",
      source: "default-scheduler",
      now: context.now)
    try? context.client.delete(key, DeleteOptions(uid: pod.uid))
  }
}
