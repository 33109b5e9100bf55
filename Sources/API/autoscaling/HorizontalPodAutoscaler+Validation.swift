import APIMachinery

/// `ValidateHorizontalPodAutoscaler` (`pkg/apis/autoscaling/validation`).
enum HorizontalPodAutoscalerValidation {
  static func autoscaler(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    let path = Path.spec
    let least = spec[.minReplicas].int
    if let least, least < 1 {
      out.invalid(path.child("minReplicas"), .int(least), "must be greater than or equal to 1")
    }
    let most = spec[.maxReplicas].int ?? 0
    if most < 1 { out.required(path.child("maxReplicas"), "must be set and greater than 0") }
    if let least, most < least {
      out.invalid(path.child("maxReplicas"), .int(most), "must be greater than or equal to `minReplicas`")
    }
    target(spec[.scaleTargetRef], path.child("scaleTargetRef"), &out)
    metrics(spec[.metrics], least, path.child("metrics"), &out)
    for key in ["scaleUp", "scaleDown"] {
      if let rules = spec[.behavior].get(Key(key)) {
        self.rules(rules, path.child("behavior").child(key), &out)
      }
    }
  }

  private static func target(_ ref: Value, _ at: Path, _ out: inout Findings) {
    for key in ["kind", "name"] {
      let text = ref[Key(key)].string ?? ""
      if text.isEmpty {
        out.required(at.child(key))
      } else {
        out.invalid(at.child(key), text, all: Names.isPathSegmentName(text))
      }
    }
    let version = ref[.apiVersion].string ?? ""
    if !ref[.kind].says("ReplicationController"), !version.contains("/") {
      out.invalid(at.child("apiVersion"), version, "apiVersion must specify API group")
    }
  }

  private static let sources: [(type: String, field: String)] = [
    ("Object", "object"), ("Pods", "pods"), ("Resource", "resource"), ("External", "external"),
    ("ContainerResource", "containerResource"),
  ]
  private static let types = ["ContainerResource", "External", "Object", "Pods", "Resource"]

  private static func metrics(_ metrics: Value, _ least: Int?, _ path: Path, _ out: inout Findings) {
    var hasOutside = false
    for (i, metric) in metrics.items.enumerated() {
      let at = path.index(i)
      let type = metric[.type].string ?? ""
      if type == "Object" || type == "External" { hasOutside = true }
      if type.isEmpty {
        out.required(at.child("type"), "must specify a metric source type")
      } else if !types.contains(type) {
        out.notSupported(at.child("type"), .string(type), types)
      }
      var given: Set<String> = []
      for source in sources {
        guard let body = metric.get(Key(source.field)) else { continue }
        given.insert(source.field)
        if given.count == 1 { self.source(body, source.field, at.child(source.field), &out) }
      }
      guard let expected = sources.first(where: { $0.type == type })?.field else { continue }
      if !given.contains(expected) {
        out.required(at.child(expected), "must populate information for the given metric source")
      } else if given.count != 1 {
        for other in given.subtracting([expected]).sorted() {
          out.forbidden(at.child(other), "must populate the given metric source only")
        }
      }
    }
    if least == 0, !hasOutside {
      out.forbidden(
        path, "must specify at least one Object or External metric to support scaling to zero replicas")
    }
  }

  private static func source(_ source: Value, _ field: String, _ at: Path, _ out: inout Findings) {
    let target = source[.target]
    let place = at.child("target")
    let hasUtilization = target.has(.averageUtilization)
    let hasAverage = target.has(.averageValue)
    let hasValue = target.has(.value)
    switch field {
    case "resource", "containerResource":
      if source[.name].string.isNilOrEmpty { out.required(at.child("name"), "must specify a resource name") }
      if field == "containerResource", source[.container].string.isNilOrEmpty {
        out.required(at.child("container"), "must specify a container")
      }
      goal(target, place, &out)
      if !hasUtilization, !hasAverage {
        out.required(
          place.child("averageUtilization"),
          "must set either a target raw value or a target utilization")
      }
      if hasUtilization, hasAverage {
        out.forbidden(
          place.child("averageValue"), "may not set both a target raw value and a target utilization")
      }
    case "pods":
      identifier(source[.metric], at.child("metric"), &out)
      goal(target, place, &out)
      if (Quantity(target[.averageValue])?.sign ?? 0) <= 0 {
        out.required(place.child("averageValue"), "must specify a positive target averageValue")
      }
    case "object":
      let object = source[.describedObject]
      for key in ["kind", "name"] where object[Key(key)].string.isNilOrEmpty {
        out.required(at.child("describedObject").child(key))
      }
      identifier(source[.metric], at.child("metric"), &out)
      goal(target, place, &out)
      if !hasValue, !hasAverage {
        out.required(place.child("averageValue"), "must set either a target value or averageValue")
      }
    default:
      identifier(source[.metric], at.child("metric"), &out)
      goal(target, place, &out)
      if !hasValue, !hasAverage {
        out.required(
          place.child("averageValue"), "must set either a target value for metric or a per-pod target")
      }
      if hasValue, hasAverage {
        out.forbidden(
          place.child("value"), "may not set both a target value for metric and a per-pod target")
      }
    }
  }

  private static func identifier(_ metric: Value, _ at: Path, _ out: inout Findings) {
    let name = metric[.name].string ?? ""
    if name.isEmpty {
      out.required(at.child("name"))
    } else {
      out.invalid(at.child("name"), name, all: Names.isPathSegmentName(name))
    }
  }

  /// `validateMetricTarget`.
  private static func goal(_ target: Value, _ at: Path, _ out: inout Findings) {
    let type = target[.type].string ?? ""
    if type.isEmpty { out.required(at.child("type"), "must specify a metric target type") }
    if !["Utilization", "Value", "AverageValue"].contains(type) {
      out.invalid(at.child("type"), type, "must be either Utilization, Value, or AverageValue")
    }
    for key in ["value", "averageValue"] {
      if let amount = Quantity(target[Key(key)]), amount.sign <= 0 {
        out.invalid(at.child(key), amount.canonical, "must be positive")
      }
    }
    if let percent = target[.averageUtilization].int, percent < 1 {
      out.invalid(at.child("averageUtilization"), .int(percent), "must be greater than 0")
    }
  }

  private static func rules(_ rules: Value, _ at: Path, _ out: inout Findings) {
    if let seconds = rules[.stabilizationWindowSeconds].int {
      if seconds < 0 {
        out.invalid(
          at.child("stabilizationWindowSeconds"), .int(seconds), "must be greater than or equal to zero")
      }
      if seconds > 3600 {
        out.invalid(
          at.child("stabilizationWindowSeconds"), .int(seconds), "must be less than or equal to 3600")
      }
    }
    if let choice = rules.get(.selectPolicy) {
      out.oneOf(at.child("selectPolicy"), choice, ["Disabled", "Max", "Min"])
    }
    if rules[.policies].isEmpty { out.required(at.child("policies"), "must specify at least one Policy") }
    for (i, policy) in rules[.policies].items.enumerated() {
      let place = at.child("policies").index(i)
      let type = policy[.type]
      if type != "Pods", type != "Percent" {
        out.notSupported(place.child("type"), type, ["Percent", "Pods"])
      }
      let value = policy[.value].int ?? 0
      if value <= 0 { out.invalid(place.child("value"), .int(value), "must be greater than zero") }
      let period = policy[.periodSeconds].int ?? 0
      if period <= 0 { out.invalid(place.child("periodSeconds"), .int(period), "must be greater than zero") }
      if period > 1800 {
        out.invalid(place.child("periodSeconds"), .int(period), "must be less than or equal to 1800")
      }
    }
  }
}
