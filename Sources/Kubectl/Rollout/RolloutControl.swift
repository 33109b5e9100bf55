public import APIMachinery
public import Basics

/// `rollout pause`, `resume` and `restart` as changes of the object
/// (`kubectl/pkg/polymorphichelpers/objectpauser.go`, `objectresumer.go`, `objectrestarter.go`).
public enum RolloutControl {
  static let restartedAt: Key = "kubectl.kubernetes.io/restartedAt"

  public static func paused(_ object: Value) throws(KubectlError) -> Value {
    guard ObjectKey(of: object).kind == .deployment else { throw .client("pausing is not supported") }
    if object.spec[.paused].bool == true { throw .client("is already paused") }
    var next = object
    next[.spec][.paused] = true
    return next
  }

  public static func resumed(_ object: Value) throws(KubectlError) -> Value {
    guard ObjectKey(of: object).kind == .deployment else { throw .client("resuming is not supported") }
    if object.spec[.paused].bool != true { throw .client("is not paused") }
    var next = object
    next[.spec].remove(.paused)
    return next
  }

  public static func restarted(_ object: Value, now: Instant) throws(KubectlError) -> Value {
    switch ObjectKey(of: object).kind {
    case .deployment:
      if object.spec[.paused].bool == true {
        throw .client("can't restart paused deployment (run rollout resume first)")
      }
    case .daemonSet, .statefulSet: break
    default: throw .client("restarting is not supported")
    }
    var next = object
    var template = next[.spec][.template]
    let stamp = RFC3339.string(now)
    if template.annotation(restartedAt) == stamp {
      throw .client(
        "if restart has already been triggered within the past second, please wait before attempting to "
          + "trigger another")
    }
    template.setAnnotation(restartedAt, stamp)
    next[.spec][.template] = template
    return next
  }
}
