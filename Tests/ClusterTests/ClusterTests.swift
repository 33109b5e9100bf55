import API
import APIMachinery
import APIServer
import Basics
import Cluster
import Store
import Testing

@Suite struct ClusterTests {
  static func server() throws -> APIServer {
    let clock = VirtualClock(Instant(seconds: 1_800_000_000))
    let server = APIServer(
      store: ObjectStore(), scheme: .builtin, clock: clock, seed: 7, resourceVersion: 1)
    try Bootstrap.run(server)
    return server
  }

  static func pod(_ name: String, cpu: String) -> Value {
    [
      "apiVersion": "v1", "kind": "Pod", "metadata": ["name": .string(name), "namespace": "default"],
      "spec": [
        "containers": [
          ["name": "c", "image": "nginx:1.25", "resources": ["requests": ["cpu": .string(cpu)]]]
        ]
      ],
    ]
  }

  @Test func placesAndStartsPodsAndSaysWhyNot() throws {
    let server = try Self.server()
    let cluster = Cluster(server: server)
    cluster.sync()
    _ = cluster.run(until: cluster.clock.now)
    for name in ["n1", "n2"] {
      try server.create(["apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(name)]])
    }
    for i in 0..<4 { try server.create(Self.pod("p\(i)", cpu: "1")) }
    try server.create(Self.pod("big", cpu: "64"))
    let end = cluster.run(until: cluster.clock.now + .seconds(30))
    #expect(end.isStable)
    var addresses: Set<String> = []
    for i in 0..<4 {
      let pod = server.get(ObjectKey(.pod, namespace: "default", name: "p\(i)")) ?? .null
      #expect(pod.status[.phase] == "Running")
      #expect(pod.condition("Ready")?[.status] == "True")
      addresses.insert(pod.status[.podIP].string ?? "")
    }
    #expect(addresses.count == 4)
    let big = server.get(ObjectKey(.pod, namespace: "default", name: "big")) ?? .null
    #expect(
      big.condition("PodScheduled")?[.message]
        == .string(
          "0/2 nodes are available: 2 Insufficient cpu. no new claims to deallocate, preemption: 0/2 nodes "
            + "are available: 2 Preemption is not helpful for scheduling."))
    let node = server.get(ObjectKey(.node, name: "n1")) ?? .null
    #expect(node.spec[.podCIDR] == "10.244.0.0/24")
    #expect(node.status[.capacity][.memory] == "16Gi")
    #expect(node.spec[.taints].isEmpty)
    #expect(ClusterChecker.run(server).isEmpty)
  }

  /// A second pass over the same objects writes nothing.
  @Test func aSecondPassChangesNothing() throws {
    let server = try Self.server()
    let first = Cluster(server: server)
    first.sync()
    _ = first.run(until: first.clock.now)
    try server.create(["apiVersion": "v1", "kind": "Node", "metadata": ["name": "n1"]])
    try server.create(Self.pod("p", cpu: "1"))
    _ = first.run(until: first.clock.now + .seconds(30))
    _ = server.drainEvents()
    let second = Cluster(server: server)
    second.sync()
    var writes: [String] = []
    second.loop.onEvents = { writes += $0.map { "\($0.key)" } }
    _ = second.run(until: second.clock.now + .seconds(30))
    #expect(writes.isEmpty, "\(writes)")
  }

  /// Each invariant notices what breaks it.
  @Test func theCheckerFindsWhatIsWrong() throws {
    let server = try Self.server()
    let cluster = Cluster(server: server)
    cluster.sync()
    _ = cluster.run(until: cluster.clock.now)
    try server.create(["apiVersion": "v1", "kind": "Node", "metadata": ["name": "n1"]])
    for i in 0..<2 { try server.create(Self.pod("p\(i)", cpu: "1")) }
    _ = cluster.run(until: cluster.clock.now + .seconds(5))
    var pod = server.get(ObjectKey(.pod, namespace: "default", name: "p1")) ?? .null
    let first = server.get(ObjectKey(.pod, namespace: "default", name: "p0")) ?? .null
    pod[.status][.podIP] = first.status[.podIP]
    pod[.status][.observedGeneration] = 99
    pod[.metadata][.resourceVersion] = first.metadata[.resourceVersion]
    pod[.metadata][.ownerReferences] = [["uid": pod.metadata[.uid], "kind": "Pod", "name": "p1"]]
    pod[.spec][.containers][0][.resources][.requests][.cpu] = "100"
    server.store.put(pod)
    let found = Set(ClusterChecker.run(server).map(\.check))
    #expect(
      found == [
        "node-capacity", "pod-address", "observed-generation", "resource-version", "owner-graph",
      ])
  }
}
