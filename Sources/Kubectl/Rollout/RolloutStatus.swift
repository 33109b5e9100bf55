public import APIMachinery
import ControllerRuntime

/// How far a rollout is (`kubectl/pkg/polymorphichelpers/rollout_status.go`).
public struct RolloutStatus: Equatable, Sendable {
  /// One line, without its end.
  public var text: String
  public var isDone: Bool

  /// `revision` 0 is the latest.
  public static func of(_ object: Value, revision: Int = 0) throws(KubectlError) -> RolloutStatus {
    switch ObjectKey(of: object).kind {
    case .deployment: return try deployment(object, revision)
    case .daemonSet: return try daemonSet(object)
    case .statefulSet: return try statefulSet(object)
    default:
      throw .client("no status viewer has been implemented for \(ObjectKey(of: object).kind)")
    }
  }

  private static func count(_ object: Value, _ key: Key) -> Int { object.status[key].int ?? 0 }

  private static func isObserved(_ object: Value) -> Bool {
    object.generation <= count(object, .observedGeneration)
  }

  private static func deployment(_ object: Value, _ revision: Int) throws(KubectlError) -> RolloutStatus {
    if revision > 0 {
      let running = object.annotation(RolloutRevisions.revisionKey).flatMap { Int($0) } ?? 0
      if running != revision {
        throw .client(
          "desired revision (\(revision)) is different from the running revision (\(running))")
      }
    }
    guard isObserved(object) else {
      return RolloutStatus(text: "Waiting for deployment spec update to be observed...", isDone: false)
    }
    if object.condition("Progressing")?[.reason].string == "ProgressDeadlineExceeded" {
      throw .client("deployment \"\(object.name)\" exceeded its progress deadline")
    }
    let head = "Waiting for deployment \"\(object.name)\" rollout to finish:"
    let (all, updated, available) = (
      count(object, .replicas), count(object, .updatedReplicas), count(object, .availableReplicas)
    )
    if let wanted = object.spec[.replicas].int, updated < wanted {
      return RolloutStatus(
        text: "\(head) \(updated) out of \(wanted) new replicas have been updated...", isDone: false)
    }
    if all > updated {
      return RolloutStatus(
        text: "\(head) \(all - updated) old replicas are pending termination...", isDone: false)
    }
    if available < updated {
      return RolloutStatus(
        text: "\(head) \(available) of \(updated) updated replicas are available...", isDone: false)
    }
    return RolloutStatus(text: "deployment \"\(object.name)\" successfully rolled out", isDone: true)
  }

  private static func onlyRolling(_ object: Value) throws(KubectlError) {
    if !object.spec[.updateStrategy][.type].says("RollingUpdate") {
      throw .client("rollout status is only available for RollingUpdate strategy type")
    }
  }

  private static func daemonSet(_ object: Value) throws(KubectlError) -> RolloutStatus {
    try onlyRolling(object)
    guard isObserved(object) else {
      return RolloutStatus(text: "Waiting for daemon set spec update to be observed...", isDone: false)
    }
    let head = "Waiting for daemon set \"\(object.name)\" rollout to finish:"
    let desired = count(object, .desiredNumberScheduled)
    let updated = count(object, .updatedNumberScheduled)
    if updated < desired {
      return RolloutStatus(
        text: "\(head) \(updated) out of \(desired) new pods have been updated...", isDone: false)
    }
    let available = count(object, .numberAvailable)
    if available < desired {
      return RolloutStatus(
        text: "\(head) \(available) of \(desired) updated pods are available...", isDone: false)
    }
    return RolloutStatus(text: "daemon set \"\(object.name)\" successfully rolled out", isDone: true)
  }

  private static func statefulSet(_ object: Value) throws(KubectlError) -> RolloutStatus {
    try onlyRolling(object)
    if count(object, .observedGeneration) == 0 || !isObserved(object) {
      return RolloutStatus(text: "Waiting for statefulset spec update to be observed...", isDone: false)
    }
    let updated = count(object, .updatedReplicas)
    if let wanted = object.spec[.replicas].int {
      let ready = count(object, .readyReplicas)
      if ready < wanted {
        return RolloutStatus(text: "Waiting for \(wanted - ready) pods to be ready...", isDone: false)
      }
    }
    if let rolling = object.spec[.updateStrategy].get(.rollingUpdate) {
      if let wanted = object.spec[.replicas].int, let partition = rolling[.partition].int,
        updated < wanted - partition
      {
        return RolloutStatus(
          text: "Waiting for partitioned roll out to finish: \(updated) out of \(wanted - partition) new "
            + "pods have been updated...", isDone: false)
      }
      return RolloutStatus(
        text: "partitioned roll out complete: \(updated) new pods have been updated...", isDone: true)
    }
    let revision = object.status[.updateRevision].string ?? ""
    if revision != object.status[.currentRevision].string ?? "" {
      return RolloutStatus(
        text: "waiting for statefulset rolling update to complete \(updated) pods at revision "
          + "\(revision)...", isDone: false)
    }
    return RolloutStatus(
      text: "statefulset rolling update complete \(count(object, .currentReplicas)) pods at revision "
        + "\(revision)...", isDone: true)
  }
}
