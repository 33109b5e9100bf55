import APIMachinery
import Basics
import ControllerRuntime

/// The status of a ReplicaSet or ReplicationController (`replica_set_utils.go`, `calculateStatus`).
enum ReplicaSetStatus {
  static func make(
    _ set: Value, _ pods: [PodRecord], _ count: PodCount, failure: APIError?, countsLeaving: Bool,
    now: Instant
  ) -> Value {
    let template = set[.spec, .template].labels
    let wait = set[.spec, .minReadySeconds].int ?? 0
    var labelled = 0
    var ready = 0
    var available = 0
    var last: (group: PodGroup, matches: Bool)?
    for pod in pods where pod.facts.isActive {
      // Those that match have all labels of the template.
      if last?.group !== pod.group { last = (pod.group, pod.group.labels.hasFields(of: template)) }
      if last?.matches ?? false { labelled += 1 }
      guard pod.facts.isReady else { continue }
      ready += 1
      if pod.facts.isAvailable(after: wait, now: now) { available += 1 }
    }
    let conditions = conditions(set, count.active, failure, now)
    return .fields(
      (.replicas, .int(count.active)), (.fullyLabeledReplicas, positive(labelled)),
      (.readyReplicas, positive(ready)), (.availableReplicas, positive(available)),
      (.terminatingReplicas, countsLeaving ? .int(count.leaving) : nil),
      (.observedGeneration, positive(set.generation)), (.conditions, conditions.isEmpty ? nil : conditions))
  }

  static func positive(_ n: Int) -> Value? { n == 0 ? nil : .int(n) }

  private static func conditions(_ set: Value, _ count: Int, _ failure: APIError?, _ now: Instant) -> Value {
    var all = set[.status, .conditions]
    let known = Condition.find(all, "ReplicaFailure")
    if let failure {
      if known != nil { return all }
      let reason = count < set[.spec, .replicas].int ?? 1 ? "FailedCreate" : "FailedDelete"
      Condition.set(
        Condition.make("ReplicaFailure", true, reason: reason, message: failure.message), in: &all, now: now)
    } else if known != nil {
      Condition.remove("ReplicaFailure", from: &all)
    }
    return all
  }
}

/// How many pods there are of a set.
struct PodCount {
  /// Neither over nor being deleted.
  var active = 0
  /// Being deleted and not yet over.
  var leaving = 0

  init(_ pods: [PodRecord]) {
    for pod in pods {
      if pod.facts.isActive {
        active += 1
      } else if pod.facts.isLeaving {
        leaving += 1
      }
    }
  }
}
