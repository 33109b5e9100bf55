import APIMachinery
import APIServer
import Controllers

/// The ReplicaSets of a rolling Deployment never grow beyond its replicas and surge together, and none is shrunk
/// so far that fewer than its replicas less the unavailable ones are left.
final class RolloutCheck: InstantCheck {
  private var deployments: [Key: Value] = [:]
  private var sets: [Key: [Key: Value]] = [:]

  init(_ server: APIServer) {
    for object in server.list(.deployment, namespace: nil) { deployments[object.uidKey] = object }
    for object in server.list(.replicaSet, namespace: nil) { keep(object) }
  }

  private static func owner(_ set: Value) -> Key? { set.controllerReference?[.uid].key }

  private func keep(_ set: Value) {
    if let owner = Self.owner(set) { sets[owner, default: [:]][set.nameKey] = set }
  }

  func observe(_ event: WatchEvent) -> [Violation] {
    let object = event.object
    if event.key.kind == .deployment {
      deployments[object.uidKey] = event.type == .deleted ? nil : object
      if event.type == .deleted { sets[object.uidKey] = nil }
      return []
    }
    guard event.key.kind == .replicaSet, let owner = Self.owner(object) else { return [] }
    let before = sets[owner] ?? [:]
    if event.type == .deleted {
      sets[owner]?[event.key.name] = nil
      return []
    }
    keep(object)
    guard let deployment = deployments[owner], !deployment.isTerminating,
      deployment.spec[.strategy][.type].says("RollingUpdate"),
      Self.size(object) != before[event.key.name].map({ Self.size($0) }) ?? 0
    else { return [] }
    return judge(deployment, event, before)
  }

  private static func size(_ set: Value) -> Int { set.spec[.replicas].int ?? 0 }
  private static let desired: Key = "deployment.kubernetes.io/desired-replicas"

  private func judge(_ deployment: Value, _ event: WatchEvent, _ before: [Key: Value]) -> [Violation] {
    let object = event.object
    let all = sets[deployment.uidKey] ?? [:]
    let total = all.values.reduce(0) { $0 + Self.size($1) }
    let totalBefore = before.values.reduce(0) { $0 + Self.size($1) }
    let bounds = RolloutBounds(deployment)
    let (wanted, most) = (bounds.wanted, bounds.most)
    if total > most && total > totalBefore {
      return [
        Violation(check: "surge", key: event.key, message: "\(total) replicas of at most \(most) together")
      ]
    }
    // Scaling, and ReplicaSets that did not know their Deployment's size, follow other rules.
    let sizes = before.values.map { $0.annotation(Self.desired) } + [event.object.annotation(Self.desired)]
    let least = bounds.least
    guard total < totalBefore, sizes.allSatisfy({ $0 == String(wanted) }) else { return [] }
    // A ReplicaSet that has not yet told of its last step counts as many as it says, as the controller reads it.
    let had = before.values.reduce(0) { $0 + Self.available($1) }
    let was = before[event.key.name] ?? .null
    let lost = max(0, Self.size(was) - Self.size(object) - max(0, Self.size(was) - Self.available(was)))
    let left = had - lost
    if left >= min(least, had) { return [] }
    return [
      Violation(
        check: "unavailable", key: event.key, message: "\(left) available replicas left of at least \(least)")
    ]
  }

  private static func available(_ set: Value) -> Int { set.status[.availableReplicas].int ?? 0 }
}
