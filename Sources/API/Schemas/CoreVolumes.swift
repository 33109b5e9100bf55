// Written by generate.py from Kubernetes 1.36's OpenAPI and overlay.py; do not edit.

extension BuiltinSchemas {
  static let coreVolumes = """
    AWSElasticBlockStoreVolumeSource:
      fsType: string; partition: int32; readOnly: bool; volumeID!: string+
    AttachedVolume:
      devicePath!: string+; name!: string+
    AzureDiskVolumeSource:
      cachingMode: enum(None|ReadOnly|ReadWrite)? = ReadWrite; diskName!: string+; diskURI!: string+;
      fsType: string? = ext4; kind: enum(Dedicated|Managed|Shared)? = Shared; readOnly: bool? = false
    AzureFilePersistentVolumeSource:
      readOnly: bool; secretName!: string+; secretNamespace: string?+; shareName!: string+
    AzureFileVolumeSource:
      readOnly: bool; secretName!: string+; shareName!: string+
    CSIPersistentVolumeSource:
      controllerExpandSecretRef: SecretReference?; controllerPublishSecretRef: SecretReference?;
      driver!: string+; fsType: string; nodeExpandSecretRef: SecretReference?;
      nodePublishSecretRef: SecretReference?; nodeStageSecretRef: SecretReference?; readOnly: bool;
      volumeAttributes: {string}; volumeHandle!: string+
    CSIVolumeSource:
      driver!: string+; fsType: string?; nodePublishSecretRef: LocalObjectReference?; readOnly: bool?;
      volumeAttributes: {string}
    CephFSPersistentVolumeSource:
      monitors!: [string atomic]+; path: string; readOnly: bool; secretFile: string;
      secretRef: SecretReference?; user: string
    CephFSVolumeSource:
      monitors!: [string atomic]+; path: string; readOnly: bool; secretFile: string;
      secretRef: LocalObjectReference?; user: string
    CinderPersistentVolumeSource:
      fsType: string; readOnly: bool; secretRef: SecretReference?; volumeID!: string+
    CinderVolumeSource:
      fsType: string; readOnly: bool; secretRef: LocalObjectReference?; volumeID!: string+
    ClusterTrustBundleProjection:
      labelSelector: meta.LabelSelector?; name: string?; optional: bool?; path!: string+;
      signerName: string?
    ConfigMapProjection:
      items: [KeyToPath atomic]; name: string+ in:LocalObjectReference; optional: bool?
    ConfigMapVolumeSource:
      defaultMode: int32? = 420; items: [KeyToPath atomic]; name: string+ in:LocalObjectReference;
      optional: bool?
    DownwardAPIProjection:
      items: [DownwardAPIVolumeFile atomic]
    DownwardAPIVolumeFile:
      fieldRef: ObjectFieldSelector?; mode: int32?; path!: string+; resourceFieldRef: ResourceFieldSelector?
    DownwardAPIVolumeSource:
      defaultMode: int32? = 420; items: [DownwardAPIVolumeFile atomic]
    EmptyDirVolumeSource:
      medium: string; sizeLimit: quantity?
    EphemeralVolumeSource:
      volumeClaimTemplate: PersistentVolumeClaimTemplate?
    FCVolumeSource:
      fsType: string; lun: int32?; readOnly: bool; targetWWNs: [string atomic]; wwids: [string atomic]
    FlexPersistentVolumeSource:
      driver!: string+; fsType: string; options: {string}; readOnly: bool; secretRef: SecretReference?
    FlexVolumeSource:
      driver!: string+; fsType: string; options: {string}; readOnly: bool; secretRef: LocalObjectReference?
    FlockerVolumeSource:
      datasetName: string; datasetUUID: string
    GCEPersistentDiskVolumeSource:
      fsType: string; partition: int32; pdName!: string+; readOnly: bool
    GitRepoVolumeSource:
      directory: string; repository!: string+; revision: string
    GlusterfsPersistentVolumeSource:
      endpoints!: string+; endpointsNamespace: string?; path!: string+; readOnly: bool
    GlusterfsVolumeSource:
      endpoints!: string+; path!: string+; readOnly: bool
    HostPathVolumeSource:
      path!: string+;
      type: enum(|BlockDevice|CharDevice|Directory|DirectoryOrCreate|File|FileOrCreate|Socket)? = ""
    ISCSIPersistentVolumeSource:
      chapAuthDiscovery: bool; chapAuthSession: bool; fsType: string; initiatorName: string; iqn!: string+;
      iscsiInterface: string = default; lun!: int32+; portals: [string atomic]; readOnly: bool;
      secretRef: SecretReference?; targetPortal!: string+
    ISCSIVolumeSource:
      chapAuthDiscovery: bool; chapAuthSession: bool; fsType: string; initiatorName: string; iqn!: string+;
      iscsiInterface: string = default; lun!: int32+; portals: [string atomic]; readOnly: bool;
      secretRef: LocalObjectReference?; targetPortal!: string+
    ImageVolumeSource:
      pullPolicy: enum(Always|IfNotPresent|Never); reference: string
    ImageVolumeStatus:
      imageRef!: string+
    KeyToPath:
      key!: string+; mode: int32?; path!: string+
    LocalVolumeSource:
      fsType: string; path!: string+
    ModifyVolumeStatus:
      status!: enum(InProgress|Infeasible|Pending)+; targetVolumeAttributesClassName: string
    NFSVolumeSource:
      path!: string+; readOnly: bool; server!: string+
    PersistentVolume:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: PersistentVolumeSpec+;
      status: PersistentVolumeStatus+
    PersistentVolumeClaim:
      apiVersion: string; kind: string; metadata: meta.ObjectMeta+; spec: PersistentVolumeClaimSpec+;
      status: PersistentVolumeClaimStatus+
    PersistentVolumeClaimCondition:
      lastProbeTime: time+; lastTransitionTime: time+; message: string; reason: string; status!: string+;
      type!: string+
    PersistentVolumeClaimSpec:
      accessModes: [enum(ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod) atomic];
      dataSource: TypedLocalObjectReference?; dataSourceRef: TypedObjectReference?;
      resources: VolumeResourceRequirements+; selector: meta.LabelSelector?; storageClassName: string?;
      volumeAttributesClassName: string?; volumeMode: enum(Block|Filesystem)? = Filesystem;
      volumeName: string
    PersistentVolumeClaimStatus:
      accessModes: [enum(ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod) atomic];
      allocatedResourceStatuses: {enum(ControllerResizeInProgress| ControllerResizeInfeasible|
      NodeResizeInProgress| NodeResizeInfeasible| NodeResizePending)}; allocatedResources: {quantity};
      capacity: {quantity}; conditions: [PersistentVolumeClaimCondition by type] merge:type;
      currentVolumeAttributesClassName: string?; modifyVolumeStatus: ModifyVolumeStatus?;
      phase: enum(Bound|Lost|Pending) = Pending
    PersistentVolumeClaimTemplate:
      metadata: meta.ObjectMeta+; spec!: PersistentVolumeClaimSpec+
    PersistentVolumeClaimVolumeSource:
      claimName!: string+; readOnly: bool
    PersistentVolumeSpec:
      accessModes: [enum(ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod) atomic];
      awsElasticBlockStore: AWSElasticBlockStoreVolumeSource? in:PersistentVolumeSource;
      azureDisk: AzureDiskVolumeSource? in:PersistentVolumeSource;
      azureFile: AzureFilePersistentVolumeSource? in:PersistentVolumeSource; capacity: {quantity};
      cephfs: CephFSPersistentVolumeSource? in:PersistentVolumeSource;
      cinder: CinderPersistentVolumeSource? in:PersistentVolumeSource; claimRef: ObjectReference?;
      csi: CSIPersistentVolumeSource? in:PersistentVolumeSource;
      fc: FCVolumeSource? in:PersistentVolumeSource;
      flexVolume: FlexPersistentVolumeSource? in:PersistentVolumeSource;
      flocker: FlockerVolumeSource? in:PersistentVolumeSource;
      gcePersistentDisk: GCEPersistentDiskVolumeSource? in:PersistentVolumeSource;
      glusterfs: GlusterfsPersistentVolumeSource? in:PersistentVolumeSource;
      hostPath: HostPathVolumeSource? in:PersistentVolumeSource;
      iscsi: ISCSIPersistentVolumeSource? in:PersistentVolumeSource;
      local: LocalVolumeSource? in:PersistentVolumeSource; mountOptions: [string atomic];
      nfs: NFSVolumeSource? in:PersistentVolumeSource; nodeAffinity: VolumeNodeAffinity?;
      persistentVolumeReclaimPolicy: enum(Delete|Recycle|Retain) = Retain;
      photonPersistentDisk: PhotonPersistentDiskVolumeSource? in:PersistentVolumeSource;
      portworxVolume: PortworxVolumeSource? in:PersistentVolumeSource;
      quobyte: QuobyteVolumeSource? in:PersistentVolumeSource;
      rbd: RBDPersistentVolumeSource? in:PersistentVolumeSource;
      scaleIO: ScaleIOPersistentVolumeSource? in:PersistentVolumeSource; storageClassName: string;
      storageos: StorageOSPersistentVolumeSource? in:PersistentVolumeSource;
      volumeAttributesClassName: string?; volumeMode: enum(Block|Filesystem)? = Filesystem;
      vsphereVolume: VsphereVirtualDiskVolumeSource? in:PersistentVolumeSource
    PersistentVolumeStatus:
      lastPhaseTransitionTime: time?; message: string;
      phase: enum(Available|Bound|Failed|Pending|Released) = Pending; reason: string
    PhotonPersistentDiskVolumeSource:
      fsType: string; pdID!: string+
    PodCertificateProjection:
      certificateChainPath: string; credentialBundlePath: string; keyPath: string; keyType!: string+;
      maxExpirationSeconds: int32?; signerName!: string+; userAnnotations: {string}
    PortworxVolumeSource:
      fsType: string; readOnly: bool; volumeID!: string+
    ProjectedVolumeSource:
      defaultMode: int32? = 420; sources: [VolumeProjection atomic]+
    QuobyteVolumeSource:
      group: string; readOnly: bool; registry!: string+; tenant: string; user: string; volume!: string+
    RBDPersistentVolumeSource:
      fsType: string; image!: string+; keyring: string = /etc/ceph/keyring; monitors!: [string atomic]+;
      pool: string = rbd; readOnly: bool; secretRef: SecretReference?; user: string = admin
    RBDVolumeSource:
      fsType: string; image!: string+; keyring: string = /etc/ceph/keyring; monitors!: [string atomic]+;
      pool: string = rbd; readOnly: bool; secretRef: LocalObjectReference?; user: string = admin
    ScaleIOPersistentVolumeSource:
      fsType: string = xfs; gateway!: string+; protectionDomain: string; readOnly: bool;
      secretRef!: SecretReference?+; sslEnabled: bool; storageMode: string = ThinProvisioned;
      storagePool: string; system!: string+; volumeName: string
    ScaleIOVolumeSource:
      fsType: string = xfs; gateway!: string+; protectionDomain: string; readOnly: bool;
      secretRef!: LocalObjectReference?+; sslEnabled: bool; storageMode: string = ThinProvisioned;
      storagePool: string; system!: string+; volumeName: string
    SecretProjection:
      items: [KeyToPath atomic]; name: string+ in:LocalObjectReference; optional: bool?
    SecretVolumeSource:
      defaultMode: int32? = 420; items: [KeyToPath atomic]; optional: bool?; secretName: string
    ServiceAccountTokenProjection:
      audience: string; expirationSeconds: int64? = 3600; path!: string+
    StorageOSPersistentVolumeSource:
      fsType: string; readOnly: bool; secretRef: ObjectReference?; volumeName: string;
      volumeNamespace: string
    StorageOSVolumeSource:
      fsType: string; readOnly: bool; secretRef: LocalObjectReference?; volumeName: string;
      volumeNamespace: string
    Volume:
      awsElasticBlockStore: AWSElasticBlockStoreVolumeSource? in:VolumeSource;
      azureDisk: AzureDiskVolumeSource? in:VolumeSource; azureFile: AzureFileVolumeSource? in:VolumeSource;
      cephfs: CephFSVolumeSource? in:VolumeSource; cinder: CinderVolumeSource? in:VolumeSource;
      configMap: ConfigMapVolumeSource? in:VolumeSource; csi: CSIVolumeSource? in:VolumeSource;
      downwardAPI: DownwardAPIVolumeSource? in:VolumeSource;
      emptyDir: EmptyDirVolumeSource? in:VolumeSource; ephemeral: EphemeralVolumeSource? in:VolumeSource;
      fc: FCVolumeSource? in:VolumeSource; flexVolume: FlexVolumeSource? in:VolumeSource;
      flocker: FlockerVolumeSource? in:VolumeSource;
      gcePersistentDisk: GCEPersistentDiskVolumeSource? in:VolumeSource;
      gitRepo: GitRepoVolumeSource? in:VolumeSource; glusterfs: GlusterfsVolumeSource? in:VolumeSource;
      hostPath: HostPathVolumeSource? in:VolumeSource; image: ImageVolumeSource? in:VolumeSource;
      iscsi: ISCSIVolumeSource? in:VolumeSource; name!: string+; nfs: NFSVolumeSource? in:VolumeSource;
      persistentVolumeClaim: PersistentVolumeClaimVolumeSource? in:VolumeSource;
      photonPersistentDisk: PhotonPersistentDiskVolumeSource? in:VolumeSource;
      portworxVolume: PortworxVolumeSource? in:VolumeSource;
      projected: ProjectedVolumeSource? in:VolumeSource; quobyte: QuobyteVolumeSource? in:VolumeSource;
      rbd: RBDVolumeSource? in:VolumeSource; scaleIO: ScaleIOVolumeSource? in:VolumeSource;
      secret: SecretVolumeSource? in:VolumeSource; storageos: StorageOSVolumeSource? in:VolumeSource;
      vsphereVolume: VsphereVirtualDiskVolumeSource? in:VolumeSource
    VolumeDevice:
      devicePath!: string+; name!: string+
    VolumeMount:
      mountPath!: string+; mountPropagation: enum(Bidirectional|HostToContainer|None)?; name!: string+;
      readOnly: bool; recursiveReadOnly: string?; subPath: string; subPathExpr: string
    VolumeMountStatus:
      mountPath!: string+; name!: string+; readOnly: bool; recursiveReadOnly: string?;
      volumeStatus: VolumeStatus?
    VolumeNodeAffinity:
      required: NodeSelector?
    VolumeProjection:
      clusterTrustBundle: ClusterTrustBundleProjection?; configMap: ConfigMapProjection?;
      downwardAPI: DownwardAPIProjection?; podCertificate: PodCertificateProjection?;
      secret: SecretProjection?; serviceAccountToken: ServiceAccountTokenProjection?
    VolumeResourceRequirements:
      limits: {quantity}; requests: {quantity}
    VolumeStatus:
      image: ImageVolumeStatus?
    VsphereVirtualDiskVolumeSource:
      fsType: string; storagePolicyID: string; storagePolicyName: string; volumePath!: string+
    """
}
