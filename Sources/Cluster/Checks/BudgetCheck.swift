import APIMachinery
import APIServer

/// A voluntary eviction leaves as many healthy pods as their budget wants.
final class BudgetCheck: InstantCheck {
  private var budgets: [ObjectKey: Value] = [:]
  private var pods: [Key: [ObjectKey: Value]] = [:]

  init(_ server: APIServer) {
    for budget in server.list(.podDisruptionBudget, namespace: nil) {
      budgets[ObjectKey(of: budget)] = budget
    }
    for pod in server.list(.pod, namespace: nil) {
      pods[pod.namespaceKey, default: [:]][ObjectKey(of: pod)] = pod
    }
  }

  func observe(_ event: WatchEvent) -> [Violation] {
    if event.key.kind == .podDisruptionBudget {
      budgets[event.key] = event.type == .deleted ? nil : event.object
      return []
    }
    guard event.key.kind == .pod else { return [] }
    pods[event.key.namespace, default: [:]][event.key] = event.type == .deleted ? nil : event.object
    guard let old = event.old, Self.isHealthy(old), !Self.isEvicted(old), Self.isEvicted(event.object) else {
      return []
    }
    var violations: [Violation] = []
    for (key, budget) in budgets.sorted(by: { $0.key < $1.key }) where key.namespace == event.key.namespace {
      let selector = LabelSelector(budget.spec.get(.selector))
      guard selector.matches(old), budget.status[.observedGeneration].int == budget.generation else {
        continue
      }
      let left = (pods[key.namespace] ?? [:]).filter {
        $0.key != event.key && selector.matches($0.value) && Self.isHealthy($0.value)
          && !Self.isEvicted($0.value)
      }.count
      let wanted = budget.status[.desiredHealthy].int ?? 0
      if left < wanted {
        violations.append(
          Violation(
            check: "budget", key: event.key, message: "\(left) healthy pods left, \(key.name) wants \(wanted)"
          ))
      }
    }
    return violations
  }

  private static func isHealthy(_ pod: Value) -> Bool {
    !pod.isTerminating && pod.condition("Ready")?[.status].string == "True"
  }

  private static func isEvicted(_ pod: Value) -> Bool {
    pod.condition("DisruptionTarget")?[.reason].string == "EvictionByEvictionAPI"
  }
}
