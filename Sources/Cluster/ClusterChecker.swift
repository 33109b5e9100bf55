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
  typealias Check = @Sendable (APIServer) -> [Violation]

  private static let checks: [Check] = [
    PodNodeCheck.run, NodeCapacityCheck.run, PodAddressCheck.run, OwnerGraphCheck.run,
    ObservedGenerationCheck.run,
    ResourceVersionCheck.run,
  ]

  /// All violations, check by check, in the order of the objects.
  public static func run(_ server: APIServer) -> [Violation] { checks.flatMap { $0(server) } }

  /// Every stored object.
  static func objects(_ server: APIServer) -> [Value] {
    server.scheme.kinds.flatMap { server.list($0.groupKind, namespace: nil) }
  }

  static func isOver(_ pod: Value) -> Bool {
    let phase = pod.status[.phase].string
    return phase == "Succeeded" || phase == "Failed"
  }
}
