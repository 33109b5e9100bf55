import APIMachinery
import Basics

/// What a HorizontalPodAutoscaler remembers of the past, and how that bounds its next step
/// (`horizontal.go`, `normalizeDesiredReplicas…`). Pure arithmetic on virtual time.
struct ScalingRules {
  struct Recommendation: Equatable {
    var replicas: Int
    var time: Instant
  }
  struct ScaleEvent: Equatable {
    /// How many replicas were added or taken away; positive.
    var change: Int
    var time: Instant
  }

  /// Size, and the reason and message of a condition.
  typealias Limited = (replicas: Int, reason: String, message: String)

  var recommendations: [Recommendation] = []
  var ups: [ScaleEvent] = []
  var downs: [ScaleEvent] = []

  /// `--horizontal-pod-autoscaler-downscale-stabilization`, in seconds.
  static let downscaleWindow = 300

  // MARK: Without a behavior

  /// Records the recommendation; gives the highest of the last five minutes (`stabilizeRecommendation`).
  mutating func stabilize(_ wanted: Int, now: Instant) -> Int {
    let cutoff = now + .seconds(-Self.downscaleWindow)
    var highest = wanted
    var outdated: Int?
    for (i, past) in recommendations.enumerated() {
      if past.time < cutoff { outdated = i } else { highest = max(highest, past.replicas) }
    }
    record(wanted, now, replacing: outdated)
    return highest
  }

  private mutating func record(_ replicas: Int, _ now: Instant, replacing outdated: Int?) {
    let next = Recommendation(replicas: replicas, time: now)
    if let outdated { recommendations[outdated] = next } else { recommendations.append(next) }
  }

  /// Within the bounds of the object, at most doubled in one step (`convertDesiredReplicasWithRules`).
  static func limit(_ wanted: Int, current: Int, least: Int, most: Int) -> Limited {
    let fastest = max(2 * current, 4)
    let isFast = most > fastest
    if wanted < least {
      return (
        least, "TooFewReplicas", "the desired replica count is less than the minimum replica count"
      )
    }
    if wanted > min(most, fastest) { return isFast ? upLimit(fastest) : tooMany(most) }
    return inRange(wanted)
  }

  private static func inRange(_ n: Int) -> Limited {
    (n, "DesiredWithinRange", "the desired count is within the acceptable range")
  }
  private static func tooMany(_ n: Int) -> Limited {
    (n, "TooManyReplicas", "the desired replica count is more than the maximum replica count")
  }
  private static func upLimit(_ n: Int) -> Limited {
    (n, "ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate")
  }

  // MARK: With a behavior

  static func window(_ rules: Value, default seconds: Int) -> Int {
    rules[.stabilizationWindowSeconds].int ?? seconds
  }

  /// Records the recommendation; gives the size that the stabilisation windows allow
  /// (`stabilizeRecommendationWithBehaviors`).
  mutating func stabilize(_ wanted: Int, current: Int, behavior: Value, now: Instant) -> Limited {
    let upCutoff = now + .seconds(-Self.window(behavior[.scaleUp], default: 0))
    let downCutoff = now + .seconds(-Self.window(behavior[.scaleDown], default: Self.downscaleWindow))
    var (up, down) = (wanted, wanted)
    var outdated: Int?
    for (i, past) in recommendations.enumerated() {
      if past.time > upCutoff { up = min(up, past.replicas) }
      if past.time > downCutoff { down = max(down, past.replicas) }
      if past.time < upCutoff && past.time < downCutoff { outdated = i }
    }
    record(wanted, now, replacing: outdated)
    let stable = min(max(current, up), down)
    if wanted >= current {
      return (
        stable, "ScaleUpStabilized",
        "recent recommendations were lower than current one, applying the lowest recent recommendation"
      )
    }
    return (
      stable, "ScaleDownStabilized",
      "recent recommendations were higher than current one, applying the highest recent recommendation"
    )
  }

  /// Within the bounds of the object and the policies' rates (`convertDesiredReplicasWithBehaviorRate`).
  func limit(_ wanted: Int, current: Int, least: Int, most: Int, behavior: Value, now: Instant) -> Limited {
    if wanted > current {
      let fastest = max(upLimit(current, behavior[.scaleUp], now), current)
      if wanted > min(most, fastest) { return most > fastest ? Self.upLimit(fastest) : Self.tooMany(most) }
    } else if wanted < current {
      let lowest = min(downLimit(current, behavior[.scaleDown], now), current)
      if wanted < max(least, lowest) {
        return least < lowest
          ? (
            lowest, "ScaleDownLimit",
            "the desired replica count is decreasing faster than the maximum scale rate"
          )
          : (least, "TooFewReplicas", "the desired replica count is less than the minimum replica count")
      }
    }
    return Self.inRange(wanted)
  }

  /// The most replicas that the policies allow now (`calculateScaleUpLimitWithScalingRules`).
  func upLimit(_ current: Int, _ rules: Value, _ now: Instant) -> Int {
    bound(current, rules, now, biggest: max, smallest: min) { start, policy, value in
      policy == "Pods" ? start + value : ReplicaCalculator.ceil(Double(start) * (1 + Double(value) / 100))
    }
  }

  /// The fewest replicas that the policies allow now (`calculateScaleDownLimitWithBehaviors`).
  func downLimit(_ current: Int, _ rules: Value, _ now: Instant) -> Int {
    bound(current, rules, now, biggest: min, smallest: max) { start, policy, value in
      policy == "Pods" ? start - value : Int(Double(start) * (1 - Double(value) / 100))
    }
  }

  private func bound(
    _ current: Int, _ rules: Value, _ now: Instant, biggest: (Int, Int) -> Int,
    smallest: (Int, Int) -> Int, propose: (Int, String, Int) -> Int
  ) -> Int {
    let select = rules[.selectPolicy].string
    if select == "Disabled" { return current }
    let choose = select == "Min" ? smallest : biggest
    var result: Int?
    for policy in rules[.policies].items {
      let period = policy[.periodSeconds].int ?? 0
      let start = current - Self.change(ups, period, now) + Self.change(downs, period, now)
      let proposed = propose(start, policy[.type].string ?? "", policy[.value].int ?? 0)
      result = result.map { choose($0, proposed) } ?? proposed
    }
    return result ?? current
  }

  private static func change(_ events: [ScaleEvent], _ period: Int, _ now: Instant) -> Int {
    let cutoff = now + .seconds(-period)
    return events.reduce(0) { $1.time > cutoff ? $0 + $1.change : $0 }
  }

  /// Remembers a step for the rates of the policies (`storeScaleEvent`).
  mutating func noteStep(from old: Int, to new: Int, behavior: Value, now: Instant) {
    guard behavior.isObject else { return }
    if new > old {
      Self.store(ScaleEvent(change: new - old, time: now), in: &ups, behavior[.scaleUp])
    } else {
      Self.store(ScaleEvent(change: old - new, time: now), in: &downs, behavior[.scaleDown])
    }
  }

  private static func store(_ event: ScaleEvent, in events: inout [ScaleEvent], _ rules: Value) {
    let longest = rules[.policies].items.map { $0[.periodSeconds].int ?? 0 }.max() ?? 0
    let cutoff = event.time + .seconds(-longest)
    if let outdated = events.lastIndex(where: { $0.time < cutoff }) {
      events[outdated] = event
    } else {
      events.append(event)
    }
  }
}
