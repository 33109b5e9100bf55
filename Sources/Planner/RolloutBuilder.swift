import APIMachinery
import Basics
import PlanReport
import Store

/// Tells what becomes of a workload in the pass.
struct RolloutBuilder {
  private static let podsShown = 8
  let report: ReportBuilder
  init(_ report: ReportBuilder) { self.report = report }

  func rollout(
    _ key: ObjectKey, before: Value?, after: Value, fields: [FieldDifference], pods: [PodChange],
    byOwner: [ObjectName: [Int]]
  ) -> Rollout? {
    guard [GroupKind.deployment, .statefulSet, .daemonSet, .job, .replicaSet].contains(key.kind) else {
      return nil
    }
    var sets: [ReplicaChange] = []
    var owners = [ObjectName(of: after)]
    if key.kind == .deployment {
      for setKey in report.store.owned(by: after.uidKey, in: key.namespace)
      where setKey.kind == .replicaSet {
        let old = report.input.base.get(setKey)
        guard let new = report.store.get(setKey) else { continue }
        owners.append(ObjectName(of: new))
        let (x, y) = (old?.spec[.replicas].int ?? 0, new.spec[.replicas].int ?? 0)
        if x != y { sets.append(ReplicaChange(object: ObjectName(of: new), before: x, after: y)) }
      }
    }
    let indexes = owners.flatMap { byOwner[$0] ?? [] }
    if before != nil && sets.isEmpty && indexes.isEmpty { return nil }
    var rollout = Rollout(strategy: strategy(after), replicas: replicas(after))
    rollout.sets = sets
    // What is in trouble first, then what starts, then what ends.
    func rank(_ p: PodChange) -> Int {
      p.pending != nil ? 0 : p.trouble != nil ? 1 : p.fate == .created ? 2 : 3
    }
    let ranks = indexes.map { rank(pods[$0]) }
    let order = indexes.indices.sorted { ranks[$0] == ranks[$1] ? $0 < $1 : ranks[$0] < ranks[$1] }
    rollout.pods = order.prefix(Self.podsShown).map { pods[indexes[$0]] }
    rollout.morePods = indexes.count - rollout.pods.count
    let course = report.recorder.workloads[key]
    if before != nil, let fewest = course?.fewestReady, fewest > 0 { rollout.fewestReady = fewest }
    if let trouble = WorkloadProgress.trouble(after) {
      rollout.stuck = trouble
    } else if let complete = course?.complete {
      rollout.doneAfter = (complete - report.input.now).inSeconds
    }
    return rollout
  }

  private func replicas(_ object: Value) -> Int {
    switch object.kindName {
    case "DaemonSet": object.status[.desiredNumberScheduled].int ?? 0
    case "Job": object.spec[.completions].int ?? object.spec[.parallelism].int ?? 1
    default: object.spec[.replicas].int ?? 1
    }
  }

  private func strategy(_ object: Value) -> String {
    func text(_ v: Value) -> String? { v.string ?? v.int.map(String.init) }
    switch object.kindName {
    case "Deployment":
      let strategy = object.spec[.strategy]
      guard !strategy[.type].says("Recreate") else { return "Recreate" }
      let rolling = strategy[.rollingUpdate]
      return "RollingUpdate, surge \(text(rolling[.maxSurge]) ?? "25%"), unavailable "
        + (text(rolling[.maxUnavailable]) ?? "25%")
    case "StatefulSet", "DaemonSet":
      return object.spec[.updateStrategy][.type].string ?? "RollingUpdate"
    default: return ""
    }
  }
}
