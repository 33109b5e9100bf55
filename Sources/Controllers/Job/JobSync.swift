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
  /// Pods that are over and not yet counted.
  var fresh: [PodRecord] = []
  var active: [PodRecord] = []
  /// Failures counted by the policy as none.
  var lastFailure: Instant?
  var madePods = 0

  var now: Instant { context.now }
  var key: ObjectKey { ObjectKey(.job, job.namespaceKey, job.nameKey) }
  var perIndex: Int? { job.spec[.backoffLimitPerIndex].int }

  init(_ job: Value, _ pods: [PodRecord], _ context: Context, _ queue: WorkQueue) {
    self.job = job
    self.pods = pods
    self.context = context
    self.queue = queue
    isIndexed = job.spec[.completionMode].string == "Indexed"
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
      interim[.status].string == "True"
    {
      verdict = ("Failed", interim[.reason].string ?? "", interim[.message].string ?? "")
    }
    if verdict == nil, let interim = Condition.find(conditions, "SuccessCriteriaMet"),
      interim[.status].string == "True"
    {
      verdict = ("Complete", interim[.reason].string ?? "", interim[.message].string ?? "")
    }
    var manageError: APIError?
    if let verdict {
      mark(verdict)
      for pod in active { try delete(pod, counted: verdict.type == "Failed") }
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

  /// Deletes an active pod; one that is not to be counted as failed is let go first.
  func delete(_ pod: PodRecord, counted: Bool) throws(APIError) {
    if !counted { try JobController.untrack(pod.object, context) }
    try PodControl.delete(pod.object, owner: job, source: "job-controller", context)
  }

  // MARK: Counting

  /// Counts pods that are over; gives the message of a failure policy that ends the Job.
  private mutating func countPods() -> String? {
    var endsJob: String?
    var sorted = pods.map { (record: $0, created: PodState.created($0.object)) }
    sorted.sort {
      $0.created == $1.created ? $0.record.key.name < $1.record.key.name : $0.created < $1.created
    }
    for (record, _) in sorted where JobController.isTracked(record.object) {
      let pod = record.object
      let index = isIndexed ? JobIndexes.index(of: pod) : nil
      if record.facts.phase == .succeeded {
        fresh.append(record)
        if isIndexed {
          if let index, index < completions ?? 0 { done.insert(index) }
        } else {
          succeeded += 1
        }
      } else if record.facts.phase == .failed || record.facts.isTerminating && !replacesOnlyFailed {
        fresh.append(record)
        lastFailure = max(lastFailure ?? Self.finished(pod), Self.finished(pod))
        if let (action, message) = JobStatus.failureAction(job.spec[.podFailurePolicy], pod, index: index) {
          if action == "FailJob" {
            endsJob = endsJob ?? message
          } else if action == "Ignore" {
            continue
          } else if action == "FailIndex", let index {
            failedIndexes.insert(index)
          }
        }
        failed += 1
        if let index, let limit = perIndex, !done.contains(index), Self.failures(pod) >= limit {
          failedIndexes.insert(index)
        }
      }
    }
    if isIndexed { succeeded = done.count }
    failedIndexes.subtract(done)
    return endsJob
  }

  private var replacesOnlyFailed: Bool { job.spec[.podReplacementPolicy].string == "Failed" }

  static func failures(_ pod: Value) -> Int { pod.annotation(JobIndexes.failures).flatMap { Int($0) } ?? 0 }

  /// When the last container of a pod ended.
  static func finished(_ pod: Value) -> Instant {
    let ends = pod.status[.containerStatuses].items.compactMap {
      PodState.time($0[.state][.terminated][.finishedAt])
    }
    return ends.max() ?? PodState.time(pod.metadata[.deletionTimestamp]) ?? PodState.created(pod)
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
      job.spec[.template][.spec][.restartPolicy].string == "OnFailure"
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
      conditions = .array(conditions.items.map { $0[.type].string == "Suspended" ? next : $0 })
    } else {
      next[.lastProbeTime] = context.timestamp
      conditions.append(next)
    }
  }
}
