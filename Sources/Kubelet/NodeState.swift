import API
import APIMachinery
import Basics

/// What the kubelet of one node keeps in mind: the node as last seen, the pods it admitted, the addresses it gave out.
final class NodeState {
  let name: Key
  var object: Value
  /// False when the kubelet is assumed to report nothing and to do nothing.
  var works = true
  var isReady = true
  /// What the node is assumed to run short of.
  var pressure: [Assumptions.Pressure] = []
  /// When a pod was last evicted.
  var lastEviction: Instant?
  /// The pods bound to this node, admitted or not.
  var pods: Set<ObjectKey> = []
  private(set) var admitted: [ObjectKey: PodRequests] = [:]
  private(set) var used = PodRequests()
  private var ports: [ObjectKey: [HostPort]] = [:]
  private var addresses: AddressPool
  private var addressOf: [ObjectKey: UInt32] = [:]

  init(_ node: Value, _ book: AddressBook) {
    name = node.nameKey
    object = node
    addresses = AddressPool(book)
    see(node)
  }

  func see(_ node: Value) {
    let before = object.status
    object = node
    let status = node.status
    if status[.allocatable] != allocatable || knownRoom == nil {
      allocatable = status[.allocatable]
      knownRoom = (
        PodRequests(allocatable), allocatable.get(.pods).flatMap { Quantity($0)?.value } ?? 0
      )
    }
    if host == nil || status[.addresses] != before[.addresses] {
      let address = status[.addresses].items.first { $0[.type].says("InternalIP") }
      host = address?[.address].string.map { HostIP($0) }
    }
    addresses.use(cidr: node.spec[.podCIDR].string)
  }

  /// The InternalIP; nil until the node is registered.
  private(set) var host: HostIP?
  var hostIP: String? { host?.value.string }

  private var allocatable: Value = .null
  private var knownRoom: (PodRequests, Int)?
  /// What pods can have of the node, and how many there can be.
  var room: (requests: PodRequests, pods: Int) { knownRoom ?? (PodRequests(), 0) }

  // MARK: Pods

  func admit(_ key: ObjectKey, _ pod: Value, _ needs: PodNeeds) {
    guard admitted[key] == nil else { return }
    admitted[key] = needs.requests
    used.add(needs.requests)
    if !needs.ports.isEmpty { ports[key] = needs.ports }
    if let ip = Self.ownAddress(of: pod) {
      addresses.take(ip)
      addressOf[key] = ip
    }
  }

  /// The address that a pod reports, if it is not its node's.
  static func ownAddress(of pod: Value) -> UInt32? {
    if pod.spec[.hostNetwork].bool == true { return nil }
    return pod.status[.podIP].string.flatMap { IPv4.parse($0) }
  }

  /// The node is gone: gives its pods' addresses away.
  func dissolve() -> [ObjectKey: UInt32] {
    defer { addressOf = [:] }
    return addressOf
  }

  func release(_ key: ObjectKey) {
    if let requests = admitted.removeValue(forKey: key) { used.subtract(requests) }
    ports[key] = nil
    if let ip = addressOf.removeValue(forKey: key) { addresses.free(ip) }
  }

  /// The address of a pod: the node's own with `hostNetwork`, else one of its range, kept while the pod lives.
  func address(for key: ObjectKey, _ pod: Value) -> String {
    if let known = pod.status[.podIP].string, !known.isEmpty { return known }
    if pod.spec[.hostNetwork].bool == true { return hostIP ?? "" }
    guard let ip = addressOf[key] ?? addresses.next() else { return "" }
    addressOf[key] = ip
    return IPv4.text(ip)
  }

  var usedPorts: [HostPort] { ports.values.flatMap { $0 } }
}

/// A port of the node that a pod takes.
struct HostPort: Hashable {
  var ip: String
  var proto: String
  var port: Int

  static func of(_ spec: Value) -> [HostPort] {
    let sidecars = spec[.initContainers].items.filter { $0[.restartPolicy].says("Always") }
    var all: [HostPort] = []
    for container in Array(spec[.containers].items) + sidecars {
      for port in container[.ports].items {
        guard let number = port[.hostPort].int, number > 0 else { continue }
        all.append(
          HostPort(
            ip: port[.hostIP].string ?? "0.0.0.0", proto: port[.protocol].string ?? "TCP", port: number))
      }
    }
    return all
  }

  func conflicts(with other: HostPort) -> Bool {
    port == other.port && proto == other.proto
      && (ip == other.ip || ip == "0.0.0.0" || other.ip == "0.0.0.0")
  }
}
