import APIMachinery
import ControllerRuntime

/// The arithmetic of rollouts (`pkg/controller/deployment/util/deployment_util.go`).
public enum DeploymentMath {
  /// `maxSurge` and `maxUnavailable` as counts; never both zero.
  public static func fenceposts(surge: Value, unavailable: Value, replicas: Int) -> (Int, Int) {
    let up = IntOrString(surge)?.roundUp(of: replicas) ?? 0
    let down = IntOrString(unavailable)?.roundDown(of: replicas) ?? 0
    return up == 0 && down == 0 ? (0, 1) : (up, down)
  }

  static func isRolling(_ deployment: Value) -> Bool {
    deployment[.spec, .strategy][.type].says("RollingUpdate")
  }

  static func replicas(_ object: Value) -> Int { object[.spec, .replicas].int ?? 1 }

  static func sum(_ sets: [Value]) -> Int { sets.reduce(0) { $0 + replicas($1) } }
  static func sum(_ sets: [Value], status: Key) -> Int {
    sets.reduce(0) { $0 + ($1[.status, status].int ?? 0) }
  }

  /// How many replicas the new ReplicaSet may have now (`NewRSNewReplicas`).
  static func newReplicas(_ bounds: RolloutBounds, all: [Value], new: Int) -> Int {
    guard bounds.isRolling else { return bounds.wanted }
    let present = sum(all)
    return present >= bounds.most ? new : new + min(bounds.most - present, bounds.wanted - new)
  }

  /// How much of a scaling falls to one ReplicaSet (`GetReplicaSetProportion`).
  public static func proportion(
    size: Int, maxBefore: Int, wanted: Int, surge: Int, toAdd: Int, added: Int
  ) -> Int {
    if size == 0 || toAdd == 0 || toAdd == added { return 0 }
    let share = fraction(size: size, maxBefore: maxBefore, wanted: wanted, surge: surge)
    let allowed = toAdd - added
    return toAdd > 0 ? min(share, allowed) : max(share, allowed)
  }

  private static func fraction(size: Int, maxBefore: Int, wanted: Int, surge: Int) -> Int {
    if wanted == 0 { return -size }
    if maxBefore == 0 { return 0 }
    let scaled = Double(size) * Double(wanted &+ surge) / Double(maxBefore)
    return (Int(exactly: scaled.rounded(.toNearestOrAwayFromZero)) ?? size) - size
  }
}

/// What size and strategy of a Deployment allow, read once.
public struct RolloutBounds {
  public let wanted: Int
  public let isRolling: Bool
  /// Pods that there may be beyond the wanted ones.
  public let surge: Int
  /// Wanted pods that may be missing.
  public let unavailable: Int

  public init(_ deployment: Value) {
    wanted = DeploymentMath.replicas(deployment)
    isRolling = DeploymentMath.isRolling(deployment)
    guard isRolling else {
      (surge, unavailable) = (0, 0)
      return
    }
    let rolling = deployment[.spec, .strategy][.rollingUpdate]
    let posts = DeploymentMath.fenceposts(
      surge: rolling[.maxSurge], unavailable: rolling[.maxUnavailable], replicas: wanted)
    surge = posts.0
    unavailable = wanted > 0 ? min(posts.1, wanted) : 0
  }

  /// The most pods that there may be.
  public var most: Int { wanted &+ surge }
  /// The least pods that must be available.
  public var least: Int { wanted - unavailable }
}
