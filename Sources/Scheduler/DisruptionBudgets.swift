import API
import APIMachinery

/// The PodDisruptionBudgets, as preemption reads them.
final class DisruptionBudgets {
  private struct Budget {
    var key: ObjectKey
    var selector: LabelSelector
    var disrupted: Value
    var allowed: Int
  }
  private var all: [Key: [Budget]] = [:]
  /// Counts changes.
  private(set) var version = 0
  private(set) var isEmpty = true

  func set(_ key: ObjectKey, _ budget: Value?) {
    version += 1
    var list = (all[key.namespace] ?? []).filter { $0.key != key }
    if let budget {
      list.append(
        Budget(
          key: key, selector: LabelSelector(budget.spec.get(.selector)),
          disrupted: budget[.status, .disruptedPods], allowed: budget[.status, .disruptionsAllowed].int ?? 0))
      list.sort { $0.key < $1.key }
    }
    all[key.namespace] = list.isEmpty ? nil : list
    isEmpty = all.isEmpty
  }

  /// The budgets that a pod counts in.
  private func concerning(_ pod: PodInfo) -> [Budget] {
    (all[pod.key.namespace] ?? []).filter { budget in
      !budget.selector.isEverything && !pod.podClass.labels.isEmpty
        && budget.selector.matches(labels: pod.podClass.labels) && !budget.disrupted.has(pod.key.name)
    }
  }

  /// Pods whose eviction a budget refuses when all are evicted one after the other, each with the budget's name.
  func refusals(_ pods: [PodInfo]) -> [(pod: ObjectKey, budget: String)] {
    var used: [ObjectKey: Int] = [:]
    var refused: [(pod: ObjectKey, budget: String)] = []
    for pod in pods {
      let budgets = concerning(pod)
      if let full = budgets.first(where: { used[$0.key, default: 0] >= $0.allowed }) {
        refused.append((pod.key, full.key.name.string))
        continue
      }
      for budget in budgets { used[budget.key, default: 0] += 1 }
    }
    return refused
  }

  /// Pods whose going would break a budget, and the rest; both in the given order.
  func split(_ pods: [PodInfo]) -> (violating: [PodInfo], others: [PodInfo]) {
    if isEmpty { return ([], pods) }
    var used: [ObjectKey: Int] = [:]
    var violating: [PodInfo] = []
    var others: [PodInfo] = []
    for pod in pods {
      var breaks = false
      for budget in concerning(pod) {
        used[budget.key, default: 0] += 1
        if used[budget.key, default: 0] > budget.allowed { breaks = true }
      }
      if breaks { violating.append(pod) } else { others.append(pod) }
    }
    return (violating, others)
  }
}
