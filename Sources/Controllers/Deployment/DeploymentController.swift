public import APIMachinery
public import Basics
public import ControllerRuntime

/// Rolls Deployments out over ReplicaSets (`pkg/controller/deployment/deployment_controller.go`).
public final class DeploymentController: Controller {
  public let name = "deployment-controller"
  public let watches: Set<GroupKind>? = [.deployment, .replicaSet]
  private var orphans = OrphanIndex()
  private var selectors = SelectorIndex()
  private let mind: DeploymentMind

  public init(_ pods: PodIndex) { mind = DeploymentMind(pods) }

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    switch event.key.kind {
    case .deployment:
      selectors.observe(event)
      if !mind.written.isEcho(event) { queue.add(event.key) }
    case .replicaSet:
      if event.type == .deleted { mind.templates.forget(event.key) }
      let isOrphan = orphans.observe(event)
      if mind.written.isEcho(event) { return }
      let owner = OwnerReferences.controllerKey(of: event.object, kind: .deployment)
      if let owner { queue.add(owner) }
      if let old = event.old, old[.metadata, .ownerReferences] != event.object[.metadata, .ownerReferences],
        let left = OwnerReferences.controllerKey(of: old, kind: .deployment)
      {
        queue.add(left)
      }
      if isOrphan { for key in selectors.matching(event.object) { queue.add(key) } }
    default: break
    }
  }

  public func companions(of object: Value, _ key: ObjectKey, _ client: any ObjectReader) -> [Value] {
    client.owned(by: object.uidKey, in: key.namespace).compactMap { client.get($0) }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    mind.written.begin()
    guard let deployment = context.client.get(key) else { return }
    let selector = selectors.selector(of: deployment, key)
    if selector.isEverything { return }
    let manager = ControllerRefManager(deployment, selector, context.client)
    var sets = try manager.claim(.replicaSet, orphans: orphans)
    if sets.count > 1 { sets.sort(by: DeploymentSync.isOlder) }
    var sync = DeploymentSync(deployment, sets, mind, context, queue)
    try sync.run()
  }
}

/// What the controller remembers from one look to the next.
final class DeploymentMind {
  let hashes = TemplateHash()
  let written = OwnWrites()
  let templates = BareTemplates()
  let pods: PodIndex

  init(_ pods: PodIndex) { self.pods = pods }
}

/// The templates of ReplicaSets without the hash that the controller put into them, made once for each set.
final class BareTemplates {
  private var known: [ObjectKey: (template: Value, bare: Value)] = [:]

  func forget(_ set: ObjectKey) { known[set] = nil }

  /// Whether the set is one of the template, which is kept as the set's own, to be told at a glance next time.
  func `is`(_ set: Value, of template: Value) -> Bool {
    let own = bare(set)
    guard own == template else { return false }
    if own.identity != template.identity {
      known[ObjectKey(.replicaSet, set.namespaceKey, set.nameKey)] = (set[.spec, .template], template)
    }
    return true
  }

  private func bare(_ set: Value) -> Value {
    let template = set[.spec, .template]
    guard template.labels.has(.podTemplateHash) else { return template }
    let key = ObjectKey(.replicaSet, set.namespaceKey, set.nameKey)
    if let hit = known[key], hit.template == template { return hit.bare }
    let bare = Self.bare(template)
    known[key] = (template, bare)
    return bare
  }

  static func bare(_ template: Value) -> Value {
    guard template.labels.has(.podTemplateHash) else { return template }
    var copy = template
    copy.setLabel(.podTemplateHash, nil)
    return copy
  }
}
