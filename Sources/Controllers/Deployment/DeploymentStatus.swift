import APIMachinery
import Basics
import ControllerRuntime

/// Status and conditions of a Deployment (`sync.go` calculateStatus, `progress.go`).
enum DeploymentStatus {
  static func make(_ d: Value, _ bounds: RolloutBounds, all: [Value], new: Value?, now: Instant) -> Value {
    let available = DeploymentMath.sum(all, status: .availableReplicas)
    let positive = ReplicaSetStatus.positive
    let leaving = all.reduce(0 as Int?) { sum, set in
      set[.status, .terminatingReplicas].int.flatMap { n in sum.map { $0 + n } }
    }
    var conditions = d[.status, .conditions]
    if available >= bounds.least {
      set(
        "Available", true, "MinimumReplicasAvailable", "Deployment has minimum availability.", &conditions,
        now)
    } else {
      set(
        "Available", false, "MinimumReplicasUnavailable", "Deployment does not have minimum availability.",
        &conditions, now)
    }
    return .fields(
      (.observedGeneration, positive(d.generation)),
      (.replicas, positive(DeploymentMath.sum(all, status: .replicas))),
      (.updatedReplicas, positive(new?[.status, .replicas].int ?? 0)),
      (.readyReplicas, positive(DeploymentMath.sum(all, status: .readyReplicas))),
      (.availableReplicas, positive(available)),
      (.unavailableReplicas, positive(max(0, DeploymentMath.sum(all) - available))),
      (.terminatingReplicas, leaving.map { .int($0) }),
      (.collisionCount, d.status.get(.collisionCount)), (.conditions, conditions))
  }

  /// Sets a condition with both its times; nothing changes where status and reason stay.
  static func set(
    _ type: String, _ status: Bool?, _ reason: String, _ message: String, _ conditions: inout Value,
    _ now: Instant
  ) {
    if let old = Condition.find(conditions, type), isSame(old, status, reason) { return }
    var next = Condition.make(type, status, reason: reason, message: message)
    let time = Value.string(RFC3339.string(now))
    next[.lastUpdateTime] = time
    next[.lastTransitionTime] = time
    put(next, &conditions)
  }

  private static func isSame(_ old: Value, _ status: Bool?, _ reason: String) -> Bool {
    let text = status.map { $0 ? "True" : "False" } ?? "Unknown"
    return old[.status].text?.equals(text) ?? false && old[.reason].text?.equals(reason) ?? false
  }

  static func put(_ condition: Value, _ conditions: inout Value) {
    var next = condition
    let type = condition[.type].string ?? ""
    if let old = Condition.find(conditions, type) {
      if old[.status] == next[.status] && old[.reason] == next[.reason] { return }
      if old[.status] == next[.status] { next[.lastTransitionTime] = old[.lastTransitionTime] }
    }
    Condition.remove(type, from: &conditions)
    conditions.append(next)
  }

  /// The deadline for progress in seconds; nil where there is none.
  static func deadline(_ d: Value) -> Int? {
    d[.spec, .progressDeadlineSeconds].int.flatMap { $0 == Int(Int32.max) ? nil : $0 }
  }

  static func isComplete(_ d: Value, _ status: Value) -> Bool {
    let wanted = DeploymentMath.replicas(d)
    return (status[.updatedReplicas].int ?? 0) == wanted && (status[.replicas].int ?? 0) == wanted
      && (status[.availableReplicas].int ?? 0) == wanted
      && (status[.observedGeneration].int ?? 0) >= d.generation
  }

  private static func hasProgressed(_ old: Value, _ new: Value) -> Bool {
    func n(_ status: Value, _ key: Key) -> Int { status[key].int ?? 0 }
    let oldRest = n(old, .replicas) - n(old, .updatedReplicas)
    let newRest = n(new, .replicas) - n(new, .updatedReplicas)
    return n(new, .updatedReplicas) > n(old, .updatedReplicas) || newRest < oldRest
      || n(new, .readyReplicas) > n(old, .readyReplicas)
      || n(new, .availableReplicas) > n(old, .availableReplicas)
  }

  static func hasTimedOut(_ d: Value, now: Instant) -> Bool {
    guard let deadline = deadline(d), let condition = d.condition("Progressing") else { return false }
    if condition[.reason].says("NewReplicaSetAvailable") { return false }
    if condition[.reason].says("ProgressDeadlineExceeded") { return true }
    guard let from = PodState.time(condition[.lastUpdateTime]) else { return false }
    return from + .seconds(deadline) < now
  }

  /// Sets the condition that tells of progress, which stands last then.
  private static func note(
    progress current: Value?, _ message: String, _ conditions: inout Value, _ now: Instant
  ) {
    let time = Value.string(RFC3339.string(now))
    let wasTrue = current?[.status].says("True") ?? false
    var next: Value
    if let current, wasTrue, current[.reason].says("ReplicaSetUpdated"),
      current[.message].text?.equals(message) ?? false
    {
      next = current
    } else {
      next = Condition.make("Progressing", true, reason: "ReplicaSetUpdated", message: message)
      next[.lastTransitionTime] = wasTrue ? current?[.lastTransitionTime] ?? time : time
    }
    next[.lastUpdateTime] = time
    if conditions[conditions.count - 1][.type].says("Progressing") {
      conditions[conditions.count - 1] = next
    } else {
      Condition.remove("Progressing", from: &conditions)
      conditions.append(next)
    }
  }

  /// The status while a rollout goes on, with the condition of its progress.
  static func rollout(_ d: Value, _ bounds: RolloutBounds, all: [Value], new: Value?, now: Instant) -> Value {
    var status = make(d, bounds, all: all, new: new, now: now)
    var conditions = status[.conditions]
    let current = d.condition("Progressing")
    var subject: String { new.map { "ReplicaSet \"\($0.name)\"" } ?? "Deployment \"\(d.name)\"" }
    let isOld =
      status[.replicas].int == status[.updatedReplicas].int
      && current?[.reason].says("NewReplicaSetAvailable") ?? false
    if deadline(d) == nil {
      Condition.remove("Progressing", from: &conditions)
    } else if !isOld {
      if isComplete(d, status) {
        set(
          "Progressing", true, "NewReplicaSetAvailable", "\(subject) has successfully progressed.",
          &conditions,
          now)
      } else if hasProgressed(d.status, status) {
        note(progress: current, "\(subject) is progressing.", &conditions, now)
      } else if hasTimedOut(d, now: now) {
        set(
          "Progressing", false, "ProgressDeadlineExceeded", "\(subject) has timed out progressing.",
          &conditions, now)
      }
    }
    if Condition.find(conditions, "ReplicaFailure") == nil
      && all.allSatisfy({ $0[.status, .conditions].isNull })
    {
      status[.conditions] = conditions
      return status
    }
    let failures = (new.map { [$0] } ?? []) + all
    if let failure = failures.lazy.compactMap({ $0.condition("ReplicaFailure") }).first {
      put(failure.setting(.lastUpdateTime, failure[.lastTransitionTime]), &conditions)
    } else {
      Condition.remove("ReplicaFailure", from: &conditions)
    }
    status[.conditions] = conditions
    return status
  }
}
