import API
import APIMachinery

/// Whether the kubelet takes a pod that was bound to its node (`kubelet/lifecycle/predicate.go`).
enum PodAdmission {
  struct Rejection: Equatable {
    var reason: String
    var message: String
  }

  static func check(_ pod: Value, on node: NodeState) -> Rejection? {
    let spec = pod.spec
    if let short = resources(spec, node) { return short }
    let object = node.object
    if !RequiredNodes(spec).matches(object) {
      return failed("NodeAffinity", "node(s) didn't match Pod's node affinity/selector")
    }
    let wanted = HostPort.of(spec)
    if !wanted.isEmpty {
      let used = node.usedPorts
      if wanted.contains(where: { port in used.contains { $0.conflicts(with: port) } }) {
        return failed("NodePorts", "node(s) didn't have free ports for the requested pod ports")
      }
    }
    let tolerations = [TolerationView](of: pod)
    for taint in object.spec[.taints].items.map({ TaintView($0) }) where taint.effect == .noExecute {
      if !tolerations.tolerate(taint) { return failed("TaintToleration", "node(s) had untolerated taint(s)") }
    }
    return nil
  }

  private static func failed(_ predicate: String, _ why: String) -> Rejection {
    Rejection(reason: predicate, message: "Predicate \(predicate) failed: \(why)")
  }

  private static func resources(_ spec: Value, _ node: NodeState) -> Rejection? {
    let allocatable = node.object.status[.allocatable]
    let room = PodRequests(allocatable)
    let used = node.used
    func out(_ name: String, _ requested: Int, _ used: Int, _ capacity: Int) -> Rejection {
      Rejection(
        reason: "OutOf\(name)",
        message: "Node didn't have enough resource: \(name), requested: \(requested), used: \(used), "
          + "capacity: \(capacity)")
    }
    let slots = allocatable.get(.pods).flatMap { Quantity($0)?.value } ?? 0
    if node.admitted.count + 1 > slots { return out("pods", 1, node.admitted.count, slots) }
    let wanted = PodRequests.of(spec)
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
