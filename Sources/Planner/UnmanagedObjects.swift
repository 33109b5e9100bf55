import API
import APIMachinery
import PlanReport
import Store

/// Stored objects that no manifest describes: neither made by a controller nor a part of every cluster.
enum UnmanagedObjects {
  /// Kinds that a control plane fills by itself.
  private static let passedOver: Set<String> = [
    "Event", "Lease", "Endpoints", "EndpointSlice", "IPAddress", "ServiceCIDR", "APIService", "FlowSchema",
    "PriorityLevelConfiguration", "ControllerRevision", "CSINode", "CSIStorageCapacity", "VolumeAttachment",
    "ComponentStatus", "LeaseCandidate",
  ]
  private static let systemNamespaces: Set<String> = ["kube-system", "kube-public", "kube-node-lease"]

  /// In report order.
  static func list(_ store: ObjectStore, managed: Set<ObjectKey>, isCustom: (GroupKind) -> Bool)
    -> [ObjectName]
  {
    var out: [ObjectName] = []
    let claims = claimPrefixes(store)
    for kind in store.kinds where !passedOver.contains(kind.kind) || isCustom(kind) {
      for (key, object) in zip(store.keys(kind), store.list(kind, namespace: nil)) {
        if !object.metadata[.ownerReferences].isEmpty || managed.contains(key) { continue }
        if isMade(object, kind, claims) { continue }
        out.append(ObjectName(of: object))
      }
    }
    return out.sorted(by: ObjectName.inReportOrder)
  }

  /// Whether a controller made the object, or every cluster has it.
  private static func isMade(_ object: Value, _ kind: GroupKind, _ claims: Set<String>) -> Bool {
    let name = object.name
    if systemNamespaces.contains(object.namespace) { return true }
    switch kind {
    case .namespace: return name == "default" || systemNamespaces.contains(name)
    case .serviceAccount: return name == "default"
    case .configMap: return name == "kube-root-ca.crt"
    case .service: return name == "kubernetes" && object.namespace == "default"
    case .persistentVolume: return object.annotations.has("pv.kubernetes.io/provisioned-by")
    case .persistentVolumeClaim: return isOfStatefulSet(object, claims)
    default: break
    }
    if kind.kind == "PriorityClass" { return name.hasPrefix("system-") }
    if kind.group == "rbac.authorization.k8s.io" {
      return object.label("kubernetes.io/bootstrapping") != nil || name.hasPrefix("system:")
    }
    return kind == .secret && object[.type].says("kubernetes.io/service-account-token")
  }

  /// How the claims of StatefulSets begin: `namespace/template-set-`.
  private static func claimPrefixes(_ store: ObjectStore) -> Set<String> {
    var all: Set<String> = []
    for set in store.list(.statefulSet, namespace: nil) {
      for template in set.spec[.volumeClaimTemplates].items {
        all.insert("\(set.namespace)/\(template.name)-\(set.name)-")
      }
    }
    return all
  }

  /// Claims are named after the template, the set and the ordinal, and have no owner.
  private static func isOfStatefulSet(_ claim: Value, _ prefixes: Set<String>) -> Bool {
    let name = claim.name
    guard let dash = name.lastIndex(of: "-") else { return false }
    let end = name.index(after: dash)
    return Int(name[end...]) != nil && prefixes.contains("\(claim.namespace)/\(name[..<end])")
  }
}
