import API
import APIMachinery
import Basics
import Kubectl

/// One column of `get` (`pkg/printers/internalversion`).
struct PrinterColumn: Sendable {
  var title: String
  var value: @Sendable (Value, Instant) -> String
  init(_ title: String, _ value: @escaping @Sendable (Value, Instant) -> String) {
    self.title = title
    self.value = value
  }
}

/// The columns of each kind, as kubectl prints them. A kind without a line has NAME and AGE.
enum PrinterColumns {
  static func of(_ info: KindInfo, wide: Bool) -> [PrinterColumn] {
    let name = PrinterColumn("NAME") { object, _ in object.name }
    let age = PrinterColumn("AGE") { object, now in PrinterColumns.age(object, now) }
    guard let make = kinds[info.qualifiedKind] else { return [name, age] }
    let (before, after) = make()
    return [name] + before + [age] + (wide ? after : [])
  }

  typealias Columns = (before: [PrinterColumn], wide: [PrinterColumn])

  private static let kinds: [String: @Sendable () -> Columns] = [
    "Pod": pod, "Node": node, "Service": service, "Namespace": { (before: [phase("STATUS")], wide: []) },
    "Deployment.apps": deployment, "ReplicaSet.apps": replicaSet, "StatefulSet.apps": statefulSet,
    "DaemonSet.apps": daemonSet, "Job.batch": job, "CronJob.batch": cronJob,
    "ConfigMap": { (before: [count("DATA", .data)], wide: []) },
    "Secret": { (before: [text("TYPE", .type), count("DATA", .data)], wide: []) },
    "PersistentVolumeClaim": claim, "Event": event,
  ]

  // MARK: values

  static func age(_ object: Value, _ now: Instant) -> String {
    guard let made = object.metadata[.creationTimestamp].string.flatMap({ RFC3339.parse($0) }) else {
      return "<unknown>"
    }
    return HumanDuration.string(max(0, (now - made).count / 1_000_000_000))
  }

  private static func phase(_ title: String) -> PrinterColumn {
    PrinterColumn(title) { object, _ in
      object.isTerminating ? "Terminating" : object.status[.phase].string ?? ""
    }
  }
  private static func count(_ title: String, _ key: Key) -> PrinterColumn {
    PrinterColumn(title) { object, _ in String(object[key].count) }
  }
  private static func text(_ title: String, _ key: Key) -> PrinterColumn {
    PrinterColumn(title) { object, _ in object[key].string ?? "" }
  }
  private static func status(_ title: String, _ key: Key) -> PrinterColumn {
    PrinterColumn(title) { object, _ in String(object.status[key].int ?? 0) }
  }
  private static func spec(_ title: String, _ key: Key) -> PrinterColumn {
    PrinterColumn(title) { object, _ in
      object.spec[key].string ?? object.spec[key].int.map(String.init) ?? "<none>"
    }
  }
  private static func ratio(_ title: String, _ ready: Key, _ standard: Int = 1) -> PrinterColumn {
    PrinterColumn(title) { object, _ in
      "\(object.status[ready].int ?? 0)/\(object.spec[.replicas].int ?? standard)"
    }
  }
  private static let images = PrinterColumn("IMAGES") { object, _ in
    object.spec[.template][.spec][.containers].items.compactMap { $0[.image].string }.joined(separator: ",")
  }
  private static let selector = PrinterColumn("SELECTOR") { object, _ in
    let labels = object.spec[.selector].get(.matchLabels) ?? object.spec[.selector]
    let text = labels.fields.map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ",")
    return text.isEmpty ? "<none>" : text
  }

  // MARK: kinds

  private static func pod() -> Columns {
    (
      before: [
        PrinterColumn("READY") { object, _ in
          let statuses = object.status[.containerStatuses].items
          return "\(statuses.count { $0[.ready].bool == true })/\(object.spec[.containers].count)"
        },
        PrinterColumn("STATUS") { object, _ in podStatus(object) },
        PrinterColumn("RESTARTS") { object, _ in
          String(object.status[.containerStatuses].items.reduce(0) { $0 + ($1[.restartCount].int ?? 0) })
        },
      ],
      wide: [
        PrinterColumn("IP") { object, _ in object.status[.podIP].string ?? "<none>" },
        PrinterColumn("NODE") { object, _ in object.spec[.nodeName].string ?? "<none>" },
        PrinterColumn("NOMINATED NODE") { object, _ in object.status[.nominatedNodeName].string ?? "<none>" },
      ]
    )
  }

  private static func podStatus(_ pod: Value) -> String {
    if pod.isTerminating { return "Terminating" }
    for container in pod.status[.containerStatuses].items {
      if let reason = container[.state][.waiting][.reason].string { return reason }
      if let ended = container[.state].get(.terminated) { return ended[.reason].string ?? "Completed" }
    }
    return pod.status[.reason].string ?? pod.status[.phase].string ?? "Unknown"
  }

  private static func node() -> Columns {
    (
      before: [
        PrinterColumn("STATUS") { object, _ in
          var text = object.condition("Ready")?[.status].string == "True" ? "Ready" : "NotReady"
          if object.spec[.unschedulable].bool == true { text += ",SchedulingDisabled" }
          return text
        },
        PrinterColumn("ROLES") { object, _ in
          let roles = NodeRoles.of(object)
          return roles.isEmpty ? "<none>" : roles.joined(separator: ",")
        },
      ], wide: []
    )
  }

  private static func service() -> Columns {
    (
      before: [
        spec("TYPE", .type), spec("CLUSTER-IP", .clusterIP),
        PrinterColumn("EXTERNAL-IP") { object, _ in
          object.spec[.externalName].string
            ?? object.status[.loadBalancer][.ingress][0][.ip].string
            ?? (object.spec[.type].string == "LoadBalancer" ? "<pending>" : "<none>")
        },
        PrinterColumn("PORT(S)") { object, _ in
          let ports = object.spec[.ports].items.map { port in
            let node = port[.nodePort].int.map { ":\($0)" } ?? ""
            return "\(port[.port].int ?? 0)\(node)/\(port[.protocol].string ?? "TCP")"
          }
          return ports.isEmpty ? "<none>" : ports.joined(separator: ",")
        },
      ], wide: [selector]
    )
  }

  private static func deployment() -> Columns {
    (
      before: [
        ratio("READY", .readyReplicas), status("UP-TO-DATE", .updatedReplicas),
        status("AVAILABLE", .availableReplicas),
      ], wide: [images, selector]
    )
  }

  private static func replicaSet() -> Columns {
    (
      before: [spec("DESIRED", .replicas), status("CURRENT", .replicas), status("READY", .readyReplicas)],
      wide: [images, selector]
    )
  }

  private static func statefulSet() -> Columns { (before: [ratio("READY", .readyReplicas)], wide: [images]) }

  private static func daemonSet() -> Columns {
    (
      before: [
        status("DESIRED", .desiredNumberScheduled), status("CURRENT", .currentNumberScheduled),
        status("READY", .numberReady), status("UP-TO-DATE", .updatedNumberScheduled),
        status("AVAILABLE", .numberAvailable),
      ], wide: [images, selector]
    )
  }

  private static func job() -> Columns {
    (
      before: [
        PrinterColumn("STATUS") { object, _ in
          for type in ["Complete", "Failed", "Suspended"]
          where object.condition(type)?[.status].string == "True" {
            return type
          }
          return "Running"
        },
        PrinterColumn("COMPLETIONS") { object, _ in
          "\(object.status[.succeeded].int ?? 0)/\(object.spec[.completions].int ?? 1)"
        },
      ], wide: [images]
    )
  }

  private static func cronJob() -> Columns {
    (
      before: [
        spec("SCHEDULE", .schedule), spec("TIMEZONE", .timeZone),
        PrinterColumn("SUSPEND") { object, _ in object.spec[.suspend].bool == true ? "True" : "False" },
        PrinterColumn("ACTIVE") { object, _ in String(object.status[.active].count) },
      ], wide: []
    )
  }

  private static func claim() -> Columns {
    (
      before: [
        phase("STATUS"), spec("VOLUME", .volumeName),
        PrinterColumn("CAPACITY") { object, _ in object.status[.capacity][.storage].string ?? "" },
        spec("STORAGECLASS", .storageClassName),
      ], wide: []
    )
  }

  private static func event() -> Columns {
    (
      before: [
        text("TYPE", .type), text("REASON", .reason),
        PrinterColumn("OBJECT") { object, _ in
          let about = object[.involvedObject]
          return "\((about[.kind].string ?? "").lowercased())/\(about[.name].string ?? "")"
        },
        text("MESSAGE", .message),
      ], wide: []
    )
  }
}
