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
  private let pods: PodIndex
  private var selectors = SelectorIndex()
  private let written = OwnWrites()

  public init(_ kind: GroupKind = .replicaSet, _ pods: PodIndex) {
    self.kind = kind
    self.pods = pods
    name = kind == .replicaSet ? "replicaset-controller" : "replicationcontroller-controller"
  }

  private var source: String { kind == .replicaSet ? "replicaset-controller" : "replication-controller" }

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    if event.key.kind == kind {
      selectors.observe(event)
      if !written.isEcho(event) { queue.add(event.key) }
      return
    }
    guard event.key.kind == .pod, let change = pods.change, change.concerns(kind) else { return }
    if change.isCounted, let owner = change.owner, owner.kind == kind { queue.add(owner) }
    if let left = change.leftOwner, left.kind == kind { queue.add(left) }
    if change.isOrphan {
      for key in selectors.matching(event.object) { queue.add(key) }
    }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    written.begin()
    guard let set = context.client.get(key) else { return }
    let selector = selectors.selector(of: set, key)
    if selector.isEverything { return }
    let manager = ControllerRefManager(set, selector, context.client)
    let all = try manager.claimPods(pods, key)
    let count = PodCount(all)
    var failure: APIError?
    if !set.isTerminating {
      do {
        // The new pods bring the set back before any time has passed; it is then counted as it is.
        if try manage(set, all, count.active, context) { return }
      } catch {
        failure = error
      }
    }
    let status = ReplicaSetStatus.make(
      set, all, count, failure: failure, countsLeaving: kind == .replicaSet, now: context.now)
    if status != set.status {
      var next = set
      next.status = status
      written.note(key, try context.client.updateStatus(canonical: next))
    }
    if let failure { throw failure }
    let wait = set[.spec, .minReadySeconds].int ?? 0
    if wait > 0 {
      let next = all.filter(\.facts.isActive).compactMap { $0.facts.availableAt(after: wait) }
        .filter { $0 > context.now }.min()
      if let next { queue.add(key, at: next) }
    }
  }

  /// Makes or deletes pods; true if it made some and nothing was refused.
  private func manage(_ set: Value, _ all: [PodRecord], _ active: Int, _ context: Context) throws(APIError)
    -> Bool
  {
    let missing = (set[.spec, .replicas].int ?? 1) - active
    if missing > 0 {
      let pod = PodControl.pod(from: set[.spec, .template], owner: set)
      for _ in 0..<min(missing, Self.burst) {
        do {
          try PodControl.create(pod, owner: set, source: source, context)
        } catch {
          if PodControl.isNamespaceGoing(error) { return false }
          throw error
        }
      }
      return true
    }
    if missing < 0 {
      for pod in surplus(set, all.filter(\.facts.isActive), min(-missing, Self.burst), context) {
        try PodControl.delete(pod.object, owner: set, source: source, context)
      }
    }
    return false
  }

  /// The pods to delete: those on nodes crowded by pods of the same Deployment before others.
  private func surplus(_ set: Value, _ active: [PodRecord], _ count: Int, _ context: Context) -> [PodRecord] {
    if count >= active.count { return active.sorted { $0.key.name < $1.key.name } }
    let related = related(to: set, active, context)
    var perNode = [Key: Int](minimumCapacity: related.count)
    for pod in related { perNode[pod.node, default: 0] += 1 }
    let sorted = DeletionOrder.sorted(active, now: context.now) { perNode[$0.node, default: 0] }
    return Array(sorted.prefix(count))
  }

  private func related(to set: Value, _ active: [PodRecord], _ context: Context) -> [PodRecord] {
    guard let owner = set.controllerReference?[.uid].key else { return active }
    var all = active
    for key in context.client.owned(by: owner, in: set.namespaceKey)
    where key.kind == kind && key.name != set.nameKey {
      guard let sibling = context.client.get(key) else { continue }
      all += pods.owned(by: key, uid: sibling.uidKey).filter(\.facts.isActive)
    }
    return all
  }
}
