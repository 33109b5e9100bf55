public import APIMachinery
public import Basics
public import ControllerRuntime

/// Rolls Deployments out over ReplicaSets (`pkg/controller/deployment/deployment_controller.go`).
public final class DeploymentController: Controller {
  public let name = "deployment-controller"
  public let watches: Set<GroupKind>? = [.deployment, .replicaSet]
  private var orphans = OrphanIndex()
  private var selectors = SelectorIndex()
  private let hashes = TemplateHash()

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    switch event.key.kind {
    case .deployment:
      selectors.observe(event)
      queue.add(event.key)
    case .replicaSet:
      let isOrphan = orphans.observe(event)
      for object in [event.object, event.old ?? .null] {
        if let key = OwnerReferences.controllerKey(of: object, kind: .deployment) { queue.add(key) }
      }
      if isOrphan { for key in selectors.matching(event.object) { queue.add(key) } }
    default: break
    }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let deployment = context.client.get(key) else { return }
    let selector = LabelSelector(deployment.spec[.selector])
    if selector.isEverything { return }
    let manager = ControllerRefManager(deployment, selector, context.client)
    let sets = try manager.claim(.replicaSet, orphans: orphans).sorted(by: DeploymentSync.isOlder)
    var sync = DeploymentSync(deployment, sets, hashes, context, queue)
    try sync.run()
  }
}
