import API
import APIMachinery

/// Whether the kubelet takes a pod that was bound to its node (`kubelet/lifecycle/predicate.go`).
enum PodAdmission {
  struct Rejection: Equatable {
    var reason: String
    var message: String
  }

  static func check(_ pod: Value, _ needs: PodNeeds, on node: NodeState) -> Rejection? {
    let spec = pod.spec
    if let message = NodePressure.refusal(pod, node.pressure) {
      return Rejection(reason: "Evicted", message: message)
    }
    if let short = resources(needs.requests, node) { return short }
    let object = node.object
    if spec.has(.nodeSelector) || spec[.affinity].has(.nodeAffinity) {
      let required = RequiredNodes(spec)
      if !required.isEverything && !required.matches(object) {
        return failed("NodeAffinity", "node(s) didn't match Pod's node affinity/selector")
      }
    }
    let wanted = needs.ports
    if !wanted.isEmpty {
      let used = node.usedPorts
      if wanted.contains(where: { port in used.contains { $0.conflicts(with: port) } }) {
        return failed("NodePorts", "node(s) didn't have free ports for the requested pod ports")
      }
    }
    if object[.spec, .taints].isEmpty { return nil }
    let tolerations = [TolerationView](of: pod)
    for taint in object[.spec, .taints].items.map({ TaintView($0) }) where taint.effect == .noExecute {
      if !tolerations.tolerate(taint) { return failed("TaintToleration", "node(s) had untolerated taint(s)") }
    }
    return nil
  }

  private static func failed(_ predicate: String, _ why: String) -> Rejection {
    Rejection(reason: predicate, message: "Predicate \(predicate) failed: \(why)")
  }

  private static func resources(_ wanted: PodRequests, _ node: NodeState) -> Rejection? {
    let (room, slots) = node.room
    let used = node.used
    func out(_ name: String, _ requested: Int, _ used: Int, _ capacity: Int) -> Rejection {
      Rejection(
        reason: "OutOf\(name)",
        message: "Node didn't have enough resource: \(name), requested: \(requested), used: \(used), "
          + "capacity: \(capacity)")
    }
    if node.admitted.count + 1 > slots { return out("pods", 1, node.admitted.count, slots) }
    if wanted.isZero { return nil }
    if wanted.cpu > 0 && wanted.cpu > room.cpu - used.cpu {
      return out("cpu", wanted.cpu, used.cpu, room.cpu)
    }
    if wanted.memory > 0 && wanted.memory > room.memory - used.memory {
      return out("memory", wanted.memory, used.memory, room.memory)
    }
    if wanted.ephemeral > 0 && wanted.ephemeral > room.ephemeral - used.ephemeral {
      return out("ephemeral-storage", wanted.ephemeral, used.ephemeral, room.ephemeral)
    }
    for scalar in wanted.scalars where scalar.amount > 0 {
      let have = room.amount(of: scalar.name)
      let taken = used.amount(of: scalar.name)
      if scalar.amount > have - taken { return out(scalar.name.string, scalar.amount, taken, have) }
    }
    return nil
  }
}
