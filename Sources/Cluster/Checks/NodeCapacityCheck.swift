import API
import APIMachinery
import APIServer

/// The pods of a node ask for no more than the node can give.
enum NodeCapacityCheck {
  static func run(_ server: APIServer) -> [Violation] {
    var violations: [Violation] = []
    for node in server.list(.node, namespace: nil) {
      let allocatable = node.status[.allocatable]
      if allocatable.isEmpty { continue }
      let room = PodRequests(allocatable)
      var used = PodRequests()
      var count = 0
      for pod in server.pods(onNode: node.nameKey) where !PodPhase.isTerminal(pod) {
        // What the kubelet has not admitted yet it may still refuse.
        if !pod.status.has(.startTime) { continue }
        used.add(PodRequests.of(pod.spec))
        count += 1
      }
      func check(_ what: String, _ used: Int, _ room: Int) {
        if used <= room { return }
        violations.append(
          Violation(
            check: "node-capacity", key: ObjectKey(of: node), message: "\(what): \(used) asked of \(room)"))
      }
      check("cpu", used.cpu, room.cpu)
      check("memory", used.memory, room.memory)
      check("ephemeral-storage", used.ephemeral, room.ephemeral)
      check("pods", count, allocatable.get(.pods).flatMap { Quantity($0)?.value } ?? 0)
      for scalar in used.scalars { check(scalar.name.string, scalar.amount, room.amount(of: scalar.name)) }
    }
    return violations
  }
}
