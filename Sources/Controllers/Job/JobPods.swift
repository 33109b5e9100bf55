import APIMachinery
import Basics
import ControllerRuntime

/// Making pods, and writing what came out.
extension JobSync {
  private var leaving: Int { pods.count { $0.facts.isLeaving } }

  mutating func managePods() throws(APIError) {
    let wanted: Int
    if let completions {
      wanted = min(parallelism, max(0, completions - succeeded - (isIndexed ? failedIndexes.count : 0)))
    } else {
      wanted = succeeded > 0 ? active.count : parallelism
    }
    if active.count > wanted {
      let sorted = DeletionOrder.sorted(active, now: now) { _ in 0 }
      for pod in sorted.prefix(active.count - wanted) {
        try delete(pod, counted: false)
      }
      return
    }
    var missing = wanted - active.count
    if job.spec[.podReplacementPolicy].string == "Failed" { missing -= leaving }
    if missing <= 0 { return }
    if isIndexed {
      try createIndexed(missing)
      return
    }
    if let due = backoff(count: failed), due > now {
      queue.add(key, at: due)
      return
    }
    for _ in 0..<min(missing, 500) { try create(index: nil) }
  }

  /// Ten seconds, doubled for each failure after the first, up to ten minutes.
  private func backoff(count: Int) -> Instant? {
    guard count > 0, let last = lastFailureOfAll else { return nil }
    return last + .seconds(min(600, 10 << min(count - 1, 6)))
  }

  private var lastFailureOfAll: Instant? {
    pods.filter { $0.facts.phase == .failed }.map { JobSync.finished($0.object) }.max() ?? lastFailure
  }

  private mutating func createIndexed(_ missing: Int) throws(APIError) {
    var taken = done.union(failedIndexes)
    for pod in active { if let i = JobIndexes.index(of: pod.object) { taken.insert(i) } }
    var left = missing
    var failures: [Int: [Value]] = [:]
    for pod in pods where pod.facts.phase == .failed {
      if let index = JobIndexes.index(of: pod.object) { failures[index, default: []].append(pod.object) }
    }
    for index in 0..<(completions ?? 0) where left > 0 && !taken.contains(index) {
      let failedHere = failures[index] ?? []
      let count = perIndex != nil ? failedHere.map { JobSync.failures($0) + 1 }.max() ?? 0 : 0
      let last = failedHere.map { JobSync.finished($0) }.max()
      let past = perIndex != nil ? count : failed
      if past > 0, let last = perIndex != nil ? last : lastFailureOfAll {
        let due = last + .seconds(min(600, 10 << min(past - 1, 6)))
        if due > now {
          queue.add(key, at: due)
          if perIndex == nil { return }
          continue
        }
      }
      try create(index: index, failures: count)
      left -= 1
    }
  }

  private mutating func create(index: Int?, failures: Int = 0) throws(APIError) {
    var pod = PodControl.pod(from: job.spec[.template], owner: job)
    if let index {
      pod[.metadata][.generateName] = .string("\(job.name)-\(index)-")
      pod.setAnnotation(JobIndexes.annotation, String(index))
      pod.setLabel(JobIndexes.annotation, String(index))
      if perIndex != nil { pod.setAnnotation(JobIndexes.failures, String(failures)) }
      pod[.spec][.hostname] = .string("\(job.name)-\(index)")
      pod[.spec][.containers] = Self.withIndex(pod.spec[.containers])
      if !pod.spec[.initContainers].isEmpty {
        pod[.spec][.initContainers] = Self.withIndex(pod.spec[.initContainers])
      }
    }
    pod[.metadata][.finalizers].append(.string(JobController.finalizer))
    do {
      try PodControl.create(pod, owner: job, source: "job-controller", context)
    } catch {
      if PodControl.isNamespaceGoing(error) { return }
      throw error
    }
    madePods += 1
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
    for pod in fresh { try JobController.untrack(pod.object, context) }
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
      if perIndex != nil || !failedIndexes.isEmpty {
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
