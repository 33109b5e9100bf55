import API
import APIMachinery
import APIServer
import Basics
import Cluster
import Store
import Testing

@Suite struct GarbageCollectionTests {
  final class World {
    let server: APIServer
    let cluster: Cluster

    init() throws {
      server = try ClusterTests.server()
      cluster = Cluster(server: server)
      cluster.sync()
      run(0)
    }

    func run(_ seconds: Int) { _ = cluster.run(until: cluster.clock.now + .seconds(seconds)) }

    func config(_ name: String, owners: [Value] = [], block: Bool = false) throws -> Value {
      let references = owners.map { owner in
        Value.fields(
          (.apiVersion, "v1"), (.kind, "ConfigMap"), (.name, .string(owner.name)), (.uid, .string(owner.uid)),
          (.blockOwnerDeletion, block ? true : nil))
      }
      return try server.create(
        .fields(
          (.apiVersion, "v1"), (.kind, "ConfigMap"),
          (
            .metadata,
            .fields(
              (.name, .string(name)), (.namespace, "default"),
              (.ownerReferences, references.isEmpty ? nil : .array(references)))
          )))
    }

    func key(_ name: String) -> ObjectKey { ObjectKey(.configMap, namespace: "default", name: name) }
    func get(_ name: String) -> Value? { server.get(key(name)) }
  }

  @Test func dependentsGoWhenTheLastOwnerIsGone() throws {
    let w = try World()
    let a = try w.config("a")
    let b = try w.config("b")
    let child = try w.config("child", owners: [a, b])
    _ = try w.config("grandchild", owners: [child])
    w.run(1)
    try w.server.delete(w.key("a"))
    w.run(1)
    #expect(w.get("child")?.metadata[.ownerReferences].items.map { $0[.name].string } == ["b"])
    try w.server.delete(w.key("b"))
    w.run(1)
    #expect(w.get("child") == nil)
    #expect(w.get("grandchild") == nil)
  }

  @Test func anOwnerThatNeverWasLetsNothingLive() throws {
    let w = try World()
    let ghost: Value = ["metadata": ["name": "ghost", "uid": "11111111-2222-3333-4444-555555555555"]]
    _ = try w.config("child", owners: [ghost])
    w.run(1)
    #expect(w.get("child") == nil)
  }

  @Test func orphaningTakesTheReferencesAway() throws {
    let w = try World()
    let owner = try w.config("owner")
    _ = try w.config("child", owners: [owner])
    w.run(1)
    try w.server.delete(w.key("owner"), DeleteOptions(propagation: .orphan))
    w.run(1)
    #expect(w.get("owner") == nil)
    #expect(w.get("child")?.metadata.has(.ownerReferences) == false)
  }

  @Test func foregroundWaitsForThoseThatBlock() throws {
    let w = try World()
    let owner = try w.config("owner")
    var child = try w.config("child", owners: [owner], block: true)
    child[.metadata][.finalizers] = ["example.org/hold"]
    child = try w.server.update(child)
    w.run(1)
    try w.server.delete(w.key("owner"), DeleteOptions(propagation: .foreground))
    w.run(1)
    #expect(w.get("owner")?.isTerminating == true)
    #expect(w.get("child")?.isTerminating == true)
    var held = try #require(w.get("child"))
    held[.metadata].set(.finalizers, nil)
    try w.server.update(held)
    w.run(1)
    #expect(w.get("owner") == nil)
    #expect(w.get("child") == nil)
  }

  /// A StatefulSet that waits for its pod makes its revision anew; that one goes with the last pod.
  @Test func whatComesLateStaysUntilADependentGoes() throws {
    let w = try Scenario(nodes: 1)
    try w.apply(
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        replicas: 1
        serviceName: db
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}, finalizers: [example.org/hold]}
          spec:
            containers: [{name: c, image: x}]
      """)
    let set = ObjectKey(.statefulSet, namespace: "default", name: "db")
    try w.server.delete(set, DeleteOptions(propagation: .foreground))
    w.run(5)
    #expect(w.server.get(set)?.isTerminating == true)
    #expect(w.server.list(.controllerRevision, namespace: "default").count == 1)
    w.finish()
    #expect(w.server.list(.controllerRevision, namespace: "default").count == 1)
    try w.edit(.pod, "db-0") { $0[.metadata].set(.finalizers, nil) }
    #expect(w.server.get(set) == nil)
    #expect(w.server.list(.controllerRevision, namespace: "default").isEmpty)
    w.finish()
  }

  @Test func podsOfALostNodeGoAfterTheQuarantine() throws {
    let w = try World()
    try w.server.create(["apiVersion": "v1", "kind": "Node", "metadata": ["name": "n1"]])
    try w.server.create(ClusterTests.pod("p", cpu: "1"))
    w.run(5)
    let pod = ObjectKey(.pod, namespace: "default", name: "p")
    #expect(w.server.get(pod)?.status[.phase] == "Running")
    try w.server.delete(ObjectKey(.node, name: "n1"))
    w.run(30)
    #expect(w.server.get(pod) != nil)
    w.run(31)
    #expect(w.server.get(pod) == nil)
  }
}
