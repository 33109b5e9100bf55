import API
import APIMachinery
import APIServer

/// No two live pods have the same address, but those of the host network.
enum PodAddressCheck {
  static func run(_ server: APIServer) -> [Violation] {
    var owners: [String: ObjectKey] = [:]
    var violations: [Violation] = []
    for pod in server.list(.pod, namespace: nil) {
      guard !PodPhase.isTerminal(pod), pod.spec[.hostNetwork].bool != true,
        let ip = pod.status[.podIP].string, !ip.isEmpty
      else { continue }
      let key = ObjectKey(of: pod)
      if let other = owners[ip] {
        violations.append(Violation(check: "pod-address", key: key, message: "\(ip) is that of \(other) too"))
      }
      owners[ip] = key
    }
    return violations
  }
}
