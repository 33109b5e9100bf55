import API
import APIMachinery
import APIServer
import Basics
import Cluster
import Store
import Testing

@Suite struct VolumeBindingTests {
  static func volume(_ name: String, _ size: String, policy: String = "Retain", path: String = "/data")
    -> Value
  {
    [
      "apiVersion": "v1", "kind": "PersistentVolume", "metadata": ["name": .string(name)],
      "spec": [
        "capacity": ["storage": .string(size)], "accessModes": ["ReadWriteOnce"],
        "persistentVolumeReclaimPolicy": .string(policy), "hostPath": ["path": .string(path)],
      ],
    ]
  }

  static func claim(_ name: String, _ size: String, storageClass: Value? = "", volume: Value? = nil) -> Value
  {
    .fields(
      (.apiVersion, "v1"), (.kind, "PersistentVolumeClaim"),
      (.metadata, ["name": .string(name), "namespace": "default"]),
      (
        .spec,
        .fields(
          (.accessModes, ["ReadWriteOnce"]), (.resources, ["requests": ["storage": .string(size)]]),
          (.storageClassName, storageClass), (.volumeName, volume))
      ))
  }

  static func storageClass(
    _ name: String, waits: Bool = false, policy: String = "Delete", provisioner: Value = "example.org/disk"
  ) -> Value {
    [
      "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": ["name": .string(name)],
      "provisioner": provisioner, "reclaimPolicy": .string(policy),
      "volumeBindingMode": waits ? "WaitForFirstConsumer" : "Immediate",
    ]
  }

  typealias World = GarbageCollectionTests.World

  func claim(_ w: World, _ name: String) -> Value {
    w.server.get(ObjectKey(.persistentVolumeClaim, namespace: "default", name: name)) ?? .null
  }
  func volume(_ w: World, _ name: String) -> Value? { w.server.get(ObjectKey(.persistentVolume, name: name)) }

  @Test func theClassMayStandInTheOldAnnotation() throws {
    let w = try World()
    try w.server.create(Self.storageClass("fast"))
    var old = Self.claim("old", "1Gi", storageClass: nil)
    old.setAnnotation("volume.beta.kubernetes.io/storage-class", "fast")
    try w.server.create(old)
    w.run(2)
    #expect(claim(w, "old").status[.phase] == "Bound")
    #expect(volume(w, claim(w, "old").spec[.volumeName].string ?? "")?.spec[.storageClassName] == "fast")
  }

  @Test(arguments: [
    ("kubernetes.io/aws-ebs", "ebs.csi.aws.com"), ("kubernetes.io/gce-pd", "pd.csi.storage.gke.io"),
    ("kubernetes.io/glusterfs", nil), ("kubernetes.io/no-provisioner", nil),
  ])
  func formerPluginsAreDriversNow(_ plugin: String, _ driver: String?) throws {
    let w = try World()
    try w.server.create(Self.storageClass("c", provisioner: .string(plugin)))
    try w.server.create(Self.claim("one", "1Gi", storageClass: "c"))
    w.run(2)
    #expect(claim(w, "one").annotation("volume.kubernetes.io/storage-provisioner") == driver)
    #expect(claim(w, "one").status[.phase] == (driver == nil ? "Pending" : "Bound"))
  }

  @Test func theSmallestVolumeThatFitsIsTaken() throws {
    let w = try World()
    for (name, size) in [("big", "10Gi"), ("tiny", "512Mi"), ("small", "2Gi")] {
      try w.server.create(Self.volume(name, size))
    }
    w.run(1)
    #expect(volume(w, "big")?.status[.phase] == "Available")
    try w.server.create(Self.claim("one", "1Gi"))
    try w.server.create(Self.claim("named", "1Gi", volume: "big"))
    try w.server.create(Self.claim("none", "50Gi"))
    w.run(1)
    #expect(claim(w, "one").spec[.volumeName] == "small")
    #expect(claim(w, "one").status[.phase] == "Bound")
    #expect(claim(w, "one").status[.capacity][.storage] == "2Gi")
    #expect(claim(w, "one").annotation("pv.kubernetes.io/bound-by-controller") == "yes")
    #expect(claim(w, "named").annotation("pv.kubernetes.io/bind-completed") == "yes")
    #expect(claim(w, "named").annotation("pv.kubernetes.io/bound-by-controller") == nil)
    #expect(claim(w, "none").status[.phase] == "Pending")
    #expect(volume(w, "small")?.status[.phase] == "Bound")
    // A volume that comes later is found by the claim that waits.
    try w.server.create(Self.volume("huge", "60Gi"))
    w.run(1)
    #expect(claim(w, "none").spec[.volumeName] == "huge")
  }

  @Test(arguments: [("Retain", "/data", "Released"), ("Delete", "/data", "Failed"), ("Delete", "/tmp/x", "")])
  func aReleasedVolumeIsReclaimed(_ policy: String, _ path: String, _ phase: String) throws {
    let w = try World()
    try w.server.create(Self.volume("v", "1Gi", policy: policy, path: path))
    try w.server.create(Self.claim("c", "1Gi"))
    w.run(1)
    #expect(claim(w, "c").status[.phase] == "Bound")
    try w.server.delete(ObjectKey(.persistentVolumeClaim, namespace: "default", name: "c"))
    w.run(1)
    #expect(volume(w, "v")?.status[.phase].string ?? "" == phase)
    // It is not given to the next claim.
    try w.server.create(Self.claim("d", "1Gi"))
    w.run(1)
    #expect(claim(w, "d").status[.phase] == "Pending")
  }

  @Test func classesProvisionAtOnceOrForTheFirstPod() throws {
    let w = try World()
    try w.server.create(["apiVersion": "v1", "kind": "Node", "metadata": ["name": "n1"]])
    try w.server.create(Self.storageClass("now"))
    try w.server.create(Self.storageClass("late", waits: true))
    try w.server.create(Self.claim("a", "1Gi", storageClass: "now"))
    try w.server.create(Self.claim("b", "1Gi", storageClass: "late"))
    try w.server.create(Self.claim("none", "1Gi", storageClass: nil))
    w.run(5)
    let made = "pvc-" + claim(w, "a").uid
    #expect(claim(w, "a").spec[.volumeName].string == made)
    #expect(volume(w, made)?.status[.phase] == "Bound")
    #expect(volume(w, made)?.annotation("pv.kubernetes.io/bound-by-controller") == nil)
    #expect(claim(w, "b").status[.phase] == "Pending")
    #expect(claim(w, "none").status[.phase] == "Pending")
    var pod = ClusterTests.pod("p", cpu: "1")
    pod[.spec][.volumes] = [["name": "d", "persistentVolumeClaim": ["claimName": "b"]]]
    try w.server.create(pod)
    w.run(10)
    #expect(claim(w, "b").status[.phase] == "Bound")
    let key = ObjectKey(.pod, namespace: "default", name: "p")
    #expect(w.server.get(key)?.status[.phase] == "Running")
    // In use: stays until the pod is gone; then its volume goes too.
    let volume = "pvc-" + claim(w, "b").uid
    try w.server.delete(ObjectKey(.persistentVolumeClaim, namespace: "default", name: "b"))
    w.run(5)
    #expect(claim(w, "b").isTerminating)
    try w.server.delete(key)
    w.run(40)
    #expect(claim(w, "b").isNull)
    #expect(self.volume(w, volume) == nil)
  }
}
