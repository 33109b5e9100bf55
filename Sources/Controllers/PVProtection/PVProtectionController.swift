public import APIMachinery
public import Basics
public import ControllerRuntime

/// Lets a volume that is being deleted go once it is not bound any more
/// (`pkg/controller/volume/pvprotection/pv_protection_controller.go`).
public final class PVProtectionController: Controller {
  public let name = "persistentvolume-protection-controller"
  public let watches: Set<GroupKind>? = [.persistentVolume]
  static let finalizer = "kubernetes.io/pv-protection"

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    guard event.key.kind == .persistentVolume, event.type != .deleted else { return }
    queue.add(event.key)
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let volume = context.client.get(key) else { return }
    if volume.isTerminating && volume.status[.phase].says("Bound") { return }
    try ProtectionFinalizer.keep(Self.finalizer, volume, context)
  }
}

/// The finalizer that keeps a storage object as long as it is in use.
enum ProtectionFinalizer {
  /// Adds it to an object that lives, takes it from one that is being deleted.
  static func keep(_ finalizer: String, _ object: Value, _ context: Context) throws(APIError) {
    let all = object.metadata[.finalizers].items
    let has = all.contains { $0.string == finalizer }
    if has != object.isTerminating { return }
    let left =
      object.isTerminating ? all.filter { $0.string != finalizer } : Array(all) + [.string(finalizer)]
    var next = object
    next[.metadata].set(.finalizers, left.isEmpty ? nil : .array(left))
    try context.client.update(next)
  }
}
