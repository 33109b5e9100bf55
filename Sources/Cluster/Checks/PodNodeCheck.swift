import API
import APIMachinery
import APIServer
import Controllers

/// A pod with a node is on one that exists, or is about to be collected: the collector waits for a while before it
/// believes that a node is gone.
enum PodNodeCheck {
  static func run(_ server: APIServer, _ memory: Value) -> [Violation] {
    let quarantined = PodGCController.missing(in: memory)
    return server.list(.pod, namespace: nil).compactMap { pod in
      let node = pod.spec[.nodeName].key
      if node.isEmpty || PodPhase.isTerminal(pod) || pod.isTerminating || quarantined.contains(node) {
        return nil
      }
      if server.get(ObjectKey(.node, .empty, node)) != nil { return nil }
      return Violation(check: "pod-node", key: ObjectKey(of: pod), message: "its node \(node) does not exist")
    }
  }
}
