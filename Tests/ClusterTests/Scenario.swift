import API
import APIMachinery
import APIServer
import Basics
import Cluster
import ManifestReader
import Store
import Testing

/// A small cluster under test, its objects written as YAML. `finish` ends a scenario: what must hold of every
/// cluster holds, and a second pass changes nothing.
final class Scenario {
  let server: APIServer
  private(set) var cluster: Cluster
  private var assumptions = Assumptions()

  init(nodes: Int = 3) throws {
    server = APIServer(
      store: ObjectStore(), scheme: Scheme.builtin, clock: VirtualClock(Instant(seconds: 1_800_000_000)),
      seed: 3, resourceVersion: 1)
    try Bootstrap.run(server)
    cluster = Cluster(server: server)
    cluster.sync()
    for i in 1...max(1, nodes) where nodes > 0 {
      try server.create(["apiVersion": "v1", "kind": "Node", "metadata": ["name": .string("n\(i)")]])
    }
    run(5)
  }

  /// The documents of a text.
  static func documents(_ yaml: String) throws -> [Value] {
    let result = ManifestReader.read(text: Array(yaml.utf8), name: "test.yaml")
    #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
    return result.manifests.map(\.value)
  }

  /// Creates what is not there, gives what is there a new spec, then runs.
  func apply(_ yaml: String, seconds: Int = 30) throws {
    for document in try Self.documents(yaml) {
      var object = document
      if server.scheme.info(ObjectKey(of: object).kind)?.namespaced ?? false, object.namespace.isEmpty {
        object[.metadata][.namespace] = "default"
      }
      guard var stored = server.get(ObjectKey(of: object)) else {
        try server.create(object)
        continue
      }
      stored.spec = object.spec
      try server.update(stored)
    }
    run(seconds)
  }

  /// Changes an object, then runs.
  func edit(_ kind: GroupKind, _ name: String, seconds: Int = 30, _ change: (inout Value) -> Void) throws {
    var object = try get(kind, name)
    change(&object)
    try server.update(object)
    run(seconds)
  }

  /// A new pass, with other assumptions.
  func assume(_ yaml: String) throws {
    assumptions = Assumptions()
    for document in try Self.documents("apiVersion: plimsoll.dev/v1\nkind: Assumptions\n" + yaml) {
      let (read, findings) = Assumptions.read(document)
      #expect(findings.isEmpty)
      assumptions = read
    }
    restart()
  }

  private func restart() {
    cluster = Cluster(server: server, assumptions: assumptions, memory: cluster.memory)
    cluster.sync()
  }

  func run(_ seconds: Int) {
    let end = cluster.run(until: cluster.clock.now + .seconds(seconds))
    #expect(end.isStable)
  }

  func get(_ kind: GroupKind, _ name: String, namespace: String = "default") throws -> Value {
    let namespaced = server.scheme.info(kind)?.namespaced ?? true
    let key =
      namespaced ? ObjectKey(kind, namespace: namespace, name: name) : ObjectKey(kind, name: name)
    return try #require(server.get(key), "\(key)")
  }

  /// The pods with a label `app`, in the order of their names.
  func pods(_ app: String) -> [Value] {
    server.list(.pod, namespace: "default").filter { $0.label("app") == app }
  }

  func finish() {
    #expect(ClusterChecker.run(server, memory: cluster.memory) == [])
    restart()
    var changed: [String] = []
    cluster.loop.onEvents = { events in
      changed += events.filter { $0.key.kind != .event && $0.key.kind != .lease }.map { "\($0.key)" }
    }
    run(0)
    #expect(changed == [], "a second pass changes something")
  }
}
