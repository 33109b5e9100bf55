import APIMachinery
import APIServer
import Testing

/// CSI volumes as the attach-detach controller and the expander treat them.
struct VolumeAttachmentTests {
  private let volume = """
    apiVersion: v1
    kind: PersistentVolume
    metadata: {name: v}
    spec:
      capacity: {storage: 1Gi}
      accessModes: [ReadWriteOnce]
      storageClassName: manual
      csi: {driver: csi.example.org, volumeHandle: h-1}
    ---
    apiVersion: v1
    kind: PersistentVolumeClaim
    metadata: {name: data}
    spec:
      accessModes: [ReadWriteOnce]
      storageClassName: manual
      resources: {requests: {storage: 1Gi}}
    """

  private func pod(_ name: String, on node: String) -> String {
    """
    apiVersion: v1
    kind: Pod
    metadata: {name: \(name), labels: {app: \(name)}}
    spec:
      nodeName: \(node)
      containers: [{name: c, image: x}]
      volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
    """
  }

  private func managed(_ w: Scenario) throws {
    for node in ["n1", "n2"] {
      try w.edit(.node, node, seconds: 1) {
        $0.setAnnotation("volumes.kubernetes.io/controller-managed-attach-detach", "true")
      }
    }
  }

  @Test func aVolumeIsAttachedWhereItsPodIs() throws {
    let w = try Scenario(nodes: 2)
    try managed(w)
    try w.apply(volume)
    try w.apply(pod("a", on: "n1"))
    let attachment = try #require(w.server.list(.volumeAttachment, namespace: nil).first)
    // The hash of the volume's handle, its driver and the node.
    #expect(
      attachment.name
        == "csi-0424a23c9963e308e6b23950d94b3b66449cf9e5f6c7bcbf666fdac5a99329b0")
    #expect(attachment.spec["attacher"] == "csi.example.org")
    #expect(attachment.spec[.nodeName] == "n1")
    // Another node has to wait for a volume that may be on one node only.
    try w.apply(pod("b", on: "n2"))
    #expect(w.server.list(.volumeAttachment, namespace: nil).map { $0.spec[.nodeName] } == ["n1"])
    w.finish()
    try w.server.delete(ObjectKey(.pod, namespace: "default", name: "a"))
    w.run(5)
    #expect(w.server.list(.volumeAttachment, namespace: nil).map { $0.spec[.nodeName] } == ["n2"])
    w.finish()
  }

  @Test func nodesThatAttachThemselvesAreLeftAlone() throws {
    let w = try Scenario(nodes: 1)
    try w.apply(volume)
    try w.apply(pod("a", on: "n1"))
    #expect(w.server.list(.volumeAttachment, namespace: nil).isEmpty)
  }

  @Test func anExpansionWaitsForItsDriver() throws {
    let w = try Scenario(nodes: 1)
    try w.apply(
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: fast}
      provisioner: csi.example.org
      allowVolumeExpansion: true
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: grow}
      spec:
        accessModes: [ReadWriteOnce]
        storageClassName: fast
        resources: {requests: {storage: 1Gi}}
      """)
    try w.edit(.persistentVolumeClaim, "grow") { $0[.spec][.resources][.requests][.storage] = "2Gi" }
    let claim = try w.get(.persistentVolumeClaim, "grow")
    #expect(claim.status[.capacity][.storage] == "1Gi")
    #expect(
      w.server.list(.event, namespace: "default").contains {
        $0[.reason] == "ExternalExpanding" && $0[.involvedObject][.name] == "grow"
      })
    w.finish()
  }
}
