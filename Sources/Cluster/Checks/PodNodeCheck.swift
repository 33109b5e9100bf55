import APIMachinery
import APIServer

/// A pod with a node is on one that exists, or is about to be collected.
enum PodNodeCheck {
  static func run(_ server: APIServer) -> [Violation] {
    server.list(.pod, namespace: nil).compactMap { pod in
      let node = pod.spec[.nodeName].key
      if node.isEmpty || ClusterChecker.isOver(pod) || pod.isTerminating { return nil }
      if server.get(ObjectKey(.node, .empty, node)) != nil { return nil }
      return Violation(check: "pod-node", key: ObjectKey(of: pod), message: "its node \(node) does not exist")
    }
  }
}
