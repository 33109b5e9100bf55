import APIMachinery
import Basics
import ControllerRuntime

/// Making pods, and writing what came out.
extension JobSync {
  private var leaving: Int { pods.count { $0.facts.isLeaving } }

  mutating func managePods() throws(APIError) {
    let wanted =
      completions.map { min(parallelism, max(0, $0 - succeeded)) }
      ?? (succeeded > 0 ? active.count : parallelism)
    let leave = surplus(atLeast: max(0, active.count - wanted))
    if !leave.isEmpty {
      for pod in leave { try delete(pod, counted: false) }
      return
    }
    let missing = min(500, wanted - active.count - (replacesOnlyFailed ? leaving : 0))
    if missing <= 0 { return }
    if perIndex == nil, let due = backoff(), due > now {
      queue.add(key, at: due)
      return
    }
    if !isIndexed {
      for _ in 0..<missing { try create(index: nil) }
      return
    }
    for index in pendingIndexes(missing) {
      if let last = delayed[index]?.object {
        let due = Self.finished(last) + Self.pause(after: JobIndexes.absolute(last) + 1)
        if due > now {
          queue.add(key, at: due)
          continue
        }
      }
      try create(index: index)
    }
  }

  /// The pods that go: those without an index of the Job, all but one of each index, then as many more as are too
  /// many (`activePodsForRemoval`).
  private func surplus(atLeast count: Int) -> [PodRecord] {
    var leave: [PodRecord] = []
    var stay = active
    if isIndexed {
      stay = []
      var byIndex: [Int: [PodRecord]] = [:]
      for pod in active {
        if let index = JobIndexes.index(of: pod.object), index < completions ?? 0 {
          byIndex[index, default: []].append(pod)
        } else {
          leave.append(pod)
        }
      }
      for (_, same) in byIndex.sorted(by: { $0.key < $1.key }) {
        let sorted = same.count > 1 ? DeletionOrder.sorted(same, now: now) { _ in 0 } : same
        leave += sorted.dropLast()
        stay += sorted.suffix(1)
      }
    }
    if leave.count < count {
      let sorted = DeletionOrder.sorted(stay, now: now) { _ in 0 }
      leave += sorted.prefix(count - leave.count)
    }
    return leave
  }

  /// The lowest indexes that have no pod and are not over (`firstPendingIndexes`).
  private func pendingIndexes(_ count: Int) -> [Int] {
    var taken = done.union(failedIndexes)
    for pod in pods where pod.facts.isActive || replacesOnlyFailed && pod.facts.isLeaving {
      if let index = JobIndexes.index(of: pod.object) { taken.insert(index) }
    }
    return Array((0..<(completions ?? 0)).lazy.filter { !taken.contains($0) }.prefix(count))
  }

  /// Ten seconds, doubled for each failure after the first, up to ten minutes.
  private static func pause(after failures: Int) -> Nanoseconds {
    .seconds(failures > 6 ? 600 : min(600, 10 << max(0, failures - 1)))
  }

  /// When the next pod may be made: after a pause that grows with the failures since the last success
  /// (`backoff_utils.go`).
  private func backoff() -> Instant? {
    let success = pods.filter { $0.facts.phase == .succeeded }.map { Self.finished($0.object) }.max()
    let failures =
      pods.filter { $0.facts.phase == .failed }.map { Self.finished($0.object) }
      + lost.filter { $0.pod.facts.phase != .failed }.map { Self.finished($0.pod.object) }
    let since = failures.filter { time in success.map { time > $0 } ?? true }
    return since.max().map { $0 + Self.pause(after: since.count) }
  }

  private mutating func create(index: Int?) throws(APIError) {
    var pod = PodControl.pod(from: job.spec[.template], owner: job)
    if let index {
      pod[.metadata][.generateName] = .string(JobIndexes.generateName(job.name, index))
      pod.setAnnotation(JobIndexes.annotation, String(index))
      pod.setLabel(JobIndexes.annotation, String(index))
      if perIndex != nil { countFailures(of: index, in: &pod) }
      pod[.spec][.hostname] = .string("\(job.name)-\(index)")
      pod[.spec][.containers] = Self.withIndex(pod.spec[.containers])
      if !pod.spec[.initContainers].isEmpty {
        pod[.spec][.initContainers] = Self.withIndex(pod.spec[.initContainers])
      }
    }
    if !JobController.isTracked(pod) { pod[.metadata][.finalizers].append(.string(JobController.finalizer)) }
    do {
      try PodControl.create(pod, owner: job, source: "job-controller", context)
    } catch {
      if PodControl.isNamespaceGoing(error) { return }
      throw error
    }
    madePods += 1
  }

  /// The new pod goes on with the failures of the one that it replaces (`getNewIndexFailureCounts`).
  private func countFailures(of index: Int, in pod: inout Value) {
    var (failures, ignored) = (0, 0)
    if let last = delayed[index]?.object {
      failures = JobIndexes.count(last, JobIndexes.failures)
      ignored = JobIndexes.count(last, JobIndexes.ignored)
      if JobFailure(job.spec[.podFailurePolicy], last).isCounted { failures += 1 } else { ignored += 1 }
    }
    pod.setAnnotation(JobIndexes.failures, String(failures))
    if ignored > 0 { pod.setAnnotation(JobIndexes.ignored, String(ignored)) }
  }

  /// Each container learns the index from the pod's annotation.
  private static func withIndex(_ containers: Value) -> Value {
    let entry: Value = [
      "name": "JOB_COMPLETION_INDEX",
      "valueFrom": [
        "fieldRef": [
          "apiVersion": "v1", "fieldPath": "metadata.labels['batch.kubernetes.io/job-completion-index']",
        ]
      ],
    ]
    return .array(
      containers.items.map { container in
        if container[.env].items.contains(where: { $0[.name] == entry[.name] }) { return container }
        var next = container
        next[.env].append(entry)
        return next
      })
  }

  /// Takes the finalizers off what has been counted and writes the status; a verdict becomes final when no
  /// pod is left.
  mutating func finish(_ verdict: Verdict?) throws(APIError) {
    for pod in fresh {
      // It may have been deleted in this look.
      if let object = context.client.get(pod.key) { try JobController.untrack(object, context) }
    }
    let present = pods.compactMap { context.client.get($0.key) }
    let stillActive = present.filter { PodState.isActive($0) }
    let stillLeaving = present.count { PodState.isLeaving($0) }
    var status = job.status
    let positive = ReplicaSetStatus.positive
    let activeCount = stillActive.count + madePods
    status.set(.active, positive(activeCount))
    status[.ready] = .int(stillActive.count { PodState.isReady($0) })
    status[.terminating] = .int(stillLeaving)
    status.set(.succeeded, positive(succeeded))
    status.set(.failed, positive(failed))
    status[.uncountedTerminatedPods] = .emptyObject
    if isIndexed {
      status.set(.completedIndexes, done.isEmpty ? nil : .string(JobIndexes.string(done)))
      if perIndex != nil {
        status[.failedIndexes] = .string(JobIndexes.string(failedIndexes))
      }
    }
    if let verdict, activeCount == 0, stillLeaving == 0 {
      conditions.append(JobStatus.condition(verdict.type, true, verdict.reason, verdict.message, now))
      if verdict.type == "Complete" { status[.completionTime] = context.timestamp }
      let isGood = verdict.type == "Complete"
      context.recorder.event(
        job, type: isGood ? "Normal" : "Warning", reason: isGood ? "Completed" : verdict.reason,
        message: isGood ? "Job completed" : verdict.message, source: "job-controller", now: now)
    }
    status.set(.conditions, conditions.isEmpty ? nil : conditions)
    if let start = job.status.get(.startTime) { status[.startTime] = start }
    if isSuspended { status.set(.startTime, nil) }
    guard let stored = context.client.get(key), stored.status != status else { return }
    var next = stored
    next.status = status
    try context.client.updateStatus(next)
  }
}
