import APIMachinery
import Basics
import ControllerRuntime

/// Computes what each metric of an autoscaler asks for (`horizontal.go`, `computeReplicasForMetric…`).
struct HorizontalMetrics {
  typealias Failure = ReplicaCalculator.Failure

  let hpa: Value
  let scale: Scale
  let pods: [Value]
  let metrics: ResourceMetrics
  let calculator: ReplicaCalculator
  let now: Instant

  /// One metric that cannot be computed: the condition's reason and cause, and the error as it goes up.
  struct Invalid: Error {
    var reason: String
    var cause: String
    var error: String
  }

  struct Result {
    var replicas: Int
    /// What the size was computed from, for conditions and events.
    var name: String
    var status: Value
    /// Until when pods may come to count differently by themselves.
    var until: Instant?
  }

  func compute(_ spec: Value) throws(Invalid) -> Result {
    switch spec[.type].string {
    case "Resource": return try resource(spec[.resource], type: "Resource", field: .resource, container: nil)
    case "ContainerResource":
      return try resource(
        spec[.containerResource], type: "ContainerResource", field: .containerResource,
        container: spec[.containerResource][.container].string ?? "")
    case "Pods": throw pods(spec[.pods])
    case "Object": throw object(spec[.object])
    case "External": throw external(spec[.external])
    default:
      let error = "unknown metric source type \"\(spec[.type].string ?? "")\""
      throw Invalid(reason: "InvalidMetricSourceType", cause: error, error: error)
    }
  }

  // MARK: Resources

  private func resource(_ source: Value, type: String, field: Key, container: String?)
    throws(Invalid) -> Result
  {
    let name = source[.name].string ?? ""
    do {
      var result = try measure(source, container: container)
      result.status = .fields(
        (.type, .string(type)),
        (
          field,
          .fields(
            (.name, source[.name]), (.container, container.map { .string($0) }), (.current, result.status))
        ))
      return result
    } catch {
      let cause = "failed to get \(name) utilization: \(error.message)"
      let about = container.map { "\($0) container" } ?? "\(name) resource"
      throw Invalid(
        reason: "FailedGet\(type)Metric", cause: cause, error: "failed to get \(about) metric value: \(cause)"
      )
    }
  }

  private func measure(_ source: Value, container: String?) throws(Failure) -> Result {
    let name = source[.name].string ?? ""
    let resource = source[.name].key
    let target = source[.target]
    let measured: [String: Int]
    do {
      measured = try metrics.metrics(resource, container: container, of: pods)
    } catch {
      throw Failure(message: "unable to get metrics for resource \(name): \(error.message)")
    }
    var until: Instant?
    var known: [ReplicaCalculator.Pod] = []
    for pod in pods {
      let (group, change) = ReplicaCalculator.group(
        pod, isMeasured: measured[pod.name] != nil, isCPU: resource == .cpu, now: now)
      known.append(.init(name: pod.name, group: group))
      if let change { until = min(until ?? change, change) }
    }
    if let amount = Quantity(target[.averageValue]) {
      let wanted = try calculator.replicas(
        averageValue: amount.milliValue, current: scale.replicas, pods: known, metrics: measured)
      return Result(
        replicas: wanted.replicas, name: "\(name) resource",
        status: ["averageValue": Self.quantity(resource, wanted.average)], until: until)
    }
    if !known.isEmpty && known.contains(where: { measured[$0.name] != nil && $0.group == .ready }) {
      for (i, pod) in pods.enumerated() {
        known[i].request = try ReplicaCalculator.request(pod, container: container, resource: resource)
      }
    }
    let wanted = try calculator.replicas(
      utilization: target[.averageUtilization].int ?? 0, current: scale.replicas, pods: known,
      metrics: measured)
    let kind = container == nil ? "resource" : "container resource"
    return Result(
      replicas: wanted.replicas, name: "\(name) \(kind) utilization (percentage of request)",
      status: [
        "averageUtilization": .int(wanted.utilization ?? 0),
        "averageValue": Self.quantity(resource, wanted.average),
      ], until: until)
  }

  /// Memory is told in binary units (`buildQuantity`).
  private static func quantity(_ resource: Key, _ milli: Int) -> Value {
    Quantity(milli: milli, resource == .memory ? .binarySI : .decimalSI).apiValue
  }

  // MARK: Metrics that a cluster without a metrics adapter does not have

  private static let noCustomMetrics =
    "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered"

  private func pods(_ source: Value) -> Invalid {
    let cause = "unable to get metric \(source[.metric][.name].string ?? ""): \(Self.noCustomMetrics)"
    return Invalid(
      reason: "FailedGetPodsMetric", cause: cause, error: "failed to get pods metric value: \(cause)")
  }

  private func object(_ source: Value) -> Invalid {
    let name = source[.metric][.name].string ?? ""
    let about = source[.describedObject]
    let cause =
      "unable to get metric \(name): \(about[.kind].string ?? "") on \(hpa.namespace) "
      + "\(about[.name].string ?? "")/\(Self.noCustomMetrics)"
    let inner =
      source[.target][.type].says("Value") ? cause : "failed to get \(name) object metric: \(cause)"
    return Invalid(
      reason: "FailedGetObjectMetric", cause: cause, error: "failed to get object metric value: \(inner)")
  }

  private func external(_ source: Value) -> Invalid {
    let name = source[.metric][.name].string ?? ""
    let cause =
      "unable to get external metric \(hpa.namespace)/\(name)/\(Self.goString(source[.metric].get(.selector))): "
      + "unable to fetch metrics from external metrics API: the server could not find the requested resource "
      + "(get \(name).external.metrics.k8s.io)"
    let inner =
      source[.target].has(.averageValue)
      ? "failed to get \(name) external metric: \(cause)" : "failed to get external metric \(name): \(cause)"
    return Invalid(
      reason: "FailedGetExternalMetric", cause: cause, error: "failed to get external metric value: \(inner)")
  }

  /// A selector as Go's generated `String` prints it.
  private static func goString(_ selector: Value?) -> String {
    guard let selector, selector.isObject else { return "nil" }
    let labels = selector[.matchLabels].fields.map { "\($0.key): \($0.value.string ?? "")," }.joined()
    let expressions = selector[.matchExpressions].items.map { item in
      let values = item[.values].items.compactMap(\.string).joined(separator: " ")
      return
        "LabelSelectorRequirement{Key:\(item[.key].string ?? ""),Operator:\(item[.operator].string ?? ""),"
        + "Values:[\(values)],},"
    }.joined()
    return "&LabelSelector{MatchLabels:map[string]string{\(labels)},"
      + "MatchExpressions:[]LabelSelectorRequirement{\(expressions)},}"
  }
}
