public import APIMachinery

enum HorizontalPodAutoscalerDescriber: Describer {
  static let kind = GroupKind.horizontalPodAutoscaler

  static func describe(_ object: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.head(object)
    writer.metadata(object)
    writer.field("CreationTimestamp", DescribeWriter.time(object.metadata[.creationTimestamp]))
    let target = object.spec[.scaleTargetRef]
    let kind = target[.kind].string ?? ""
    writer.field("Reference", "\(kind)/\(target[.name].string ?? "")")
    writer.field("Metrics", "( current / target )")
    for (i, metric) in object.spec[.metrics].items.enumerated() {
      let (title, value) = MetricText.line(metric, object.status[.currentMetrics][i])
      writer.line(1, "\(title):\t\(value)")
    }
    writer.field("Min replicas", object.spec.get(.minReplicas).map { DescribeWriter.text($0) } ?? "<unset>")
    writer.field("Max replicas", object.spec[.maxReplicas])
    if let behavior = object.spec.get(.behavior) {
      writer.line(0, "Behavior:")
      rules("Scale Up", behavior[.scaleUp], &writer)
      rules("Scale Down", behavior[.scaleDown], &writer)
    }
    writer.field(
      "\(kind) pods",
      "\(object.status[.currentReplicas].int ?? 0) current / \(object.status[.desiredReplicas].int ?? 0) "
        + "desired")
    if object.status[.conditions].isEmpty { return }
    writer.line(0, "Conditions:")
    writer.line(1, "Type\tStatus\tReason\tMessage")
    writer.line(1, "----\t------\t------\t-------")
    for item in object.status[.conditions].items {
      let keys: [Key] = [.type, .status, .reason, .message]
      writer.line(1, keys.map { item[$0].string ?? "" }.joined(separator: "\t"))
    }
  }

  private static func rules(_ title: String, _ rules: Value, _ writer: inout DescribeWriter) {
    if rules.isNull { return }
    writer.line(1, "\(title):")
    if let window = rules[.stabilizationWindowSeconds].int {
      writer.line(2, "Stabilization Window: \(window) seconds")
    }
    if rules[.policies].isEmpty { return }
    writer.line(2, "Select Policy: \(rules[.selectPolicy].string ?? "Max")")
    writer.line(2, "Policies:")
    for policy in rules[.policies].items {
      writer.line(
        3,
        "- Type: \(policy[.type].string ?? "")\tValue: \(policy[.value].int ?? 0)\t"
          + "Period: \(policy[.periodSeconds].int ?? 0) seconds")
    }
  }
}

/// One metric of an autoscaler: what it is about, and `current / target`.
public enum MetricText {
  public static func line(_ metric: Value, _ current: Value) -> (title: String, value: String) {
    let type = metric[.type].string ?? ""
    let source = Key(type.isEmpty ? "" : type.prefix(1).lowercased() + type.dropFirst())
    let spec = metric[source]
    let now = current[source][.current]
    let value = values(spec[.target], now)
    let name = spec[.metric][.name].string ?? ""
    let kind = spec[.target].has(.averageValue) ? "average value" : "value"
    switch type {
    case "Resource":
      let head = "resource \(spec[.name].string ?? "") on pods"
      return (percent(head, spec), value)
    case "ContainerResource":
      let head =
        "resource \(spec[.name].string ?? "") of container \"\(spec[.container].string ?? "")\" on pods"
      return (percent(head, spec), value)
    case "Pods": return ("\"\(name)\" on pods", value)
    case "Object":
      let about = spec[.describedObject]
      return (
        "\"\(name)\" on \(about[.kind].string ?? "")/\(about[.name].string ?? "") (target \(kind))", value
      )
    case "External": return ("\"\(name)\" (target \(kind))", value)
    default: return ("<unknown metric type \"\(type)\">", "")
    }
  }

  private static func percent(_ head: String, _ spec: Value) -> String {
    spec[.target].has(.averageValue) ? head : head + "  (as a percentage of request)"
  }

  private static func values(_ target: Value, _ now: Value) -> String {
    if let wanted = target.get(.averageValue) {
      return "\(quantity(now.get(.averageValue))) / \(quantity(wanted))"
    }
    if let wanted = target.get(.value) { return "\(quantity(now.get(.value))) / \(quantity(wanted))" }
    let current = now[.averageUtilization].int.map { "\($0)% (\(quantity(now.get(.averageValue))))" }
    return "\(current ?? "<unknown>") / \(target[.averageUtilization].int.map { "\($0)%" } ?? "<auto>")"
  }

  private static func quantity(_ value: Value?) -> String {
    value.map { DescribeWriter.text($0) } ?? "<unknown>"
  }
}

enum PodDisruptionBudgetDescriber: Describer {
  static let kind = GroupKind.podDisruptionBudget

  static func describe(_ object: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.head(object)
    if let least = object.spec.get(.minAvailable) {
      writer.field("Min available", least)
    } else {
      writer.optional("Max unavailable", object.spec.get(.maxUnavailable))
    }
    let selector = object.spec.get(.selector)
    writer.field("Selector", selector.map { DescribeWriter.selector($0) } ?? "<unset>")
    writer.line(0, "Status:")
    let rows: [(String, Key)] = [
      ("Allowed disruptions", .disruptionsAllowed), ("Current", .currentHealthy),
      ("Desired", .desiredHealthy),
      ("Total", .expectedPods),
    ]
    for (title, key) in rows { writer.field(title, String(object.status[key].int ?? 0), level: 2) }
  }
}

enum ResourceQuotaDescriber: Describer {
  static let kind = GroupKind.resourceQuota
  static let hasEvents = false

  private static let help = [
    "Terminating": "pods with an active deadline", "NotTerminating": "pods without an active deadline",
    "BestEffort": "pods without requests and limits", "NotBestEffort": "pods with requests or limits",
  ]

  static func describe(_ object: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.head(object)
    write(object, level: 0, &writer)
  }

  static func write(_ object: Value, level: Int, _ writer: inout DescribeWriter) {
    let scopes = object.spec[.scopes].items.compactMap(\.string).sorted()
    if !scopes.isEmpty {
      writer.field("Scopes", scopes.joined(separator: ", "), level: level)
      for scope in scopes { if let text = help[scope] { writer.line(level, " * Matches \(text).") } }
    }
    writer.line(level, "Resource\tUsed\tHard")
    writer.line(level, "--------\t\(level == 0 ? "----\t----" : "---\t---")")
    for field in object.status[.hard].fields {
      let used = object.status[.used].get(field.key).map { DescribeWriter.text($0) } ?? "0"
      writer.line(level, "\(field.key)\t\(used)\t\(DescribeWriter.text(field.value))")
    }
  }
}

enum LimitRangeDescriber: Describer {
  static let kind = GroupKind.limitRange
  static let hasEvents = false

  static func describe(_ object: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.head(object)
    table([object], indent: "", &writer)
  }

  static func table(_ ranges: [Value], indent: String, _ writer: inout DescribeWriter) {
    let titles = [
      "Type", "Resource", "Min", "Max", "Default Request", "Default Limit", "Max Limit/Request Ratio",
    ]
    writer.line(0, indent + titles.joined(separator: "\t"))
    writer.line(
      0, indent + "----\t--------\t---\t---\t---------------\t-------------\t-----------------------")
    let columns: [Key] = [.min, .max, .defaultRequest, .default, .maxLimitRequestRatio]
    for item in ranges.flatMap({ Array($0.spec[.limits].items) }) {
      var names: [Key] = []
      for column in columns {
        for field in item[column].fields where !names.contains(field.key) { names.append(field.key) }
      }
      for name in names.sorted() {
        let cells = columns.map { item[$0].get(name).map { DescribeWriter.text($0) } ?? "-" }
        writer.line(0, "\(indent)\(item[.type].string ?? "")\t\(name)\t\(cells.joined(separator: "\t"))")
      }
    }
  }
}

enum NamespaceDescriber: Describer {
  static let kind = GroupKind.namespace
  static let hasEvents = false

  static func describe(_ namespace: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.field("Name", namespace.name)
    writer.metadata(namespace)
    writer.field("Status", namespace.status[.phase])
    if !namespace.status[.conditions].isEmpty {
      writer.line(0, "Conditions:")
      writer.line(1, "Type\tStatus\tLastTransitionTime\tReason\tMessage")
      writer.line(1, "----\t------\t------------------\t------\t-------")
      for item in namespace.status[.conditions].items {
        writer.line(
          1,
          "\(item[.type].string ?? "")\t\(item[.status].string ?? "")\t"
            + "\(DescribeWriter.time(item[.lastTransitionTime]))\t\(item[.reason].string ?? "")\t"
            + (item[.message].string ?? ""))
      }
    }
    writer.line(0, "")
    let quotas = context.client.list(.resourceQuota, namespace: namespace.nameKey)
    if quotas.isEmpty {
      writer.line(0, "No resource quota.")
    } else {
      writer.line(0, "Resource Quotas")
      for quota in quotas {
        writer.field("Name", quota.name, level: 1)
        ResourceQuotaDescriber.write(quota, level: 1, &writer)
      }
    }
    writer.line(0, "")
    let ranges = context.client.list(.limitRange, namespace: namespace.nameKey)
    if ranges.isEmpty {
      writer.line(0, "No LimitRange resource.")
    } else {
      writer.line(0, "Resource Limits")
      LimitRangeDescriber.table(ranges, indent: " ", &writer)
    }
  }
}

enum PriorityClassDescriber: Describer {
  static let kind = GroupKind.priorityClass

  static func describe(_ object: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.field("Name", object.name)
    writer.field("Value", object[.value])
    writer.field("GlobalDefault", object[.globalDefault].bool == true ? "true" : "false")
    writer.field("PreemptionPolicy", object[.preemptionPolicy])
    writer.field("Description", object[.description])
    writer.field(
      "Annotations", DescribeWriter.map(object.annotations.removing(ThreeWayMerge.lastAppliedAnnotation)))
  }
}
