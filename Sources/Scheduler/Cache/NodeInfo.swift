import API
import APIMachinery

/// A node as the scheduler needs it; amounts that change with every pod are in `NodeColumns`.
final class NodeInfo {
  let name: Key
  /// Its place in the order of the snapshot, and in every column.
  var slot = -1
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

  /// Moves the last pod into the place of one that goes.
  func takeOut(_ pod: PodInfo) {
    let last = pods.removeLast()
    if last === pod { return }
    pods[pod.position] = last
    last.position = pod.position
  }

  private var sortedPods: [PodInfo] = []
  private var sortedStamp = -1

  /// Its pods, the most important first; kept until the node's stamp changes.
  func sorted(stamp: Int) -> [PodInfo] {
    if stamp != sortedStamp {
      sortedStamp = stamp
      sortedPods = Self.byImportance(pods)
    }
    return sortedPods
  }

  /// Higher priority first, then the earlier start; what has not started starts now (`util.MoreImportantPod`).
  static func byImportance(_ pods: [PodInfo]) -> [PodInfo] {
    pods.enumerated().map { (pod: $0.element, offset: $0.offset, start: $0.element.started ?? .max) }
      .sorted { a, b in
        if a.pod.priority != b.pod.priority { return a.pod.priority > b.pod.priority }
        return a.start == b.start ? a.offset < b.offset : a.start < b.start
      }.map(\.pod)
  }

  init(_ node: Value) {
    name = node.nameKey
    labels = node.labels
    read(node)
  }

  func read(_ node: Value) {
    labels = node.labels
    taints = Self.taints(node)
    unschedulable = node.spec[.unschedulable].bool == true
    zone = Self.zone(labels)
    scalars = PodRequests(node.status[.allocatable]).scalars
    images = node.status[.images].items.flatMap { image in
      image[.names].items.map { (name: $0.key, size: image[.sizeBytes].int ?? 0) }
    }
  }

  static func taints(_ node: Value) -> [TaintView] { node.spec[.taints].items.map { TaintView($0) } }

  func capacity(of name: Key) -> Int { scalars.first { $0.name == name }?.amount ?? 0 }

  private static let zoneLabels: [Key] = [
    "failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone",
  ]

  private static func zone(_ labels: Value) -> String {
    let region = labels[zoneLabels[0]].string ?? labels[zoneLabels[1]].string ?? ""
    let zone = labels[zoneLabels[2]].string ?? labels[zoneLabels[3]].string ?? ""
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
    let sidecars = spec[.initContainers].items.filter { $0[.restartPolicy].says("Always") }
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
