import API
public import APIMachinery
public import Basics
public import ControllerRuntime

/// Removes pods that nobody looks after any more: those of nodes that are gone, and those being deleted that
/// never got a node (`pkg/controller/podgc/gc_controller.go`).
public final class PodGCController: Component, Memorable {
  private static let id = "pod-garbage-collector-controller"
  public let name = PodGCController.id
  public let watches: Set<GroupKind>? = [.node, .pod]
  public let reach = Reach.namespace
  /// How long a node has to be missing before its pods go.
  private static let quarantine: Nanoseconds = .seconds(40)
  private static let period: Nanoseconds = .seconds(20)
  private static let missingKey: Key = "missing"

  private var nodes: Set<Key> = []
  /// Nodes that pods name and that are not there, since when.
  private var missing: [Key: Instant] = [:]
  private var restored: [Key: Instant] = [:]
  private var queue = WorkQueue()
  private var lastSeen = Instant(nanoseconds: .min)

  public init() {}

  public func observe(_ event: WatchEvent, now: Instant) {
    lastSeen = now
    if event.key.kind == .node {
      if event.type == .deleted {
        nodes.remove(event.key.name)
        miss(event.key.name, now)
      } else {
        nodes.insert(event.key.name)
        missing[event.key.name] = nil
      }
      return
    }
    guard event.key.kind == .pod, event.type != .deleted else { return }
    guard let node = event.object.spec[.nodeName].text, node.count > 0 else {
      if event.object.isTerminating { queue.add(event.key, at: now + Self.period) }
      return
    }
    // A pod stays on its node.
    if let old = event.old, old.spec[.nodeName].text.map({ $0 == node }) ?? false { return }
    let key = Key(utf8: node.utf8)
    if !nodes.contains(key) { miss(key, now) }
  }

  private func miss(_ node: Key, _ now: Instant) {
    if missing[node] != nil { return }
    let since = restored[node] ?? now
    missing[node] = since
    queue.add(ObjectKey(.node, .empty, node), at: max(now, since + Self.quarantine))
  }

  public var nextDue: Instant? { queue.nextDue(now: lastSeen) }

  public func step(_ context: Context) {
    lastSeen = context.now
    guard let key = queue.take(now: context.now) else { return }
    do throws(APIError) {
      if key.kind == .node {
        try collectOrphans(key, context)
      } else if let pod = context.client.get(key), pod.isTerminating, pod.spec[.nodeName].string ?? "" == "" {
        try context.client.delete(key, DeleteOptions(gracePeriodSeconds: 0))
      }
      queue.forget(key)
    } catch {
      queue.add(key, at: context.now + Self.period)
    }
  }

  private func collectOrphans(_ node: ObjectKey, _ context: Context) throws(APIError) {
    guard missing[node.name] != nil else { return }
    missing[node.name] = nil
    restored[node.name] = nil
    if context.client.get(node) != nil { return }
    for pod in context.client.pods(onNode: node.name) {
      do throws(APIError) {
        try markAndDelete(pod, context)
      } catch {
        if error.reason == .notFound { continue }
        missing[node.name] = context.now
        throw error
      }
    }
  }

  /// Fails the pod with the reason of its disruption and deletes it at once (`markFailedAndDeletePod`).
  private func markAndDelete(_ pod: Value, _ context: Context) throws(APIError) {
    if !PodPhase.isTerminal(pod) {
      var next = pod
      var conditions = pod.status[.conditions]
      var condition = Condition.make(
        "DisruptionTarget", true, reason: "DeletionByPodGC", message: "PodGC: node no longer exists")
      condition.set(.observedGeneration, pod.generation > 0 ? .int(pod.generation) : nil)
      Condition.set(condition, in: &conditions, now: context.now)
      next[.status][.conditions] = conditions
      next[.status][.phase] = "Failed"
      try context.client.updateStatus(next)
    }
    try context.client.delete(ObjectKey(of: pod), DeleteOptions(gracePeriodSeconds: 0))
  }

  // MARK: - Memory

  public var memory: Value {
    var all = Value.emptyObject
    for (node, since) in missing.sorted(by: { $0.key < $1.key }) {
      all[node] = .string(RFC3339.string(since))
    }
    return all.isEmpty ? .null : .fields((Self.missingKey, all))
  }

  /// The nodes that are known to be missing, in what all components keep in mind.
  public static func missing(in memory: Value) -> Set<Key> {
    Set(memory[Key(id)][missingKey].fields.map(\.key))
  }

  public func restore(_ memory: Value) {
    for field in memory[Self.missingKey].fields {
      restored[field.key] = field.value.string.flatMap { RFC3339.parse($0) }
    }
  }
}
