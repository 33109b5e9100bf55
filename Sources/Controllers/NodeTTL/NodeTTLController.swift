public import APIMachinery
public import Basics
public import ControllerRuntime

/// Annotates nodes with how long kubelets may cache objects, by the size of the cluster (`pkg/controller/ttl`).
public final class NodeTTLController: Controller {
  public let name = "ttl-controller"
  public let watches: Set<GroupKind>? = [.node]
  private static let annotation: Key = "node.alpha.kubernetes.io/ttl"
  private var nodes = 0
  private var boundary = 0
  /// From how many nodes down and up to how many a value holds; the two overlap so that it does not flap.
  private static let boundaries: [(min: Int, max: Int, seconds: Int)] = [
    (0, 100, 0), (90, 500, 15), (450, 1000, 30), (900, 2000, 60), (1800, .max, 300),
  ]

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    guard event.key.kind == .node else { return }
    switch event.type {
    case .added: nodes += 1
    case .deleted: nodes -= 1
    case .modified: break
    }
    while nodes > Self.boundaries[boundary].max { boundary += 1 }
    while nodes < Self.boundaries[boundary].min { boundary -= 1 }
    if event.type != .deleted { queue.add(event.key) }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard var node = context.client.get(key) else { return }
    let wanted = String(Self.boundaries[boundary].seconds)
    if node.annotation(Self.annotation) == wanted { return }
    node.setAnnotation(Self.annotation, wanted)
    try context.client.update(node)
  }
}
