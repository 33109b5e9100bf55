import API
import APIMachinery

/// From a served version to the stored one. Kinds whose versions have the same fields only change their name.
enum VersionConversion {
  static func toStored(_ object: Value, _ info: KindInfo) -> Value {
    var out = object
    if info.groupKind == .horizontalPodAutoscaler, object.apiVersion == "autoscaling/v1" {
      horizontalPodAutoscaler(&out)
    }
    out[.apiVersion] = .string(info.gvk.apiVersion)
    return out
  }

  /// From the stored version to a served one, as a client sees it.
  static func fromStored(_ object: Value, apiVersion: String, _ info: KindInfo) -> Value {
    if object.apiVersion == apiVersion { return object }
    var out = object
    out[.apiVersion] = .string(apiVersion)
    guard info.groupKind == .horizontalPodAutoscaler, apiVersion == "autoscaling/v1" else { return out }
    var kept: [Value] = []
    for metric in out[.spec][.metrics].items {
      let percent = metric[.resource][.target].get(.averageUtilization)
      if metric[.type].says("Resource"), metric[.resource][.name].says("cpu"), let percent {
        out[.spec][.targetCPUUtilizationPercentage] = percent
      } else {
        kept.append(metric)
      }
    }
    out[.spec].remove(.metrics)
    if var status = out.get(.status) {
      for key in [Key.currentMetrics, .conditions] { status.remove(key) }
      if !status.has(.currentReplicas) { status[.currentReplicas] = 0 }
      if !status.has(.desiredReplicas) { status[.desiredReplicas] = 0 }
      out[.status] = status
    }
    if !kept.isEmpty {
      out.setAnnotation(metricsAnnotation, CanonicalJSON.string(.array(kept.map(flattened))))
    }
    if let behavior = out[.spec].get(.behavior) {
      out.setAnnotation(behaviorAnnotation, CanonicalJSON.string(behavior))
      out[.spec].remove(.behavior)
    }
    return out
  }

  /// A metric as the annotation of autoscaling/v1 has it.
  private static func flattened(_ metric: Value) -> Value {
    guard let type = metric[.type].string, let first = type.first else { return metric }
    let source = Key(first.lowercased() + type.dropFirst())
    var body = metric[source]
    let target = body[.target]
    body.remove(.target)
    for (from, to) in [
      ("averageUtilization", "targetAverageUtilization"), ("averageValue", "targetAverageValue"),
      ("value", "targetValue"),
    ] {
      if let value = target.get(Key(from)) { body[Key(to)] = value }
    }
    return metric.setting(source, body)
  }

  /// autoscaling/v1 keeps what it has no fields for in annotations (`pkg/apis/autoscaling/v1/conversion.go`).
  private static func horizontalPodAutoscaler(_ object: inout Value) {
    var spec = object[.spec]
    var metrics: [Value] = []
    if let text = object.annotation(metricsAnnotation), case .success(let kept) = JSON.parse(text) {
      metrics = kept.items.map(metric)
    }
    if let percent = spec.get(.targetCPUUtilizationPercentage), !percent.isNull {
      let target: Value = ["type": "Utilization", "averageUtilization": percent]
      let cpu: Value = ["type": "Resource", "resource": ["name": "cpu", "target": target]]
      metrics.insert(cpu, at: 0)
    }
    spec.remove(.targetCPUUtilizationPercentage)
    if !metrics.isEmpty { spec[.metrics] = .array(metrics) }
    if let text = object.annotation(behaviorAnnotation), case .success(let kept) = JSON.parse(text) {
      spec[.behavior] = kept
    }
    object[.spec] = spec
    object.setAnnotation(metricsAnnotation, nil)
    object.setAnnotation(behaviorAnnotation, nil)
    object.setAnnotation(conditionsAnnotation, nil)
    object.setAnnotation(currentMetricsAnnotation, nil)
    convertStatus(&object)
  }

  private static let metricsAnnotation = Key("autoscaling.alpha.kubernetes.io/metrics")
  private static let behaviorAnnotation = Key("autoscaling.alpha.kubernetes.io/behavior")
  private static let conditionsAnnotation = Key("autoscaling.alpha.kubernetes.io/conditions")
  private static let currentMetricsAnnotation = Key("autoscaling.alpha.kubernetes.io/current-metrics")

  /// A metric of the annotation has its target spread over the source's fields.
  private static func metric(_ old: Value) -> Value {
    guard let type = old[.type].string, let first = type.first else { return old }
    let source = Key(first.lowercased() + type.dropFirst())
    var body = old[source]
    var target = Value.emptyObject
    for (from, to, kind) in [
      ("targetAverageUtilization", "averageUtilization", "Utilization"),
      ("targetAverageValue", "averageValue", "AverageValue"), ("targetValue", "value", "Value"),
    ] {
      guard let value = body.get(Key(from)) else { continue }
      target[Key(to)] = value
      if !target.has(.type) { target[.type] = .string(kind) }
      body.remove(Key(from))
    }
    body[.target] = target
    return old.setting(source, body)
  }

  private static func convertStatus(_ object: inout Value) {
    guard let percent = object[.status].get(.currentCPUUtilizationPercentage) else { return }
    object[.status].remove(.currentCPUUtilizationPercentage)
    let current: Value = ["averageUtilization": percent]
    object[.status][.currentMetrics] = [
      ["type": "Resource", "resource": ["name": "cpu", "current": current]]
    ]
  }
}
