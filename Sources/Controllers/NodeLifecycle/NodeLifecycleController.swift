public import APIMachinery
public import Basics
public import ControllerRuntime

/// Turns conditions of nodes into taints, and declares nodes unknown whose kubelet fell silent
/// (`pkg/controller/nodelifecycle`).
public final class NodeLifecycleController: Controller, Memorable {
  public let name = "node-lifecycle-controller"
  public let watches: Set<GroupKind>? = [.node, .lease]
  /// `--node-monitor-grace-period`.
  private static let grace = Nanoseconds.seconds(50)
  private static let leases: Key = "kube-node-lease"
  private static let prefix = "node.kubernetes.io/"
  /// Condition, status and taint (`nodeConditionToTaintKeyStatusMap`).
  private static let noSchedule: [(type: String, status: String, taint: String)] = [
    ("Ready", "False", "not-ready"), ("Ready", "Unknown", "unreachable"),
    ("MemoryPressure", "True", "memory-pressure"), ("DiskPressure", "True", "disk-pressure"),
    ("NetworkUnavailable", "True", "network-unavailable"), ("PIDPressure", "True", "pid-pressure"),
  ]
  private var seen: Set<Key> = []
  private var zones = ZoneStates()

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    switch event.key.kind {
    case .node:
      for key in zones.observe(event) { queue.add(key) }
      if event.type == .deleted {
        seen.remove(event.key.name)
        if let next = zones.leave(event.key) { queue.add(next) }
      }
      queue.add(event.key)
    case .lease where event.key.namespace == Self.leases:
      queue.add(ObjectKey(.node, .empty, event.key.name))
    default: break
    }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard var node = context.client.get(key) else { return }
    if seen.insert(key.name).inserted && node.spec[.podCIDR].isNull {
      context.recorder.event(
        node, type: "Normal", reason: "RegisteredNode",
        message: "Node \(node.name) event: Registered Node \(node.name) in Controller",
        source: "node-controller", now: context.now)
    }
    if let lease = context.client.get(ObjectKey(.lease, Self.leases, key.name)),
      let renewed = lease.spec[.renewTime].string.flatMap({ RFC3339.parse($0) })
    {
      let end = renewed + Self.grace
      if end > context.now {
        queue.add(key, at: end)
      } else if let silent = silenced(node, context) {
        node = try context.client.updateStatus(silent)
        try markPodsNotReady(key.name, context)
      }
    }
    // A node that has not reported yet keeps the taint that it was created with.
    guard node.condition("Ready") != nil else { return }
    let wanted = taints(node, context, queue)
    if wanted == node.spec[.taints] || (wanted.isEmpty && node.spec[.taints].isEmpty) { return }
    node[.spec].set(.taints, wanted.isEmpty ? nil : wanted)
    try context.client.update(node)
  }

  /// The node with its conditions unknown; nil when they are already.
  private func silenced(_ node: Value, _ context: Context) -> Value? {
    var conditions = node.status[.conditions]
    var changed = false
    for type in ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"] {
      let old = Condition.find(conditions, type)
      if old?[.status].string == "Unknown" { continue }
      var condition = Condition.make(
        type, nil, reason: old == nil ? "NodeStatusNeverUpdated" : "NodeStatusUnknown",
        message: old == nil
          ? "Kubelet never posted node status." : "Kubelet stopped posting node status.")
      condition.set(.lastHeartbeatTime, old?.get(.lastHeartbeatTime) ?? node.metadata[.creationTimestamp])
      Condition.set(condition, in: &conditions, now: context.now)
      changed = true
    }
    guard changed else { return nil }
    var node = node
    node[.status][.conditions] = conditions
    return node
  }

  /// `controllerutil.MarkPodsNotReady`.
  private func markPodsNotReady(_ node: Key, _ context: Context) throws(APIError) {
    for pod in context.client.pods(onNode: node) {
      guard var ready = pod.condition("Ready"), ready[.status].says("True") else { continue }
      ready[.status] = "False"
      ready.remove(.lastTransitionTime)
      var conditions = pod.status[.conditions]
      Condition.set(ready, in: &conditions, now: context.now)
      var pod = pod
      pod[.status][.conditions] = conditions
      try context.client.updateStatus(pod)
      context.recorder.event(
        pod, type: "Warning", reason: "NodeNotReady", message: "Node is not ready",
        source: "node-controller", now: context.now)
    }
  }

  /// The taint by which the node loses its pods. A node that has one keeps it or changes it at once, others wait for
  /// their turn in their zone; none has it while all nodes are lost.
  private func noExecute(_ node: Value, _ context: Context, _ queue: WorkQueue) -> String? {
    let key = ObjectKey(of: node)
    let names = ["False": Self.prefix + "not-ready", "Unknown": Self.prefix + "unreachable"]
    let taint = names[node.condition("Ready")?[.status].string ?? ""]
    let hasOne = node.spec[.taints].items.contains {
      $0[.effect].says("NoExecute") && names.values.contains($0[.key].string ?? "")
    }
    guard let taint, !zones.isCutOff, !hasOne else {
      if let next = zones.leave(key) { queue.add(next) }
      return zones.isCutOff ? nil : taint
    }
    switch zones.ask(key, now: context.now) {
    case .later: return nil
    case .at(let due):
      queue.add(key, at: due)
      return nil
    case .now:
      if let next = zones.leave(key) { queue.add(next) }
      return taint
    }
  }

  public var memory: Value {
    let kept = zones.memory
    return kept.isEmpty ? .null : .fields(("lastTainted", kept))
  }

  public func restore(_ memory: Value) { zones.restore(memory["lastTainted"]) }

  /// The taints as they should be: those of others, and those that follow from conditions and a cordon.
  private func taints(_ node: Value, _ context: Context, _ queue: WorkQueue) -> Value {
    var due: [(key: String, effect: String)] = []
    for rule in Self.noSchedule where node.condition(rule.type)?[.status].string == rule.status {
      due.append((Self.prefix + rule.taint, "NoSchedule"))
    }
    if node.spec[.unschedulable].bool == true { due.append((Self.prefix + "unschedulable", "NoSchedule")) }
    if let taint = noExecute(node, context, queue) { due.append((taint, "NoExecute")) }
    let own = Set(Self.noSchedule.map { Self.prefix + $0.taint } + [Self.prefix + "unschedulable"])
    var all: [Value] = []
    for taint in node.spec[.taints].items {
      let key = taint[.key].string ?? ""
      let effect = taint[.effect].string ?? ""
      let isOurs =
        effect == "NoSchedule" && own.contains(key)
        || effect == "NoExecute" && (key == Self.prefix + "not-ready" || key == Self.prefix + "unreachable")
      if !isOurs {
        all.append(taint)
      } else if let i = due.firstIndex(where: { $0.key == key && $0.effect == effect }) {
        all.append(taint)
        due.remove(at: i)
      }
    }
    for (key, effect) in due {
      all.append(["key": .string(key), "effect": .string(effect), "timeAdded": context.timestamp])
    }
    return .array(all)
  }
}
