import APIMachinery
import ControllerRuntime

/// How ReplicaSets grow and shrink: by a scaling, a rolling update or a recreation.
extension DeploymentSync {
  private static func active(_ sets: [Value]) -> [Value] {
    sets.filter { DeploymentMath.replicas($0) > 0 }
  }

  // MARK: Scaling

  /// Whether the Deployment's size changed since its ReplicaSets were last sized.
  mutating func isScaling() throws(APIError) -> Bool {
    try findRevisions(create: false)
    let text = String(wanted)
    return all.contains { set in
      guard DeploymentMath.replicas(set) > 0,
        case .string(let desired)? = set.annotations.get(DeploymentAnnotations.desired), !desired.equals(text)
      else { return false }
      return Int(desired.string).map { $0 != wanted } ?? false
    }
  }

  mutating func scaleOnly() throws(APIError) {
    try findRevisions(create: false)
    try scale()
    if deployment[.spec, .paused].bool ?? false { try cleanUp() }
    try writeStatus(DeploymentStatus.make(deployment, bounds, all: all, new: new, now: context.now))
  }

  private mutating func scale() throws(APIError) {
    let active = Self.active(all)
    if active.count <= 1 {
      guard let only = active.first ?? new ?? old.last else { return }
      if DeploymentMath.replicas(only) != wanted { try resize(only, wanted) }
      return
    }
    if let new, isSaturated(new) {
      for set in Self.active(old) { try resize(set, 0) }
      return
    }
    if bounds.isRolling { try scaleInProportion(active) }
  }

  private func isSaturated(_ set: Value) -> Bool {
    DeploymentAnnotations.number(set, DeploymentAnnotations.desired) == wanted
      && DeploymentMath.replicas(set) == wanted && (set[.status, .availableReplicas].int ?? 0) == wanted
  }

  private mutating func scaleInProportion(_ active: [Value]) throws(APIError) {
    let surge = bounds.surge
    let toAdd = (wanted > 0 ? bounds.most : 0) - DeploymentMath.sum(active)
    let sorted = active.sorted { a, b in
      let (x, y) = (DeploymentMath.replicas(a), DeploymentMath.replicas(b))
      if x != y { return x > y }
      return toAdd > 0 ? Self.isOlder(b, a) : Self.isOlder(a, b)
    }
    var added = 0
    var sizes: [Int] = []
    for set in sorted {
      let size = DeploymentMath.replicas(set)
      let before =
        DeploymentAnnotations.number(set, DeploymentAnnotations.most).flatMap { $0 == 0 ? nil : $0 }
        ?? deployment[.status, .replicas].int ?? 0
      let share = DeploymentMath.proportion(
        size: size, maxBefore: before, wanted: wanted, surge: surge, toAdd: toAdd, added: added)
      added += share
      sizes.append(size + share)
    }
    for (i, set) in sorted.enumerated() {
      try resize(set, max(0, sizes[i] + (i == 0 ? toAdd - added : 0)))
    }
  }

  /// Writes size and size annotations where they differ; the lists keep what was there before the change.
  @discardableResult
  private func resize(_ set: Value, _ size: Int) throws(APIError) -> Value {
    var next = set
    let from = DeploymentMath.replicas(set)
    if from != size { next[.spec, .replicas] = .int(size) }
    DeploymentAnnotations.setSizes(&next, desired: wanted, most: bounds.most)
    if next == set { return set }
    next = try context.client.update(canonical: next)
    if from != size {
      tell("Scaled \(from < size ? "up" : "down") replica set \(set.name) from \(from) to \(size)")
    }
    return next
  }

  // MARK: Rolling update

  mutating func rollingUpdate() throws(APIError) {
    try findRevisions(create: true)
    guard let new else { return }
    let size = DeploymentMath.replicas(new)
    let next = size > wanted ? wanted : DeploymentMath.newReplicas(bounds, all: all, new: size)
    if next != size {
      try resize(new, next)
      return try writeRolloutStatus()
    }
    if try shrinkOld(new) { return try writeRolloutStatus() }
    if DeploymentStatus.isComplete(deployment, deployment.status) { try cleanUp() }
    try writeRolloutStatus()
  }

  private mutating func shrinkOld(_ new: Value) throws(APIError) -> Bool {
    var shrinking = Self.active(old)
    if shrinking.isEmpty { return false }
    let newUnavailable = DeploymentMath.replicas(new) - (new[.status, .availableReplicas].int ?? 0)
    let most = DeploymentMath.sum(all) - bounds.least - newUnavailable
    if most <= 0 { return false }
    var unhealthy = 0
    for i in shrinking.indices {
      if unhealthy >= most { break }
      let size = DeploymentMath.replicas(shrinking[i])
      let down = min(most - unhealthy, size - (shrinking[i][.status, .availableReplicas].int ?? 0))
      if down <= 0 { continue }
      shrinking[i] = try resize(shrinking[i], size - down)
      unhealthy += down
    }
    let spare = DeploymentMath.sum(shrinking + [new], status: .availableReplicas) - bounds.least
    var healthy = 0
    for set in shrinking where healthy < spare {
      let size = DeploymentMath.replicas(set)
      let down = min(size, spare - healthy)
      if down <= 0 { continue }
      try resize(set, size - down)
      healthy += down
    }
    return unhealthy + healthy > 0
  }

  // MARK: Recreate

  mutating func recreate() throws(APIError) {
    try findRevisions(create: false)
    let shrinking = Self.active(old)
    for set in shrinking { try resize(set, 0) }
    if !shrinking.isEmpty || oldPodsRun() { return try writeRolloutStatus() }
    try findRevisions(create: true)
    if let new, DeploymentMath.replicas(new) != wanted { try resize(new, wanted) }
    if DeploymentStatus.isComplete(deployment, deployment.status) { try cleanUp() }
    try writeRolloutStatus()
  }

  private func oldPodsRun() -> Bool {
    if DeploymentMath.sum(old, status: .replicas) > 0 { return true }
    for set in old {
      let key = ObjectKey(.replicaSet, set.namespaceKey, set.nameKey)
      if mind.pods.owned(by: key, uid: set.uidKey).contains(where: { !$0.facts.isTerminal }) { return true }
    }
    return false
  }

  // MARK: History

  /// Deletes the oldest empty ReplicaSets beyond the limit of the history.
  func cleanUp() throws(APIError) {
    guard let limit = deployment[.spec, .revisionHistoryLimit].int, limit != Int(Int32.max) else { return }
    let cleanable = old.filter { !$0.isTerminating }
    if cleanable.count <= limit { return }
    let sorted = cleanable.enumerated().sorted { a, b in
      let (x, y) = (
        DeploymentAnnotations.revision(of: a.element), DeploymentAnnotations.revision(of: b.element)
      )
      return x == y ? a.offset < b.offset : x < y
    }.map(\.element)
    for set in sorted.prefix(cleanable.count - limit) {
      if DeploymentMath.replicas(set) != 0 || (set[.status, .replicas].int ?? 0) != 0
        || set.generation > set[.status, .observedGeneration].int ?? 0
      {
        continue
      }
      do {
        try context.client.delete(ObjectKey(of: set), DeleteOptions())
      } catch  where error.reason == .notFound {
        continue
      }
    }
  }
}
