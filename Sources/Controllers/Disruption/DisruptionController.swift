public import APIMachinery
public import Basics
public import ControllerRuntime

/// Keeps the status of PodDisruptionBudgets (`pkg/controller/disruption/disruption.go`).
public final class DisruptionController: Controller {
  public let name = "disruption-controller"
  public let watches: Set<GroupKind>? = [
    .podDisruptionBudget, .pod, .deployment, .replicaSet, .statefulSet, .replicationController,
  ]
  static let source = "controllermanager"
  /// How long an eviction may take until the pod counts again.
  private static let deletionTimeout: Nanoseconds = .seconds(120)
  private let pods: PodIndex
  /// The namespaces that have budgets, and how many.
  private var budgets: [Key: Set<ObjectKey>] = [:]

  public init(_ pods: PodIndex) { self.pods = pods }

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    let namespace = event.key.namespace
    switch event.key.kind {
    case .podDisruptionBudget:
      if event.type == .deleted {
        budgets[namespace]?.remove(event.key)
        return
      }
      budgets[namespace, default: []].insert(event.key)
      queue.add(event.key)
    case .pod:
      guard let change = pods.change, change.isCounted else { return }
      let here = change.pod.group.selections
      for selection in here where selection.key.kind == .podDisruptionBudget { queue.add(selection.key) }
      for selection in change.leftGroup?.selections ?? [] where selection.key.kind == .podDisruptionBudget {
        queue.add(selection.key)
      }
    case .deployment, .replicaSet, .statefulSet, .replicationController:
      // A change of the wanted replicas; the pods' budgets are found by the pods' template.
      guard let here = budgets[namespace], !here.isEmpty,
        event.old?.spec[.replicas] != event.object.spec[.replicas]
      else { return }
      for key in pods.budgets.matching(event.object.spec[.template].labels, in: namespace) { queue.add(key) }
    default: return
    }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let budget = context.client.get(key), let selection = pods.budgets.selection(key) else { return }
    let mine = selection.pods
    if mine.isEmpty {
      event(budget, "Normal", "NoPods", "No matching pods found", context)
    }
    let expected: Expectation
    do {
      expected = try Expectation.make(budget, mine, context)
    } catch {
      event(budget, "Warning", "CalculateExpectedPodCountFailed", error.message, context)
      try fail(budget, error.message, context)
      return
    }
    let (disrupted, recheck) = Self.disrupted(budget, mine, context.now)
    if let recheck { queue.add(key, at: recheck) }
    let healthy = mine.count {
      !$0.facts.isTerminating && !disrupted.has($0.key.name) && $0.facts.isReady
        && $0.facts.phase == .running
    }
    var allowed = max(0, healthy - expected.desired)
    if expected.total <= 0 { allowed = 0 }
    var next = budget
    next.status.set(.disruptedPods, disrupted.isEmpty ? nil : disrupted)
    next[.status][.currentHealthy] = .int(healthy)
    next[.status][.desiredHealthy] = .int(expected.desired)
    next[.status][.expectedPods] = .int(expected.total)
    next[.status][.disruptionsAllowed] = .int(allowed)
    next[.status][.observedGeneration] = .int(budget.generation)
    setCondition(
      &next, allowed > 0, allowed > 0 ? "SufficientPods" : "InsufficientPods", "", budget, context.now)
    if next != budget { try context.client.updateStatus(next) }
  }

  /// The evicted pods that are still to go; when one that stays is to be forgotten.
  private static func disrupted(_ budget: Value, _ pods: [PodRecord], _ now: Instant) -> (Value, Instant?) {
    let all = budget.status[.disruptedPods]
    if all.isEmpty { return (.emptyObject, nil) }
    var kept = Value.emptyObject
    var recheck: Instant?
    for pod in pods where !pod.facts.isTerminating {
      guard let since = PodState.time(all[pod.key.name]) else { continue }
      let until = since + deletionTimeout
      if until < now { continue }
      kept[pod.key.name] = all[pod.key.name]
      let next = until + .seconds(1)
      recheck = recheck.map { min($0, next) } ?? next
    }
    return (kept, recheck)
  }

  /// Nothing may be disrupted as long as nobody knows how many pods there should be (`failSafe`).
  private func fail(_ budget: Value, _ message: String, _ context: Context) throws(APIError) {
    var next = budget
    next[.status][.disruptionsAllowed] = 0
    next[.status][.observedGeneration] = .int(budget.generation)
    setCondition(&next, false, "SyncFailed", message, budget, context.now)
    if next != budget { try context.client.updateStatus(next) }
  }

  private func setCondition(
    _ next: inout Value, _ allowed: Bool, _ reason: String, _ message: String, _ budget: Value, _ now: Instant
  ) {
    var conditions = next.status[.conditions]
    Condition.set(
      Condition.make(
        "DisruptionAllowed", allowed, reason: reason, message: message,
        observedGeneration: budget.generation), in: &conditions, now: now)
    next[.status][.conditions] = conditions
  }

  private func event(
    _ budget: Value, _ type: String, _ reason: String, _ message: String, _ context: Context
  ) {
    context.recorder.event(
      budget, type: type, reason: reason, message: message, source: Self.source, now: context.now)
  }
}
