import API
public import APIMachinery
public import APIServer

/// Something that must never be true of a cluster, found in one.
public struct Violation: Hashable, Sendable, CustomStringConvertible {
  public var check: String
  public var key: ObjectKey
  public var message: String
  public var description: String { "\(check): \(key): \(message)" }
}

/// Invariants of a stored cluster, whatever the manifests were; one file per check in `Checks`.
public enum ClusterChecker {
  typealias Check = @Sendable (APIServer, _ memory: Value) -> [Violation]

  private static let checks: [Check] = [
    PodNodeCheck.run, { server, _ in NodeCapacityCheck.run(server) },
    { server, _ in PodAddressCheck.run(server) }, { server, _ in OwnerGraphCheck.run(server) },
    { server, _ in ObservedGenerationCheck.run(server) }, { server, _ in ResourceVersionCheck.run(server) },
  ]

  /// All violations, check by check, in the order of the objects. `memory` is what components keep in mind between
  /// passes (`Cluster.memory`): some of what must not be is known to them, and only waits for its time.
  public static func run(_ server: APIServer, memory: Value = .null) -> [Violation] {
    checks.flatMap { $0(server, memory) }
  }

  /// Every stored object.
  static func objects(_ server: APIServer) -> [Value] {
    server.scheme.kinds.flatMap { server.list($0.groupKind, namespace: nil) }
  }
}
