public import APIMachinery
public import Basics
public import ControllerRuntime

/// Lets a claim that is being deleted go once no pod with a node uses it
/// (`pkg/controller/volume/pvcprotection/pvc_protection_controller.go`).
public final class PVCProtectionController: Controller {
  public let name = "persistentvolumeclaim-protection-controller"
  public let watches: Set<GroupKind>? = [.persistentVolumeClaim, .pod]
  static let finalizer = "kubernetes.io/pvc-protection"
  /// The pods that name a claim.
  private var users: [ObjectKey: Set<ObjectKey>] = [:]

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    if event.key.kind == .persistentVolumeClaim {
      if event.type != .deleted { queue.add(event.key) }
      return
    }
    // The claims of a pod never change.
    guard event.key.kind == .pod, event.type != .modified else { return }
    for claim in PodClaims.keys(event.object) {
      if event.type == .added {
        users[claim, default: []].insert(event.key)
      } else {
        users[claim]?.remove(event.key)
        if users[claim]?.isEmpty ?? false { users[claim] = nil }
        queue.add(claim)
      }
    }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let claim = context.client.get(key) else { return }
    if claim.isTerminating && isUsed(key, context) { return }
    try ProtectionFinalizer.keep(Self.finalizer, claim, context)
  }

  private func isUsed(_ claim: ObjectKey, _ context: Context) -> Bool {
    users[claim, default: []].contains { context.client.get($0)?.spec[.nodeName].text?.count ?? 0 > 0 }
  }
}

/// The claims that a pod uses, those of its ephemeral volumes with them.
enum PodClaims {
  static func keys(_ pod: Value) -> [ObjectKey] {
    var all: [ObjectKey] = []
    for volume in pod.spec[.volumes].items {
      if let claim = volume[.persistentVolumeClaim][.claimName].text {
        all.append(ObjectKey(.persistentVolumeClaim, pod.namespaceKey, Key(utf8: claim.utf8)))
      } else if volume.has(.ephemeral) {
        let name = pod.name + "-" + (volume[.name].string ?? "")
        all.append(ObjectKey(.persistentVolumeClaim, pod.namespaceKey, Key(name)))
      }
    }
    return all
  }
}
