import APIMachinery
import Basics
import ControllerRuntime

/// Looks after claims that ask for more than their volume has (`pkg/controller/volume/expand/expand_controller.go`).
/// No volume is expanded by kube-controller-manager itself any more: it tells who is waited for.
final class ExpandController: Controller {
  let name = "persistentvolume-expander-controller"
  let watches: Set<GroupKind>? = [.persistentVolumeClaim]

  func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    if event.type == .deleted || !Self.wantsMore(event.object) { return }
    if event.old?.spec[.resources] != event.object.spec[.resources] { queue.add(event.key) }
  }

  private static func wantsMore(_ claim: Value) -> Bool {
    guard claim.status[.phase].says("Bound"),
      let asked = Quantity(claim.spec[.resources][.requests][.storage]),
      let has = Quantity(claim.status[.capacity][.storage])
    else { return false }
    return asked > has
  }

  func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let claim = context.client.get(key), Self.wantsMore(claim),
      let volume = context.client.get(
        ObjectKey(.persistentVolume, .empty, claim.spec[.volumeName].key)),
      volume.spec[.claimRef][.uid] == claim.metadata[.uid]
    else { return }
    context.recorder.event(
      claim, type: "Normal", reason: "ExternalExpanding",
      message: "waiting for an external controller to expand this PVC", source: "volume_expand",
      now: context.now)
  }
}
