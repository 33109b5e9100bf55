import API
import APIMachinery
import APIServer
import Basics
import Foundation
import Store

/// Creates pods of one ReplicaSet through the whole write path: `pods [COUNT]`.
func benchPods(_ arguments: [String]) {
  let count = arguments.first.flatMap { Int($0) } ?? 100_000
  let server = APIServer(
    store: ObjectStore(), scheme: Scheme.builtin.copy(), clock: VirtualClock(Instant(seconds: 1_700_000_000)),
    seed: 1, resourceVersion: 1)
  func object(_ text: String) -> Value {
    if case .success(let value) = JSON.parse(text) { return value }
    return .null
  }
  do {
    try server.create(object(#"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"default"}}"#))
    try server.create(object(#"{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default"}}"#))
    let pod = object(
      #"""
      {"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"web-6f7d-","namespace":"default",
      "labels":{"app":"web","pod-template-hash":"6f7d"},"ownerReferences":[{"apiVersion":"apps/v1",
      "kind":"ReplicaSet","name":"web-6f7d","uid":"u-1","controller":true,"blockOwnerDeletion":true}]},
      "spec":{"containers":[{"name":"c","image":"nginx:1.25","ports":[{"containerPort":80,"name":"http"}],
      "env":[{"name":"A","value":"1"},{"name":"B","value":"2"}],"resources":{"requests":{"cpu":"100m"}},
      "readinessProbe":{"httpGet":{"path":"/","port":80}}}]}}
      """#)
    let start = DispatchTime.now().uptimeNanoseconds
    for _ in 0..<count { try server.create(pod) }
    let middle = DispatchTime.now().uptimeNanoseconds
    let events = server.drainEvents()
    for event in events where event.key.kind == .pod { try server.bind(event.key, toNode: "n1") }
    let end = DispatchTime.now().uptimeNanoseconds
    let perCreate = Double(middle - start) / Double(count) / 1000
    let perBind = Double(end - middle) / Double(count) / 1000
    print("\(count) pods: create \(perCreate) µs each, bind \(perBind) µs each")
  } catch {
    print("refused: \(error)")
  }
}
