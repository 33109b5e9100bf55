// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let storage = """
    CSIDriver:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec!: CSIDriverSpec+
    CSIDriverSpec:
      attachRequired: bool? = true; fsGroupPolicy: string? = ReadWriteOnceWithFSType;
      nodeAllocatableUpdatePeriodSeconds: int64?; podInfoOnMount: bool? = false;
      preventPodSchedulingIfMissing: bool?; requiresRepublish: bool? = false; seLinuxMount: bool? = false;
      serviceAccountTokenInSecrets: bool?; storageCapacity: bool? = false;
      tokenRequests: [TokenRequest atomic]; volumeLifecycleModes: [string set] = [Persistent]
    CSINode:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec!: CSINodeSpec+
    CSINodeDriver:
      allocatable: VolumeNodeResources?; name!: string+; nodeID!: string+; topologyKeys: [string atomic]
    CSINodeSpec:
      drivers!: [CSINodeDriver by name]+ merge:name
    CSIStorageCapacity:
      apiVersion: string; capacity: quantity?; kind: string; maximumVolumeSize: quantity?;
      metadata: meta.ObjectMeta+; nodeTopology: meta.LabelSelector?; storageClassName!: string+
    StorageClass:
      allowVolumeExpansion: bool?; allowedTopologies: [core.TopologySelectorTerm atomic];
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; mountOptions: [string atomic];
      parameters: {string}; provisioner!: string+; reclaimPolicy: enum(Delete|Recycle|Retain)? = Delete;
      volumeBindingMode: enum(Immediate|WaitForFirstConsumer)? = Immediate
    TokenRequest:
      audience!: string+; expirationSeconds: int64?
    VolumeAttachment:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec!: VolumeAttachmentSpec+;
      status: VolumeAttachmentStatus+
    VolumeAttachmentSource:
      inlineVolumeSpec: core.PersistentVolumeSpec?; persistentVolumeName: string?
    VolumeAttachmentSpec:
      attacher!: string+; nodeName!: string+; source!: VolumeAttachmentSource+
    VolumeAttachmentStatus:
      attachError: VolumeError?; attached!: bool+; attachmentMetadata: {string}; detachError: VolumeError?
    VolumeAttributesClass:
      apiVersion: string; driverName!: string+; kind: string; metadata: meta.ObjectMeta+;
      parameters: {string}
    VolumeError:
      errorCode: int32?; message: string; time: time+
    VolumeNodeResources:
      count: int32?
    """
}
