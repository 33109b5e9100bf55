import APIMachinery
import Basics
import ControllerRuntime

/// One look of the controller at one StatefulSet (`stateful_set_control.go`).
struct StatefulSetSync {
  let set: Value
  /// In the order of their names.
  let pods: [PodRecord]
  let history: RevisionHistory
  let context: Context
  var revisions: [Value]
  var status: Value
  var collisions: Int
  let start: Int
  let wanted: Int

  init(
    _ set: Value, _ pods: [PodRecord], _ revisions: [Value], _ history: RevisionHistory, _ context: Context
  ) {
    self.set = set
    self.pods = pods.sorted { $0.key.name < $1.key.name }
    self.revisions = revisions
    self.history = history
    self.context = context
    status = set.status
    collisions = set.status[.collisionCount].int ?? 0
    start = set.spec[.ordinals][.start].int ?? 0
    wanted = max(0, set.spec[.replicas].int ?? 1)
  }

  private var isOrdered: Bool { !self.set.spec[.podManagementPolicy].says("Parallel") }
  private var wait: Int { self.set.spec[.minReadySeconds].int ?? 0 }
  private func number(_ pod: PodRecord) -> Int {
    StatefulPod.ordinal(pod.key.name, of: set.nameKey) ?? 0
  }
  private func isAvailable(_ pod: PodRecord) -> Bool {
    pod.facts.isAvailable(after: wait, now: context.now)
  }
  private func runs(_ pod: PodRecord) -> Bool { pod.facts.phase == .running && pod.facts.isReady }
  /// Whether the pod was made by the revision.
  private func isBy(_ revision: Value, _ pod: PodRecord) -> Bool {
    guard let label = pod.group.labels.get(StatefulPod.revisionLabel)?.text else { return false }
    return revision[.metadata][.name].text.map { $0 == label } ?? false
  }

  mutating func run() throws(APIError) {
    let update = try updateRevision()
    let current = revisions.first { $0.name == set.status[.currentRevision].string } ?? update
    if set.isTerminating {
      count(current, update)
      return
    }
    count(current, update)
    defer { completeRolling() }
    try converge(current, update)
    let live = Set(
      [current.name, update.name]
        + (revisions.count > 1 ? pods.compactMap { $0.group.labels[StatefulPod.revisionLabel].string } : []))
    try history.truncate(revisions, live: live, limit: set.spec[.revisionHistoryLimit].int ?? 10)
  }

  // MARK: Revisions

  private mutating func updateRevision() throws(APIError) -> Value {
    let data = history.data
    let next = (revisions.last?[.revision].int ?? 0) + 1
    let same = revisions.last { $0[.data] == data }
    if let same {
      if same.name == revisions.last?.name { return same }
      return try history.renumber(same, next)
    }
    let made = try history.create(
      next, collisions: &collisions, labels: set.spec[.template].labels,
      annotations: set.metadata.get(.annotations))
    revisions.append(made)
    return made
  }

  private func template(_ revision: Value) -> Value {
    revision[.data][.spec][.template].removing("$patch")
  }

  // MARK: Status

  private mutating func count(_ current: Value, _ update: Value) {
    var (ready, available, updated, currents) = (0, 0, 0, 0)
    for pod in pods {
      if runs(pod) {
        ready += 1
        if isAvailable(pod) { available += 1 }
      }
      if pod.facts.isTerminating { continue }
      if isBy(current, pod) { currents += 1 }
      if isBy(update, pod) { updated += 1 }
    }
    let positive = ReplicaSetStatus.positive
    status = .fields(
      (.observedGeneration, .int(set.generation)), (.replicas, .int(pods.count)),
      (.readyReplicas, positive(ready)), (.availableReplicas, .int(available)),
      (.currentReplicas, positive(currents)), (.updatedReplicas, positive(updated)),
      (.currentRevision, .string(current.name)), (.updateRevision, .string(update.name)),
      (.collisionCount, .int(collisions)), (.conditions, set.status.get(.conditions)))
  }

  private mutating func completeRolling() {
    guard set.spec[.updateStrategy][.type].says("RollingUpdate") || !set.spec.has(.updateStrategy),
      status[.updatedReplicas].int ?? 0 == status[.replicas].int ?? 0,
      status[.readyReplicas].int ?? 0 == status[.replicas].int ?? 0
    else { return }
    status.set(.currentReplicas, status.get(.updatedReplicas))
    status[.currentRevision] = status[.updateRevision]
  }

  /// Writes the status if it has changed; gives what is stored then.
  func writeStatus() throws(APIError) -> Value? {
    if status == set.status { return nil }
    var next = set
    next.status = status
    return try context.client.updateStatus(next)
  }

  private mutating func bump(_ key: Key, _ by: Int) {
    status.set(key, ReplicaSetStatus.positive((status[key].int ?? 0) + by))
    if key == .replicas && !status.has(.replicas) { status[.replicas] = 0 }
  }

  // MARK: Pods

  /// Goes over the numbers and stops, where order is kept, at the first that is not as it should be.
  private mutating func converge(_ current: Value, _ update: Value) throws(APIError) {
    var slots: [Int: PodRecord] = [:]
    var condemned: [PodRecord] = []
    for pod in pods {
      let n = number(pod)
      if n >= start && n < start + wanted { slots[n] = pod } else { condemned.append(pod) }
    }
    condemned.sort { number($0) > number($1) }
    try keepClaims(condemned)
    for n in start..<(start + wanted) {
      if try place(n, slots[n], current, update) { return }
    }
    let unhealthy = firstUnhealthy(slots, condemned)
    for pod in condemned {
      if pod.facts.isTerminating {
        if isOrdered { return }
        continue
      }
      if isOrdered, !runs(pod), pod.key.name != unhealthy { return }
      if isOrdered, runs(pod), !isAvailable(pod), pod.key.name != unhealthy { return }
      try remove(pod)
      drop(pod, current, update)
      if isOrdered { return }
    }
    guard !set.spec[.updateStrategy][.type].says("OnDelete") else { return }
    try roll(slots, current, update)
  }

  /// The lowest-numbered pod in need, or of those to go the highest.
  private func firstUnhealthy(_ slots: [Int: PodRecord], _ condemned: [PodRecord]) -> Key? {
    if condemned.isEmpty { return nil }
    for n in slots.keys.sorted() {
      if let pod = slots[n], !runs(pod) || pod.facts.isTerminating { return pod.key.name }
    }
    return condemned.reversed().first { !runs($0) || $0.facts.isTerminating }?.key.name
  }

  private mutating func drop(_ pod: PodRecord, _ current: Value, _ update: Value) {
    if isBy(current, pod) { bump(.currentReplicas, -1) }
    if isBy(update, pod) { bump(.updatedReplicas, -1) }
  }

  private func remove(_ pod: PodRecord) throws(APIError) {
    try PodControl.delete(pod.object, owner: set, source: "statefulset-controller", context)
  }

  /// True if the look ends here.
  private mutating func place(_ n: Int, _ pod: PodRecord?, _ current: Value, _ update: Value) throws(APIError)
    -> Bool
  {
    guard let pod else {
      try makeClaims(n)
      let revision = birthRevision(n, current, update)
      let fresh = StatefulPod.make(set, template(revision), n, revision: revision.name)
      do {
        try PodControl.create(fresh, owner: set, source: "statefulset-controller", context)
      } catch {
        if PodControl.isNamespaceGoing(error) { return true }
        throw error
      }
      bump(.replicas, 1)
      if revision.name == current.name { bump(.currentReplicas, 1) }
      if revision.name == update.name { bump(.updatedReplicas, 1) }
      return isOrdered
    }
    if pod.facts.isTerminal {
      if !pod.facts.isTerminating { try remove(pod) }
      bump(.replicas, -1)
      drop(pod, current, update)
      return isOrdered
    }
    if pod.facts.phase == .pending { try makeClaims(n) }
    if pod.facts.isTerminating || !runs(pod) || !isAvailable(pod) { return isOrdered }
    return false
  }

  /// By which revision a missing pod is made (`newVersionedStatefulSetPod`).
  private func birthRevision(_ n: Int, _ current: Value, _ update: Value) -> Value {
    if current.name == update.name { return update }
    let rolling = set.spec[.updateStrategy]
    if rolling[.type].says("OnDelete") { return update }
    let partition = rolling[.rollingUpdate][.partition].int ?? 0
    return n < start + partition ? current : update
  }

  // MARK: Updates

  private mutating func roll(_ slots: [Int: PodRecord], _ current: Value, _ update: Value) throws(APIError) {
    let rolling = set.spec[.updateStrategy][.rollingUpdate]
    let first = start + (rolling[.partition].int ?? 0)
    guard let bound = rolling.get(.maxUnavailable).flatMap({ IntOrString($0) }) else {
      for n in stride(from: start + wanted - 1, through: max(first, start), by: -1) {
        guard let pod = slots[n] else { return }
        if !isBy(update, pod) && !pod.facts.isTerminating {
          try remove(pod)
          drop(pod, current, update)
          return
        }
        if !runs(pod) || pod.facts.isTerminating || !isAvailable(pod) { return }
      }
      return
    }
    let most = max(1, bound.roundUp(of: wanted) ?? 1)
    var unavailable = 0
    for n in start..<(start + wanted) {
      guard let pod = slots[n], runs(pod), !pod.facts.isTerminating, isAvailable(pod) else {
        unavailable += 1
        continue
      }
    }
    var room = most - unavailable
    for n in stride(from: start + wanted - 1, through: max(first, start), by: -1) {
      guard let pod = slots[n], !isBy(update, pod), !pod.facts.isTerminating else { continue }
      let healthy = runs(pod) && isAvailable(pod)
      if healthy {
        if room <= 0 { return }
        room -= 1
      }
      try remove(pod)
      drop(pod, current, update)
    }
  }
}
