import API
public import APIMachinery
public import Basics
public import ControllerRuntime

/// Counts what the objects of a namespace take from its quotas
/// (`pkg/controller/resourcequota/resource_quota_controller.go`).
public final class ResourceQuotaController: Controller {
  public let name = "resourcequota-controller"
  /// How long changes are gathered before the objects are counted again.
  private static let delay: Nanoseconds = .milliseconds(10)
  private var quotas: [Key: Set<ObjectKey>] = [:]

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    let key = event.key
    if key.kind == .resourceQuota {
      if event.type == .deleted {
        quotas[key.namespace]?.remove(key)
      } else {
        quotas[key.namespace, default: []].insert(key)
        if event.object.status[.hard] != event.object.spec[.hard] || event.old == nil { queue.add(key) }
        return
      }
    }
    guard !key.namespace.isEmpty, let here = quotas[key.namespace], !here.isEmpty else { return }
    if key.kind == .event || key.kind == .lease || !givesBack(event) { return }
    for quota in here.sorted() { queue.add(quota, at: now + Self.delay) }
  }

  /// Whether the change can have lowered what is used; admission adds, but never takes away.
  private func givesBack(_ event: WatchEvent) -> Bool {
    if event.type == .deleted { return true }
    guard let old = event.old else { return false }
    switch event.key.kind {
    case .pod: return PodPhase.isTerminal(event.object) && !PodPhase.isTerminal(old)
    case .service: return event.object.spec != old.spec
    case .persistentVolumeClaim: return event.object.spec[.resources] != old.spec[.resources]
    default: return false
    }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let quota = context.client.get(key) else { return }
    let hard = quota.spec[.hard]
    var used: QuotaUsage.Amounts = [:]
    for kind in Self.kinds(hard, context.client) {
      for object in context.client.list(kind.kind, namespace: key.namespace)
      where QuotaUsage.isInScope(quota, object, kind: kind.kind) {
        for (name, amount) in QuotaUsage.usage(of: object, kind: kind.kind, resource: kind.resource)
        where hard.has(name) {
          used[name] = used[name].map { $0 + amount } ?? amount
        }
      }
    }
    var amounts = Value.emptyObject
    for field in hard.fields { amounts[field.key] = (used[field.key] ?? .zero).apiValue }
    var next = quota
    next[.status][.hard] = hard
    next[.status][.used] = amounts
    if next != quota { try context.client.updateStatus(next) }
  }

  /// The kinds whose objects the names of a quota are about, in the order of the kinds.
  private static func kinds(_ hard: Value, _ client: any ObjectReader) -> [(
    kind: GroupKind, resource: String
  )] {
    var found: [GroupKind: String] = [:]
    for field in hard.fields {
      if let (kind, resource) = kind(of: field.key.string, client) { found[kind] = resource }
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func kind(of name: String, _ client: any ObjectReader) -> (GroupKind, String)? {
    if name.hasPrefix("count/") {
      let resource = String(name.dropFirst(6))
      if let info = Scheme.builtin.info(named: resource), info.namespaced {
        return (info.gvk.groupKind, info.resourceName)
      }
      let definition = client.get(ObjectKey(.customResourceDefinition, name: resource))
      guard let spec = definition?.spec, let kind = spec[.names][.kind].string else { return nil }
      return (GroupKind(group: spec[.group].string ?? "", kind: kind), resource)
    }
    switch name {
    case "services", "services.nodeports", "services.loadbalancers": return (.service, "services")
    case "persistentvolumeclaims", "requests.storage":
      return (.persistentVolumeClaim, "persistentvolumeclaims")
    case "configmaps": return (.configMap, name)
    case "secrets": return (.secret, name)
    case "replicationcontrollers": return (.replicationController, name)
    case "resourcequotas": return (.resourceQuota, name)
    case "pods", "cpu", "memory", "ephemeral-storage": return (.pod, "pods")
    default: break
    }
    if name.contains(".storageclass.storage.k8s.io/") {
      return (.persistentVolumeClaim, "persistentvolumeclaims")
    }
    let ofPods = ["requests.", "limits.", "hugepages-"].contains { name.hasPrefix($0) }
    return ofPods ? (.pod, "pods") : nil
  }
}
