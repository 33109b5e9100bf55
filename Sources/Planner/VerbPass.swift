public import APIMachinery
public import APIServer
public import Basics
import Cluster

/// What a verb such as `scale` or `drain` works with: the server, and the virtual time between its writes.
public final class VerbPass {
  public let server: APIServer
  /// Where the pass ends at the latest.
  public let end: Instant
  /// Whether the controllers run when the verb is done; a dry run turns it off.
  public var settles = true
  /// Told of each batch of changes, for verbs that watch.
  public var onEvents: (([WatchEvent]) -> Void)?
  private let cluster: Cluster

  init(_ cluster: Cluster, end: Instant) {
    self.cluster = cluster
    self.end = end
    server = cluster.server
  }

  public var now: Instant { server.clock.now }

  /// Lets the controllers work until `instant`, though not beyond the end of the pass; the clock stands there
  /// afterwards. False when that instant is not reached.
  @discardableResult public func advance(to instant: Instant) -> Bool {
    let reached = min(instant, end)
    _ = cluster.run(until: reached)
    server.clock.advance(to: reached)
    return instant <= end
  }
}
