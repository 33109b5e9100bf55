import API
import APIMachinery

/// What a write takes from a pool: cluster IPs and node ports.
enum Allocation {
  static func allocate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {}
  /// Objects that go with an object.
  static func companions(of object: Value, kind: GroupKind) -> [ObjectKey] { [] }
}

/// Node ports in use.
final class NodePortSet {
  func note(_ event: WatchEvent) {}
}

extension APIServer {
  func definitionChanged(_ event: WatchEvent) {
    entries = [:]
    pluginsOfKind = [:]
  }
}
