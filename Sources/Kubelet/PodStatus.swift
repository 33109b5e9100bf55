import API
import APIMachinery
import Basics

/// The status that the kubelet reports for a pod (`kubelet_pods.go generateAPIPodStatus`, `status/generate.go`).
enum PodStatus {
  static func make(_ life: PodLifecycle, hostIP: String, podIP: String) -> Value {
    let pod = life.pod
    var status = pod.status
    let phase = phase(life)
    if life.deadlineExceeded {
      status[.reason] = "DeadlineExceeded"
      status[.message] = "Pod was active on the node longer than the specified deadline"
    }
    status[.phase] = .string(phase)
    status[.observedGeneration] = .int(pod.generation)
    status[.hostIP] = .string(hostIP)
    status[.hostIPs] = [["ip": .string(hostIP)]]
    status[.podIP] = .string(podIP)
    status[.podIPs] = [["ip": .string(podIP)]]
    if !status.has(.startTime) { status[.startTime] = .string(RFC3339.string(life.now)) }
    if !status.has(.qosClass) { status[.qosClass] = .string(qosClass(pod.spec)) }
    if !life.inits.isEmpty { status[.initContainerStatuses] = .array(life.inits.map { $0.status() }) }
    status[.containerStatuses] = .array(life.mains.map { $0.status() })
    status[.conditions] = conditions(life, phase, status[.conditions])
    return status
  }

  /// What is reported for a pod that the kubelet does not admit (`HandlePodAdditions` → `rejectPod`).
  static func rejected(_ pod: Value, reason: String, message: String, now: Instant) -> Value {
    var status = pod.status
    status[.phase] = "Failed"
    status[.reason] = .string(reason)
    status[.message] = .string("Pod was rejected: " + message)
    status[.observedGeneration] = .int(pod.generation)
    status[.startTime] = .string(RFC3339.string(now))
    if !status.has(.qosClass) { status[.qosClass] = .string(qosClass(pod.spec)) }
    var all = status[.conditions]
    for type in ["Ready", "ContainersReady"] {
      set(type, false, "PodFailed", nil, pod, &all, now)
    }
    status[.conditions] = all
    return status
  }

  /// The status of a pod that its node has evicted.
  static func evicted(_ life: PodLifecycle, message: String, hostIP: String, podIP: String) -> Value {
    var life = life
    life.stop(code: 137)
    var status = make(life, hostIP: hostIP, podIP: podIP)
    status[.phase] = "Failed"
    status[.reason] = "Evicted"
    status[.message] = .string(message)
    var condition = Condition.make(
      "DisruptionTarget", true, reason: "TerminationByKubelet", message: message,
      observedGeneration: life.pod.generation)
    condition[.lastProbeTime] = .null
    var all = status[.conditions]
    Condition.set(condition, in: &all, now: life.now)
    status[.conditions] = all
    return status
  }

  /// `getPhase` of the kubelet.
  static func phase(_ life: PodLifecycle) -> String {
    if life.deadlineExceeded || life.initsFailed { return "Failed" }
    if life.mains.contains(where: \.isFresh) { return "Pending" }
    if life.isOver { return life.mains.allSatisfy { $0.exitCode == 0 } ? "Succeeded" : "Failed" }
    return "Running"
  }

  private static func conditions(_ life: PodLifecycle, _ phase: String, _ old: Value) -> Value {
    var all = old
    let pod = life.pod
    func put(_ type: String, _ status: Bool, _ reason: String? = nil, _ message: String? = nil) {
      set(type, status, reason, message, pod, &all, life.now)
    }
    let over = phase == "Succeeded" || phase == "Failed"
    put("PodReadyToStartContainers", !over)
    let waiting = life.inits.filter { $0.isSidecar ? !$0.started && !over : $0.exitCode != 0 }.map(\.name)
    if phase == "Succeeded" {
      put("Initialized", true, "PodCompleted")
    } else if waiting.isEmpty || life.mains.contains(where: { !$0.isFresh }) {
      put("Initialized", true)
    } else {
      put(
        "Initialized", false, "ContainersNotInitialized",
        "containers with incomplete status: \(list(waiting))")
    }
    let unready = life.mains.filter { !$0.ready }.map(\.name)
    if over {
      let reason = phase == "Succeeded" ? "PodCompleted" : "PodFailed"
      put("Ready", false, reason)
      put("ContainersReady", false, reason)
    } else if unready.isEmpty {
      let (ready, message) = gates(pod, all)
      put("Ready", ready, ready ? nil : "ReadinessGatesNotReady", message)
      put("ContainersReady", true)
    } else {
      let message = "containers with unready status: \(list(unready))"
      put("Ready", false, "ContainersNotReady", message)
      put("ContainersReady", false, "ContainersNotReady", message)
    }
    if !life.isStopped { put("PodScheduled", true) }
    return all
  }

  /// Readiness gates that do not hold (`GeneratePodReadyCondition`).
  private static func gates(_ pod: Value, _ conditions: Value) -> (Bool, String?) {
    var messages: [String] = []
    for gate in pod[.spec, .readinessGates].items {
      let type = gate[.conditionType].string ?? ""
      guard let condition = Condition.find(conditions, type) else {
        messages.append("corresponding condition of pod readiness gate \"\(type)\" does not exist.")
        continue
      }
      if !condition[.status].says("True") {
        messages.append(
          "the status of pod readiness gate \"\(type)\" is not \"True\", but \(condition[.status].string ?? "")"
        )
      }
    }
    return (messages.isEmpty, messages.isEmpty ? nil : messages.joined(separator: ", "))
  }

  private static func list(_ names: [String]) -> String { "[" + names.joined(separator: " ") + "]" }

  private static func set(
    _ type: String, _ status: Bool, _ reason: String?, _ message: String?, _ pod: Value,
    _ all: inout Value, _ now: Instant
  ) {
    var condition = Condition.make(
      type, status, reason: reason, message: message, observedGeneration: pod.generation)
    condition[.lastProbeTime] = .null
    Condition.set(condition, in: &all, now: now)
  }

  /// `GetPodQOS`.
  static func qosClass(_ spec: Value) -> String {
    var any = false
    var guaranteed = true
    let podLevel = spec[.resources]
    let lists =
      podLevel.isEmpty
      ? (Array(spec[.containers].items) + Array(spec[.initContainers].items)).map { $0[.resources] }
      : [podLevel]
    for resources in lists {
      for name in [Key.cpu, Key.memory] {
        let request = resources[.requests].get(name).flatMap { Quantity($0) }
        let limit = resources[.limits].get(name).flatMap { Quantity($0) }
        if (request ?? limit)?.isZero == false { any = true }
        guard let limit, !limit.isZero, request.map({ $0 == limit }) ?? true else {
          guaranteed = false
          continue
        }
      }
    }
    return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable"
  }
}
