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
    for pod in pods {
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
    if !changed && set.spec[.updateStrategy][.type].string == "RollingUpdate" { try rollingUpdate() }
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
      guard verdict.shouldRun || !running.isEmpty else { return }
      let leaving = here.contains(where: \.facts.isTerminating)
      if surge > 0 {
        trimSurge(running, &deleting)
        if running.isEmpty && !leaving && here.isEmpty { making.append(node) }
      } else if running.count > 1 {
        let sorted = running.sorted { a, b in
          let (x, y) = (PodState.created(a.object), PodState.created(b.object))
          return x == y ? a.key.name < b.key.name : x < y
        }
        deleting += sorted.dropFirst()
      }
    }
  }

  /// While surging, one old and one new pod may be on a node until the new one is available.
  private func trimSurge(_ running: [PodRecord], _ deleting: inout [PodRecord]) {
    let old = running.filter { !isUpdated($0) }
    let new = running.filter { isUpdated($0) }
    if new.contains(where: { isAvailable($0) }) { deleting += old } else { deleting += old.dropFirst() }
    deleting += new.dropFirst()
  }

  // MARK: Rolling update

  private var desired: Int { verdicts.count { $0.shouldRun } }

  private var surgeCount: Int {
    guard set.spec[.updateStrategy][.type].string == "RollingUpdate" else { return 0 }
    let value = set.spec[.updateStrategy][.rollingUpdate][.maxSurge]
    return IntOrString(value)?.roundUp(of: desired) ?? 0
  }

  private var unavailableCount: Int {
    let value = set.spec[.updateStrategy][.rollingUpdate].get(.maxUnavailable) ?? 1
    let count = IntOrString(value)?.roundUp(of: desired) ?? 0
    return count == 0 && surgeCount == 0 && desired > 0 ? 1 : count
  }

  private mutating func rollingUpdate() throws(APIError) {
    if surgeCount > 0 { return try surgingUpdate() }
    var unavailable = 0
    var broken: [PodRecord] = []
    var healthy: [PodRecord] = []
    for (i, node) in names.enumerated() {
      let here = byNode[node] ?? []
      let new = here.first { isUpdated($0) && !$0.facts.isTerminating }
      let old = here.first { !isUpdated($0) && !$0.facts.isTerminating }
      if !verdicts[i].shouldRun && new == nil && old == nil { continue }
      if let new {
        if !isAvailable(new) { unavailable += 1 }
      } else if let old {
        if isAvailable(old) {
          healthy.append(old)
        } else {
          broken.append(old)
          unavailable += 1
        }
      } else {
        unavailable += 1
      }
    }
    let leaving = broken + healthy.prefix(max(0, unavailableCount - unavailable))
    for pod in leaving { try delete(pod) }
    hasActed = hasActed || !leaving.isEmpty
  }

  private mutating func surgingUpdate() throws(APIError) {
    var room = surgeCount
    var broken: [Key] = []
    var healthy: [Key] = []
    for (i, node) in names.enumerated() {
      let here = byNode[node] ?? []
      let new = here.first { isUpdated($0) && !$0.facts.isTerminating }
      let old = here.first { !isUpdated($0) && !$0.facts.isTerminating }
      if let old {
        if let new {
          if isAvailable(new) { try delete(old) } else { room -= 1 }
        } else if verdicts[i].shouldRun {
          if isAvailable(old) { healthy.append(node) } else { broken.append(node) }
        }
      }
    }
    for node in (broken + healthy.prefix(max(0, room - broken.count))).prefix(max(broken.count, room)) {
      try PodControl.create(maker.pod(for: node), owner: set, source: "daemonset-controller", context)
    }
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
      let oldest = Self.oldest(here)
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

  /// Bound pods first, then the older; of those the first by name.
  private static func oldest(_ here: [PodRecord]) -> PodRecord {
    if here.count == 1 { return here[0] }
    let sorted = here.sorted { a, b in
      if a.node.isEmpty != b.node.isEmpty { return b.node.isEmpty }
      let (x, y) = (PodState.created(a.object), PodState.created(b.object))
      return x == y ? a.key.name < b.key.name : x < y
    }
    return sorted[0]
  }
}
