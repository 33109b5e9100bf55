import API
public import APIMachinery
public import Basics
public import ControllerRuntime

/// Deletes pods that do not (or no longer) tolerate a `NoExecute` taint of their node
/// (`pkg/controller/tainteviction`).
public final class TaintEvictionController: Controller {
  public let name = "taint-eviction-controller"
  public let watches: Set<GroupKind>? = [.node, .pod]
  /// Nodes with `NoExecute` taints, and the pods on all nodes.
  private var tainted: Set<Key> = []
  /// When a pod that has not started was first looked at; its tolerations last from then on.
  private var firstSeen: [ObjectKey: Instant] = [:]

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    switch event.key.kind {
    case .node:
      let has = event.type != .deleted && Self.noExecute(event.object).count > 0
      if has { tainted.insert(event.key.name) } else { tainted.remove(event.key.name) }
      if has, event.old?.spec[.taints] != event.object.spec[.taints] { queue.add(event.key) }
    case .pod where event.type == .deleted: firstSeen[event.key] = nil
    case .pod where !tainted.isEmpty:
      let node = event.object.spec[.nodeName].key
      guard tainted.contains(node) else { return }
      let isNew = event.old?.spec[.nodeName].key != node
      if isNew || event.old?.spec[.tolerations] != event.object.spec[.tolerations] { queue.add(event.key) }
    default: break
    }
  }

  private static func noExecute(_ node: Value) -> [Value] {
    node.spec[.taints].items.filter { $0[.effect].says("NoExecute") }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    if key.kind == .node {
      for pod in context.client.pods(onNode: key.name) { queue.add(ObjectKey(of: pod)) }
      return
    }
    guard let pod = context.client.get(key), !pod.isTerminating,
      let node = context.client.get(ObjectKey(.node, .empty, pod.spec[.nodeName].key))
    else { return }
    let taints = Self.noExecute(node)
    if taints.isEmpty { return }
    guard let due = evictionTime(key, pod, taints, context) else { return }
    if due > context.now {
      queue.add(key, at: due)
    } else {
      try evict(key, pod, context)
    }
  }

  /// When the pod has to go; nil if it may stay.
  private func evictionTime(_ key: ObjectKey, _ pod: Value, _ taints: [Value], _ context: Context) -> Instant?
  {
    let tolerations = [TolerationView](of: pod)
    var shortest: Int?
    var since: Instant
    if let start = pod.status[.startTime].string.flatMap({ RFC3339.parse($0) }) {
      since = start
    } else {
      since = firstSeen[key] ?? context.now
      firstSeen[key] = since
    }
    for taint in taints {
      let view = TaintView(taint)
      let matching = tolerations.filter { $0.tolerates(view) }
      if matching.isEmpty { return context.now }
      if let added = taint[.timeAdded].string.flatMap({ RFC3339.parse($0) }) { since = max(since, added) }
      for seconds in matching.compactMap(\.seconds) { shortest = min(shortest ?? seconds, max(0, seconds)) }
    }
    return shortest.map { since + .seconds($0) }
  }

  private func evict(_ key: ObjectKey, _ pod: Value, _ context: Context) throws(APIError) {
    context.recorder.event(
      pod, type: "Normal", reason: "TaintManagerEviction",
      message: "Marking for deletion Pod \(pod.namespace)/\(pod.name)", source: name, now: context.now)
    var pod = pod
    var condition = Condition.make(
      "DisruptionTarget", true, reason: "DeletionByTaintManager",
      message: "Taint manager: deleting due to NoExecute taint", observedGeneration: pod.generation)
    condition[.lastProbeTime] = .null
    var conditions = pod.status[.conditions]
    if Condition.set(condition, in: &conditions, now: context.now) {
      pod[.status][.conditions] = conditions
      try context.client.updateStatus(pod)
    }
    try context.client.delete(key, DeleteOptions(uid: pod.uid))
  }
}
