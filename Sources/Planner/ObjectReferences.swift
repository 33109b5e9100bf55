import API
import APIMachinery

/// What an object names that has to be there for it to work: configuration, accounts, backends, roles.
struct ObjectReference {
  /// Where the name stands: `spec.template.spec.containers[0].env[1].valueFrom.secretKeyRef.name`.
  var path: String
  var target: ObjectKey
  /// A key within the target's data.
  var dataKey: String?
}

/// Collects the references of one object. References that may be missing (`optional: true`) do not count.
struct ObjectReferences {
  private let namespace: Key
  private(set) var all: [ObjectReference] = []

  static func of(_ object: Value) -> [ObjectReference] {
    var walk = ObjectReferences(namespace: object.namespaceKey)
    walk.collect(object)
    return walk.all
  }

  private init(namespace: Key) { self.namespace = namespace }

  private mutating func note(_ path: String, _ kind: GroupKind, _ name: Value, key: Value? = nil) {
    guard let text = name.string, !text.isEmpty else { return }
    let space: Key = Self.clusterScoped.contains(kind) ? .empty : namespace
    all.append(
      ObjectReference(path: path, target: ObjectKey(kind, space, Key(text)), dataKey: key?.string))
  }

  private static let clusterRole = GroupKind(group: "rbac.authorization.k8s.io", kind: "ClusterRole")
  private static let role = GroupKind(group: "rbac.authorization.k8s.io", kind: "Role")
  private static let clusterScoped: Set<GroupKind> = [clusterRole, .ingressClass]

  private mutating func collect(_ object: Value) {
    let spec = object.spec
    switch object.kindName {
    case "Pod": pod(spec, "spec")
    case "Deployment", "ReplicaSet", "DaemonSet", "Job", "ReplicationController":
      pod(spec[.template][.spec], "spec.template.spec")
    case "StatefulSet":
      pod(spec[.template][.spec], "spec.template.spec")
      note("spec.serviceName", .service, spec[.serviceName])
    case "CronJob":
      pod(spec[.jobTemplate][.spec][.template][.spec], "spec.jobTemplate.spec.template.spec")
    case "Ingress": ingress(spec)
    case "HorizontalPodAutoscaler":
      let target = spec[.scaleTargetRef]
      let kind = GroupKind(
        apiVersion: target[.apiVersion].string ?? "", kind: target[.kind].string ?? "")
      note("spec.scaleTargetRef.name", kind, target[.name])
    case "RoleBinding", "ClusterRoleBinding": binding(object)
    default: break
    }
  }

  private mutating func pod(_ spec: Value, _ path: String) {
    if !spec[.serviceAccountName].says("default") {
      note(path + ".serviceAccountName", .serviceAccount, spec[.serviceAccountName])
    }
    for list in [Key.initContainers, .containers] {
      for (i, container) in spec[list].items.enumerated() {
        self.container(container, "\(path).\(list)[\(i)]")
      }
    }
    for (i, volume) in spec[.volumes].items.enumerated() { self.volume(volume, "\(path).volumes[\(i)]") }
  }

  private mutating func container(_ container: Value, _ path: String) {
    for (i, variable) in container[.env].items.enumerated() {
      let from = variable[.valueFrom]
      let at = "\(path).env[\(i)].valueFrom"
      source(from[.configMapKeyRef], .configMap, at + ".configMapKeyRef")
      source(from[.secretKeyRef], .secret, at + ".secretKeyRef")
    }
    for (i, from) in container[.envFrom].items.enumerated() {
      source(from[.configMapRef], .configMap, "\(path).envFrom[\(i)].configMapRef")
      source(from[.secretRef], .secret, "\(path).envFrom[\(i)].secretRef")
    }
  }

  private mutating func source(_ reference: Value, _ kind: GroupKind, _ path: String) {
    guard reference.isObject, reference[.optional].bool != true else { return }
    note(path + ".name", kind, reference[.name], key: reference.get(.key))
  }

  private mutating func volume(_ volume: Value, _ path: String) {
    files(volume[.configMap], .configMap, .name, path + ".configMap")
    files(volume[.secret], .secret, .secretName, path + ".secret")
    for (i, part) in volume[.projected][.sources].items.enumerated() {
      files(part[.configMap], .configMap, .name, "\(path).projected.sources[\(i)].configMap")
      files(part[.secret], .secret, .name, "\(path).projected.sources[\(i)].secret")
    }
  }

  private mutating func files(_ source: Value, _ kind: GroupKind, _ name: Key, _ path: String) {
    guard source.isObject, source[.optional].bool != true else { return }
    note("\(path).\(name)", kind, source[name])
    for (i, item) in source[.items].items.enumerated() {
      note("\(path).items[\(i)].key", kind, source[name], key: item.get(.key))
    }
  }

  private mutating func ingress(_ spec: Value) {
    note("spec.ingressClassName", .ingressClass, spec[.ingressClassName])
    note("spec.defaultBackend.service.name", .service, spec[.defaultBackend][.service][.name])
    for (i, rule) in spec[.rules].items.enumerated() {
      for (j, path) in rule[.http][.paths].items.enumerated() {
        note(
          "spec.rules[\(i)].http.paths[\(j)].backend.service.name", .service,
          path[.backend][.service][.name])
      }
    }
    for (i, tls) in spec[.tls].items.enumerated() {
      note("spec.tls[\(i)].secretName", .secret, tls[.secretName])
    }
  }

  /// Roles that every cluster has are not stored as objects.
  private mutating func binding(_ object: Value) {
    let reference = object[.roleRef]
    let name = reference[.name].string ?? ""
    let isCluster = reference[.kind].says("ClusterRole")
    if isCluster && (["cluster-admin", "admin", "edit", "view"].contains(name) || name.hasPrefix("system:")) {
      return
    }
    note("roleRef.name", isCluster ? Self.clusterRole : Self.role, reference[.name])
  }
}
