import API
import APIMachinery
import Basics
import ControllerRuntime

/// Keeps a VolumeAttachment for each CSI volume and node whose pods use it (`pkg/controller/volume/attachdetach`,
/// `pkg/volume/csi/csi_attacher.go`). The driver's external attacher, which would say that it is attached, is not
/// simulated.
///
/// Only nodes whose kubelet leaves attaching to the controller count; a kubelet says so by an annotation.
final class AttachDetachController: Controller {
  let name = "persistentvolume-attach-detach-controller"
  let watches: Set<GroupKind>? = [
    .pod, .node, .persistentVolume, .persistentVolumeClaim, .volumeAttachment, csiDriver,
  ]
  private static let csiDriver = GroupKind(group: "storage.k8s.io", kind: "CSIDriver")
  private static let managed: Key = "volumes.kubernetes.io/controller-managed-attach-detach"
  /// All attachments are one piece of work: the volumes of all pods tell which are wanted.
  private static let everything = ObjectKey(.volumeAttachment, name: "")
  private var isUsed = false

  func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    let kind = event.key.kind
    // Most clusters have no such volume, and nothing is to be done.
    guard isUsed || kind == .persistentVolume || kind == .volumeAttachment else { return }
    switch kind {
    case .persistentVolume: if event.object.spec["csi"].isObject { isUsed = true } else { return }
    case .volumeAttachment: isUsed = true
    case .pod:
      let (old, new) = (event.old ?? .null, event.object)
      if event.type == .modified, old.spec[.nodeName] == new.spec[.nodeName],
        PodPhase.isTerminal(old) == PodPhase.isTerminal(new)
      {
        return
      }
    case .node:
      if event.type == .modified, event.old?.annotations == event.object.annotations { return }
    case .persistentVolumeClaim:
      if event.type == .modified, event.old?.spec[.volumeName] == event.object.spec[.volumeName] { return }
    default: break
    }
    queue.add(Self.everything)
  }

  /// One volume that has to be attached to one node.
  private struct Wanted {
    var volume: Value
    var node: Key
    var pod: Value

    var driver: String { volume.spec["csi"][.driver].string ?? "" }
    /// `getAttachmentName`.
    var name: String {
      let handle = volume.spec["csi"]["volumeHandle"].string ?? ""
      return "csi-" + SHA256.hex(Array((handle + driver + node.string).utf8))
    }
    /// Whether the volume may be on one node only (`isMultiAttachForbidden`).
    var isExclusive: Bool {
      let modes = volume.spec[.accessModes].items.compactMap(\.string)
      return !modes.isEmpty && !modes.contains("ReadWriteMany") && !modes.contains("ReadOnlyMany")
    }
  }

  func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    let wanted = wanted(context)
    let names = Set(wanted.map(\.name))
    var holders: [String: Set<Key>] = [:]
    for attachment in context.client.list(.volumeAttachment) {
      let volume = attachment.spec["source"]["persistentVolumeName"].string ?? ""
      if names.contains(attachment.name) || !attachment.name.hasPrefix("csi-") {
        holders[volume, default: []].insert(attachment.spec[.nodeName].key)
      } else if !attachment.isTerminating {
        try context.client.delete(ObjectKey(of: attachment), DeleteOptions())
      }
    }
    for one in wanted where context.client.get(ObjectKey(.volumeAttachment, name: one.name)) == nil {
      let others = holders[one.volume.name] ?? []
      if one.isExclusive && !others.isEmpty {
        refuse(one, context)
        continue
      }
      holders[one.volume.name, default: []].insert(one.node)
      try context.client.create([
        "apiVersion": "storage.k8s.io/v1", "kind": "VolumeAttachment",
        "metadata": ["name": .string(one.name)],
        "spec": [
          "attacher": .string(one.driver), "nodeName": .string(one.node),
          "source": ["persistentVolumeName": .string(one.volume.name)],
        ],
        "status": ["attached": false],
      ])
    }
  }

  private func refuse(_ one: Wanted, _ context: Context) {
    context.recorder.event(
      one.pod, type: "Warning", reason: "FailedAttachVolume",
      message:
        "Multi-Attach error for volume \"\(one.volume.name)\" Volume is already exclusively attached to one "
        + "node and can't be attached to another", source: "attachdetach-controller", now: context.now)
  }

  /// In the order of nodes and pods, each volume of a node once.
  private func wanted(_ context: Context) -> [Wanted] {
    var all: [Wanted] = []
    var seen: Set<String> = []
    for node in context.client.list(.node) where node.annotations.has(Self.managed) {
      for pod in context.client.pods(onNode: node.nameKey) where !PodPhase.isTerminal(pod) {
        for volume in volumes(of: pod, context) {
          let one = Wanted(volume: volume, node: node.nameKey, pod: pod)
          if needsAttaching(one.driver, context), seen.insert(one.name).inserted { all.append(one) }
        }
      }
    }
    return all
  }

  /// The CSI volumes behind a pod's claims.
  private func volumes(of pod: Value, _ context: Context) -> [Value] {
    pod.spec[.volumes].items.compactMap { volume in
      let name =
        volume[.persistentVolumeClaim]["claimName"].string
        ?? (volume.has("ephemeral") ? "\(pod.name)-\(volume[.name].string ?? "")" : nil)
      guard let name,
        let claim = context.client.get(ObjectKey(.persistentVolumeClaim, pod.namespaceKey, Key(name))),
        let found = context.client.get(ObjectKey(.persistentVolume, .empty, claim.spec[.volumeName].key)),
        found.spec["csi"].isObject
      else { return nil }
      return found
    }
  }

  private func needsAttaching(_ driver: String, _ context: Context) -> Bool {
    context.client.get(ObjectKey(Self.csiDriver, name: driver))?.spec["attachRequired"].bool ?? true
  }
}
