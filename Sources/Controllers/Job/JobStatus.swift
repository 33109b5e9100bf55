import APIMachinery
import Basics
import ControllerRuntime

/// Conditions of Jobs.
enum JobStatus {
  static func isFinished(_ job: Value) -> Bool {
    job.status[.conditions].items.contains {
      ($0[.type].string == "Complete" || $0[.type].string == "Failed") && $0[.status].string == "True"
    }
  }

  static func isTrue(_ job: Value, _ type: String) -> Bool { Condition.isTrue(job.status[.conditions], type) }

  static func condition(_ type: String, _ status: Bool, _ reason: String, _ message: String, _ now: Instant)
    -> Value
  {
    let time = Value.string(RFC3339.string(now))
    var condition = Condition.make(type, status, reason: reason, message: message)
    condition[.lastProbeTime] = time
    condition[.lastTransitionTime] = time
    return condition
  }

  /// Which action the failure policy takes for a failed pod, with the message that explains it
  /// (`pod_failure_policy.go`, KEP-3329).
  static func failureAction(_ policy: Value, _ pod: Value, index: Int?) -> (action: String, message: String)?
  {
    for (i, rule) in policy[.rules].items.enumerated() {
      let action = rule[.action].string ?? ""
      if rule.has(.onExitCodes) {
        if let (name, code) = match(rule[.onExitCodes], pod) {
          return (
            action,
            "Container \(name) for pod \(pod.namespace)/\(pod.name) failed with exit code \(code) matching "
              + "\(action) rule at index \(i)"
          )
        }
      } else if let type = matchCondition(rule[.onPodConditions], pod) {
        return (
          action,
          "Pod \(pod.namespace)/\(pod.name) has condition \(type) matching \(action) rule at index \(i)"
        )
      }
    }
    return nil
  }

  private static func match(_ rule: Value, _ pod: Value) -> (String, Int)? {
    let statuses =
      Array(pod.status[.containerStatuses].items) + Array(pod.status[.initContainerStatuses].items)
    let values = Set(rule[.values].items.compactMap(\.int))
    let isIn = rule[.operator].string == "In"
    for status in statuses {
      let name = status[.name].string ?? ""
      if let only = rule[.containerName].string, only != name { continue }
      guard let code = status[.state][.terminated][.exitCode].int, code != 0 else { continue }
      if values.contains(code) == isIn { return (name, code) }
    }
    return nil
  }

  private static func matchCondition(_ patterns: Value, _ pod: Value) -> String? {
    for pattern in patterns.items {
      let type = pattern[.type].string ?? ""
      if pod.condition(type)?[.status].string == pattern[.status].string ?? "True" { return type }
    }
    return nil
  }

  /// The first rule of the success policy that holds (KEP-3998).
  static func success(_ policy: Value, done: Set<Int>, below limit: Int) -> String? {
    for (i, rule) in policy[.rules].items.enumerated() {
      let chosen = rule[.succeededIndexes].string.map { JobIndexes.parse($0, below: limit) }
      let hits = chosen.map { $0.intersection(done).count } ?? done.count
      let needed = rule[.succeededCount].int ?? chosen?.count ?? Int.max
      if hits >= needed { return "Matched rules at index \(i)" }
    }
    return nil
  }
}
