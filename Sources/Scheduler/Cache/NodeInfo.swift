import API
import APIMachinery

/// A node as the scheduler needs it; amounts that change with every pod are in `World`'s arrays.
final class NodeInfo {
  let name: Key
  var labels: Value
  var taints: [TaintView] = []
  var unschedulable = false
  /// Region and zone joined; empty for none.
  var zone = ""
  /// Extended resources and huge pages that can be given out, and how much of them is taken.
  var scalars: [PodRequests.Scalar] = []
  var usedScalars = PodRequests()
  var ports: [PortUse] = []
  /// Names of images that are on the node, with their size.
  var images: [(name: Key, size: Int)] = []
  /// Pods in the order of `framework.NodeInfo.Pods`: a removal moves the last one into the hole.
  var pods: [PodInfo] = []
  /// Pods nominated to this node by preemption.
  var nominated: [PodInfo] = []

  init(_ node: Value) {
    name = node.nameKey
    labels = node.labels
    read(node)
  }

  func read(_ node: Value) {
    labels = node.labels
    taints = node.spec[.taints].items.map { TaintView($0) }
    unschedulable = node.spec[.unschedulable].bool == true
    zone = Self.zone(labels)
    scalars = PodRequests(node.status[.allocatable]).scalars
    images = node.status[.images].items.flatMap { image in
      image[.names].items.map { (name: $0.key, size: image[.sizeBytes].int ?? 0) }
    }
  }

  private static func zone(_ labels: Value) -> String {
    func label(_ what: String) -> String {
      labels[Key("failure-domain.beta.kubernetes.io/\(what)")].string
        ?? labels[Key("topology.kubernetes.io/\(what)")].string ?? ""
    }
    let region = label("region")
    let zone = label("zone")
    return region.isEmpty && zone.isEmpty ? "" : "\(region):\0:\(zone)"
  }
}

/// A port of a node that a pod takes.
struct PortUse: Hashable {
  var ip: String
  var proto: String
  var port: Int

  func conflicts(with other: PortUse) -> Bool {
    port == other.port && proto == other.proto
      && (ip == other.ip || ip == "0.0.0.0" || other.ip == "0.0.0.0")
  }

  static func of(_ spec: Value) -> [PortUse] {
    var all: [PortUse] = []
    let sidecars = spec[.initContainers].items.filter { $0[.restartPolicy].string == "Always" }
    for container in Array(spec[.containers].items) + sidecars {
      for port in container[.ports].items {
        guard let number = port[.hostPort].int, number > 0 else { continue }
        let ip = port[.hostIP].string ?? ""
        let proto = port[.protocol].string ?? ""
        all.append(
          PortUse(
            ip: ip.isEmpty ? "0.0.0.0" : ip, proto: proto.isEmpty ? "TCP" : proto, port: number))
      }
    }
    return all
  }
}
