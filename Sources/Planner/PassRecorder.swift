import APIMachinery
import Basics
import Store

/// Watches a pass as an informer would and keeps what the report needs to tell of its course.
final class PassRecorder {
  struct PodCourse {
    var created: Instant?
    var ready: Instant?
    var gone: Instant?
    var preempted = false
    var last: Value
  }

  struct WorkloadCourse {
    var fewestReady: Int?
    var lastChange: Instant
    var complete: Instant?
  }

  /// Pods that came, went or changed in the pass.
  private(set) var pods: [ObjectKey: PodCourse] = [:]
  /// Their keys in order; asked for when the pass is over.
  private(set) lazy var podKeys: [ObjectKey] = pods.keys.sorted()

  /// The same where it is known what changed, in order: few keys are not among them.
  func sortPods(_ changes: [ObjectChange]) {
    var keys =
      changes.lazy.filter { $0.key.kind == .pod && self.pods[$0.key] != nil }.map(\.key)
      as [ObjectKey]
    if keys.count < pods.count {
      let known = Set(keys)
      keys = (keys + pods.keys.filter { !known.contains($0) }).sorted()
    }
    podKeys = keys
  }
  private(set) var workloads: [ObjectKey: WorkloadCourse] = [:]
  /// False while the components are told what was there before.
  var isRecording = false

  func observe(_ event: WatchEvent, now: Instant) {
    guard isRecording else { return }
    switch event.key.kind {
    case .pod: pod(event, now)
    case .deployment, .statefulSet, .daemonSet, .replicaSet: workload(event, now)
    default: break
    }
  }

  private func pod(_ event: WatchEvent, _ now: Instant) {
    if let at = pods.index(forKey: event.key) {
      Self.note(event, now, in: &pods.values[at], false)
    } else {
      var course = PodCourse(last: event.object)
      Self.note(event, now, in: &course, true)
      pods[event.key] = course
    }
  }

  private static func note(_ event: WatchEvent, _ now: Instant, in course: inout PodCourse, _ isNew: Bool) {
    course.last = event.object
    switch event.type {
    case .added:
      course.created = now
      course.gone = nil
      course.ready = nil
    case .modified: break
    case .deleted: course.gone = now
    }
    // Conditions are looked at when they may have changed.
    if !isNew, let old = event.old, old[.status].identity == event.object[.status].identity { return }
    if course.ready == nil, event.object.condition("Ready")?[.status].says("True") ?? false {
      course.ready = now
    }
    if let condition = event.object.condition("DisruptionTarget"),
      condition[.reason].says("PreemptionByScheduler")
    {
      course.preempted = true
    }
  }

  private func workload(_ event: WatchEvent, _ now: Instant) {
    guard event.type == .modified else { return }
    var course = workloads[event.key] ?? WorkloadCourse(lastChange: now)
    let ready = event.object.status[.readyReplicas].int ?? event.object.status[.numberReady].int ?? 0
    if let old = event.old, course.fewestReady == nil {
      course.fewestReady = old.status[.readyReplicas].int ?? old.status[.numberReady].int ?? 0
    }
    course.fewestReady = min(course.fewestReady ?? ready, ready)
    course.lastChange = now
    if WorkloadProgress.isComplete(event.object) {
      if course.complete == nil { course.complete = now }
    } else {
      course.complete = nil
    }
    workloads[event.key] = course
  }
}
