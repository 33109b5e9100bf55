import APIMachinery
import Basics
import ControllerRuntime

enum JobDescriber: Describer {
  static let kind = GroupKind.job

  static func describe(_ job: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.head(job)
    writer.field("Selector", LabelSelector(job.spec.get(.selector)).text)
    writer.metadata(job)
    writer.controller(job)
    writer.optional("Parallelism", job.spec.get(.parallelism))
    writer.field("Completions", job.spec.get(.completions).map { DescribeWriter.text($0) } ?? "<unset>")
    writer.optional("Completion Mode", job.spec.get(.completionMode))
    writer.optional("Suspend", job.spec.get(.suspend))
    writer.optional("Backoff Limit", job.spec.get(.backoffLimit))
    writer.optional("TTL Seconds After Finished", job.spec.get(.ttlSecondsAfterFinished))
    if let start = job.status.get(.startTime) { writer.field("Start Time", DescribeWriter.time(start)) }
    if let end = job.status.get(.completionTime) { writer.field("Completed At", DescribeWriter.time(end)) }
    if let start = PodState.time(job.status[.startTime]), let end = PodState.time(job.status[.completionTime])
    {
      writer.field("Duration", HumanDuration.string((end - start).count / 1_000_000_000))
    }
    if let deadline = job.spec[.activeDeadlineSeconds].int {
      writer.field("Active Deadline Seconds", "\(deadline)s")
    }
    let count = { (key: Key) in job.status[key].int ?? 0 }
    let ready = job.status.get(.ready).map { " (\(DescribeWriter.text($0)) Ready)" } ?? ""
    writer.field(
      "Pods Statuses",
      "\(count(.active)) Active\(ready) / \(count(.succeeded)) Succeeded / \(count(.failed)) Failed")
    if job.spec[.completionMode].says("Indexed") {
      writer.field("Completed Indexes", indexes(job.status[.completedIndexes].string ?? ""))
    }
    PodTemplateText.write(job.spec[.template], &writer)
  }

  /// A long list is cut behind 50 characters.
  static func indexes(_ text: String) -> String {
    if text.isEmpty { return "<none>" }
    let characters = Array(text)
    guard let comma = characters.indices.first(where: { $0 >= 50 && characters[$0] == "," }) else {
      return text
    }
    return String(characters[...comma]) + "..."
  }
}

enum CronJobDescriber: Describer {
  static let kind = GroupKind.cronJob

  static func describe(_ cronJob: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.head(cronJob)
    writer.metadata(cronJob)
    writer.field("Schedule", cronJob.spec[.schedule])
    writer.field("Concurrency Policy", cronJob.spec[.concurrencyPolicy])
    let suspend = cronJob.spec[.suspend].bool
    writer.field("Suspend", suspend.map { $0 ? "True" : "False" } ?? "<unset>")
    unset("Time Zone", cronJob.spec.get(.timeZone), &writer)
    unset("Successful Job History Limit", cronJob.spec.get(.successfulJobsHistoryLimit), &writer)
    unset("Failed Job History Limit", cronJob.spec.get(.failedJobsHistoryLimit), &writer)
    let deadline = cronJob.spec[.startingDeadlineSeconds].int
    writer.field("Starting Deadline Seconds", deadline.map { "\($0)s" } ?? "<unset>")
    let job = cronJob.spec[.jobTemplate][.spec]
    writer.field("Selector", job.get(.selector).map { LabelSelector($0).text } ?? "<unset>")
    unset("Parallelism", job.get(.parallelism), &writer)
    unset("Completions", job.get(.completions), &writer)
    if let seconds = job[.activeDeadlineSeconds].int {
      writer.field("Active Deadline Seconds", "\(seconds)s")
    }
    PodTemplateText.write(job[.template], &writer)
    let last = cronJob.status.get(.lastScheduleTime)
    writer.field("Last Schedule Time", last.map { DescribeWriter.time($0) } ?? "<unset>")
    let active = cronJob.status[.active].items.compactMap { $0[.name].string }
    writer.field("Active Jobs", active.isEmpty ? "<none>" : active.joined(separator: ", "))
  }

  private static func unset(_ title: String, _ value: Value?, _ writer: inout DescribeWriter) {
    writer.field(title, value.map { DescribeWriter.text($0) } ?? "<unset>")
  }
}
