import API
import APIMachinery
import APIServer
import Basics
import Cluster
import Testing

@Suite struct EndpointsTests {
  private static func pod(_ name: String, port: Int) -> Value {
    [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": ["name": .string(name), "namespace": "default", "labels": ["app": "web"]],
      "spec": [
        "containers": [
          ["name": "c", "image": "nginx:1.25", "ports": [["name": "http", "containerPort": .int(port)]]]
        ]
      ],
    ]
  }

  private static func service(_ name: String, selector: Value?) -> Value {
    .fields(
      ("apiVersion", "v1"), ("kind", "Service"),
      ("metadata", ["name": .string(name), "namespace": "default"]),
      (
        "spec",
        .fields(("selector", selector), ("ports", [["name": "http", "port": 80, "targetPort": "http"]]))
      ))
  }

  private static func started(_ objects: [Value]) throws -> (APIServer, Cluster) {
    let server = try ClusterTests.server()
    let cluster = Cluster(server: server)
    cluster.sync()
    _ = cluster.run(until: cluster.clock.now)
    try server.create(["apiVersion": "v1", "kind": "Node", "metadata": ["name": "n1"]])
    for object in objects { try server.create(object) }
    #expect(cluster.run(until: cluster.clock.now + .seconds(30)).isStable)
    return (server, cluster)
  }

  private static func slices(_ server: APIServer, _ service: String) -> [Value] {
    server.list(.endpointSlice, namespace: "default")
      .filter { $0.label("kubernetes.io/service-name") == service }
  }

  @Test func namedPortsByPod() throws {
    let (server, cluster) = try Self.started([
      Self.service("web", selector: ["app": "web"]), Self.pod("a", port: 8080), Self.pod("b", port: 8080),
      Self.pod("c", port: 9090),
    ])
    let endpoints = server.get(ObjectKey(.endpoints, namespace: "default", name: "web")) ?? .null
    #expect(endpoints[.subsets].items.map { $0[.addresses].count } == [2, 1])
    #expect(endpoints[.subsets].items.map { $0[.ports][0][.port].int } == [8080, 9090])
    let slices = Self.slices(server, "web")
    #expect(slices.map { $0[.endpoints].count }.sorted() == [1, 2])
    #expect(slices.allSatisfy { $0[.endpoints][0][.conditions][.ready] == true })
    for name in ["a", "b", "c"] { try server.delete(ObjectKey(.pod, namespace: "default", name: name)) }
    #expect(cluster.run(until: cluster.clock.now + .seconds(90)).isStable)
    let left = Self.slices(server, "web")
    #expect(left.map { $0[.endpoints].count } == [0])
    #expect(left.allSatisfy { $0[.ports].isEmpty })
    let after = server.get(ObjectKey(.endpoints, namespace: "default", name: "web")) ?? .null
    #expect(after[.subsets].isEmpty)
  }

  @Test func atMostAHundredInASlice() throws {
    let pods = (0..<105).map { Self.pod("p\($0)", port: 80) }
    let (server, _) = try Self.started([Self.service("web", selector: ["app": "web"])] + pods)
    let counts = Self.slices(server, "web").map { $0[.endpoints].count }
    #expect(counts.reduce(0, +) == 105)
    #expect(counts.count == 2 && (counts.max() ?? 0) <= 100)
    // Addresses come in the order of their texts, as 10.244.0.10 before 10.244.0.2.
    let endpoints = server.get(ObjectKey(.endpoints, namespace: "default", name: "web")) ?? .null
    let addresses = endpoints[.subsets][0][.addresses].items.compactMap { $0[.ip].string }
    #expect(addresses.count == 105 && addresses == addresses.sorted())
  }

  @Test func mirrorsEndpointsOfUsers() throws {
    let own: Value = [
      "apiVersion": "v1", "kind": "Endpoints", "metadata": ["name": "db", "namespace": "default"],
      "subsets": [
        [
          "addresses": [["ip": "192.0.2.1"]], "notReadyAddresses": [["ip": "192.0.2.2"]],
          "ports": [["name": "http", "port": 5432]],
        ]
      ],
    ]
    let (server, _) = try Self.started([Self.service("db", selector: nil), own])
    let slices = Self.slices(server, "db")
    #expect(slices.count == 1)
    #expect(slices.first?[.endpoints].items.map { $0[.conditions][.ready].bool } == [true, false])
    #expect(slices.first?[.metadata][.ownerReferences][0][.kind] == "Endpoints")
  }

  @Test func namespaceIsEmptiedAndGoes() throws {
    let (server, cluster) = try Self.started([
      ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "team"]],
      [
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": ["name": "held", "namespace": "team", "finalizers": ["example.org/hold"]],
      ],
    ])
    try server.delete(ObjectKey(.namespace, name: "team"))
    _ = cluster.run(until: cluster.clock.now + .seconds(6))
    let stuck = server.get(ObjectKey(.namespace, name: "team")) ?? .null
    #expect(
      stuck.condition("NamespaceContentRemaining")?[.message]
        == "Some resources are remaining: configmaps. has 1 resource instances")
    #expect(server.list(.serviceAccount, namespace: "team").isEmpty)
    var held = server.get(ObjectKey(.configMap, namespace: "team", name: "held")) ?? .null
    held[.metadata].remove(.finalizers)
    try server.update(held)
    _ = cluster.run(until: cluster.clock.now + .seconds(30))
    #expect(server.get(ObjectKey(.namespace, name: "team")) == nil)
  }
}
