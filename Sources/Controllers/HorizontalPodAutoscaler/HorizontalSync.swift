import APIMachinery
import Basics
import ControllerRuntime

/// One look of the controller at one autoscaler (`horizontal.go`, `reconcileAutoscaler`).
struct HorizontalSync {
  /// What the look came to, for the next one.
  struct Outcome {
    /// The size that the metrics asked for; nil where they were not asked.
    var proposal: Int?
    /// Whether the next look may see something else though nothing else changes.
    var mayChange = false
    /// The selector of the pods; nil where it is not known.
    var selector: LabelSelector?
  }

  var hpa: Value
  let original: Value
  let context: Context
  let metrics: ResourceMetrics
  /// Selectors of the other autoscalers of the namespace.
  let others: [(key: ObjectKey, selector: LabelSelector)]
  var rules: ScalingRules
  private(set) var outcome = Outcome()

  init(
    _ hpa: Value, _ rules: ScalingRules, _ metrics: ResourceMetrics,
    others: [(key: ObjectKey, selector: LabelSelector)], _ context: Context
  ) {
    self.hpa = hpa
    original = hpa.status
    self.rules = rules
    self.metrics = metrics
    self.others = others
    self.context = context
  }

  private var now: Instant { context.now }
  private var least: Int { hpa.spec[.minReplicas].int ?? 1 }
  private var most: Int { hpa.spec[.maxReplicas].int ?? 0 }

  mutating func run() throws(APIError) {
    let scale: Scale
    do {
      scale = try Scale.get(hpa.spec[.scaleTargetRef], namespace: hpa.namespaceKey, context.client)
    } catch {
      warn("FailedGetScale", error.message)
      condition(
        "AbleToScale", false, "FailedGetScale",
        "the HPA controller was unable to get the target's current scale: \(error.message)")
      return try writeStatus()
    }
    condition(
      "AbleToScale", true, "SucceededGetScale",
      "the HPA controller was able to get the target's current scale")
    if rules.recommendations.isEmpty {
      rules.recommendations = [.init(replicas: scale.replicas, time: now)]
    }
    var statuses: Value?
    if scale.replicas == 0 && least != 0 {
      condition(
        "ScalingActive", false, "ScalingDisabled",
        "scaling is disabled since the replica count of the target is zero")
      setStatus(current: 0, desired: 0, metrics: nil, rescaled: false)
      return try writeStatus()
    }
    var wanted = scale.replicas
    var reason = ""
    if scale.replicas > most {
      (wanted, reason) = (most, "Current number of replicas above Spec.MaxReplicas")
    } else if scale.replicas < least {
      (wanted, reason) = (least, "Current number of replicas below Spec.MinReplicas")
    } else {
      guard let asked = computeReplicas(scale, &statuses) else {
        setStatus(
          current: scale.replicas, desired: hpa.status[.desiredReplicas].int ?? 0, metrics: statuses,
          rescaled: false)
        return try writeStatus()
      }
      if asked.replicas > scale.replicas { reason = "\(asked.name) above target" }
      if asked.replicas < scale.replicas { reason = "All metrics below target" }
      wanted = normalize(asked.replicas, current: scale.replicas)
    }
    if wanted != scale.replicas {
      guard try rescale(scale, to: wanted, reason) else { return }
    }
    setStatus(
      current: scale.replicas, desired: wanted, metrics: statuses, rescaled: wanted != scale.replicas)
    try writeStatus()
  }

  private mutating func rescale(_ scale: Scale, to wanted: Int, _ reason: String) throws(APIError) -> Bool {
    do {
      try scale.update(wanted, context.client)
    } catch {
      warn("FailedRescale", "New size: \(wanted); reason: \(reason); error: \(error.message)")
      condition(
        "AbleToScale", false, "FailedUpdateScale",
        "the HPA controller was unable to update the target scale: \(error.message)")
      setStatus(
        current: scale.replicas, desired: hpa.status[.desiredReplicas].int ?? 0,
        metrics: hpa.status.get(.currentMetrics), rescaled: false)
      try writeStatus()
      return false
    }
    condition(
      "AbleToScale", true, "SucceededRescale",
      "the HPA controller was able to update the target scale to \(wanted)")
    context.recorder.event(
      hpa, type: "Normal", reason: "SuccessfulRescale", message: "New size: \(wanted); reason: \(reason)",
      source: HorizontalController.source, now: now)
    rules.noteStep(from: scale.replicas, to: wanted, behavior: hpa.spec[.behavior], now: now)
    outcome.mayChange = true
    return true
  }

  // MARK: Metrics

  /// The size that the metrics ask for, the largest of them; nil when none can be told (`computeReplicasForMetrics`).
  private mutating func computeReplicas(_ scale: Scale, _ statuses: inout Value?) -> (
    replicas: Int, name: String
  )? {
    guard let selector = selector(of: scale) else { return nil }
    let pods = context.client.list(.pod, namespace: hpa.namespaceKey).filter { selector.matches($0) }
    guard isAlone(selector, scale.selector, pods) else { return nil }
    let specs = hpa.spec[.metrics].items
    let calculation = HorizontalMetrics(
      hpa: hpa, scale: scale, pods: pods, metrics: metrics,
      calculator: ReplicaCalculator(tolerances: tolerances), now: now)
    var (replicas, name) = (0, "")
    var all: [Value] = []
    var failed: [HorizontalMetrics.Invalid] = []
    for spec in specs {
      do {
        let result = try calculation.compute(spec)
        all.append(result.status)
        if let until = result.until, until > now { outcome.mayChange = true }
        if replicas == 0 || result.replicas > replicas { (replicas, name) = (result.replicas, result.name) }
      } catch {
        warn(error.reason, error.cause)
        all.append(["type": ""])
        failed.append(error)
      }
    }
    statuses = .array(all)
    if let first = failed.first, failed.count == specs.count || replicas < scale.replicas {
      condition(
        "ScalingActive", false, first.reason,
        "the HPA was unable to compute the replica count: \(first.cause)")
      warn(
        "FailedComputeMetricsReplicas",
        "invalid metrics (\(failed.count) invalid out of \(specs.count)), first error is: \(first.error)")
      return nil
    }
    condition(
      "ScalingActive", true, "ValidMetricFound",
      "the HPA was able to successfully calculate a replica count from \(name)")
    outcome.proposal = replicas
    return (replicas, name)
  }

  /// The selector of the target's pods (`validateAndParseSelector`).
  private mutating func selector(of scale: Scale) -> LabelSelector? {
    if scale.selector.isEmpty {
      fail(
        "SelectorRequired", "InvalidSelector", "selector is required",
        "the HPA target's scale is missing a selector")
      return nil
    }
    switch LabelSelector.parse(scale.selector) {
    case .success(let selector):
      outcome.selector = selector
      return selector
    case .failure(let error):
      let message = "couldn't convert selector into a corresponding internal selector object: \(error)"
      fail("InvalidSelector", "InvalidSelector", message, message)
      return nil
    }
  }

  private mutating func isAlone(_ selector: LabelSelector, _ text: String, _ pods: [Value]) -> Bool {
    let rivals = others.filter { other in pods.contains { other.selector.matches($0) } }
    if rivals.isEmpty { return true }
    let keys = (rivals.map(\.key) + [ObjectKey(of: hpa)]).sorted().map { "{\($0.name) \($0.namespace)}" }
    let message = "pods by selector \(text) are controlled by multiple HPAs: [\(keys.joined(separator: " "))]"
    fail("AmbiguousSelector", "AmbiguousSelector", message, message)
    return false
  }

  private mutating func fail(_ event: String, _ reason: String, _ error: String, _ message: String) {
    warn(event, error)
    condition("ScalingActive", false, reason, message)
    warn("FailedComputeMetricsReplicas", error)
  }

  private var tolerances: ReplicaCalculator.Tolerances {
    var result = ReplicaCalculator.Tolerances()
    let behavior = hpa.spec[.behavior]
    if let down = Quantity(behavior[.scaleDown][.tolerance]) { result.scaleDown = down.approximate }
    if let up = Quantity(behavior[.scaleUp][.tolerance]) { result.scaleUp = up.approximate }
    return result
  }

  // MARK: Bounds

  /// Applies the past and the bounds to what the metrics ask for (`normalizeDesiredReplicas…`).
  private mutating func normalize(_ asked: Int, current: Int) -> Int {
    let behavior = hpa.spec[.behavior]
    let stable: Int
    let limited: ScalingRules.Limited
    if behavior.isObject {
      let (size, reason, message) = rules.stabilize(asked, current: current, behavior: behavior, now: now)
      stable = size
      if stable != asked { condition("AbleToScale", true, reason, message) }
      limited = rules.limit(
        stable, current: current, least: least, most: most, behavior: behavior, now: now)
      let isOff = behavior[stable > current ? .scaleUp : .scaleDown][.selectPolicy].string == "Disabled"
      if limited.reason.hasSuffix("Limit") && !isOff { outcome.mayChange = true }
    } else {
      stable = rules.stabilize(asked, now: now)
      if stable != asked {
        condition(
          "AbleToScale", true, "ScaleDownStabilized",
          "recent recommendations were higher than current one, applying the highest recent recommendation")
      }
      limited = ScalingRules.limit(stable, current: current, least: least, most: most)
    }
    if stable == asked {
      condition("AbleToScale", true, "ReadyForNewScale", "recommended size matches current size")
    } else {
      outcome.mayChange = true
    }
    condition("ScalingLimited", limited.replicas != stable, limited.reason, limited.message)
    return limited.replicas
  }

  // MARK: Status

  private mutating func condition(_ type: String, _ status: Bool, _ reason: String, _ message: String) {
    var all = hpa.status[.conditions]
    Condition.set(Condition.make(type, status, reason: reason, message: message), in: &all, now: now)
    hpa[.status][.conditions] = all
  }

  private func warn(_ reason: String, _ message: String) {
    context.recorder.event(
      hpa, type: "Warning", reason: reason, message: message, source: HorizontalController.source, now: now)
  }

  private mutating func setStatus(current: Int, desired: Int, metrics: Value?, rescaled: Bool) {
    hpa.status = .fields(
      (.currentReplicas, ReplicaSetStatus.positive(current)), (.desiredReplicas, .int(desired)),
      (.lastScaleTime, rescaled ? context.timestamp : hpa.status.get(.lastScaleTime)),
      (.currentMetrics, metrics ?? .null), (.conditions, hpa.status.get(.conditions)),
      (.observedGeneration, hpa.status.get(.observedGeneration)))
  }

  private mutating func writeStatus() throws(APIError) {
    if hpa.status == original { return }
    outcome.mayChange = true
    try context.client.updateStatus(hpa)
  }
}
