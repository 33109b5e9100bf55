import APIMachinery

/// `pkg/apis/autoscaling/v2/defaults.go`.
enum HorizontalPodAutoscalerDefaults {
  static func autoscaler(_ object: inout Value) {
    guard object[.spec].isObject else { return }
    if object[.spec][.metrics].isEmpty {
      object[.spec][.metrics] = [
        [
          "type": "Resource",
          "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 80]],
        ]
      ]
    }
    guard object[.spec].has(.behavior) else { return }
    var behavior = object[.spec][.behavior]
    let fast: Value = [
      ["type": "Pods", "value": 4, "periodSeconds": 15],
      ["type": "Percent", "value": 100, "periodSeconds": 15],
    ]
    fill(&behavior, .scaleUp, fast, window: 0)
    fill(&behavior, .scaleDown, [["type": "Percent", "value": 100, "periodSeconds": 15]], window: nil)
    if behavior != object[.spec][.behavior] { object[.spec][.behavior] = behavior }
  }

  private static func fill(_ behavior: inout Value, _ key: Key, _ policies: Value, window: Int?) {
    var rules = behavior[key]
    if !rules.has(.selectPolicy) { rules[.selectPolicy] = "Max" }
    if let window, !rules.has(.stabilizationWindowSeconds) {
      rules[.stabilizationWindowSeconds] = .int(window)
    }
    if !rules.has(.policies) { rules[.policies] = policies }
    if rules != behavior[key] { behavior[key] = rules }
  }
}
