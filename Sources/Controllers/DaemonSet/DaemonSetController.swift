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

  /// Nodes as they were when they were last looked at, of those that have changed since.
  private var nodesBefore: [ObjectKey: Value] = [:]
  /// When the first object was seen.
  private var began: Instant?
  /// Sets, with their pods, and nodes that were there before the pass and have not changed since. Such a set is
  /// looked at for what is pending, but nodes are not counted anew: nobody would have looked.
  private var unchanged: Set<ObjectKey> = []

  public init(_ pods: PodIndex) { self.pods = pods }

  /// Whether the event tells of something that was there before the pass began.
  private func isOld(_ event: WatchEvent, _ now: Instant) -> Bool {
    if began == nil { began = now }
    guard event.type == .added, now == began else { return false }
    // What is made in this instant has no status yet.
    let status = event.object.status
    return PodState.created(event.object) < now.wholeSecond || !status[.conditions].isEmpty
      || status.has(.observedGeneration)
  }

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
      if isOld(event, now) { unchanged.insert(event.key) } else { unchanged.remove(event.key) }
      if !written.isEcho(event) { queue.add(event.key) }
    case .pod:
      guard let change = pods.change, change.concerns(.daemonSet) else { return }
      // Any change of a pod: the status also tells of nodes, whose changes alone give no reason to look.
      if !isOld(event, now) {
        for owner in [change.owner, change.leftOwner] {
          guard let owner, owner.kind == .daemonSet else { continue }
          unchanged.remove(owner)
          queue.add(owner)
        }
      }
      if change.isOrphan {
        for key in selectors.matching(event.object) { queue.add(key) }
      }
    case .node:
      if let old = event.old, event.type == .modified, old.labels == event.object.labels,
        old.spec == event.object.spec
      {
        return
      }
      if isOld(event, now) { unchanged.insert(event.key) } else { unchanged.remove(event.key) }
      if event.type == .deleted {
        nodesBefore[event.key] = nil
        return
      }
      if let old = event.old, nodesBefore[event.key] == nil { nodesBefore[event.key] = old }
      queue.add(event.key)
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
    let history = RevisionHistory(
      set, context.client, hashes, hashLabel: DaemonSetSync.hashLabel, isNamedByData: false)
    let revisions = try history.list(selector, orphans: revisionOrphans)
    let manager = ControllerRefManager(set, selector, context.client)
    let pods = try manager.claimPods(pods, key)
    var sync = DaemonSetSync(set, pods, context.client.list(.node), history, context)
    sync.backoffs = backoffs[key] ?? [:]
    sync.isUnchanged = unchanged.contains(key) && !Self.waits(set)
    defer { backoffs[key] = sync.backoffs.isEmpty ? nil : sync.backoffs }
    if let stored = try sync.run(revisions) { written.note(key, stored) }
    if let next = sync.nextLook { queue.add(key, at: next) }
  }

  /// Whether pods of the set become available with time, so that it is looked at again without any change.
  private static func waits(_ set: Value) -> Bool { set.spec[.minReadySeconds].int ?? 0 > 0 }

  /// Looks again at sets that have to make or delete a pod because of the node: a node that a set's pods no longer
  /// belong on, and may stay on, does not change its status (`syncNodeUpdate`). Unlike the real controller, which
  /// waits for the next change of a pod, it also looks when the pods belong there again, or when it will look
  /// anyhow: else a later pass would find something to do.
  private func syncNodeUpdate(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) {
    let before = nodesBefore.removeValue(forKey: key)
    guard let node = context.client.get(key), !sets.isEmpty else { return }
    let owners = Set(context.client.pods(onNode: key.name).compactMap { $0.controllerReference?[.uid].key })
    for setKey in sets.sorted() {
      guard let set = context.client.get(setKey) else { continue }
      let rule = rule(setKey, set.spec[.template])
      let verdict = rule.verdict(node)
      let isThere = owners.contains(set.uidKey)
      let was = before.map { rule.verdict($0) } ?? verdict
      if verdict.shouldRun && !isThere || !verdict.mayStay && isThere
        || was != verdict && (verdict.shouldRun || Self.waits(set))
      {
        if !unchanged.contains(key) { unchanged.remove(setKey) }
        queue.add(setKey)
      }
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
