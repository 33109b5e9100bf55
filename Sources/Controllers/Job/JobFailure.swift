import APIMachinery

/// What the failure policy of a Job says of a failed pod (`pod_failure_policy.go`, KEP-3329).
struct JobFailure {
  /// `FailJob`, `FailIndex`, `Ignore` or `Count`; nil where no rule holds.
  private(set) var action: String?
  /// Why a Job fails at once.
  private(set) var message = ""
  /// Whether the failure counts towards limits.
  var isCounted: Bool { action != "Ignore" }

  init(_ policy: Value, _ pod: Value) {
    for (i, rule) in policy[.rules].items.enumerated() {
      let found = rule[.action].string ?? ""
      if rule.has(.onExitCodes) {
        guard let (name, code) = Self.match(rule[.onExitCodes], pod) else { continue }
        message =
          "Container \(name) for pod \(pod.namespace)/\(pod.name) failed with exit code \(code) matching "
          + "\(found) rule at index \(i)"
      } else {
        guard let type = Self.matchCondition(rule[.onPodConditions], pod) else { continue }
        message =
          "Pod \(pod.namespace)/\(pod.name) has condition \(type) matching \(found) rule at index \(i)"
      }
      action = found
      return
    }
  }

  private static func match(_ rule: Value, _ pod: Value) -> (String, Int)? {
    let statuses =
      Array(pod.status[.containerStatuses].items) + Array(pod.status[.initContainerStatuses].items)
    let values = Set(rule[.values].items.compactMap(\.int))
    let isIn = rule[.operator].says("In")
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
}
