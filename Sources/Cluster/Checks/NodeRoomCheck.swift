import API
import APIMachinery
import APIServer

/// The scheduler binds no pod beyond what its node can give at that instant.
final class NodeRoomCheck: InstantCheck {
  private struct Node {
    var room = PodRequests()
    var pods = 0
    var isKnown = false
    var used: [ObjectKey: PodRequests] = [:]
  }
  private var nodes: [Key: Node] = [:]

  init(_ server: APIServer) {
    for node in server.list(.node, namespace: nil) { see(node: node) }
    for pod in server.list(.pod, namespace: nil) { see(pod: ObjectKey(of: pod), pod) }
  }

  private func see(node: Value) {
    let allocatable = node.status[.allocatable]
    nodes[node.nameKey, default: Node()].room = PodRequests(allocatable)
    nodes[node.nameKey]!.pods = Quantity(allocatable[.pods])?.value ?? 0
    nodes[node.nameKey]!.isKnown = !allocatable.isEmpty
  }

  private func see(pod key: ObjectKey, _ pod: Value) {
    let node = pod.spec[.nodeName].key
    if node.isEmpty { return }
    let used = PodPhase.isTerminal(pod) ? nil : PodRequests.of(pod.spec)
    nodes[node, default: Node()].used[key] = used
  }

  func observe(_ event: WatchEvent) -> [Violation] {
    if event.key.kind == .node {
      if event.type == .deleted { nodes[event.key.name]?.isKnown = false } else { see(node: event.object) }
      return []
    }
    guard event.key.kind == .pod else { return [] }
    let name = event.object.spec[.nodeName].key
    if event.type == .deleted {
      if !name.isEmpty { nodes[name]?.used[event.key] = nil }
      return []
    }
    see(pod: event.key, event.object)
    guard let old = event.old, old.spec[.nodeName].key.isEmpty, !name.isEmpty, let node = nodes[name],
      node.isKnown
    else { return [] }
    var sum = PodRequests()
    for used in node.used.values { sum.add(used) }
    var over: [String] = []
    if sum.cpu > node.room.cpu { over.append("cpu \(sum.cpu) of \(node.room.cpu)") }
    if sum.memory > node.room.memory { over.append("memory \(sum.memory) of \(node.room.memory)") }
    if node.used.count > node.pods { over.append("pods \(node.used.count) of \(node.pods)") }
    return over.map { Violation(check: "node-room", key: event.key, message: "on \(name): \($0)") }
  }
}
