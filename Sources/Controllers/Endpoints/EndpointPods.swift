import APIMachinery
import Basics
import ControllerRuntime

/// What the endpoint controllers ask about pods and services (`k8s.io/endpointslice/util`,
/// `pkg/api/v1/service/util.go`).
enum EndpointPods {
  static let headlessLabel: Key = "service.kubernetes.io/headless"
  static let triggerTime: Key = "endpoints.kubernetes.io/last-change-trigger-time"

  static func isHeadless(_ service: Value) -> Bool {
    !service[.spec, .type].says("ExternalName") && service[.spec, .clusterIP].says("None")
  }

  /// Whether a controller looks after the endpoints of this service: those without selector are the user's, those
  /// of type ExternalName have none.
  static func isManaged(_ service: Value) -> Bool {
    !service[.spec, .selector].isEmpty && !service[.spec, .type].says("ExternalName")
  }

  /// Whether the pod is to be an endpoint (`ShouldPodBeInEndpoints`).
  static func belongs(_ pod: PodRecord, includeTerminating: Bool) -> Bool {
    if pod.facts.isTerminal || !derived(pod).hasAddress { return false }
    return includeTerminating || !pod.facts.isTerminating
  }

  private static func hasAddress(_ status: Value) -> Bool {
    (status[.podIP].text?.count ?? 0) > 0 || !status[.podIPs].isEmpty
  }

  /// The pod's host name if it has one under this service (`ShouldSetHostname`).
  static func hostname(_ pod: PodRecord, _ service: Value) -> Value? {
    guard let own = derived(pod).hostname, own.subdomain == service[.metadata, .name] else { return nil }
    return own.name
  }

  /// The number that a service port stands for in a pod; nil if the pod has no port of that name (`FindPort`).
  static func port(_ servicePort: Value, _ pod: Value) -> Int? {
    guard let name = servicePort[.targetPort].text else {
      return servicePort[.targetPort].int ?? servicePort[.port].int
    }
    let wanted = servicePort[.protocol].string ?? "TCP"
    for container in pod[.spec, .containers].items {
      if let number = port(name, wanted, in: container) { return number }
    }
    for container in pod[.spec, .initContainers].items
    where container[.restartPolicy].says("Always") {
      if let number = port(name, wanted, in: container) { return number }
    }
    return nil
  }

  private static func port(_ name: Text, _ wanted: String, in container: Value) -> Int? {
    for port in container[.ports].items
    where port[.name].text.map({ $0 == name }) ?? false && port[.protocol].string ?? "TCP" == wanted {
      return port[.containerPort].int
    }
    return nil
  }

  /// The containers of a pod, told by their nodes: pods with the same ones have the same ports.
  struct Containers: Equatable {
    private let main: Value
    private let initial: Value

    init(_ pod: Value) {
      main = pod[.spec, .containers]
      initial = pod[.spec, .initContainers]
    }

    static func == (a: Containers, b: Containers) -> Bool {
      a.main.identity == b.main.identity && a.initial.identity == b.initial.identity
    }
  }

  /// The reference of an endpoint to its pod.
  private static func reference(_ pod: Value) -> Value {
    let meta = pod.metadata
    return .fields(
      (.kind, kindPod), (.name, meta.get(.name)), (.namespace, meta.get(.namespace)),
      (.uid, meta.get(.uid)))
  }

  private static let kindPod: Value = "Pod"

  /// What has been made of a pod for its endpoints, kept as long as the pod stays the same.
  final class Derived {
    let reference: Value
    let hasAddress: Bool
    let containers: Containers
    /// The host name and the name of the service under which it holds.
    let hostname: (name: Value, subdomain: Value)?
    /// The endpoint of a slice, by what it depends on besides the pod.
    var endpoint: (zone: Value?, isIPv6: Bool, hasHostname: Bool, publishes: Bool, value: Value)?
    /// The address of an Endpoints object.
    var address: (ip: Value, hasHostname: Bool, start: UInt128, value: Value)?

    init(_ pod: Value) {
      reference = EndpointPods.reference(pod)
      hasAddress = EndpointPods.hasAddress(pod.status)
      containers = Containers(pod)
      let name = pod[.spec, .hostname]
      hostname = name.text?.count ?? 0 > 0 ? (name, pod[.spec, .subdomain]) : nil
    }
  }

  static func derived(_ pod: PodRecord) -> Derived {
    if let known = pod.derived as? Derived { return known }
    let made = Derived(pod.object)
    pod.derived = made
    return made
  }

  /// The services whose endpoints a change of a pod can change, in the order of their names. A pod that has no
  /// address before and after is no endpoint, whatever else changes.
  static func services(concernedBy change: PodChange, _ event: WatchEvent) -> [ObjectKey] {
    if let known = change.services { return known }
    let found = findServices(change, event)
    change.services = found
    return found
  }

  private static func findServices(_ change: PodChange, _ event: WatchEvent) -> [ObjectKey] {
    let new = change.pod.group.selections
    let left = change.leftGroup?.selections ?? []
    if new.isEmpty && left.isEmpty || !matters(change, event) { return [] }
    var all = new.filter { $0.key.kind == .service }.map(\.key)
    for selection in left where selection.key.kind == .service && !all.contains(selection.key) {
      all.append(selection.key)
    }
    return left.isEmpty ? all : all.sorted()
  }

  private static func matters(_ change: PodChange, _ event: WatchEvent) -> Bool {
    let new = event.object
    let had = event.old.map { hasAddress($0.status) } ?? false
    if !had && !hasAddress(new.status) { return false }
    guard event.type == .modified, let old = event.old, let before = change.before else { return true }
    let facts = change.pod.facts
    if before.isTerminating != facts.isTerminating || before.isReady != facts.isReady
      || before.isTerminal != facts.isTerminal || change.isNodeNew || change.leftGroup != nil
    {
      return true
    }
    return old[.status, .podIP] != new[.status, .podIP] || old[.status, .podIPs] != new[.status, .podIPs]
      || old[.metadata, .uid] != new[.metadata, .uid] || old[.spec, .hostname] != new[.spec, .hostname]
      || old[.spec, .subdomain] != new[.spec, .subdomain]
  }

  /// How long changes of pods are gathered before a service is looked at again: a tenth of a second, in which
  /// pods that were placed together have started, or a millisecond for each of its pods, as a look at many pods
  /// takes the controllers time too.
  static func delay(_ pods: Int) -> Nanoseconds { .milliseconds(max(100, min(pods, 1000))) }
}
