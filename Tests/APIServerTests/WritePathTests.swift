import API
import APIMachinery
import APIServer
import Basics
import Testing

@Suite struct WritePathTests {
  let server = makeServer()
  let map = json(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"v"}}"#)
  let mapKey = ObjectKey(.configMap, namespace: "default", name: "a")

  @Test func createFillsWhatTheServerSets() throws {
    let made = try server.create(map)
    #expect(made.namespace == "default")
    #expect(made.uid.utf8.count == 36)
    #expect(made[.metadata][.creationTimestamp].string == "2026-11-23T07:34:18Z")
    #expect(made.resourceVersion == String(server.resourceVersion))
    #expect(server.get(mapKey) == made)
    let again = refusal { () throws(APIError) in try server.create(map) }
    #expect(again?.message == #"configmaps "a" already exists"#)
    #expect(again?.code == 409)
  }

  @Test func missingNamespaceIsNotFound() {
    var lost = map
    lost[.metadata][.namespace] = "nowhere"
    let error = refusal { () throws(APIError) in try server.create(lost) }
    #expect(error?.message == #"namespaces "nowhere" not found"#)
    #expect(error?.reason == .notFound)
  }

  @Test func terminatingNamespaceTakesNothingNew() throws {
    addNamespace(server, "stuck")
    try server.delete(ObjectKey(.namespace, name: "stuck"))
    var late = map
    late[.metadata][.name] = "late"
    late[.metadata][.namespace] = "stuck"
    let error = refusal { () throws(APIError) in try server.create(late) }
    #expect(
      error?.message
        == #"configmaps "late" is forbidden: unable to create new content in namespace stuck because it is being terminated"#
    )
  }

  @Test func uidsAreStableAndDifferAtRebirth() throws {
    let first = try server.create(map).uid
    try server.delete(mapKey)
    let second = try server.create(map).uid
    #expect(first != second)
    #expect(try makeServer().create(map).uid == first)
    let other = makeServer()
    try other.create(json(#"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"x"}}"#))
    #expect(try other.create(map).uid.utf8.count == 36)
  }

  @Test func generatedNamesDependOnTheirOwnerOnly() throws {
    func named(_ prefix: String) -> Value {
      json(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"\#(prefix)"}}"#)
    }
    let first = try server.create(named("web-")).name
    #expect(first.hasPrefix("web-") && first.utf8.count == 9)
    let other = makeServer()
    try other.create(named("db-"))
    #expect(try other.create(named("web-")).name == first)
    #expect(try other.create(named("web-")).name != first)
  }

  @Test func updatesAreGuardedAndIdempotent() throws {
    let made = try server.create(map)
    _ = server.drainEvents()
    #expect(try server.update(made) == made)
    #expect(server.drainEvents().isEmpty)
    var changed = made
    changed[.data][Key("k")] = "w"
    let stored = try server.update(changed)
    #expect(stored.resourceVersion != made.resourceVersion)
    #expect(server.drainEvents().map(\.type) == [.modified])
    let stale = refusal { () throws(APIError) in try server.update(changed.setting(.data, ["k": "x"])) }
    #expect(stale?.reason == .conflict)
    #expect(
      stale?.message
        == #"Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again"#
    )
  }

  @Test func generationCountsDesiredState() throws {
    let text =
      #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"x"}]}}}}"#
    var made = try server.create(json(text))
    #expect(made.generation == 1)
    made[.status] = ["replicas": 1]
    made = try server.updateStatus(made)
    #expect(made.generation == 1)
    #expect(made[.status][.replicas].int == 1)
    made[.spec][.replicas] = 3
    made[.status] = .emptyObject
    made = try server.update(made)
    #expect(made.generation == 2)
    #expect(made[.status][.replicas].int == 1)
  }

  @Test func finalizersHoldAndLetGo() throws {
    var held = map
    held[.metadata][.finalizers] = ["example.org/hold"]
    try server.create(held)
    try server.delete(mapKey)
    var marked = try #require(server.get(mapKey))
    #expect(marked.isTerminating)
    #expect(marked[.metadata][.deletionGracePeriodSeconds].int == 0)
    var more = marked
    more[.metadata][.finalizers] = ["example.org/hold", "example.org/more"]
    let refused = refusal { () throws(APIError) in try server.update(more) }
    #expect(
      refused?.message
        == #"ConfigMap "a" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.org/more"}"#
    )
    marked[.metadata].remove(.finalizers)
    try server.update(marked)
    #expect(server.get(mapKey) == nil)
    #expect(server.drainEvents().last?.type == .deleted)
  }
}
