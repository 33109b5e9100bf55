public import APIMachinery
public import Basics
public import ControllerRuntime

/// Gives an aggregated ClusterRole the rules of those that its selectors choose
/// (`pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go`).
public final class ClusterRoleAggregationController: Controller {
  public let name = "clusterrole-aggregation-controller"
  private var aggregated: Set<ObjectKey> = []

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    guard event.key.kind == .clusterRole else { return }
    if event.type != .deleted && event.object["aggregationRule"].isObject {
      aggregated.insert(event.key)
    } else {
      aggregated.remove(event.key)
    }
    for key in aggregated.sorted() { queue.add(key) }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard var role = context.client.get(key), role["aggregationRule"].isObject else { return }
    let rules = Self.rules(for: role, from: context.client.list(.clusterRole))
    if rules == Array(role["rules"].items) { return }
    role["rules"] = rules.isEmpty ? .null : .array(rules)
    try context.client.update(role)
  }

  /// The rules of all chosen roles, selector by selector and in the order of their names, each once.
  static func rules(for role: Value, from all: [Value]) -> [Value] {
    var rules: [Value] = []
    for selector in role["aggregationRule"]["clusterRoleSelectors"].items {
      let selector = LabelSelector(selector)
      for other in all where other.nameKey != role.nameKey && selector.matches(other) {
        for rule in other["rules"].items where !rules.contains(rule) { rules.append(rule) }
      }
    }
    return rules
  }
}
