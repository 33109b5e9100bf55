import API
public import APIMachinery
public import Basics
public import ControllerRuntime

/// Stands for the provisioners of all storage classes but `kubernetes.io/no-provisioner`: makes a host path
/// volume for each claim that is sent to one, and deletes released volumes that it made.
public final class SimulatedProvisioner: Controller {
  public let name = "simulated-volume-provisioner"
  public let watches: Set<GroupKind>? = [.persistentVolumeClaim, .persistentVolume]
  private static let asked: Key = "volume.kubernetes.io/storage-provisioner"

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    if event.type == .deleted { return }
    let object = event.object
    if event.key.kind == .persistentVolumeClaim {
      if object.annotations.has(Self.asked) && object.spec[.volumeName].key.isEmpty { queue.add(event.key) }
    } else if event.key.kind == .persistentVolume, isDone(object) {
      queue.add(event.key)
    }
  }

  /// A volume that was made here, whose claim has left it and that nobody wants to keep.
  private func isDone(_ volume: Value) -> Bool {
    volume.annotations.has(PersistentVolumeBinder.provisionedBy)
      && volume.status[.phase].says("Released")
      && volume.spec[.persistentVolumeReclaimPolicy].says("Delete")
      && !volume.isTerminating
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let object = context.client.get(key) else { return }
    if key.kind == .persistentVolume {
      if isDone(object) { try context.client.delete(key, DeleteOptions(uid: object.uid)) }
      return
    }
    guard object.spec[.volumeName].key.isEmpty, !object.isTerminating,
      let provisioner = object.annotation(Self.asked),
      let storageClass = StorageClasses.named(object.storageClassName, context.client)
    else { return }
    let waits = storageClass[.volumeBindingMode].says("WaitForFirstConsumer")
    if waits && !object.annotations.has(PersistentVolumeBinder.selectedNode) { return }
    do {
      try context.client.create(Self.volume(for: object, storageClass, provisioner))
    } catch  where error.reason == .alreadyExists {
      return
    }
    context.recorder.event(
      object, type: "Normal", reason: "ProvisioningSucceeded",
      message: "Successfully provisioned volume pvc-\(object.uid)", source: provisioner, now: context.now)
  }

  private static func volume(for claim: Value, _ storageClass: Value, _ provisioner: String) -> Value {
    let name = "pvc-" + claim.uid
    return .fields(
      (.apiVersion, "v1"), (.kind, "PersistentVolume"),
      (
        .metadata,
        .fields(
          (.name, .string(name)),
          (.annotations, .fields((PersistentVolumeBinder.provisionedBy, .string(provisioner)))))
      ),
      (
        .spec,
        .fields(
          (.capacity, .fields((.storage, claim.spec[.resources][.requests][.storage]))),
          (.accessModes, claim.spec[.accessModes]), (.volumeMode, claim.spec.get(.volumeMode)),
          (.persistentVolumeReclaimPolicy, storageClass.get(.reclaimPolicy) ?? "Delete"),
          (.storageClassName, .string(storageClass.name)), (.mountOptions, storageClass.get(.mountOptions)),
          (.hostPath, ["path": .string("/var/fake/" + name), "type": "DirectoryOrCreate"]),
          (
            .claimRef,
            [
              "apiVersion": "v1", "kind": "PersistentVolumeClaim", "name": .string(claim.name),
              "namespace": .string(claim.namespace), "resourceVersion": .string(claim.resourceVersion),
              "uid": .string(claim.uid),
            ]
          ))
      ))
  }
}
