import APIMachinery
import Basics
import ControllerRuntime

/// One look of the controller at one Deployment (`sync.go`, `rolling.go`, `recreate.go`).
struct DeploymentSync {
  var deployment: Value
  /// The oldest first.
  let sets: [Value]
  let context: Context
  let queue: WorkQueue
  let mind: DeploymentMind
  let bounds: RolloutBounds
  var new: Value?
  var old: [Value] = []
  /// The old ones and the new one.
  private(set) var all: [Value] = []

  init(
    _ deployment: Value, _ sets: [Value], _ mind: DeploymentMind, _ context: Context, _ queue: WorkQueue
  ) {
    self.mind = mind
    self.deployment = deployment
    bounds = RolloutBounds(deployment)
    self.sets = sets
    self.context = context
    self.queue = queue
  }

  static func isOlder(_ a: Value, _ b: Value) -> Bool {
    let (x, y) = (PodState.created(a), PodState.created(b))
    return x == y ? a.nameKey < b.nameKey : x < y
  }

  var wanted: Int { bounds.wanted }
  private var isPaused: Bool { deployment[.spec, .paused].bool ?? false }

  mutating func run() throws(APIError) {
    if deployment.isTerminating {
      try findRevisions(create: false)
      return try writeStatus(
        DeploymentStatus.make(deployment, bounds, all: all, new: new, now: context.now))
    }
    try notePause()
    if isPaused { return try scaleOnly() }
    if try isScaling() { return try scaleOnly() }
    if bounds.isRolling { try rollingUpdate() } else { try recreate() }
  }

  // MARK: Revisions

  /// Finds the ReplicaSet of the present template, makes it if asked to, and keeps the revisions in step.
  mutating func findRevisions(create: Bool) throws(APIError) {
    // What was found stays found for the rest of the look.
    if new != nil { return }
    let template = BareTemplates.bare(deployment[.spec, .template])
    let place = sets.firstIndex { mind.templates.is($0, of: template) }
    old = sets
    let found = place.map { old.remove(at: $0) }
    let revision = old.reduce(0) { max($0, DeploymentAnnotations.revision(of: $1)) } + 1
    if let found {
      try keep(found, revision)
    } else if create {
      try makeNew(revision)
    }
    all = old
    if let new { all.append(new) }
  }

  private mutating func keep(_ found: Value, _ revision: Int) throws(APIError) {
    var set = found
    DeploymentAnnotations.inherit(&set, from: deployment, revision: revision, exists: true)
    let wait = deployment[.spec, .minReadySeconds].int ?? 0
    if set[.spec, .minReadySeconds].int ?? 0 != wait {
      set[.spec].set(.minReadySeconds, wait == 0 ? nil : .int(wait))
    }
    if set != found { set = try context.client.update(canonical: set) }
    new = set
    var next = deployment
    let present = deployment.annotations.get(DeploymentAnnotations.revision)
    if present != set.annotations.get(DeploymentAnnotations.revision) {
      next.setAnnotation(DeploymentAnnotations.revision, set.annotation(DeploymentAnnotations.revision))
    }
    if DeploymentStatus.deadline(deployment) != nil && deployment.condition("Progressing") == nil {
      var conditions = next[.status, .conditions]
      DeploymentStatus.set(
        "Progressing", true, "FoundNewReplicaSet", "Found new replica set \"\(set.name)\"", &conditions,
        context.now)
      next[.status, .conditions] = conditions
    }
    if next != deployment { try put(next) }
  }

  /// Writes status and annotations; that alone gives no reason for another look.
  private mutating func put(_ next: Value) throws(APIError) {
    deployment = try context.client.updateStatus(canonical: next)
    mind.written.note(key, deployment)
  }

  var key: ObjectKey { ObjectKey(.deployment, deployment.namespaceKey, deployment.nameKey) }

  private mutating func makeNew(_ revision: Int) throws(APIError) {
    let hash = mind.hashes.hash(
      deployment[.spec, .template], collisions: deployment[.status, .collisionCount].int)
    var template = deployment[.spec, .template]
    template.setLabel(.podTemplateHash, hash)
    var selector = deployment[.spec, .selector]
    selector[.matchLabels, .podTemplateHash] = .string(hash)
    var set: Value = .fields(
      (.apiVersion, "apps/v1"), (.kind, "ReplicaSet"),
      (
        .metadata,
        .fields(
          (.name, .string("\(deployment.name)-\(hash)")), (.namespace, .string(deployment.namespace)),
          (.labels, template.metadata.get(.labels)),
          (.ownerReferences, [OwnerReferences.controller(deployment)]))
      ),
      (
        .spec,
        .fields(
          (.minReadySeconds, deployment.spec.get(.minReadySeconds)), (.selector, selector),
          (.template, template), (.replicas, 0))
      ))
    let size = DeploymentMath.newReplicas(bounds, all: old, new: 0)
    set[.spec, .replicas] = .int(size)
    DeploymentAnnotations.inherit(&set, from: deployment, revision: revision, exists: false)
    DeploymentAnnotations.setSizes(&set, desired: wanted, most: bounds.most)
    let made: Value
    do {
      made = try context.client.create(set)
    } catch {
      throw try refused(error, set)
    }
    new = made
    mind.written.note(ObjectKey(.replicaSet, made.namespaceKey, made.nameKey), made)
    if size > 0 { tell("Scaled up replica set \(made.name) from 0 to \(size)") }
    var next = deployment
    next.setAnnotation(DeploymentAnnotations.revision, String(revision))
    if DeploymentStatus.deadline(deployment) != nil {
      var conditions = next[.status, .conditions]
      DeploymentStatus.set(
        "Progressing", true, "NewReplicaSetCreated", "Created new replica set \"\(made.name)\"", &conditions,
        context.now)
      next[.status, .conditions] = conditions
    }
    if next != deployment { try put(next) }
  }

  private mutating func refused(_ error: APIError, _ set: Value) throws(APIError) -> APIError {
    var next = deployment
    if error.reason == .alreadyExists {
      next[.status, .collisionCount] = .int((next[.status, .collisionCount].int ?? 0) + 1)
    } else if !PodControl.isNamespaceGoing(error), DeploymentStatus.deadline(deployment) != nil {
      var conditions = next[.status, .conditions]
      DeploymentStatus.set(
        "Progressing", false, "ReplicaSetCreateError",
        "Failed to create new replica set \"\(set.name)\": \(error.message)", &conditions, context.now)
      next[.status, .conditions] = conditions
    }
    if next != deployment { deployment = try context.client.updateStatus(next) }
    return error
  }

  // MARK: Status

  private mutating func notePause() throws(APIError) {
    guard DeploymentStatus.deadline(deployment) != nil else { return }
    let reason = deployment.condition("Progressing")?[.reason] ?? .null
    if reason.says("ProgressDeadlineExceeded") { return }
    var conditions = deployment[.status, .conditions]
    if isPaused && !reason.says("DeploymentPaused") {
      DeploymentStatus.set(
        "Progressing", nil, "DeploymentPaused", "Deployment is paused", &conditions, context.now)
    } else if !isPaused && reason.says("DeploymentPaused") {
      DeploymentStatus.set(
        "Progressing", nil, "DeploymentResumed", "Deployment is resumed", &conditions, context.now)
    } else {
      return
    }
    deployment[.status, .conditions] = conditions
    deployment = try context.client.updateStatus(deployment)
  }

  func writeStatus(_ status: Value) throws(APIError) {
    if status == deployment.status { return }
    var next = deployment
    next.status = status
    try context.client.updateStatus(canonical: next)
  }

  func writeRolloutStatus() throws(APIError) {
    let status = DeploymentStatus.rollout(
      deployment, bounds, all: all, new: new, now: context.now)
    if status != deployment.status {
      var next = deployment
      next.status = status
      let stored = try context.client.updateStatus(canonical: next)
      // A rollout that is complete is looked at once more: its history can be cut then.
      if !DeploymentStatus.isComplete(deployment, status) {
        mind.written.note(key, stored)
        watchDeadline(status)
      }
      return
    }
    watchDeadline(status)
  }

  /// Looks again when the rollout has had its time.
  private func watchDeadline(_ status: Value) {
    guard let deadline = DeploymentStatus.deadline(deployment),
      let condition = Condition.find(status[.conditions], "Progressing"),
      !DeploymentStatus.isComplete(deployment, status),
      !condition[.reason].says("ProgressDeadlineExceeded"),
      !condition[.reason].says("NewReplicaSetAvailable"),
      let from = PodState.time(condition[.lastUpdateTime])
    else { return }
    queue.add(key, at: max(from + .seconds(deadline), context.now) + .seconds(1))
  }

  func tell(_ message: String) {
    context.recorder.event(
      deployment, type: "Normal", reason: "ScalingReplicaSet", message: message,
      source: "deployment-controller", now: context.now)
  }
}
