import APIMachinery
import Basics
import ControllerRuntime

/// What the endpoint controllers ask about pods and services (`k8s.io/endpointslice/util`,
/// `pkg/api/v1/service/util.go`).
enum EndpointPods {
  static let headlessLabel: Key = "service.kubernetes.io/headless"
  static let triggerTime: Key = "endpoints.kubernetes.io/last-change-trigger-time"

  static func isHeadless(_ service: Value) -> Bool {
    service.spec[.type].string != "ExternalName" && service.spec[.clusterIP].string == "None"
  }

  /// Whether a controller looks after the endpoints of this service: those without selector are the user's, those
  /// of type ExternalName have none.
  static func isManaged(_ service: Value) -> Bool {
    !service.spec[.selector].isEmpty && service.spec[.type].string != "ExternalName"
  }

  /// Whether the pod is to be an endpoint (`ShouldPodBeInEndpoints`).
  static func belongs(_ pod: Value, includeTerminating: Bool) -> Bool {
    if PodState.isTerminal(pod) { return false }
    if (pod.status[.podIP].text?.count ?? 0) == 0 && pod.status[.podIPs].isEmpty { return false }
    return includeTerminating || !pod.isTerminating
  }

  /// The pod's host name if it has one under this service (`ShouldSetHostname`).
  static func hostname(_ pod: Value, _ service: Value) -> Value? {
    guard let name = pod.spec[.hostname].text, name.count > 0, pod.spec[.subdomain] == service.metadata[.name]
    else { return nil }
    return pod.spec[.hostname]
  }

  /// The number that a service port stands for in a pod; nil if the pod has no port of that name (`FindPort`).
  static func port(_ servicePort: Value, _ pod: Value) -> Int? {
    guard let name = servicePort[.targetPort].text else {
      return servicePort[.targetPort].int ?? servicePort[.port].int
    }
    let wanted = servicePort[.protocol].string ?? "TCP"
    let sidecars = pod.spec[.initContainers].items.filter { $0[.restartPolicy].string == "Always" }
    for container in Array(pod.spec[.containers].items) + sidecars {
      for port in container[.ports].items {
        if port[.name].text.map({ $0 == name }) ?? false, port[.protocol].string ?? "TCP" == wanted {
          return port[.containerPort].int
        }
      }
    }
    return nil
  }

  /// The reference of an endpoint to its pod.
  static func reference(_ pod: Value) -> Value {
    .fields(
      (.kind, "Pod"), (.namespace, pod.metadata.get(.namespace)), (.name, pod.metadata.get(.name)),
      (.uid, pod.metadata.get(.uid)))
  }

  /// Whether a change of a pod can change endpoints.
  static func matters(_ event: WatchEvent) -> Bool {
    guard event.type == .modified, let old = event.old else { return true }
    let new = event.object
    return old.isTerminating != new.isTerminating || PodState.isReady(old) != PodState.isReady(new)
      || PodState.isTerminal(old) != PodState.isTerminal(new) || old.status[.podIP] != new.status[.podIP]
      || old.status[.podIPs] != new.status[.podIPs] || old.spec[.nodeName] != new.spec[.nodeName]
      || old.labels != new.labels || old.metadata[.uid] != new.metadata[.uid]
      || old.spec[.hostname] != new.spec[.hostname] || old.spec[.subdomain] != new.spec[.subdomain]
  }

  /// How long changes of pods are gathered before a service is looked at again: a millisecond for each of its pods,
  /// as a pass over many pods takes the controllers time too.
  static func delay(_ pods: Int) -> Nanoseconds { .milliseconds(min(pods, 1000)) }
}
