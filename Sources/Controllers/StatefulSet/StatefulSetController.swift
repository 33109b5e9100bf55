public import APIMachinery
public import Basics
public import ControllerRuntime

/// Keeps the numbered pods of StatefulSets (`pkg/controller/statefulset/stateful_set.go`).
public final class StatefulSetController: Controller {
  public let name = "statefulset-controller"
  public let watches: Set<GroupKind>? = [.statefulSet, .pod, .controllerRevision]
  private var podOrphans = OrphanIndex()
  private var revisionOrphans = OrphanIndex()
  private var selectors = SelectorIndex()
  private let hashes = TemplateHash()

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    switch event.key.kind {
    case .statefulSet:
      selectors.observe(event)
      queue.add(event.key)
    case .pod:
      let isOrphan = podOrphans.observe(event)
      for object in [event.object, event.old ?? .null] {
        if let key = OwnerReferences.controllerKey(of: object, kind: .statefulSet) { queue.add(key) }
      }
      if isOrphan { for key in selectors.matching(event.object) { queue.add(key) } }
    case .controllerRevision:
      revisionOrphans.observe(event)
    default: break
    }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let set = context.client.get(key) else { return }
    let selector = LabelSelector(set.spec[.selector])
    let history = RevisionHistory(
      set, context.client, hashes, hashLabel: "controller.kubernetes.io/hash")
    let revisions = try history.list(orphans: revisionOrphans)
    let manager = ControllerRefManager(set, selector, context.client)
    let pods = try manager.claim(.pod, orphans: podOrphans) {
      StatefulPod.ordinal($0.name, of: set.name) != nil
    }
    var sync = StatefulSetSync(set, pods, revisions, history, context)
    do {
      try sync.run()
    } catch {
      // What was counted before the refusal is written all the same.
      try sync.writeStatus()
      throw error
    }
    try sync.writeStatus()
    let wait = set.spec[.minReadySeconds].int ?? 0
    if wait > 0 {
      let next = pods.compactMap { PodState.availableAt($0, after: wait) }.filter { $0 > context.now }.min()
      if let next { queue.add(key, at: next) }
    }
  }
}
