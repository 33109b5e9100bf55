import API
import APIMachinery

/// What the resource metrics API reports of pods, by the assumptions (`podautoscaler/metrics/client.go`).
struct ResourceMetrics {
  var assumptions: Assumptions

  /// The usage of a resource by pod name, in thousandths; of one container where that is named.
  func metrics(_ resource: Key, container: String?, of pods: [Value])
    throws(ReplicaCalculator.Failure) -> [String: Int]
  {
    var result: [String: Int] = [:]
    var isAnyMeasured = false
    for pod in pods where pod.status[.phase].says("Running") {
      guard let usage = assumptions.usage(of: pod) else { continue }
      isAnyMeasured = true
      guard let container else {
        if let amount = Quantity(usage[resource]) { result[pod.name] = amount.milliValue }
        continue
      }
      let names = Self.names(pod)
      guard names.contains(container) else {
        throw ReplicaCalculator.Failure(
          message: "failed to get container metrics: container \(container) not present in metrics for pod "
            + "\(pod.namespace)/\(pod.name)")
      }
      if let own = assumptions.usage(ofContainer: container, in: pod), let amount = Quantity(own[resource]) {
        result[pod.name] = amount.milliValue
      } else if let amount = Quantity(usage[resource]) {
        // What is said of the pod as a whole is taken to be spread evenly.
        result[pod.name] = amount.milliValue / names.count
      }
    }
    if !isAnyMeasured {
      throw ReplicaCalculator.Failure(message: "no metrics returned from resource metrics API")
    }
    return result
  }

  private static func names(_ pod: Value) -> [String] {
    let sidecars = pod.spec[.initContainers].items.filter { $0[.restartPolicy].says("Always") }
    return (Array(pod.spec[.containers].items) + sidecars).compactMap { $0[.name].string }
  }
}
