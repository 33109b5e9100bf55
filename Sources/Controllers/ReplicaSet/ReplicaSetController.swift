public import APIMachinery
public import Basics
public import ControllerRuntime

/// Keeps the number of a ReplicaSet's pods (`pkg/controller/replicaset/replica_set.go`); the same for
/// ReplicationControllers (`pkg/controller/replication`).
public final class ReplicaSetController: Controller {
  public let name: String
  public var watches: Set<GroupKind>? { [kind, .pod] }
  let kind: GroupKind
  /// The most pods made or deleted in one look.
  private static let burst = 500
  private var orphans = OrphanIndex()
  private var selectors = SelectorIndex()

  public init(_ kind: GroupKind = .replicaSet) {
    self.kind = kind
    name = kind == .replicaSet ? "replicaset-controller" : "replicationcontroller-controller"
  }

  private var source: String { kind == .replicaSet ? "replicaset-controller" : "replication-controller" }

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    if event.key.kind == kind {
      selectors.observe(event)
      queue.add(event.key)
      return
    }
    guard event.key.kind == .pod else { return }
    let isOrphan = orphans.observe(event)
    if let key = OwnerReferences.controllerKey(of: event.object, kind: kind) { queue.add(key) }
    if let old = event.old, let key = OwnerReferences.controllerKey(of: old, kind: kind) { queue.add(key) }
    if isOrphan { for key in selectors.matching(event.object) { queue.add(key) } }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let set = context.client.get(key) else { return }
    let source = set.spec[.selector]
    let selector =
      kind == .replicaSet ? LabelSelector(source) : LabelSelector(matchLabels: source)
    if selector.isEverything { return }
    let manager = ControllerRefManager(set, selector, context.client)
    let pods = try manager.claim(.pod, orphans: orphans)
    let active = pods.filter { PodState.isActive($0) }
    let leaving = pods.count { PodState.isLeaving($0) }
    var failure: APIError?
    if !set.isTerminating {
      do {
        try manage(set, active, context)
      } catch {
        failure = error
      }
    }
    let status = ReplicaSetStatus.make(
      set, active: active, leaving: leaving, failure: failure, countsLeaving: kind == .replicaSet,
      now: context.now)
    if status != set.status {
      var next = set
      next.status = status
      try context.client.updateStatus(next)
    }
    if let failure { throw failure }
    let wait = set.spec[.minReadySeconds].int ?? 0
    if wait > 0 {
      let next = active.compactMap { PodState.availableAt($0, after: wait) }.filter { $0 > context.now }.min()
      if let next { queue.add(key, at: next) }
    }
  }

  private func manage(_ set: Value, _ active: [Value], _ context: Context) throws(APIError) {
    let missing = (set.spec[.replicas].int ?? 1) - active.count
    if missing > 0 {
      let pod = PodControl.pod(from: set.spec[.template], owner: set)
      for _ in 0..<min(missing, Self.burst) {
        do {
          try PodControl.create(pod, owner: set, source: source, context)
        } catch {
          if PodControl.isNamespaceGoing(error) { return }
          throw error
        }
      }
    } else if missing < 0 {
      for pod in surplus(set, active, min(-missing, Self.burst), context) {
        try PodControl.delete(pod, owner: set, source: source, context)
      }
    }
  }

  /// The pods to delete: those on nodes crowded by pods of the same Deployment before others.
  private func surplus(_ set: Value, _ active: [Value], _ count: Int, _ context: Context) -> [Value] {
    if count >= active.count { return active }
    var perNode: [Key: Int] = [:]
    for pod in related(to: set, active, context) { perNode[pod.spec[.nodeName].key, default: 0] += 1 }
    let sorted = DeletionOrder.sorted(active, now: context.now) {
      perNode[$0.spec[.nodeName].key, default: 0]
    }
    return Array(sorted.prefix(count))
  }

  private func related(to set: Value, _ active: [Value], _ context: Context) -> [Value] {
    guard let owner = set.controllerReference?[.uid].key else { return active }
    var all = active
    for key in context.client.owned(by: owner) where key.kind == kind && key.name != set.nameKey {
      guard let sibling = context.client.get(key) else { continue }
      for podKey in context.client.owned(by: sibling.uidKey) where podKey.kind == .pod {
        if let pod = context.client.get(podKey), PodState.isActive(pod) { all.append(pod) }
      }
    }
    return all
  }
}
