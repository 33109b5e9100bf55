import APIMachinery
import Basics
import Store

/// The cluster IPs and node ports that services hold, counted from the stored services once and then kept up
/// (`registry/core/service/ipallocator`, `portallocator`).
final class ServicePools {
  /// 10.96.0.0/12, the default of `--service-cluster-ip-range` in kubeadm.
  static let network: UInt32 = 10 << 24 | 96 << 16
  static let hosts: UInt32 = 1 << 20
  static let cidr = "10.96.0.0/12"
  static let nodePorts = 30000...32767
  /// Automatic addresses keep clear of the low ones, which are for given ones (KEP-3070).
  static let band: UInt32 = 256

  private var addresses: [UInt32: Int] = [:]
  private var ports: [Int: Int] = [:]
  private var isLoaded = false

  func load(_ store: ObjectStore) {
    if isLoaded { return }
    isLoaded = true
    for service in store.list(.service, namespace: nil) { count(service, 1) }
  }

  func note(_ event: WatchEvent) {
    guard isLoaded else { return }
    if let old = event.old { count(old, -1) }
    if event.type != .deleted { count(event.object, 1) }
  }

  func isTaken(address: UInt32) -> Bool { addresses[address] != nil }
  func isTaken(port: Int) -> Bool { ports[port] != nil }

  private func count(_ service: Value, _ change: Int) {
    for address in service[.spec][.clusterIPs].items.compactMap({ $0.string.flatMap(IPv4.parse) }) {
      addresses[address] = Self.sum(addresses[address], change)
    }
    for port in Set(Self.nodePorts(of: service)) { ports[port] = Self.sum(ports[port], change) }
  }

  private static func sum(_ known: Int?, _ change: Int) -> Int? {
    let next = (known ?? 0) + change
    return next > 0 ? next : nil
  }

  /// All ports of the nodes that a service holds, the one for health checks included.
  static func nodePorts(of service: Value) -> [Int] {
    let own = service[.spec][.ports].items.compactMap { $0[.nodePort].int }
    return (own + [service[.spec][.healthCheckNodePort].int ?? 0]).filter { $0 != 0 }
  }
}
