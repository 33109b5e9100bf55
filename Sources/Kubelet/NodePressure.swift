import API
import APIMachinery
import Basics
import ControllerRuntime

/// What a node does that is assumed to run short of something: conditions, refusals and evictions
/// (`kubelet/eviction/eviction_manager.go`, `helpers.go`).
enum NodePressure {
  /// The kubelet looks after its node that often, and evicts at most one pod each time.
  static let period = 10
  private static let systemCritical = 2_000_000_000

  static func condition(_ pressure: Assumptions.Pressure, _ isShort: Bool) -> (
    type: String, reason: String, message: String
  ) {
    switch pressure {
    case .memory:
      isShort
        ? ("MemoryPressure", "KubeletHasInsufficientMemory", "kubelet has insufficient memory available")
        : ("MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available")
    case .disk:
      isShort
        ? ("DiskPressure", "KubeletHasDiskPressure", "kubelet has disk pressure")
        : ("DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure")
    case .pid:
      isShort
        ? ("PIDPressure", "KubeletHasInsufficientPID", "kubelet has insufficient PID available")
        : ("PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available")
    }
  }

  private static func isCritical(_ pod: Value) -> Bool { pod.spec[.priority].int ?? 0 >= systemCritical }

  /// Why a node under pressure does not take a pod; nil if it does (`managerImpl.Admit`).
  static func refusal(_ pod: Value, _ pressure: [Assumptions.Pressure]) -> String? {
    if pressure.isEmpty || isCritical(pod) { return nil }
    if pressure == [.memory] {
      if PodStatus.qosClass(pod.spec) != "BestEffort" { return nil }
      let taint = TaintView(["key": "node.kubernetes.io/memory-pressure", "effect": "NoSchedule"])
      if [TolerationView](of: pod).tolerate(taint) { return nil }
    }
    let types = pressure.map { condition($0, true).type }
    return "The node had condition: [\(types.joined(separator: " "))]. "
  }

  /// A pod that has to go, and what is said of it.
  struct Victim {
    var pod: Value
    var message: String
  }

  /// The next pod to evict: of those that use more than they asked for the one of the lowest priority, then the
  /// one that exceeds its request most. What is not measured counts as use only where nothing was asked for.
  static func victim(_ pods: [Value], _ pressure: [Assumptions.Pressure], _ assumptions: Assumptions)
    -> Victim?
  {
    for kind in pressure {
      var worst: (pod: Value, excess: Int, priority: Int)?
      for pod in pods where !isCritical(pod) && !pod.isTerminating && !PodPhase.isTerminal(pod) {
        guard let excess = excess(of: pod, kind, assumptions) else { continue }
        let priority = pod.spec[.priority].int ?? 0
        if let known = worst {
          if priority > known.priority || priority == known.priority && excess <= known.excess { continue }
        }
        worst = (pod, excess, priority)
      }
      if let worst { return Victim(pod: worst.pod, message: message(worst.pod, kind, assumptions)) }
    }
    return nil
  }

  /// By how much a pod uses more than it asked for; nil if it does not.
  private static func excess(
    of pod: Value, _ pressure: Assumptions.Pressure, _ assumptions: Assumptions
  ) -> Int? {
    guard let resource = resource(pressure) else { return nil }
    let requests = PodRequests.of(pod.spec)
    let request = resource == .memory ? requests.memory : requests.ephemeral
    guard let used = assumptions.usage(of: pod).flatMap({ Quantity($0[resource]) }) else {
      return resource == .memory && request == 0 ? 0 : nil
    }
    return used.value > request ? used.value - request : nil
  }

  private static func resource(_ pressure: Assumptions.Pressure) -> Key? {
    switch pressure {
    case .memory: .memory
    case .disk: .ephemeralStorage
    case .pid: nil
    }
  }

  private static func message(_ pod: Value, _ kind: Assumptions.Pressure, _ assumptions: Assumptions)
    -> String
  {
    let resource = resource(kind) ?? .memory
    var text = "The node was low on resource: \(resource). "
    let containers = pod.spec[.containers].items
    for container in containers {
      let name = container[.name].string ?? ""
      let own = assumptions.usage(ofContainer: name, in: pod)
      guard let usage = own ?? (containers.count == 1 ? assumptions.usage(of: pod) : nil),
        let used = Quantity(usage[resource])
      else { continue }
      let request = Quantity(container[.resources][.requests][resource])
      if let request, used <= request { continue }
      let asked = request?.apiValue.string ?? "0"
      text += "Container \(name) was using \(used.apiValue.string ?? ""), request is \(asked), "
      text += "has larger consumption of \(resource). "
    }
    return text
  }
}
