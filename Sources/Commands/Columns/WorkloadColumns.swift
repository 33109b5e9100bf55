import APIMachinery
import Basics
import Kubectl

/// Workloads and what acts on them.
enum WorkloadColumns {
  private static func ratio(_ key: Key) -> PrinterColumn {
    PrinterColumn("READY") { object, _ in
      "\(object.status[key].int ?? 0)/\(object.spec[.replicas].int ?? 0)"
    }
  }
  private static let template = PrinterColumns.containers { $0.spec[.template][.spec] }

  static func deployment() -> [PrinterColumn] {
    [
      PrinterColumns.name, ratio(.readyReplicas), PrinterColumns.status("UP-TO-DATE", .updatedReplicas),
      PrinterColumns.status("AVAILABLE", .availableReplicas), PrinterColumns.age,
    ] + template + [PrinterColumns.selector]
  }

  static func replicaSet() -> [PrinterColumn] { sized() + template + [PrinterColumns.selector] }

  static func replicationController() -> [PrinterColumn] {
    sized() + template
      + [PrinterColumn("SELECTOR") { object, _ in PrinterColumns.map(object.spec[.selector]) }.wide]
  }

  private static func sized() -> [PrinterColumn] {
    [
      PrinterColumns.name, PrinterColumns.spec("DESIRED", .replicas, absent: "0"),
      PrinterColumns.status("CURRENT", .replicas), PrinterColumns.status("READY", .readyReplicas),
      PrinterColumns.age,
    ]
  }

  static func statefulSet() -> [PrinterColumn] {
    [PrinterColumns.name, ratio(.readyReplicas), PrinterColumns.age] + template
  }

  static func daemonSet() -> [PrinterColumn] {
    [
      PrinterColumns.name, PrinterColumns.status("DESIRED", .desiredNumberScheduled),
      PrinterColumns.status("CURRENT", .currentNumberScheduled), PrinterColumns.status("READY", .numberReady),
      PrinterColumns.status("UP-TO-DATE", .updatedNumberScheduled),
      PrinterColumns.status("AVAILABLE", .numberAvailable),
      PrinterColumn("NODE SELECTOR") { object, _ in
        PrinterColumns.map(object.spec[.template][.spec][.nodeSelector])
      },
      PrinterColumns.age,
    ] + template + [PrinterColumns.selector]
  }

  static func controllerRevision() -> [PrinterColumn] {
    [
      PrinterColumns.name,
      PrinterColumn("CONTROLLER") { object, _ in
        guard let owner = object.controllerReference else { return "<none>" }
        let group = GroupVersionKind(apiVersion: owner[.apiVersion].string ?? "", kind: "").group
        let kind = (owner[.kind].string ?? "").lowercased()
        return "\(group.isEmpty ? kind : "\(kind).\(group)")/\(owner[.name].string ?? "")"
      },
      PrinterColumns.text("REVISION", .revision), PrinterColumns.age,
    ]
  }

  static func job() -> [PrinterColumn] {
    [
      PrinterColumns.name, PrinterColumn("STATUS") { job, _ in status(job) },
      PrinterColumn("COMPLETIONS") { job, _ in
        let done = job.status[.succeeded].int ?? 0
        if let wanted = job.spec[.completions].int { return "\(done)/\(wanted)" }
        let parallel = job.spec[.parallelism].int ?? 0
        return parallel > 1 ? "\(done)/1 of \(parallel)" : "\(done)/1"
      },
      PrinterColumn("DURATION") { job, now in
        guard let start = job.status[.startTime].string.flatMap({ RFC3339.parse($0) }) else { return "" }
        let end = job.status[.completionTime].string.flatMap { RFC3339.parse($0) } ?? now
        return HumanDuration.string((end - start).count / 1_000_000_000)
      },
      PrinterColumns.age,
    ] + template + [PrinterColumns.selector]
  }

  private static func status(_ job: Value) -> String {
    for (type, word) in [
      ("Complete", "Complete"), ("Failed", "Failed"), ("FailureTarget", "FailureTarget"),
      ("SuccessCriteriaMet", "SuccessCriteriaMet"), ("Suspended", "Suspended"),
    ] where job.condition(type)?[.status].string == "True" { return word }
    return job.isTerminating ? "Terminating" : "Running"
  }

  static func cronJob() -> [PrinterColumn] {
    [
      PrinterColumns.name, PrinterColumns.spec("SCHEDULE", .schedule),
      PrinterColumns.spec("TIMEZONE", .timeZone),
      PrinterColumn("SUSPEND") { object, _ in
        object.spec[.suspend].bool.map { $0 ? "True" : "False" } ?? "<unset>"
      },
      PrinterColumn("ACTIVE") { object, _ in String(object.status[.active].count) },
      PrinterColumn("LAST SCHEDULE") { object, now in
        object.status.get(.lastScheduleTime).map { PrinterColumns.age($0, now) } ?? "<none>"
      },
      PrinterColumns.age,
    ] + PrinterColumns.containers { $0.spec[.jobTemplate][.spec][.template][.spec] }
      + [
        PrinterColumn("SELECTOR") { object, _ in
          object.spec[.jobTemplate][.spec].get(.selector).map { LabelSelector($0).description } ?? "<none>"
        }.wide
      ]
  }

  static func autoscaler() -> [PrinterColumn] {
    [
      PrinterColumns.name,
      PrinterColumn("REFERENCE") { object, _ in
        let target = object.spec[.scaleTargetRef]
        return "\(target[.kind].string ?? "")/\(target[.name].string ?? "")"
      },
      PrinterColumn("TARGETS") { object, _ in targets(object) },
      PrinterColumns.spec("MINPODS", .minReplicas, absent: "<unset>"),
      PrinterColumns.spec("MAXPODS", .maxReplicas, absent: "0"),
      PrinterColumns.status("REPLICAS", .currentReplicas), PrinterColumns.age,
    ]
  }

  /// `cpu: 40%/80%`, two of them at most.
  private static func targets(_ object: Value) -> String {
    let all = object.spec[.metrics].items.enumerated().map { i, metric -> String in
      let value = MetricText.line(metric, object.status[.currentMetrics][i]).value
        .split(separator: " / ").map(String.init)
      // The table leaves the amount behind the percentage out.
      let current = value.first?.split(separator: " ").first.map(String.init) ?? "<unknown>"
      let source = metric[metric[.type].says("Resource") ? .resource : "containerResource"]
      let name = source[.name].string.map { "\($0): " } ?? ""
      return "\(name)\(current)/\(value.last ?? "")"
    }
    if all.isEmpty { return "<none>" }
    let shown = all.prefix(2).joined(separator: ", ")
    return all.count > 2 ? "\(shown) + \(all.count - 2) more..." : shown
  }

  static func budget() -> [PrinterColumn] {
    [
      PrinterColumns.name, PrinterColumns.spec("MIN AVAILABLE", .minAvailable, absent: "N/A"),
      PrinterColumns.spec("MAX UNAVAILABLE", .maxUnavailable, absent: "N/A"),
      PrinterColumns.status("ALLOWED DISRUPTIONS", .disruptionsAllowed), PrinterColumns.age,
    ]
  }
}
