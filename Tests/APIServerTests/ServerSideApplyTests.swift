import API
import APIMachinery
import APIServer
import Basics
import Store
import Testing

@Suite struct ServerSideApplyTests {
  private func makeServer() -> APIServer {
    let server = APIServer(
      store: ObjectStore(), scheme: Scheme.builtin.copy(),
      clock: VirtualClock(Instant(seconds: 1_700_000_000)), seed: 1, resourceVersion: 1)
    _ = try? server.create(["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "default"]])
    return server
  }

  private func configMap(_ data: Value) -> Value {
    ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "m"], "data": data]
  }

  @Test func droppedFieldsGoUnlessOthersKeepThem() throws {
    let server = makeServer()
    try server.apply(manifest: configMap(["a": "1", "b": "1"]), ServerSideApply(manager: "one"))
    try server.apply(manifest: configMap(["b": "1", "c": "1"]), ServerSideApply(manager: "two"))
    let result = try server.apply(manifest: configMap(["x": "1"]), ServerSideApply(manager: "one"))
    #expect(result.after[.data] == ["b": "1", "c": "1", "x": "1"])
    let managers = result.after[.metadata]["managedFields"].items
    #expect(managers.map { $0["manager"].string } == ["one", "two"])
    #expect(managers[0]["fieldsV1"] == ["f:data": ["f:x": [:]]])
    let again = try server.apply(manifest: configMap(["x": "1"]), ServerSideApply(manager: "one"))
    #expect(again.action == .unchanged)
  }

  @Test func conflictsAreRefusedOrForced() throws {
    let server = makeServer()
    try server.apply(manifest: configMap(["a": "1", "b": "1"]), ServerSideApply(manager: "one"))
    func refusal(_ data: Value) -> APIError? {
      do throws(APIError) {
        try server.apply(manifest: configMap(data), ServerSideApply(manager: "two"))
        return nil
      } catch { return error }
    }
    #expect(refusal(["a": "2"])?.message == #"Apply failed with 1 conflict: conflict with "one": .data.a"#)
    #expect(refusal(["a": "2"])?.code == 409)
    #expect(
      refusal(["a": "2", "b": "2"])?.message
        == "Apply failed with 2 conflicts: conflicts with \"one\":\n- .data.a\n- .data.b")
    #expect(refusal(["a": "1"]) == nil)
    let forced = try server.apply(
      manifest: configMap(["a": "2"]), ServerSideApply(manager: "two", force: true))
    #expect(forced.after[.data] == ["a": "2", "b": "1"])
    #expect(
      forced.after[.metadata]["managedFields"].items.map { $0["fieldsV1"] }
        == [["f:data": ["f:b": [:]]], ["f:data": ["f:a": [:]]]])
  }

  @Test func listsMergeByTheirKeys() throws {
    let server = makeServer()
    func service(_ ports: Value) -> Value {
      [
        "apiVersion": "v1", "kind": "Service", "metadata": ["name": "s"],
        "spec": ["clusterIP": "None", "selector": ["a": "b"], "ports": ports],
      ]
    }
    try server.apply(
      manifest: service([["name": "a", "port": 80], ["name": "b", "port": 81]]),
      ServerSideApply(manager: "one"))
    let result = try server.apply(
      manifest: service([["name": "a", "port": 80], ["name": "c", "port": 82]]),
      ServerSideApply(manager: "one"))
    #expect(result.after[.spec][.ports].items.map { $0[.name].string } == ["a", "c"])
  }

  @Test func takesOverFromClientSideApply() throws {
    let server = makeServer()
    try server.apply(manifest: configMap(["a": "1", "b": "1"]))
    let result = try server.apply(manifest: configMap(["a": "2"]), ServerSideApply())
    #expect(result.after[.data] == ["a": "2"])
    let plain = try server.apply(manifest: configMap(["a": "2"]))
    #expect(plain.after[.metadata].has("managedFields"))
  }
}
