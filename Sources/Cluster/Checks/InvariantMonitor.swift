public import APIMachinery
public import APIServer

/// Something that must hold at every instant of a run; told of every committed change in its order.
///
/// One file per check; a line in `InvariantMonitor` makes it count.
protocol InstantCheck: AnyObject {
  func observe(_ event: WatchEvent) -> [Violation]
}

/// Watches a cluster while it runs: what must hold at every instant, not only at the end (`ClusterChecker`).
///
/// Made before the first object is written, or over a cluster at rest.
public final class InvariantMonitor {
  private let checks: [any InstantCheck]
  private var found: [Violation] = []
  private static let most = 100

  public init(_ server: APIServer) {
    checks = [
      BindingCheck(server), VersionOrderCheck(server), NodeRoomCheck(server), QuotaCheck(),
      RolloutCheck(server), BudgetCheck(server),
    ]
  }

  /// What was violated so far, in the order of the changes; at most a hundred.
  public var violations: [Violation] { found }

  public func observe(_ events: [WatchEvent]) {
    for event in events where found.count < Self.most {
      for check in checks { found += check.observe(event) }
    }
  }
}
