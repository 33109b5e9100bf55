public import APIMachinery
public import Basics
public import ControllerRuntime

/// Runs the pods of Jobs to their end (`pkg/controller/job/job_controller.go`).
public final class JobController: Controller {
  public let name = "job-controller"
  public let watches: Set<GroupKind>? = [.job, .pod]
  static let finalizer = "batch.kubernetes.io/job-tracking"
  private let pods: PodIndex
  private var selectors = SelectorIndex()

  public init(_ pods: PodIndex) { self.pods = pods }

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    switch event.key.kind {
    case .job:
      selectors.observe(event)
      queue.add(event.key)
      if event.type == .deleted { abandoned(event.object, queue) }
    case .pod:
      guard let change = pods.change else { return }
      if let owner = change.owner, owner.kind == .job, Self.isCounted(change, event) { queue.add(owner) }
      if let left = change.leftOwner, left.kind == .job { queue.add(left) }
      if change.isOrphan { for key in selectors.matching(event.object) { queue.add(key) } }
      if event.type != .deleted && (change.isOrphan || change.pod.facts.isTerminating)
        && Self.isTracked(event.object)
      {
        queue.add(event.key)
      }
    default: break
    }
  }

  /// Whether a Job has to look at a change of its pod: not when that is merely bound to its node.
  private static func isCounted(_ change: PodChange, _ event: WatchEvent) -> Bool {
    if change.isCounted || !change.isNodeNew { return true }
    let (old, new) = (event.old ?? .null, event.object)
    return old.status[.containerStatuses] != new.status[.containerStatuses]
      || old.status[.initContainerStatuses] != new.status[.initContainerStatuses]
      || old.metadata[.finalizers] != new.metadata[.finalizers]
  }

  private var gone: [(uid: Key, namespace: Key)] = []

  /// The finalizers of a deleted Job's pods are taken off one by one.
  private func abandoned(_ job: Value, _ queue: WorkQueue) {
    gone.append((job.uidKey, job.namespaceKey))
    queue.add(ObjectKey(of: job))
  }

  static func isTracked(_ pod: Value) -> Bool {
    pod.metadata[.finalizers].items.contains { $0.string == finalizer }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    if key.kind == .pod { return try untrackOrphan(key, context) }
    while let (uid, namespace) = gone.popLast() {
      for podKey in context.client.owned(by: uid, in: namespace) where podKey.kind == .pod {
        guard let pod = context.client.get(podKey) else { continue }
        try Self.untrack(pod, context)
      }
    }
    guard let job = context.client.get(key) else { return }
    if job.spec[.managedBy].string.map({ $0 != "kubernetes.io/job-controller" }) ?? false { return }
    if JobStatus.isFinished(job) {
      let own = pods.owned(by: key, uid: job.uidKey).sorted { $0.key.name < $1.key.name }
      for pod in own where pod.facts.isTerminal || pod.facts.isTerminating {
        try Self.untrack(pod.object, context)
      }
      return
    }
    var manager = ControllerRefManager(job, selectors.selector(of: job, key), context.client)
    manager.finalizer = Self.finalizer
    let own = try manager.claimPods(pods, key).sorted { $0.key.name < $1.key.name }
    var sync = JobSync(job, own, context, queue)
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
