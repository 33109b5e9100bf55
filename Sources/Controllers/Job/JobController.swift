public import APIMachinery
public import Basics
public import ControllerRuntime

/// Runs the pods of Jobs to their end (`pkg/controller/job/job_controller.go`).
public final class JobController: Controller {
  public let name = "job-controller"
  public let watches: Set<GroupKind>? = [.job, .pod]
  static let finalizer = "batch.kubernetes.io/job-tracking"
  private var orphans = OrphanIndex()
  private var selectors = SelectorIndex()

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    switch event.key.kind {
    case .job:
      selectors.observe(event)
      queue.add(event.key)
      if event.type == .deleted { abandoned(event.object, queue) }
    case .pod:
      let isOrphan = orphans.observe(event)
      for object in [event.object, event.old ?? .null] {
        if let key = OwnerReferences.controllerKey(of: object, kind: .job) { queue.add(key) }
      }
      if isOrphan { for key in selectors.matching(event.object) { queue.add(key) } }
      if event.type != .deleted && (isOrphan || event.object.isTerminating) && Self.isTracked(event.object) {
        queue.add(event.key)
      }
    default: break
    }
  }

  private var gone: [Key] = []

  /// The finalizers of a deleted Job's pods are taken off one by one.
  private func abandoned(_ job: Value, _ queue: WorkQueue) {
    gone.append(job.uidKey)
    queue.add(ObjectKey(of: job))
  }

  static func isTracked(_ pod: Value) -> Bool {
    pod.metadata[.finalizers].items.contains { $0.string == finalizer }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    if key.kind == .pod { return try untrackOrphan(key, context) }
    while let uid = gone.popLast() {
      for podKey in context.client.owned(by: uid) where podKey.kind == .pod {
        guard let pod = context.client.get(podKey) else { continue }
        try Self.untrack(pod, context)
      }
    }
    guard let job = context.client.get(key) else { return }
    if job.spec[.managedBy].string.map({ $0 != "kubernetes.io/job-controller" }) ?? false { return }
    if JobStatus.isFinished(job) {
      for podKey in context.client.owned(by: job.uidKey) where podKey.kind == .pod {
        if let pod = context.client.get(podKey), PodState.isTerminal(pod) || pod.isTerminating {
          try Self.untrack(pod, context)
        }
      }
      return
    }
    var manager = ControllerRefManager(job, LabelSelector(job.spec[.selector]), context.client)
    manager.finalizer = Self.finalizer
    let pods = try manager.claim(.pod, orphans: orphans)
    var sync = JobSync(job, pods, context, queue)
    try sync.run()
  }

  /// A pod whose Job is gone need not be counted any more.
  private func untrackOrphan(_ key: ObjectKey, _ context: Context) throws(APIError) {
    guard let pod = context.client.get(key), Self.isTracked(pod) else { return }
    if let job = OwnerReferences.controllerKey(of: pod, kind: .job), let owner = context.client.get(job),
      !JobStatus.isFinished(owner), owner.uid == pod.controllerReference?[.uid].string
    {
      return
    }
    try Self.untrack(pod, context)
  }

  static func untrack(_ pod: Value, _ context: Context) throws(APIError) {
    guard isTracked(pod) else { return }
    var next = pod
    let rest = pod.metadata[.finalizers].items.filter { $0.string != finalizer }
    next[.metadata].set(.finalizers, rest.isEmpty ? nil : .array(rest))
    do {
      try context.client.update(next)
    } catch  where error.reason == .notFound {
      return
    }
  }
}
