import APIMachinery
import Basics
import ControllerRuntime

/// One look of the controller at one DaemonSet (`daemon_controller.go`, `update.go`).
struct DaemonSetSync {
  static let hashLabel: Key = "controller-revision-hash"
  static let generationKey: Key = "deprecated.daemonset.template.generation"

  let set: Value
  let pods: [PodRecord]
  let nodes: [Value]
  let history: RevisionHistory
  let context: Context
  var collisions: Int
  var hash = ""
  var nextLook: Instant?
  /// The set is as an earlier pass left it: its status stays unless something is done for it.
  var isUnchanged = false
  private var hasActed = false
  var backoffs: [Key: (count: Int, last: Instant)] = [:]
  private var byNode: [Key: [PodRecord]] = [:]
  private var verdicts: [DaemonPod.Verdict] = []
  /// The names of the nodes.
  private let names: [Key]
  private lazy var maker = DaemonPod.Maker(set, hash: hash)

  init(
    _ set: Value, _ pods: [PodRecord], _ nodes: [Value], _ history: RevisionHistory, _ context: Context
  ) {
    self.set = set
    self.pods = pods
    self.nodes = nodes
    self.history = history
    self.context = context
    collisions = set.status[.collisionCount].int ?? 0
    byNode.reserveCapacity(pods.count)
    // A pod that is over and being deleted is as good as gone.
    for pod in pods where !(pod.facts.isTerminal && pod.facts.isTerminating) {
      if let node = DaemonPod.node(of: pod) { byNode[node, default: []].append(pod) }
    }
    if byNode.count < pods.count {
      byNode = byNode.mapValues { $0.sorted { $0.key.name < $1.key.name } }
    }
    names = nodes.map(\.nameKey)
    let rule = DaemonPod(set.spec[.template])
    verdicts = nodes.map { rule.verdict($0) }
  }

  private var wait: Int { self.set.spec[.minReadySeconds].int ?? 0 }
  private func isAvailable(_ pod: PodRecord) -> Bool {
    pod.facts.isAvailable(after: wait, now: context.now)
  }
  private func isUpdated(_ pod: PodRecord) -> Bool {
    pod.group.labels.get(Self.hashLabel)?.text?.equals(hash) ?? false
  }

  /// Gives the set as it is stored after its status has been written; nil if that did not change.
  mutating func run(_ revisions: [Value]) throws(APIError) -> Value? {
    let (current, old) = try currentRevision(revisions)
    hash = current.label(Self.hashLabel) ?? ""
    let changed = try manage()
    hasActed = changed
    if !changed && set.spec[.updateStrategy][.type].says("RollingUpdate") { try rollingUpdate() }
    let live = old.isEmpty ? [] : Set(pods.compactMap { $0.group.labels[Self.hashLabel].string })
    let names = Set(old.filter { live.contains($0.label(Self.hashLabel) ?? "") }.map(\.name))
    try history.truncate(old, live: names, limit: set.spec[.revisionHistoryLimit].int ?? 10)
    let stored = try writeStatus()
    if wait > 0 {
      let next = pods.compactMap { $0.facts.availableAt(after: wait) }.filter { $0 > context.now }.min()
      if let next { nextLook = min(next, nextLook ?? next) }
    }
    return stored
  }

  private mutating func currentRevision(_ revisions: [Value]) throws(APIError) -> (Value, [Value]) {
    let data = history.data
    let next = (revisions.last?[.revision].int ?? 0) + 1
    if let same = revisions.last(where: { $0[.data] == data }) {
      let old = revisions.filter { $0.name != same.name }
      let isNewest = (old.last?[.revision].int ?? 0) < same[.revision].int ?? 0
      return (isNewest ? same : try history.renumber(same, next), old)
    }
    let made = try history.create(
      next, collisions: &collisions, labels: set.spec[.template].labels,
      annotations: set.metadata.get(.annotations))
    return (made, revisions)
  }

  // MARK: Pods on nodes

  private mutating func manage() throws(APIError) -> Bool {
    var making: [Key] = []
    var deleting: [PodRecord] = []
    let surge = surgeCount
    for (i, node) in names.enumerated() {
      judge(node, verdicts[i], surge, &making, &deleting)
    }
    let known = Set(names)
    for (_, stray) in byNode.filter({ !known.contains($0.key) }).sorted(by: { $0.key < $1.key }) {
      deleting += stray.filter(\.node.isEmpty)
    }
    var first: APIError?
    for node in making {
      do {
        try PodControl.create(maker.pod(for: node), owner: set, source: "daemonset-controller", context)
      } catch {
        if PodControl.isNamespaceGoing(error) { return true }
        first = first ?? error
      }
    }
    for pod in deleting { try delete(pod) }
    if let first { throw first }
    return !making.isEmpty || !deleting.isEmpty
  }

  private func delete(_ pod: PodRecord) throws(APIError) {
    if pod.facts.isTerminating { return }
    try PodControl.delete(pod.object, owner: set, source: "daemonset-controller", context)
  }

  private mutating func judge(
    _ node: Key, _ verdict: DaemonPod.Verdict, _ surge: Int, _ making: inout [Key],
    _ deleting: inout [PodRecord]
  ) {
    let here = byNode[node] ?? []
    if verdict.shouldRun && here.isEmpty {
      making.append(node)
    } else if !verdict.mayStay {
      deleting += here.filter { !$0.facts.isTerminating }
    } else {
      var running: [PodRecord] = []
      for pod in here where !pod.facts.isTerminating {
        if pod.facts.phase == .failed {
          let past = backoffs[node] ?? (0, context.now + .seconds(-3600))
          let pause = past.count == 0 ? 0 : min(900, 1 << min(past.count - 1, 10))
          let due = past.last + .seconds(pause)
          if due > context.now {
            nextLook = min(due, nextLook ?? due)
            continue
          }
          backoffs[node] = (past.count + 1, context.now)
          deleting.append(pod)
        } else if pod.facts.phase == .succeeded {
          deleting.append(pod)
        } else {
          running.append(pod)
        }
      }
      if surge == 0 {
        deleting += running.count > 1 ? Self.sorted(running).dropFirst() : []
      } else if running.count > 1 {
        trimSurge(Self.sorted(running), &deleting)
      } else if running.isEmpty && verdict.shouldRun {
        // With surge a new pod does not wait until the old one is gone.
        making.append(node)
      }
    }
  }

  /// While surging, one old and one new pod may be on a node as long as the old one is ready and the new one not yet
  /// available.
  private func trimSurge(_ running: [PodRecord], _ deleting: inout [PodRecord]) {
    let old = running.filter { !isUpdated($0) }
    let new = running.filter { isUpdated($0) }
    deleting += old.dropFirst() + new.dropFirst()
    if let old = old.first, let new = new.first, !old.facts.isReady || isAvailable(new) {
      deleting.append(old)
    }
  }

  // MARK: Rolling update

  private var desired: Int { verdicts.count { $0.shouldRun } }

  private var surgeCount: Int {
    guard set.spec[.updateStrategy][.type].says("RollingUpdate") else { return 0 }
    let value = set.spec[.updateStrategy][.rollingUpdate][.maxSurge]
    return IntOrString(value)?.roundUp(of: desired) ?? 0
  }

  private var unavailableCount: Int {
    let value = set.spec[.updateStrategy][.rollingUpdate].get(.maxUnavailable) ?? 1
    let count = IntOrString(value)?.roundUp(of: desired) ?? 0
    return count == 0 && surgeCount == 0 && desired > 0 ? 1 : count
  }

  /// The pods of a node that are not being deleted: one of the present template and one of another; nil if there are
  /// more, which `manage` has to sort out first (`findUpdatedPodsOnNode`).
  private func pair(_ here: [PodRecord]) -> (new: PodRecord?, old: PodRecord?)? {
    var found: (new: PodRecord?, old: PodRecord?)
    for pod in here where !pod.facts.isTerminating {
      if isUpdated(pod) {
        if found.new != nil { return nil }
        found.new = pod
      } else {
        if found.old != nil { return nil }
        found.old = pod
      }
    }
    return found
  }

  private mutating func rollingUpdate() throws(APIError) {
    if surgeCount > 0 { return try surgingUpdate() }
    var unavailable = 0
    var broken: [PodRecord] = []
    var healthy: [PodRecord] = []
    for (i, node) in names.enumerated() {
      let here = byNode[node] ?? []
      if !verdicts[i].shouldRun && here.isEmpty { continue }
      switch pair(here) {
      case (nil, let old?)?:
        if isAvailable(old) {
          healthy.append(old)
        } else {
          broken.append(old)
          unavailable += 1
        }
      case (let new?, nil)?: if !isAvailable(new) { unavailable += 1 }
      default: unavailable += 1
      }
    }
    let leaving = broken + healthy.prefix(max(0, unavailableCount - unavailable))
    for pod in leaving { try delete(pod) }
    hasActed = hasActed || !leaving.isEmpty
  }

  /// New pods come before old ones go. A pod on a node where none should be any more goes when enough others are
  /// available.
  private mutating func surgingUpdate() throws(APIError) {
    var (surging, available) = (0, 0)
    var leaving: [PodRecord] = []
    var misplaced: [PodRecord] = []
    var broken: [Key] = []
    var healthy: [Key] = []
    for (i, node) in names.enumerated() {
      guard let (new, old) = pair(byNode[node] ?? []) else {
        surging += 1
        continue
      }
      if (old ?? new).map({ isAvailable($0) }) ?? false { available += 1 }
      guard let old else { continue }
      if let new {
        if isAvailable(new) { leaving.append(old) } else { surging += 1 }
      } else if isAvailable(old) {
        if verdicts[i].shouldRun { healthy.append(node) } else { misplaced.append(old) }
      } else if verdicts[i].shouldRun {
        broken.append(node)
      } else {
        leaving.append(old)
      }
    }
    leaving += misplaced.prefix(max(0, available - desired))
    let making = broken + healthy.prefix(max(0, surgeCount - surging))
    for node in making {
      try PodControl.create(maker.pod(for: node), owner: set, source: "daemonset-controller", context)
    }
    for pod in leaving { try delete(pod) }
    hasActed = hasActed || !leaving.isEmpty || !making.isEmpty
  }

  // MARK: Status

  private func writeStatus() throws(APIError) -> Value? {
    var (desired, current, misscheduled, ready, updated, available) = (0, 0, 0, 0, 0, 0)
    for (i, node) in names.enumerated() {
      let here = byNode[node] ?? []
      if !verdicts[i].shouldRun {
        if !here.isEmpty { misscheduled += 1 }
        continue
      }
      desired += 1
      guard !here.isEmpty else { continue }
      current += 1
      let oldest = here.count == 1 ? here[0] : Self.sorted(here)[0]
      if oldest.facts.isReady {
        ready += 1
        if isAvailable(oldest) { available += 1 }
      }
      if isUpdated(oldest) { updated += 1 }
    }
    let positive = ReplicaSetStatus.positive
    let status: Value = .fields(
      (.desiredNumberScheduled, .int(desired)), (.currentNumberScheduled, .int(current)),
      (.numberMisscheduled, .int(misscheduled)), (.numberReady, .int(ready)),
      (.updatedNumberScheduled, positive(updated)), (.numberAvailable, positive(available)),
      (.numberUnavailable, positive(desired - available)), (.observedGeneration, .int(set.generation)),
      (.collisionCount, collisions > 0 ? .int(collisions) : nil),
      (.conditions, set.status.get(.conditions)))
    if status == set.status { return nil }
    if isUnchanged && !hasActed && set.status[.observedGeneration].int == set.generation { return nil }
    var next = set
    next.status = status
    return try context.client.updateStatus(next)
  }

  /// Bound pods first, then the older; of those the first by name (`podByCreationTimestampAndPhase`).
  private static func sorted(_ here: [PodRecord]) -> [PodRecord] {
    here.sorted { a, b in
      if a.node.isEmpty != b.node.isEmpty { return b.node.isEmpty }
      let (x, y) = (PodState.created(a.object), PodState.created(b.object))
      return x == y ? a.key.name < b.key.name : x < y
    }
  }
}
