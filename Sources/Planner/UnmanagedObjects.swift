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
    for kind in store.kinds where !passedOver.contains(kind.kind) || isCustom(kind) {
      for object in store.list(kind, namespace: nil) {
        if managed.contains(ObjectKey(of: object)) || isMade(object, kind, store) { continue }
        out.append(ObjectName(of: object))
      }
    }
    return out.sorted(by: ObjectName.inReportOrder)
  }

  /// Whether a controller made the object, or every cluster has it.
  private static func isMade(_ object: Value, _ kind: GroupKind, _ store: ObjectStore) -> Bool {
    if !object.metadata[.ownerReferences].isEmpty { return true }
    let name = object.name
    if systemNamespaces.contains(object.namespace) { return true }
    switch kind {
    case .namespace: return name == "default" || systemNamespaces.contains(name)
    case .serviceAccount: return name == "default"
    case .configMap: return name == "kube-root-ca.crt"
    case .service: return name == "kubernetes" && object.namespace == "default"
    case .persistentVolume: return object.annotations.has("pv.kubernetes.io/provisioned-by")
    case .persistentVolumeClaim: return isOfStatefulSet(object, store)
    default: break
    }
    if kind.kind == "PriorityClass" { return name.hasPrefix("system-") }
    if kind.group == "rbac.authorization.k8s.io" {
      return object.label("kubernetes.io/bootstrapping") != nil || name.hasPrefix("system:")
    }
    return kind == .secret && object[.type].string == "kubernetes.io/service-account-token"
  }

  /// Claims are named after the template, the set and the ordinal, and have no owner.
  private static func isOfStatefulSet(_ claim: Value, _ store: ObjectStore) -> Bool {
    store.list(.statefulSet, namespace: claim.namespaceKey).contains { set in
      set.spec[.volumeClaimTemplates].items.contains { template in
        let start = "\(template.name)-\(set.name)-"
        return claim.name.hasPrefix(start) && Int(claim.name.dropFirst(start.count)) != nil
      }
    }
  }
}
