public import APIMachinery
public import Basics
public import ControllerRuntime

/// Runs one pod of a DaemonSet on each node that it fits (`pkg/controller/daemon/daemon_controller.go`).
public final class DaemonSetController: Controller {
  public let name = "daemonset-controller"
  public let watches: Set<GroupKind>? = [.daemonSet, .pod, .node, .controllerRevision]
  private let pods: PodIndex
  private let written = OwnWrites()
  private var revisionOrphans = OrphanIndex()
  private var selectors = SelectorIndex()
  private var sets: Set<ObjectKey> = []
  private let hashes = TemplateHash()
  private var rules: [ObjectKey: (template: Value, rule: DaemonPod)] = [:]
  /// When the last failed pods of a set on a node were taken away, and how often.
  private var backoffs: [ObjectKey: [Key: (count: Int, last: Instant)]] = [:]

  public init(_ pods: PodIndex) { self.pods = pods }

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    switch event.key.kind {
    case .daemonSet:
      selectors.observe(event)
      if event.type == .deleted {
        sets.remove(event.key)
        backoffs[event.key] = nil
        rules[event.key] = nil
      } else {
        sets.insert(event.key)
      }
      if !written.isEcho(event) { queue.add(event.key) }
    case .pod:
      guard let change = pods.change else { return }
      // Any change of a pod: the status also tells of nodes, whose changes alone give no reason to look.
      if let owner = change.pod.owned, owner.key.kind == .daemonSet { queue.add(owner.key) }
      if let left = change.leftOwner, left.key.kind == .daemonSet { queue.add(left.key) }
      if change.pod.owned == nil && change.type != .deleted {
        for key in selectors.matching(event.object) { queue.add(key) }
      }
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
    written.begin()
    guard let set = context.client.get(key) else { return }
    let selector = selectors.selector(of: set, key)
    if selector.isEverything || set.isTerminating { return }
    let history = RevisionHistory(set, context.client, hashes, hashLabel: DaemonSetSync.hashLabel)
    let revisions = try history.list(selector, orphans: revisionOrphans)
    let manager = ControllerRefManager(set, selector, context.client)
    let pods = try manager.claimPods(pods)
    var sync = DaemonSetSync(set, pods, context.client.list(.node), history, context)
    sync.backoffs = backoffs[key] ?? [:]
    defer { backoffs[key] = sync.backoffs.isEmpty ? nil : sync.backoffs }
    if let stored = try sync.run(revisions) { written.note(key, stored) }
    if let next = sync.nextLook { queue.add(key, at: next) }
  }

  /// Looks again only at sets that have to make or delete a pod because of the node: a node that a set's pods
  /// no longer belong on, and may stay on, does not change its status (`syncNodeUpdate`).
  private func syncNodeUpdate(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) {
    guard let node = context.client.get(key), !sets.isEmpty else { return }
    let owners = Set(context.client.pods(onNode: key.name).compactMap { $0.controllerReference?[.uid].key })
    for setKey in sets.sorted() {
      guard let set = context.client.get(setKey) else { continue }
      let verdict = rule(setKey, set.spec[.template]).verdict(node)
      let isThere = owners.contains(set.uidKey)
      if verdict.shouldRun && !isThere || !verdict.mayStay && isThere { queue.add(setKey) }
    }
  }

  /// Where the pods of a set may be, read once for each template.
  private func rule(_ set: ObjectKey, _ template: Value) -> DaemonPod {
    if let known = rules[set], known.template == template { return known.rule }
    let rule = DaemonPod(template)
    rules[set] = (template, rule)
    return rule
  }
}
