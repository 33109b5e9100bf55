import API
import APIMachinery
import Store

/// Claims and volumes are kept while they are used
/// (`plugin/pkg/admission/storage/storageobjectinuseprotection`).
enum StorageObjectInUseProtection: AdmissionPlugin {
  static let name = "StorageObjectInUseProtection"
  private static let volumeAttributesClass = GroupKind(group: "storage.k8s.io", kind: "VolumeAttributesClass")
  static let kinds: Set<GroupKind>? = [.persistentVolumeClaim, .persistentVolume, volumeAttributesClass]

  static func mutate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    guard request.operation == .create else { return }
    let finalizer =
      request.kind == .persistentVolumeClaim
      ? "kubernetes.io/pvc-protection"
      : request.kind == .persistentVolume ? "kubernetes.io/pv-protection" : "kubernetes.io/vac-protection"
    var all = request.object[.metadata][.finalizers]
    if all.items.contains(where: { $0.string == finalizer }) { return }
    all.append(.string(finalizer))
    request.object[.metadata] = request.object[.metadata].setting(.finalizers, all)
  }
}

/// Only a bound claim of a class that allows it may grow
/// (`plugin/pkg/admission/storage/persistentvolume/resize`).
enum PersistentVolumeClaimResize: AdmissionPlugin {
  static let name = "PersistentVolumeClaimResize"
  static let kinds: Set<GroupKind>? = [.persistentVolumeClaim]

  static func validate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    guard request.operation == .update, request.subresource == .none, let old = request.old,
      let before = size(old), let after = size(request.object), before < after
    else { return }
    if !old[.status][.phase].says("Bound") {
      throw request.forbidden("Only bound persistent volume claims can be expanded")
    }
    let name = request.object.storageClassName
    let found = name.isEmpty ? nil : server.store.get(ObjectKey(.storageClass, .empty, name))
    if name != old.storageClassName || found?[.allowVolumeExpansion].bool != true {
      throw request.forbidden(
        "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must "
          + "support resize")
    }
  }

  private static func size(_ claim: Value) -> Quantity? {
    Quantity(claim[.spec][.resources][.requests][.storage])
  }
}
