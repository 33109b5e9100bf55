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

  public static func maxSurge(_ deployment: Value) -> Int {
    guard isRolling(deployment) else { return 0 }
    return posts(deployment).0
  }

  public static func maxUnavailable(_ deployment: Value) -> Int {
    guard isRolling(deployment), replicas(deployment) > 0 else { return 0 }
    return min(posts(deployment).1, replicas(deployment))
  }

  private static func posts(_ deployment: Value) -> (Int, Int) {
    let rolling = deployment[.spec, .strategy][.rollingUpdate]
    return fenceposts(
      surge: rolling[.maxSurge], unavailable: rolling[.maxUnavailable], replicas: replicas(deployment))
  }

  static func isRolling(_ deployment: Value) -> Bool {
    deployment[.spec, .strategy][.type].text?.equals("RollingUpdate") ?? false
  }

  static func replicas(_ object: Value) -> Int { object[.spec, .replicas].int ?? 1 }

  static func sum(_ sets: [Value]) -> Int { sets.reduce(0) { $0 + replicas($1) } }
  static func sum(_ sets: [Value], status: Key) -> Int {
    sets.reduce(0) { $0 + ($1[.status, status].int ?? 0) }
  }

  /// How many replicas the new ReplicaSet may have now (`NewRSNewReplicas`).
  static func newReplicas(_ deployment: Value, all: [Value], new: Int) -> Int {
    let wanted = replicas(deployment)
    guard isRolling(deployment) else { return wanted }
    let surge =
      IntOrString(deployment[.spec, .strategy][.rollingUpdate, .maxSurge])?.roundUp(of: wanted) ?? 0
    let most = wanted &+ surge
    let present = sum(all)
    return present >= most ? new : new + min(most - present, wanted - new)
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
