public import APIMachinery
public import Basics
public import ControllerRuntime

/// Says in a policy's status that its expressions have been checked against the types of what it matches
/// (`pkg/controller/validatingadmissionpolicystatus`). Warnings about types are not found here.
public final class ValidatingAdmissionPolicyStatusController: Controller {
  public let name = "validatingadmissionpolicy-status-controller"
  static let kind = GroupKind(group: "admissionregistration.k8s.io", kind: "ValidatingAdmissionPolicy")

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    if event.key.kind == Self.kind && event.type != .deleted { queue.add(event.key) }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard var policy = context.client.get(key),
      policy.generation > policy.status[.observedGeneration].int ?? 0
    else { return }
    policy[.status][.observedGeneration] = .int(policy.generation)
    policy[.status]["typeChecking"] = .emptyObject
    try context.client.updateStatus(policy)
  }
}
