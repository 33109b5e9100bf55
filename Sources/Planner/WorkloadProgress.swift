import APIMachinery

/// When a workload has what its spec asks for (`kubectl rollout status`).
public enum WorkloadProgress {
  public static func isComplete(_ object: Value) -> Bool { trouble(object) == nil }

  /// What is missing, or nil. Kinds that have no notion of it are always complete.
  public static func trouble(_ object: Value) -> String? {
    let status = object.status
    func n(_ key: Key) -> Int { status[key].int ?? 0 }
    switch object.kindName {
    case "Deployment":
      let want = object.spec[.replicas].int ?? 1
      if n(.observedGeneration) < object.generation { return "spec update not observed" }
      if object.condition("Progressing")?[.reason].string == "ProgressDeadlineExceeded" {
        return "exceeded its progress deadline"
      }
      if n(.updatedReplicas) < want { return "\(n(.updatedReplicas)) of \(want) new replicas updated" }
      if n(.replicas) > n(.updatedReplicas) {
        return "\(n(.replicas) - n(.updatedReplicas)) old replicas pending termination"
      }
      if n(.availableReplicas) < want {
        return "\(n(.availableReplicas)) of \(want) updated replicas available"
      }
    case "StatefulSet":
      let want = object.spec[.replicas].int ?? 1
      if n(.observedGeneration) < object.generation { return "spec update not observed" }
      if n(.readyReplicas) < want { return "\(n(.readyReplicas)) of \(want) pods ready" }
      if object.spec[.updateStrategy][.type].string != "OnDelete",
        (object.spec[.updateStrategy][.rollingUpdate][.partition].int ?? 0) == 0,
        let update = status[.updateRevision].string, let current = status[.currentRevision].string,
        update != current
      {
        return "\(n(.updatedReplicas)) of \(want) pods updated"
      }
    case "DaemonSet":
      let want = n(.desiredNumberScheduled)
      if n(.observedGeneration) < object.generation { return "spec update not observed" }
      if object.spec[.updateStrategy][.type].string != "OnDelete", n(.updatedNumberScheduled) < want {
        return "\(n(.updatedNumberScheduled)) of \(want) pods updated"
      }
      if n(.numberAvailable) < want { return "\(n(.numberAvailable)) of \(want) pods available" }
    case "ReplicaSet", "ReplicationController":
      let want = object.spec[.replicas].int ?? 1
      if n(.readyReplicas) < want { return "\(n(.readyReplicas)) of \(want) pods ready" }
    case "Job":
      if object.condition("Failed")?[.status].string == "True" {
        return "failed: \(object.condition("Failed")?[.message].string ?? "")"
      }
    default: break
    }
    return nil
  }
}
