import APIMachinery

/// When a workload has what its spec asks for (`kubectl rollout status`).
public enum WorkloadProgress {
  public static func isComplete(_ object: Value) -> Bool { shortfall(object) == nil }

  /// What is missing, or nil. Kinds that have no notion of it are always complete.
  public static func trouble(_ object: Value) -> String? { shortfall(object)?.text }

  private enum Shortfall {
    case plain(String)
    /// `have` of `want`, of what.
    case count(Int, of: Int, String)
    case old(Int)

    var text: String {
      switch self {
      case .plain(let text): text
      case .count(let have, let want, let what): "\(have) of \(want) \(what)"
      case .old(let count): "\(count) old replicas pending termination"
      }
    }
  }

  private static func shortfall(_ object: Value) -> Shortfall? {
    guard let kind = object[.kind].text else { return nil }
    let status = object.status
    if kind.equals("Deployment") { return deployment(object, status) }
    if kind.equals("StatefulSet") { return statefulSet(object, status) }
    if kind.equals("DaemonSet") { return daemonSet(object, status) }
    if kind.equals("ReplicaSet") || kind.equals("ReplicationController") {
      return fewer(status, .readyReplicas, object.spec[.replicas].int ?? 1, "pods ready")
    }
    if kind.equals("Job"), let failed = object.condition("Failed"), says(failed[.status], "True") {
      return .plain("failed: \(failed[.message].string ?? "")")
    }
    return nil
  }

  private static func says(_ value: Value, _ text: StaticString) -> Bool { value.text?.equals(text) ?? false }

  private static func fewer(_ status: Value, _ key: Key, _ want: Int, _ what: String) -> Shortfall? {
    let have = status[key].int ?? 0
    return have < want ? .count(have, of: want, what) : nil
  }

  private static func unobserved(_ object: Value, _ status: Value) -> Shortfall? {
    status[.observedGeneration].int ?? 0 < object.generation ? .plain("spec update not observed") : nil
  }

  private static func deployment(_ object: Value, _ status: Value) -> Shortfall? {
    let want = object.spec[.replicas].int ?? 1
    if let late = unobserved(object, status) { return late }
    if let progressing = object.condition("Progressing"),
      says(progressing[.reason], "ProgressDeadlineExceeded")
    {
      return .plain("exceeded its progress deadline")
    }
    if let few = fewer(status, .updatedReplicas, want, "new replicas updated") { return few }
    let old = (status[.replicas].int ?? 0) - (status[.updatedReplicas].int ?? 0)
    if old > 0 { return .old(old) }
    return fewer(status, .availableReplicas, want, "updated replicas available")
  }

  private static func statefulSet(_ object: Value, _ status: Value) -> Shortfall? {
    let want = object.spec[.replicas].int ?? 1
    if let late = unobserved(object, status) { return late }
    if let few = fewer(status, .readyReplicas, want, "pods ready") { return few }
    let strategy = object.spec[.updateStrategy]
    guard !says(strategy[.type], "OnDelete"), (strategy[.rollingUpdate][.partition].int ?? 0) == 0,
      let update = status[.updateRevision].text, let current = status[.currentRevision].text,
      !(update == current)
    else { return nil }
    return .count(status[.updatedReplicas].int ?? 0, of: want, "pods updated")
  }

  private static func daemonSet(_ object: Value, _ status: Value) -> Shortfall? {
    let want = status[.desiredNumberScheduled].int ?? 0
    if let late = unobserved(object, status) { return late }
    if !says(object.spec[.updateStrategy][.type], "OnDelete"),
      let few = fewer(status, .updatedNumberScheduled, want, "pods updated")
    {
      return few
    }
    return fewer(status, .numberAvailable, want, "pods available")
  }
}
