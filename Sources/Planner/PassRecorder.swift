import APIMachinery
import Basics
import Store

/// Watches a pass as an informer would and keeps what the report needs to tell of its course.
final class PassRecorder {
  struct PodCourse {
    let key: ObjectKey
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

  /// Pods that came, went or changed in the pass, as they were first heard of, and where each stands.
  private var courses: [PodCourse] = []
  private var places: [ObjectKey: Int32] = [:]
  /// The pods in order of their keys, once the pass is over, with what became of them in the store.
  private(set) var pods: [(course: Int32, change: ObjectChange)] = []

  func course(_ number: Int32) -> PodCourse { courses[Int(number)] }

  /// To be called when the pass is over. `changes` are what it changed in the store, in order; few pods are not among
  /// them.
  func sortPods(_ changes: [ObjectChange], _ base: ObjectStore, _ store: ObjectStore) {
    pods = []
    pods.reserveCapacity(courses.count)
    for change in changes where change.key.kind == .pod {
      if let place = places[change.key] { pods.append((place, change)) }
    }
    if pods.count == courses.count { return }
    let known = Set(pods.map(\.course))
    for i in courses.indices where !known.contains(Int32(i)) {
      let key = courses[i].key
      pods.append((Int32(i), ObjectChange(key: key, old: base.get(key), new: store.get(key))))
    }
    pods.sort { $0.change.key < $1.change.key }
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
    if let place = places[event.key] {
      Self.note(event, now, in: &courses[Int(place)], false)
    } else {
      var course = PodCourse(key: event.key, last: event.object)
      Self.note(event, now, in: &course, true)
      places[event.key] = Int32(courses.count)
      courses.append(course)
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
