import APIMachinery
import Basics
import ControllerRuntime

/// How many replicas the measured usage asks for (`podautoscaler/replica_calculator.go`, `metrics/utilization.go`).
/// All amounts are thousandths, as `Quantity.milliValue` gives them.
struct ReplicaCalculator {
  /// How far from the target the usage may be before anything is done, up and down.
  struct Tolerances: Equatable {
    var scaleDown = 0.1
    var scaleUp = 0.1

    func covers(_ ratio: Double) -> Bool { 1 - scaleDown <= ratio && ratio <= 1 + scaleUp }
  }

  /// What the calculator knows of one pod.
  struct Pod {
    var name: String
    var group: Group
    /// The pod's request of the resource; 0 where only amounts are compared.
    var request = 0
  }

  /// How a pod counts (`groupPods`).
  enum Group: Equatable { case ready, unready, missing, ignored }

  struct Proposal: Equatable {
    var replicas: Int
    /// Percent of the requests; nil where only amounts are compared.
    var utilization: Int?
    /// The average of the pods that counted.
    var average: Int
  }

  struct Failure: Error, Equatable { var message: String }

  /// `--horizontal-pod-autoscaler-cpu-initialization-period`.
  static let cpuInitialization: Nanoseconds = .seconds(300)
  /// `--horizontal-pod-autoscaler-initial-readiness-delay`.
  static let readinessDelay: Nanoseconds = .seconds(30)

  var tolerances = Tolerances()

  /// For a target in percent of the requests (`GetResourceReplicas`). `metrics` is by pod name.
  func replicas(utilization target: Int, current: Int, pods: [Pod], metrics: [String: Int])
    throws(Failure) -> Proposal
  {
    let requests = Dictionary(uniqueKeysWithValues: pods.map { ($0.name, $0.request) })
    let fallback = max(100, target)
    func fill(_ pod: Pod) -> Int { pod.request * fallback / 100 }
    return try propose(current, pods, metrics, fill: fill) { (measured) throws(Failure) in
      try Self.utilization(measured, requests, target)
    }
  }

  /// For a target amount per pod (`calcPlainMetricReplicas`).
  func replicas(averageValue target: Int, current: Int, pods: [Pod], metrics: [String: Int])
    throws(Failure) -> Proposal
  {
    func fill(_ pod: Pod) -> Int { target }
    return try propose(current, pods, metrics, fill: fill) { (measured) throws(Failure) in
      let average = measured.values.reduce(0, &+) / measured.count
      return Usage(ratio: Double(average) / Double(target), percent: nil, average: average)
    }
  }

  private struct Usage {
    var ratio: Double
    var percent: Int?
    var average: Int
  }

  private static func utilization(_ measured: [String: Int], _ requests: [String: Int], _ target: Int)
    throws(Failure) -> Usage
  {
    var (usage, request) = (0, 0)
    for (name, value) in measured {
      guard let asked = requests[name] else { continue }
      usage &+= value
      request &+= asked
    }
    if request == 0 { throw Failure(message: "no metrics returned matched known pods") }
    let percent = Int(clamping: Int128(usage) * 100 / Int128(request))
    return Usage(ratio: Double(percent) / Double(target), percent: percent, average: usage / measured.count)
  }

  /// What both targets have in common: pods without a measurement are taken to use as much as keeps the scale
  /// from changing too far, and a scale never changes its direction by that.
  private func propose(
    _ current: Int, _ pods: [Pod], _ metrics: [String: Int], fill: (Pod) -> Int,
    measure: ([String: Int]) throws(Failure) -> Usage
  ) throws(Failure) -> Proposal {
    if pods.isEmpty {
      throw Failure(message: "no pods returned by selector while calculating replica count")
    }
    var measured = metrics
    for pod in pods where pod.group == .ignored || pod.group == .unready { measured[pod.name] = nil }
    if measured.isEmpty {
      throw Failure(message: "did not receive metrics for targeted pods (pods might be unready)")
    }
    let usage = try measure(measured)
    let unready = pods.filter { $0.group == .unready }
    let missing = pods.filter { $0.group == .missing }
    let countsUnready = !unready.isEmpty && usage.ratio > 1
    func proposal(_ replicas: Int) -> Proposal {
      Proposal(replicas: replicas, utilization: usage.percent, average: usage.average)
    }
    if !countsUnready && missing.isEmpty {
      if tolerances.covers(usage.ratio) { return proposal(current) }
      return proposal(Self.ceil(usage.ratio * Double(pods.count { $0.group == .ready })))
    }
    for pod in missing {
      if usage.ratio < 1 { measured[pod.name] = fill(pod) } else if usage.ratio > 1 { measured[pod.name] = 0 }
    }
    if countsUnready { for pod in unready { measured[pod.name] = 0 } }
    let ratio = try measure(measured).ratio
    if tolerances.covers(ratio) || usage.ratio < 1 && ratio > 1 || usage.ratio > 1 && ratio < 1 {
      return proposal(current)
    }
    let wanted = Self.ceil(ratio * Double(measured.count))
    if ratio < 1 && wanted > current || ratio > 1 && wanted < current { return proposal(current) }
    return proposal(wanted)
  }

  /// Rounded up, within 32 bits.
  static func ceil(_ value: Double) -> Int {
    guard value < Double(Int32.max) else { return Int(Int32.max) }
    return value <= 0 ? 0 : Int(value.rounded(.up))
  }
}

extension ReplicaCalculator {
  /// How a pod counts for a resource, and until when that may change by itself.
  static func group(_ pod: Value, isMeasured: Bool, isCPU: Bool, now: Instant) -> (Group, until: Instant?) {
    let phase = pod.status[.phase].string
    if pod.isTerminating || phase == "Failed" { return (.ignored, nil) }
    if phase == "Pending" { return (.unready, nil) }
    if !isMeasured { return (.missing, nil) }
    guard isCPU else { return (.ready, nil) }
    guard let condition = PodState.readyCondition(pod), let start = PodState.time(pod.status[.startTime])
    else { return (.unready, nil) }
    let isReady = !condition[.status].says("False")
    let settled = start + cpuInitialization
    if settled > now { return isReady ? (.ready, nil) : (.unready, settled) }
    let changed = PodState.time(condition[.lastTransitionTime]) ?? start
    return (!isReady && start + readinessDelay > changed ? .unready : .ready, nil)
  }

  /// The request of a pod, or of one of its containers (`calculateRequests`).
  static func request(_ pod: Value, container: String?, resource: Key) throws(Failure) -> Int {
    let podLevel = pod.spec[.resources][.requests]
    if container == nil, !podLevel.isEmpty {
      guard let amount = Quantity(podLevel[resource]) else {
        throw Failure(message: "missing pod-level request for \(resource) in Pod \(pod.name)")
      }
      return amount.milliValue
    }
    var sum = 0
    let sidecars = pod.spec[.initContainers].items.filter { $0[.restartPolicy].says("Always") }
    for item in Array(pod.spec[.containers].items) + sidecars {
      let name = item[.name].string ?? ""
      if let container, container != name { continue }
      guard let amount = Quantity(item[.resources][.requests][resource]) else {
        throw Failure(message: "missing request for \(resource) in container \(name) of Pod \(pod.name)")
      }
      sum &+= amount.milliValue
      if container != nil { return sum }
    }
    if let container { throw Failure(message: "container \(container) not found in Pod \(pod.name)") }
    return sum
  }
}
