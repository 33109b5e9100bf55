import APIMachinery
import Basics
import Kubectl

/// Pods and nodes (`printPod`, `printNode`).
enum PodColumns {
  static func pod() -> [PrinterColumn] {
    [
      PrinterColumns.name,
      PrinterColumn("READY") { pod, _ in
        let state = PodSummary(pod)
        return "\(state.ready)/\(state.total)"
      },
      PrinterColumn("STATUS") { pod, _ in PodSummary(pod).reason },
      PrinterColumn("RESTARTS") { pod, now in
        let state = PodSummary(pod)
        guard state.restarts > 0, let last = state.lastRestart else { return String(state.restarts) }
        return "\(state.restarts) (\(PrinterColumns.age(last, now)) ago)"
      },
      PrinterColumns.age,
      PrinterColumn("IP") { pod, _ in pod.status[.podIP].string ?? "<none>" }.wide,
      PrinterColumn("NODE") { pod, _ in pod.spec[.nodeName].string ?? "<none>" }.wide,
      PrinterColumn("NOMINATED NODE") { pod, _ in pod.status[.nominatedNodeName].string ?? "<none>" }.wide,
      PrinterColumn("READINESS GATES") { pod, _ in
        let gates = pod.spec[.readinessGates].items
        let met = gates.count { pod.condition($0[.conditionType].string ?? "")?[.status].string == "True" }
        return gates.isEmpty ? "<none>" : "\(met)/\(gates.count)"
      }.wide,
    ]
  }

  static func node() -> [PrinterColumn] {
    func address(_ title: String, _ type: String) -> PrinterColumn {
      PrinterColumn(title) { node, _ in
        node.status[.addresses].items.first { $0[.type].string == type }?[.address].string ?? "<none>"
      }.wide
    }
    func info(_ title: String, _ key: Key) -> PrinterColumn {
      PrinterColumn(title) { node, _ in
        let text = node.status[.nodeInfo][key].string ?? ""
        return text.isEmpty ? "<unknown>" : text
      }
    }
    return [
      PrinterColumns.name,
      PrinterColumn("STATUS") { node, _ in
        let ready = node.condition("Ready")?[.status].string
        let text = ready == nil ? "Unknown" : ready == "True" ? "Ready" : "NotReady"
        return text + (node.spec[.unschedulable].bool == true ? ",SchedulingDisabled" : "")
      },
      PrinterColumn("ROLES") { node, _ in
        PrinterColumns.orNone(NodeRoles.of(node).joined(separator: ","))
      },
      PrinterColumns.age, info("VERSION", .kubeletVersion), address("INTERNAL-IP", "InternalIP"),
      address("EXTERNAL-IP", "ExternalIP"), info("OS-IMAGE", .osImage).wide,
      info("KERNEL-VERSION", .kernelVersion).wide, info("CONTAINER-RUNTIME", .containerRuntimeVersion).wide,
    ]
  }
}

/// What one line says of a pod.
struct PodSummary {
  var ready = 0
  var total = 0
  var restarts = 0
  var lastRestart: Value?
  var reason: String

  init(_ pod: Value) {
    let phase = pod.status[.phase].string ?? "Unknown"
    let given = pod.status[.reason].string ?? ""
    reason = given.isEmpty ? phase : given
    total = pod.spec[.containers].count
    if pod.condition("PodScheduled")?[.reason].string == "SchedulingGated" { reason = "SchedulingGated" }
    let sidecars = Set(
      pod.spec[.initContainers].items.filter { $0[.restartPolicy].says("Always") }.compactMap {
        $0[.name].string
      })
    total += sidecars.count
    let isInitializing = initializing(pod, sidecars)
    if !isInitializing || pod.condition("Initialized")?[.status].string == "True" {
      main(pod, sidecars, phase)
    }
    if pod.isTerminating {
      reason = given == "NodeLost" ? "Unknown" : "Terminating"
    }
  }

  /// Looks at the init containers; true while one of them is not through.
  private mutating func initializing(_ pod: Value, _ sidecars: Set<String>) -> Bool {
    for (i, status) in pod.status[.initContainerStatuses].items.enumerated() {
      note(status)
      let isSidecar = sidecars.contains(status[.name].string ?? "")
      let state = status[.state]
      if let ended = state.get(.terminated) {
        if ended[.exitCode].int == 0 { continue }
        reason = "Init:" + Self.end(ended)
      } else if isSidecar, status[.started].bool == true {
        if status[.ready].bool == true { ready += 1 }
        continue
      } else if let waiting = state[.waiting][.reason].string, !waiting.isEmpty, waiting != "PodInitializing"
      {
        reason = "Init:" + waiting
      } else {
        reason = "Init:\(i)/\(pod.spec[.initContainers].count)"
      }
      return true
    }
    return false
  }

  private mutating func main(_ pod: Value, _ sidecars: Set<String>, _ phase: String) {
    restarts = 0
    lastRestart = nil
    for status in pod.status[.initContainerStatuses].items where sidecars.contains(status[.name].string ?? "")
    {
      note(status)
    }
    var running = false
    for status in pod.status[.containerStatuses].items.reversed() {
      note(status)
      let state = status[.state]
      if let waiting = state[.waiting][.reason].string, !waiting.isEmpty {
        reason = waiting
      } else if let ended = state.get(.terminated) {
        reason = Self.end(ended)
      } else if status[.ready].bool == true, state.has(.running) {
        running = true
        ready += 1
      }
    }
    if reason == "Completed", running {
      reason = pod.condition("Ready")?[.status].string == "True" ? "Running" : "NotReady"
    }
  }

  private mutating func note(_ status: Value) {
    restarts += status[.restartCount].int ?? 0
    if let ended = status[.lastState].get(.terminated) { lastRestart = ended[.finishedAt] }
  }

  private static func end(_ ended: Value) -> String {
    if let reason = ended[.reason].string, !reason.isEmpty { return reason }
    if let signal = ended[.signal].int, signal != 0 { return "Signal:\(signal)" }
    return "ExitCode:\(ended[.exitCode].int ?? 0)"
  }
}
