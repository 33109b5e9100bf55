import APIMachinery
import Basics
import ControllerRuntime

/// One look of the controller at one Job.
struct JobSync {
  var job: Value
  let pods: [PodRecord]
  let context: Context
  let queue: WorkQueue
  let isIndexed: Bool
  let completions: Int?
  let parallelism: Int
  var conditions: Value
  var succeeded: Int
  var failed: Int
  var done: Set<Int> = []
  var failedIndexes: Set<Int> = []
  /// Pods that are over and give up their finalizer now.
  var fresh: [PodRecord] = []
  var active: [PodRecord] = []
  /// Pods that have failed and are not yet counted.
  var lost: [(pod: PodRecord, failure: JobFailure)] = []
  /// Of those, by index, the ones that wait for the next pod of their index.
  var delayed: [Int: PodRecord] = [:]
  var madePods = 0

  var now: Instant { context.now }
  var key: ObjectKey { ObjectKey(.job, job.namespaceKey, job.nameKey) }
  var perIndex: Int? { job.spec[.backoffLimitPerIndex].int }

  init(_ job: Value, _ pods: [PodRecord], _ context: Context, _ queue: WorkQueue) {
    self.job = job
    self.pods = pods
    self.context = context
    self.queue = queue
    isIndexed = job.spec[.completionMode].says("Indexed")
    completions = job.spec[.completions].int
    parallelism = job.spec[.parallelism].int ?? 1
    conditions = job.status[.conditions]
    succeeded = job.status[.succeeded].int ?? 0
    failed = job.status[.failed].int ?? 0
    active = pods.filter(\.facts.isActive)
    if isIndexed {
      let limit = completions ?? 0
      done = JobIndexes.parse(job.status[.completedIndexes].string ?? "", below: limit)
      failedIndexes = JobIndexes.parse(job.status[.failedIndexes].string ?? "", below: limit)
    }
  }

  var isSuspended: Bool { job.spec[.suspend].bool ?? false }

  mutating func run() throws(APIError) {
    if !job.status.has(.startTime) && !isSuspended {
      job[.status][.startTime] = context.timestamp
    }
    let verdictOfPolicy = countPods()
    var verdict = finalVerdict(verdictOfPolicy)
    if verdict == nil, let interim = Condition.find(conditions, "FailureTarget"),
      interim[.status].says("True")
    {
      verdict = ("Failed", interim[.reason].string ?? "", interim[.message].string ?? "")
    }
    if verdict == nil, let interim = Condition.find(conditions, "SuccessCriteriaMet"),
      interim[.status].says("True")
    {
      verdict = ("Complete", interim[.reason].string ?? "", interim[.message].string ?? "")
    }
    var manageError: APIError?
    settle(verdict)
    if let verdict {
      mark(verdict)
      for pod in active { try delete(pod, counted: true) }
    } else if job.isTerminating {
      // Nothing is made or taken away any more.
    } else if isSuspended {
      for pod in active { try delete(pod, counted: false) }
      noteSuspension()
    } else {
      noteSuspension()
      do {
        try managePods()
      } catch {
        manageError = error
      }
    }
    try finish(verdict)
    if let manageError { throw manageError }
  }

  /// Deletes an active pod; one that is not to be counted is let go first.
  func delete(_ pod: PodRecord, counted: Bool) throws(APIError) {
    if !counted { try JobController.untrack(pod.object, context) }
    try PodControl.delete(pod.object, owner: job, source: "job-controller", context)
  }

  // MARK: Counting

  /// Looks at the pods that are over and not counted yet; gives the message of a failure policy that ends the Job.
  private mutating func countPods() -> String? {
    var endsJob: String?
    let policy = job.spec[.podFailurePolicy]
    var sorted = pods.map { (record: $0, created: PodState.created($0.object)) }
    sorted.sort {
      $0.created == $1.created ? $0.record.key.name < $1.record.key.name : $0.created < $1.created
    }
    for (record, _) in sorted where JobController.isTracked(record.object) {
      let index = isIndexed ? JobIndexes.index(of: record.object) : nil
      if record.facts.phase == .succeeded {
        fresh.append(record)
        if isIndexed {
          if let index, index < completions ?? 0 { done.insert(index) }
        } else {
          succeeded += 1
        }
      } else if isFailed(record) {
        let verdict = JobFailure(policy, record.object)
        if policy.isObject, verdict.action == "FailJob" { endsJob = endsJob ?? verdict.message }
        lost.append((record, verdict))
        if verdict.isCounted && isOfJob(index) { failed += 1 }
        if let limit = perIndex, let index, index < completions ?? 0,
          verdict.action == "FailIndex"
            || verdict.isCounted && JobIndexes.count(record.object, JobIndexes.failures) >= limit
        {
          failedIndexes.insert(index)
        }
      }
    }
    if isIndexed { succeeded = done.count }
    delayRemovals()
    return endsJob
  }

  /// Whether a failed pod counts for the Job: of an indexed one those of its indexes.
  private func isOfJob(_ index: Int?) -> Bool {
    !isIndexed || index.map { $0 < completions ?? 0 } ?? false
  }

  /// `isPodFailed`: a pod that is being deleted is as good as failed, unless only failed ones are replaced.
  private func isFailed(_ pod: PodRecord) -> Bool {
    pod.facts.phase == .failed || pod.facts.isTerminating && !replacesOnlyFailed
  }

  /// The last failed pod of each index keeps its finalizer, and is not counted, until there is another one to carry
  /// on the number of failures (`getPodsWithDelayedDeletionPerIndex`).
  private mutating func delayRemovals() {
    guard perIndex != nil else { return }
    let running = Set(active.compactMap { JobIndexes.index(of: $0.object) })
    for (pod, _) in lost {
      guard let index = JobIndexes.index(of: pod.object), index < completions ?? 0, !done.contains(index),
        !failedIndexes.contains(index), !running.contains(index)
      else { continue }
      guard let other = delayed[index]?.object else {
        delayed[index] = pod
        continue
      }
      if JobIndexes.absolute(other) <= JobIndexes.absolute(pod.object),
        Self.finished(pod.object) >= Self.finished(other)
      {
        delayed[index] = pod
      }
    }
  }

  /// Decides which pods lose their finalizer and what they count for (`trackJobStatusAndRemoveFinalizers`). When
  /// the Job has failed every pod that is not over counts as failed, and when it goes nothing is kept.
  mutating func settle(_ verdict: Verdict?) {
    var counted = job.status[.failed].int ?? 0
    let isGoing = job.isTerminating || verdict != nil
    for (pod, failure) in lost {
      let index = isIndexed ? JobIndexes.index(of: pod.object) : nil
      if !isGoing, let index, delayed[index] === pod { continue }
      fresh.append(pod)
      if failure.isCounted && isOfJob(index) { counted += 1 }
    }
    if isGoing {
      let policy = job.spec[.podFailurePolicy]
      let known = Set(fresh.map(\.key))
      for pod in pods where JobController.isTracked(pod.object) && !known.contains(pod.key) {
        fresh.append(pod)
        guard verdict?.type == "Failed", isOfJob(isIndexed ? JobIndexes.index(of: pod.object) : nil) else {
          continue
        }
        if JobFailure(policy, pod.object).isCounted { counted += 1 }
      }
    }
    failed = counted
  }

  /// `onlyReplaceFailedPods`.
  var replacesOnlyFailed: Bool {
    job.spec[.podReplacementPolicy].says("Failed") || job.spec.has(.podFailurePolicy)
  }

  /// When a pod ended: its last container, else when it was no longer ready, else when it was deleted
  /// (`getFinishedTime`).
  static func finished(_ pod: Value) -> Instant {
    let sidecars = Set(
      pod.spec[.initContainers].items.filter { $0[.restartPolicy].says("Always") }.map { $0[.name] })
    let statuses =
      Array(pod.status[.containerStatuses].items)
      + pod.status[.initContainerStatuses].items.filter { sidecars.contains($0[.name]) }
    let ends = statuses.map { PodState.time($0[.state][.terminated][.finishedAt]) }
    if !ends.isEmpty, ends.allSatisfy({ $0 != nil }), let last = ends.compactMap({ $0 }).max() { return last }
    if let ready = pod.condition("Ready"), ready[.status].says("False"),
      let since = PodState.time(ready[.lastTransitionTime])
    {
      return since
    }
    guard let deleted = PodState.time(pod.metadata[.deletionTimestamp]) else { return PodState.created(pod) }
    return deleted + .seconds(-(pod.metadata[.deletionGracePeriodSeconds].int ?? 0))
  }

  private static func restarts(_ pods: [PodRecord]) -> Int {
    pods.reduce(0) { sum, record in
      let pod = record.object
      let all = Array(pod.status[.initContainerStatuses].items) + Array(pod.status[.containerStatuses].items)
      return sum + all.reduce(0) { $0 + ($1[.restartCount].int ?? 0) }
    }
  }

  // MARK: Verdicts

  typealias Verdict = (type: String, reason: String, message: String)

  private func finalVerdict(_ policyMessage: String?) -> Verdict? {
    if JobStatus.isTrue(job, "FailureTarget") || JobStatus.isTrue(job, "SuccessCriteriaMet") { return nil }
    if let policyMessage { return ("Failed", "PodFailurePolicy", policyMessage) }
    let limit = job.spec[.backoffLimit].int ?? 6
    let backsOff =
      job.spec[.template][.spec][.restartPolicy].says("OnFailure")
      && Self.restarts(active) > 0 && Self.restarts(active) >= max(limit, 1)
    if failed > limit || backsOff {
      return ("Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit")
    }
    if let deadline = job.spec[.activeDeadlineSeconds].int, !isSuspended,
      let start = PodState.time(job.status[.startTime])
    {
      let end = start + .seconds(deadline)
      if end <= now {
        return ("Failed", "DeadlineExceeded", "Job was active longer than specified deadline")
      }
      queue.add(key, at: end)
    }
    if let most = job.spec[.maxFailedIndexes].int, failedIndexes.count > most {
      return (
        "Failed", "MaxFailedIndexesExceeded",
        "Job has exceeded the specified maximal number of failed indexes"
      )
    }
    if let completions, isIndexed, !failedIndexes.isEmpty, done.count + failedIndexes.count >= completions {
      return ("Failed", "FailedIndexes", "Job has failed indexes")
    }
    if isIndexed,
      let message = JobStatus.success(job.spec[.successPolicy], done: done, below: completions ?? 0)
    {
      return ("Complete", "SuccessPolicy", message)
    }
    let complete: Bool
    if let completions {
      complete = succeeded >= completions
    } else {
      complete = succeeded > 0 && active.isEmpty
    }
    return complete ? ("Complete", "CompletionsReached", "Reached expected number of succeeded pods") : nil
  }

  private mutating func mark(_ verdict: Verdict) {
    let interim = verdict.type == "Failed" ? "FailureTarget" : "SuccessCriteriaMet"
    if Condition.find(conditions, interim)?[.status].string == "True" { return }
    conditions.append(JobStatus.condition(interim, true, verdict.reason, verdict.message, now))
  }

  private mutating func noteSuspension() {
    let known = Condition.find(conditions, "Suspended")
    var next: Value
    if isSuspended {
      if known?[.status].string == "True" { return }
      next = JobStatus.condition("Suspended", true, "JobSuspended", "Job suspended", now)
    } else {
      guard known?[.status].string == "True" else { return }
      next = JobStatus.condition("Suspended", false, "JobResumed", "Job resumed", now)
      job[.status][.startTime] = context.timestamp
    }
    if known != nil {
      conditions = .array(conditions.items.map { $0[.type].says("Suspended") ? next : $0 })
    } else {
      next[.lastProbeTime] = context.timestamp
      conditions.append(next)
    }
  }
}
