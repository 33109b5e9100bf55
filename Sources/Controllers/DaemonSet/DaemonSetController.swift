public import APIMachinery
public import Basics
public import ControllerRuntime

/// Runs one pod of a DaemonSet on each node that it fits (`pkg/controller/daemon/daemon_controller.go`).
public final class DaemonSetController: Controller {
  public let name = "daemonset-controller"
  public let watches: Set<GroupKind>? = [.daemonSet, .pod, .node, .controllerRevision]
  private var podOrphans = OrphanIndex()
  private var revisionOrphans = OrphanIndex()
  private var selectors = SelectorIndex()
  private var sets: Set<ObjectKey> = []
  private let hashes = TemplateHash()
  /// When the last failed pods of a set on a node were taken away, and how often.
  private var backoffs: [ObjectKey: [Key: (count: Int, last: Instant)]] = [:]

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    switch event.key.kind {
    case .daemonSet:
      selectors.observe(event)
      if event.type == .deleted {
        sets.remove(event.key)
        backoffs[event.key] = nil
      } else {
        sets.insert(event.key)
      }
      queue.add(event.key)
    case .pod:
      let isOrphan = podOrphans.observe(event)
      for object in [event.object, event.old ?? .null] {
        if let key = OwnerReferences.controllerKey(of: object, kind: .daemonSet) { queue.add(key) }
      }
      if isOrphan { for key in selectors.matching(event.object) { queue.add(key) } }
    case .node:
      if let old = event.old, event.type == .modified, old.labels == event.object.labels,
        old.spec == event.object.spec
      {
        return
      }
      if event.type != .deleted { queue.add(event.key) }
    case .controllerRevision:
      revisionOrphans.observe(event)
    default: break
    }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    if key.kind == .node { return syncNodeUpdate(key, context, queue) }
    guard let set = context.client.get(key) else { return }
    let selector = LabelSelector(set.spec[.selector])
    if selector.isEverything || set.isTerminating { return }
    let history = RevisionHistory(set, context.client, hashes, hashLabel: DaemonSetSync.hashLabel)
    let revisions = try history.list(orphans: revisionOrphans)
    let manager = ControllerRefManager(set, selector, context.client)
    let pods = try manager.claim(.pod, orphans: podOrphans)
    var sync = DaemonSetSync(set, pods, context.client.list(.node), history, context)
    sync.backoffs = backoffs[key] ?? [:]
    defer { backoffs[key] = sync.backoffs.isEmpty ? nil : sync.backoffs }
    try sync.run(revisions)
    if let next = sync.nextLook { queue.add(key, at: next) }
  }

  /// Looks again only at sets that have to make or delete a pod because of the node: a node that a set's pods
  /// no longer belong on, and may stay on, does not change its status (`syncNodeUpdate`).
  private func syncNodeUpdate(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) {
    guard let node = context.client.get(key), !sets.isEmpty else { return }
    let owners = Set(context.client.pods(onNode: key.name).compactMap { $0.controllerReference?[.uid].key })
    for setKey in sets.sorted() {
      guard let set = context.client.get(setKey) else { continue }
      let verdict = DaemonPod(set.spec[.template]).verdict(node)
      let isThere = owners.contains(set.uidKey)
      if verdict.shouldRun && !isThere || !verdict.mayStay && isThere { queue.add(setKey) }
    }
  }
}
