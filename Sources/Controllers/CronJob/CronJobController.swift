public import APIMachinery
public import Basics
public import ControllerRuntime

/// Makes a Job each time a CronJob is due (`pkg/controller/cronjob/cronjob_controllerv2.go`).
public final class CronJobController: Controller {
  public let name = "cronjob-controller"
  public let watches: Set<GroupKind>? = [.cronJob, .job]
  private static let scheduled: Key = "batch.kubernetes.io/cronjob-scheduled-timestamp"
  /// The clocks of a cluster may differ a little: a Job is made that much after its time.
  private static let delay = Nanoseconds.milliseconds(100)

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    if event.key.kind == .cronJob {
      queue.add(event.key)
    } else if event.key.kind == .job {
      for object in [event.object, event.old ?? .null] {
        if let key = OwnerReferences.controllerKey(of: object, kind: .cronJob) { queue.add(key) }
      }
    }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let cron = context.client.get(key) else { return }
    var jobs: [Value] = []
    for jobKey in context.client.owned(by: cron.uidKey) where jobKey.kind == .job {
      if let job = context.client.get(jobKey), OwnerReferences.isController(cron, of: job) {
        jobs.append(job)
      }
    }
    var status = cron.status
    try trim(cron, jobs, context, &status)
    noteFinished(jobs, context, &status)
    var failure: APIError?
    if !cron.isTerminating, cron.spec[.suspend].bool != true,
      let schedule = schedule(of: cron, context)
    {
      do {
        try start(cron, schedule, context, &status)
      } catch {
        failure = error
      }
      var shown = cron
      shown.status = status
      if failure == nil, let next = nextLook(shown, schedule, context.now) { queue.add(key, at: next) }
    }
    if status != cron.status {
      var next = cron
      next.status = status
      try context.client.updateStatus(next)
    }
    if let failure { throw failure }
  }

  /// The schedule in its time zone; nil, and an event, where one of them cannot be read.
  private func schedule(of cron: Value, _ context: Context) -> CronSchedule? {
    let text = cron.spec[.schedule].string ?? ""
    guard var schedule = CronSchedule(text) else {
      tell(cron, "Warning", "UnparseableSchedule", "unparseable schedule: \(text)", context)
      return nil
    }
    if let name = cron.spec[.timeZone].string {
      guard let zone = TimeZoneRule.named(name) else {
        tell(cron, "Warning", "UnknownTimeZone", "invalid timeZone: \"\(name)\"", context)
        return nil
      }
      schedule.zone = zone
    }
    return schedule
  }

  // MARK: What is there

  private func noteFinished(_ jobs: [Value], _ context: Context, _ status: inout Value) {
    var active: [Value] = []
    for entry in status[.active].items {
      guard let job = jobs.first(where: { $0.metadata[.uid] == entry[.uid] }) else { continue }
      if JobStatus.isFinished(job) { continue }
      active.append(entry)
    }
    status.set(.active, active.isEmpty ? nil : .array(active))
    for job in jobs where JobStatus.isTrue(job, "Complete") {
      guard let end = PodState.time(job.status[.completionTime]) else { continue }
      let known = PodState.time(status[.lastSuccessfulTime])
      if known.map({ $0 < end }) ?? true { status[.lastSuccessfulTime] = job.status[.completionTime] }
    }
  }

  /// Deletes finished Jobs beyond the limits of the history, the oldest first.
  private func trim(_ cron: Value, _ jobs: [Value], _ context: Context, _ status: inout Value)
    throws(APIError)
  {
    for (type, limit) in [
      ("Complete", cron.spec[.successfulJobsHistoryLimit]), ("Failed", cron.spec[.failedJobsHistoryLimit]),
    ] {
      guard let limit = limit.int else { continue }
      let over = jobs.filter { JobStatus.isTrue($0, type) }.sorted { a, b in
        let (x, y) = (a.status[.startTime].string ?? "", b.status[.startTime].string ?? "")
        return x == y ? a.nameKey < b.nameKey : x < y
      }
      for job in over.prefix(max(0, over.count - limit)) where !job.isTerminating {
        try delete(job, cron, context)
      }
    }
  }

  private func delete(_ job: Value, _ cron: Value, _ context: Context) throws(APIError) {
    do {
      try context.client.delete(ObjectKey(of: job), DeleteOptions(propagation: .background))
    } catch  where error.reason == .notFound {
      return
    }
    tell(cron, "Normal", "SuccessfulDelete", "Deleted job \(job.name)", context)
  }

  // MARK: What is due

  private func earliest(_ cron: Value) -> Instant {
    PodState.time(cron.status[.lastScheduleTime]) ?? PodState.created(cron)
  }

  private func nextLook(_ cron: Value, _ schedule: CronSchedule, _ now: Instant) -> Instant? {
    let from = schedule.mostRecent(after: earliest(cron), now: now) ?? earliest(cron)
    return schedule.next(after: max(from, now + .milliseconds(-100))).map { $0 + Self.delay }
  }

  private func start(_ cron: Value, _ schedule: CronSchedule, _ context: Context, _ status: inout Value)
    throws(APIError)
  {
    let now = context.now
    var from = PodState.time(status[.lastScheduleTime]) ?? PodState.created(cron)
    let deadline = cron.spec[.startingDeadlineSeconds].int
    if let deadline { from = max(from, now + .seconds(-deadline)) }
    guard let time = schedule.mostRecent(after: from, now: now) else { return }
    if let deadline, time + .seconds(deadline) < now {
      return tell(
        cron, "Warning", "MissSchedule", "Missed scheduled time to start a job: \(RFC3339.string(time))",
        context)
    }
    let name = "\(cron.name)-\(time.seconds / 60)"
    let active = Array(status[.active].items)
    if active.contains(where: { $0[.name].string == name })
      || PodState.time(status[.lastScheduleTime]) == time
    {
      return
    }
    let policy = cron.spec[.concurrencyPolicy].string
    if policy == "Forbid" && !active.isEmpty {
      return tell(
        cron, "Normal", "JobAlreadyActive",
        "Not starting job because prior execution is running and "
          + "concurrency policy is Forbid", context)
    }
    if policy == "Replace" {
      for entry in active {
        if let job = context.client.get(ObjectKey(.job, cron.namespaceKey, entry[.name].key)) {
          try delete(job, cron, context)
        }
      }
      status.set(.active, nil)
    }
    let job: Value
    do {
      job = try context.client.create(make(cron, name, time, schedule.zone))
    } catch {
      if PodControl.isNamespaceGoing(error) || error.reason == .alreadyExists { return }
      tell(cron, "Warning", "FailedCreate", "Error creating job: \(error.message)", context)
      throw error
    }
    tell(cron, "Normal", "SuccessfulCreate", "Created job \(job.name)", context)
    status[.active].append(
      .fields(
        (.apiVersion, "batch/v1"), (.kind, "Job"), (.name, .string(name)),
        (.namespace, .string(cron.namespace)), (.resourceVersion, job.metadata.get(.resourceVersion)),
        (.uid, .string(job.uid))))
    status[.lastScheduleTime] = .string(RFC3339.string(time))
  }

  private func make(_ cron: Value, _ name: String, _ time: Instant, _ zone: TimeZoneRule?) -> Value {
    let template = cron.spec[.jobTemplate]
    var job: Value = .fields(
      (.apiVersion, "batch/v1"), (.kind, "Job"),
      (
        .metadata,
        .fields(
          (.name, .string(name)), (.namespace, .string(cron.namespace)),
          (.labels, template.metadata.get(.labels)), (.annotations, template.metadata.get(.annotations)),
          (.ownerReferences, [OwnerReferences.controller(cron)]))
      ), (.spec, template[.spec]))
    job.setAnnotation(
      Self.scheduled, RFC3339.string(time, offset: zone.map { $0.offset(at: time).seconds } ?? 0))
    return job
  }

  private func tell(_ cron: Value, _ type: String, _ reason: String, _ message: String, _ context: Context) {
    context.recorder.event(
      cron, type: type, reason: reason, message: message, source: "cronjob-controller", now: context.now)
  }
}
