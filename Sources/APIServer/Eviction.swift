import API
import APIMachinery
import Basics
import Store

/// The `pods/eviction` sub-resource (`registry/core/pod/storage/eviction.go`).
extension APIServer {
  public func evict(_ pod: ObjectKey, _ options: DeleteOptions) throws(APIError) {
    guard let object = store.get(pod) else { throw notFound(pod) }
    if let uid = options.uid, uid != object.uid {
      throw .uidConflict("pods", pod.name.string, given: uid, stored: object.uid)
    }
    if !Eviction.ignoresBudgets(object) {
      let budgets = inNamespace(.podDisruptionBudget, pod.namespace).filter {
        $0[.spec].has(.selector) && LabelSelector($0[.spec].get(.selector)).matches(object)
      }
      if budgets.count > 1 {
        throw APIError(
          .internalError,
          "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.")
      }
      if let budget = budgets.first { try Eviction.charge(self, budget, object) }
    }
    try markDisrupted(pod)
    try delete(pod, options)
  }

  /// Says on the pod why it goes.
  private func markDisrupted(_ pod: ObjectKey) throws(APIError) {
    guard let object = store.get(pod), !object.isTerminating else { return }
    var changed = object
    var conditions = object[.status][.conditions]
    var condition = Condition.make(
      "DisruptionTarget", true, reason: "EvictionByEvictionAPI", message: "Eviction API: evicting",
      observedGeneration: object.generation)
    condition[.lastProbeTime] = .null
    Condition.set(condition, in: &conditions, now: clock.now)
    changed[.status] = changed[.status].setting(.conditions, conditions)
    try updateStatus(changed)
  }
}

enum Eviction {
  /// Pods that are done, never started or go anyway need no budget.
  static func ignoresBudgets(_ pod: Value) -> Bool {
    if pod.isTerminating { return true }
    return PodPhase.isTerminal(pod) || pod[.status, .phase].says("Pending")
  }

  /// Takes one disruption from the budget, or refuses.
  static func charge(_ server: APIServer, _ budget: Value, _ pod: Value) throws(APIError) {
    let status = budget[.status]
    let current = status[.currentHealthy].int ?? 0
    let desired = status[.desiredHealthy].int ?? 0
    if !isReady(pod) {
      if budget[.spec][.unhealthyPodEvictionPolicy].says("AlwaysAllow") { return }
      if current >= desired && desired > 0 { return }
    }
    if (status[.observedGeneration].int ?? 0) < budget.generation {
      throw tooMany("The disruption budget \(budget.name) is still being processed by the server.")
    }
    let allowed = status[.disruptionsAllowed].int ?? 0
    if allowed < 0 {
      throw .forbidden("poddisruptionbudgets.policy", budget.name, "pdb disruptions allowed is negative")
    }
    if status[.disruptedPods].count > 2000 {
      throw .forbidden(
        "poddisruptionbudgets.policy", budget.name,
        "DisruptedPods map too big - too many evictions not confirmed by PDB controller")
    }
    if allowed == 0 {
      throw tooMany(
        "The disruption budget \(budget.name) needs \(desired) healthy pods and has \(current) currently")
    }
    var changed = budget
    var next = status.setting(.disruptionsAllowed, .int(allowed - 1))
    next[.disruptedPods] = next[.disruptedPods].setting(pod.nameKey, server.timestamp)
    if allowed == 1 {
      var conditions = next[.conditions]
      Condition.set(
        Condition.make(
          "DisruptionAllowed", false, reason: "InsufficientPods", observedGeneration: budget.generation
        ).setting(.message, ""), in: &conditions, now: server.clock.now)
      next[.conditions] = conditions
    }
    changed[.status] = next
    try server.updateStatus(changed)
  }

  private static func isReady(_ pod: Value) -> Bool { pod.condition("Ready")?[.status].string == "True" }

  private static func tooMany(_ why: String) -> APIError {
    APIError(
      .tooManyRequests, "Cannot evict pod as it would violate the pod's disruption budget.",
      causes: [APIError.Cause(reason: "DisruptionBudget", message: why, field: "")])
  }
}
