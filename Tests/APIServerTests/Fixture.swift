import API
import APIMachinery
import APIServer
import Basics
import Store
import Testing

/// A server over an empty store with the namespace `default` and its service account.
func makeServer(seed: UInt64 = 7) -> APIServer {
  let clock = VirtualClock(RFC3339.parse("2026-11-23T07:34:18Z") ?? Instant(seconds: 0))
  let server = APIServer(
    store: ObjectStore(), scheme: Scheme.builtin.copy(), clock: clock, seed: seed, resourceVersion: 1)
  addNamespace(server, "default")
  return server
}

func addNamespace(_ server: APIServer, _ name: String, labels: Value? = nil) {
  do {
    try server.create(
      json(#"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"\#(name)"}}"#).with(labels: labels))
    try server.create(
      json(
        #"{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default","namespace":"\#(name)"}}"#))
  } catch {
    Issue.record("\(error.message)")
  }
}

extension Value {
  func with(labels: Value?) -> Value {
    guard let labels else { return self }
    var copy = self
    copy[.metadata][.labels] = labels
    return copy
  }
}

func json(_ text: String) -> Value {
  switch JSON.parse(text) {
  case .success(let value): return value
  case .failure(let error):
    Issue.record("\(error)")
    return .null
  }
}

/// The refusal of an operation, or nil if it went through.
func refusal(_ operation: () throws(APIError) -> Void) -> APIError? {
  do {
    try operation()
    return nil
  } catch {
    return error
  }
}
