public import APIMachinery
public import Basics
public import ControllerRuntime

/// Keeps the numbered pods of StatefulSets (`pkg/controller/statefulset/stateful_set.go`).
public final class StatefulSetController: Controller {
  public let name = "statefulset-controller"
  public let watches: Set<GroupKind>? = [.statefulSet, .pod, .controllerRevision]
  private let pods: PodIndex
  private let written = OwnWrites()
  private var revisionOrphans = OrphanIndex()
  private var selectors = SelectorIndex()
  private let hashes = TemplateHash()

  public init(_ pods: PodIndex) { self.pods = pods }

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    switch event.key.kind {
    case .statefulSet:
      selectors.observe(event)
      if !written.isEcho(event) { queue.add(event.key) }
    case .pod:
      guard let change = pods.change, change.concerns(.statefulSet) else { return }
      if change.isCounted, let owner = change.owner, owner.kind == .statefulSet { queue.add(owner) }
      if let left = change.leftOwner, left.kind == .statefulSet { queue.add(left) }
      if change.isOrphan {
        for key in selectors.matching(event.object) { queue.add(key) }
      }
    case .controllerRevision:
      revisionOrphans.observe(event)
    default: break
    }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    written.begin()
    guard let set = context.client.get(key) else { return }
    let selector = selectors.selector(of: set, key)
    let history = RevisionHistory(
      set, context.client, hashes, hashLabel: "controller.kubernetes.io/hash", isNamedByData: true)
    let revisions = try history.list(selector, orphans: revisionOrphans)
    let manager = ControllerRefManager(set, selector, context.client)
    let pods = try manager.claimPods(pods, key) { StatefulPod.ordinal($0.key.name, of: key.name) != nil }
    var sync = StatefulSetSync(set, pods, revisions, history, context)
    do {
      try sync.run()
    } catch {
      // What was counted before the refusal is written all the same.
      _ = try sync.writeStatus()
      throw error
    }
    if let stored = try sync.writeStatus(),
      stored.status[.currentRevision] == set.status[.currentRevision]
    {
      written.note(key, stored)
    }
    let wait = set.spec[.minReadySeconds].int ?? 0
    if wait > 0 {
      let next = pods.compactMap { $0.facts.availableAt(after: wait) }.filter { $0 > context.now }.min()
      if let next { queue.add(key, at: next) }
    }
  }
}
