/// The drivers that took the place of volume plugins inside Kubernetes (`k8s.io/csi-translation-lib/translate.go`).
enum CSITranslation {
  private static let drivers = [
    "kubernetes.io/aws-ebs": "ebs.csi.aws.com", "kubernetes.io/azure-disk": "disk.csi.azure.com",
    "kubernetes.io/azure-file": "file.csi.azure.com", "kubernetes.io/cinder": "cinder.csi.openstack.org",
    "kubernetes.io/gce-pd": "pd.csi.storage.gke.io", "kubernetes.io/portworx-volume": "pxd.portworx.com",
    "kubernetes.io/vsphere-volume": "csi.vsphere.vmware.com",
  ]

  /// Who provisions for a class with this provisioner; nil where the plugin exists no more or makes no volumes.
  static func provisioner(_ name: String) -> String? {
    name.hasPrefix("kubernetes.io/") ? drivers[name] : name
  }
}
