public import APIMachinery
public import APIServer
public import Basics
import Cluster
public import Store

/// What a verb such as `scale` or `drain` works with: the server, and the virtual time between its writes.
public final class VerbPass {
  public let server: APIServer
  /// Where the pass ends at the latest.
  public let end: Instant
  /// Whether the controllers run when the verb is done; a dry run turns it off.
  public var settles = true
  /// Told of each batch of changes, for verbs that watch.
  public var onEvents: (([WatchEvent]) -> Void)?
  /// None for a verb that only reads.
  private let cluster: Cluster?

  init(_ cluster: Cluster, end: Instant) {
    self.cluster = cluster
    self.end = end
    server = cluster.server
  }

  /// For verbs that only read: the stored objects as they are, at an instant, without controllers.
  public init(reading store: ObjectStore, now: Instant) {
    cluster = nil
    end = now
    server = APIServer(
      store: store.overlay(), scheme: Planner.scheme(for: store), clock: VirtualClock(now), seed: 0,
      resourceVersion: 0)
  }

  public var now: Instant { server.clock.now }

  /// Lets the controllers work until `instant`, though not beyond the end of the pass; the clock stands there
  /// afterwards. False when that instant is not reached.
  @discardableResult public func advance(to instant: Instant) -> Bool {
    let reached = min(instant, end)
    cluster?.advance(until: reached)
    server.clock.advance(to: reached)
    return instant <= end
  }
}
