import API
import APIMachinery
import APIServer
import Basics
import Cluster
import Store
import Testing

/// Services of type LoadBalancer with a declared provider, and without one.
struct LoadBalancerTests {
  private let key = ObjectKey(.service, namespace: "default", name: "a")

  private func cluster(_ providers: Value) throws -> Cluster {
    let clock = VirtualClock(Instant(seconds: 1_800_000_000))
    let server = APIServer(
      store: ObjectStore(), scheme: Scheme.builtin, clock: clock, seed: 3, resourceVersion: 1)
    try Bootstrap.run(server)
    let (assumptions, findings) = Assumptions.read([
      "apiVersion": "plimsoll.dev/v1", "kind": "Assumptions", "loadBalancers": providers,
    ])
    #expect(findings == [])
    let cluster = Cluster(server: server, assumptions: assumptions)
    cluster.sync()
    return cluster
  }

  private func service(_ name: String, _ fields: Value = [:]) -> Value {
    var spec: Value = ["type": "LoadBalancer", "ports": [["port": 80]]]
    for field in fields.fields { spec[field.key] = field.value }
    return [
      "apiVersion": "v1", "kind": "Service",
      "metadata": ["name": .string(name), "namespace": "default"], "spec": spec,
    ]
  }

  private func addresses(_ cluster: Cluster) -> [String] {
    _ = cluster.run(until: cluster.clock.now + .seconds(10))
    return ["a", "b", "c"].map { name in
      cluster.server.get(ObjectKey(.service, namespace: "default", name: name))?
        .status["loadBalancer"]["ingress"][0]["ip"].string ?? "-"
    }
  }

  @Test func eachGetsAnAddressWhileThereAreSome() throws {
    let cluster = try cluster([["addresses": ["192.0.2.0/30"]]])
    for name in ["a", "b", "c"] { try cluster.server.create(service(name)) }
    #expect(addresses(cluster) == ["192.0.2.1", "192.0.2.2", "-"])
  }

  @Test func itsOwnAddressAndClass() throws {
    let cluster = try cluster([["class": "in", "addresses": ["192.0.2.9"]], ["addresses": ["192.0.2.0/29"]]])
    try cluster.server.create(service("a", ["loadBalancerIP": "192.0.2.5"]))
    try cluster.server.create(service("b", ["loadBalancerClass": "in"]))
    try cluster.server.create(service("c", ["loadBalancerClass": "other"]))
    #expect(addresses(cluster) == ["192.0.2.5", "192.0.2.9", "-"])
  }

  @Test func pendingWithoutAProvider() throws {
    let cluster = try cluster([])
    try cluster.server.create(service("a"))
    #expect(addresses(cluster)[0] == "-")
    #expect(cluster.server.get(key)?.metadata.has("finalizers") == false)
  }

  @Test func theAddressIsGivenBack() throws {
    let cluster = try cluster([["addresses": ["192.0.2.1"]]])
    try cluster.server.create(service("a"))
    #expect(addresses(cluster)[0] == "192.0.2.1")
    var changed = try #require(cluster.server.get(key))
    changed[.spec]["type"] = "ClusterIP"
    changed[.spec]["ports"] = [["port": 80]]
    changed[.spec].remove("allocateLoadBalancerNodePorts")
    changed[.spec].remove("externalTrafficPolicy")
    try cluster.server.update(changed)
    try cluster.server.create(service("b"))
    #expect(addresses(cluster) == ["-", "192.0.2.1", "-"])
    try cluster.server.delete(ObjectKey(.service, namespace: "default", name: "b"), DeleteOptions())
    _ = cluster.run(until: cluster.clock.now + .seconds(10))
    #expect(cluster.server.get(ObjectKey(.service, namespace: "default", name: "b")) == nil)
  }

  @Test(arguments: ["192.0.2", "192.0.2.256", "192.0.2.0/8", "x"]) func badAddresses(_ text: String) {
    let document: Value = [
      "apiVersion": "plimsoll.dev/v1", "kind": "Assumptions",
      "loadBalancers": [["addresses": [.string(text)]]],
    ]
    #expect(Assumptions.read(document).1.first?.path == "loadBalancers[0].addresses[0]")
  }
}
