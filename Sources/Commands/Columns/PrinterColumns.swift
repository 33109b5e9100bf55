import API
import APIMachinery
import Basics
import Kubectl

/// One column of `get` (`pkg/printers/internalversion/printers.go`).
struct PrinterColumn: Sendable {
  var title: String
  /// Shown by `-o wide` only.
  var isWide = false
  var value: @Sendable (Value, Instant) -> String
  init(_ title: String, _ value: @escaping @Sendable (Value, Instant) -> String) {
    self.title = title
    self.value = value
  }

  /// The same column for `-o wide` only.
  var wide: PrinterColumn {
    var column = self
    column.isWide = true
    return column
  }
}

/// The columns of each kind, as kubectl prints them. A kind without a line has NAME and AGE; a custom kind has
/// those of its definition.
enum PrinterColumns {
  static func of(_ info: KindInfo, wide: Bool, definition: Value? = nil) -> [PrinterColumn] {
    let all = definition.map { custom($0, info) } ?? kinds[info.qualifiedKind]?() ?? [name, age]
    return wide ? all : all.filter { !$0.isWide }
  }

  private static let kinds: [String: @Sendable () -> [PrinterColumn]] = [
    "Pod": PodColumns.pod, "Node": PodColumns.node, "Namespace": { [name, phase("STATUS"), age] },
    "Deployment.apps": WorkloadColumns.deployment, "ReplicaSet.apps": WorkloadColumns.replicaSet,
    "ReplicationController": WorkloadColumns.replicationController,
    "StatefulSet.apps": WorkloadColumns.statefulSet, "DaemonSet.apps": WorkloadColumns.daemonSet,
    "ControllerRevision.apps": WorkloadColumns.controllerRevision,
    "Job.batch": WorkloadColumns.job, "CronJob.batch": WorkloadColumns.cronJob,
    "HorizontalPodAutoscaler.autoscaling": WorkloadColumns.autoscaler,
    "PodDisruptionBudget.policy": WorkloadColumns.budget,
    "Service": NetworkColumns.service, "Endpoints": NetworkColumns.endpoints,
    "EndpointSlice.discovery.k8s.io": NetworkColumns.endpointSlice,
    "Ingress.networking.k8s.io": NetworkColumns.ingress,
    "IngressClass.networking.k8s.io": NetworkColumns.ingressClass,
    "NetworkPolicy.networking.k8s.io": NetworkColumns.networkPolicy,
    "IPAddress.networking.k8s.io": NetworkColumns.ipAddress,
    "PersistentVolumeClaim": StorageColumns.claim, "PersistentVolume": StorageColumns.volume,
    "StorageClass.storage.k8s.io": StorageColumns.storageClass,
    "VolumeAttachment.storage.k8s.io": StorageColumns.attachment,
    "ConfigMap": { [name, count("DATA", .data), age] },
    "Secret": { [name, text("TYPE", .type), count("DATA", .data), age] },
    "ServiceAccount": { [name, count("SECRETS", .secrets), age] }, "Event": OtherColumns.event,
    "Event.events.k8s.io": OtherColumns.event, "ResourceQuota": OtherColumns.quota,
    "LimitRange": { [name, created] },
    "PriorityClass.scheduling.k8s.io": OtherColumns.priorityClass,
    "Lease.coordination.k8s.io": OtherColumns.lease,
    "CustomResourceDefinition.apiextensions.k8s.io": { [name, created] },
    "Role.rbac.authorization.k8s.io": { [name, created] },
    "ClusterRole.rbac.authorization.k8s.io": { [name, created] },
    "RoleBinding.rbac.authorization.k8s.io": OtherColumns.roleBinding,
    "ClusterRoleBinding.rbac.authorization.k8s.io": OtherColumns.roleBinding,
    "CertificateSigningRequest.certificates.k8s.io": OtherColumns.signingRequest,
    "RuntimeClass.node.k8s.io": { [name, text("HANDLER", .handler), age] },
  ]

  // MARK: shared columns

  static let name = PrinterColumn("NAME") { object, _ in object.name }
  static let age = PrinterColumn("AGE") { object, now in age(object.metadata[.creationTimestamp], now) }
  static let created = PrinterColumn("CREATED AT") { object, _ in
    object.metadata[.creationTimestamp].string ?? "<unknown>"
  }

  /// How long ago a time is.
  static func age(_ time: Value, _ now: Instant) -> String {
    guard let made = time.string.flatMap({ RFC3339.parse($0) }) else { return "<unknown>" }
    return HumanDuration.string(max(0, (now - made).count / 1_000_000_000))
  }

  static func phase(_ title: String) -> PrinterColumn {
    PrinterColumn(title) { object, _ in
      object.isTerminating ? "Terminating" : object.status[.phase].string ?? ""
    }
  }
  static func count(_ title: String, _ key: Key) -> PrinterColumn {
    PrinterColumn(title) { object, _ in String(object[key].count) }
  }
  static func text(_ title: String, _ key: Key) -> PrinterColumn {
    PrinterColumn(title) { object, _ in scalar(object[key]) }
  }
  static func status(_ title: String, _ key: Key) -> PrinterColumn {
    PrinterColumn(title) { object, _ in String(object.status[key].int ?? 0) }
  }
  static func spec(_ title: String, _ key: Key, absent: String = "<none>") -> PrinterColumn {
    PrinterColumn(title) { object, _ in object.spec.get(key).map(scalar) ?? absent }
  }
  static func scalar(_ value: Value) -> String {
    value.isNull ? "" : value.string ?? CanonicalJSON.string(value)
  }
  static func orNone(_ text: String) -> String { text.isEmpty ? "<none>" : text }

  /// `a=1,b=2`, or `<none>`.
  static func map(_ map: Value) -> String {
    orNone(map.fields.map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ","))
  }

  /// Names and images of the containers of a pod spec.
  static func containers(_ spec: @escaping @Sendable (Value) -> Value) -> [PrinterColumn] {
    [("CONTAINERS", Key.name), ("IMAGES", .image)].map { title, key in
      PrinterColumn(title) { object, _ in
        spec(object)[.containers].items.compactMap { $0[key].string }.joined(separator: ",")
      }.wide
    }
  }

  static let selector = PrinterColumn("SELECTOR") { object, _ in
    LabelSelector(object.spec.get(.selector)).description
  }.wide

  // MARK: custom kinds

  /// `additionalPrinterColumns` of the stored version.
  private static func custom(_ definition: Value, _ info: KindInfo) -> [PrinterColumn] {
    let version = definition.spec[.versions].items.first { $0[.name].string == info.gvk.version }
    guard let given = version?.get("additionalPrinterColumns"), !given.isEmpty else { return [name, age] }
    return [name]
      + given.items.map { item in
        let path = try? JSONPath(column: item["jsonPath"].string ?? "")
        let isDate = item[.type].says("date")
        var column = PrinterColumn((item[.name].string ?? "").uppercased()) { object, now in
          guard let value = path?.values(object).first else { return isDate ? "<unknown>" : "" }
          return isDate ? age(value, now) : scalar(value)
        }
        column.isWide = (item[.priority].int ?? 0) > 0
        return column
      }
  }
}
