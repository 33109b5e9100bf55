import APIMachinery

/// `ValidatePodDisruptionBudgetSpec` (`pkg/apis/policy/validation`).
enum PodDisruptionBudgetValidation {
  private static let policies = ["AlwaysAllow", "IfHealthyBudget"]

  static func budget(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    if spec.has(.minAvailable) && spec.has(.maxUnavailable) {
      out.invalid(.spec, shown: shown(spec), "minAvailable and maxUnavailable cannot be both set")
    }
    for (key, name) in [(Key.minAvailable, "minAvailable"), (.maxUnavailable, "maxUnavailable")] {
      guard let value = spec.get(key) else { continue }
      IntOrPercentRule.positive(value, Path.spec.child(name), &out)
      IntOrPercentRule.atMost100(value, Path.spec.child(name), &out)
    }
    SelectorRule.selector(spec[.selector], Path.spec.child("selector"), &out)
    if let policy = spec.get(.unhealthyPodEvictionPolicy) {
      out.oneOf(Path.spec.child("unhealthyPodEvictionPolicy"), policy, policies)
    }
  }

  /// The spec as the server prints it: with the names of the internal type.
  private static func shown(_ spec: Value) -> String {
    let part = { (key: Key) in CanonicalJSON.string(spec.get(key) ?? .null) }
    return "{\"MinAvailable\":\(part(.minAvailable)),\"Selector\":\(part(.selector)),"
      + "\"MaxUnavailable\":\(part(.maxUnavailable)),"
      + "\"UnhealthyPodEvictionPolicy\":\(part(.unhealthyPodEvictionPolicy))}"
  }
}
