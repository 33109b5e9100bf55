import API

/// Why a node was rejected, as a number per node: 0 is "not rejected" (`framework.Status`).
struct FilterCode: Equatable {
  let raw: UInt16
  let plugin: PluginID
  /// Preemption cannot help (`UnschedulableAndUnresolvable`).
  let unresolvable: Bool
  let reason: String

  static let all: [FilterCode] = {
    let list: [(PluginID, Bool, String)] = [
      (.nodeUnschedulable, false, ""),
      (.nodeUnschedulable, true, "node(s) were unschedulable"),
      (.nodeName, true, "node(s) didn't match the requested node name"),
      (.taintToleration, true, "node(s) had untolerated taint(s)"),
      (.nodeAffinity, true, "node(s) didn't match Pod's node affinity/selector"),
      (.nodePorts, false, "node(s) didn't have free ports for the requested pod ports"),
      (.nodeResourcesFit, false, ""),
      (.nodeResourcesFit, true, ""),
      (.volumeRestrictions, false, "node(s) had no available disk"),
      (
        .volumeRestrictions, false,
        "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use "
          + "by another pod"
      ),
      (.nodeVolumeLimits, false, "node(s) exceed max volume count"),
      (.volumeBinding, true, "node(s) didn't match PersistentVolume's node affinity"),
      (.volumeBinding, true, "node(s) didn't find available persistent volumes to bind"),
      (.volumeBinding, true, "node(s) did not have enough free storage"),
      (.volumeBinding, true, "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)"),
      (.volumeZone, true, "node(s) had no available volume zone"),
      (
        .podTopologySpread, true,
        "node(s) didn't match pod topology spread constraints (missing required label)"
      ),
      (.podTopologySpread, false, "node(s) didn't match pod topology spread constraints"),
      (.interPodAffinity, true, "node(s) didn't match pod affinity rules"),
      (.interPodAffinity, false, "node(s) didn't match pod anti-affinity rules"),
      (.interPodAffinity, false, "node(s) didn't satisfy existing pods anti-affinity rules"),
      (.nodeAffinity, true, "node(s) didn't satisfy plugin(s) [NodeAffinity]"),
      (.nodeAffinity, true, "node(s) didn't match scheduler-enforced node affinity"),
    ]
    return list.enumerated().map {
      FilterCode(
        raw: UInt16($0.offset), plugin: $0.element.0, unresolvable: $0.element.1, reason: $0.element.2)
    }
  }()

  /// Whether preemption cannot help, by code.
  static let unresolvable: [Bool] = all.map(\.unresolvable)

  static let unschedulable: UInt16 = 1
  static let nodeName: UInt16 = 2
  static let taint: UInt16 = 3
  static let affinity: UInt16 = 4
  static let ports: UInt16 = 5
  static let fit: UInt16 = 6
  static let neverFits: UInt16 = 7
  static let disk: UInt16 = 8
  static let onePod: UInt16 = 9
  static let volumeLimit: UInt16 = 10
  static let volumeNode: UInt16 = 11
  static let noVolume: UInt16 = 12
  static let storage: UInt16 = 13
  static let lostVolume: UInt16 = 14
  static let volumeZone: UInt16 = 15
  static let spreadLabel: UInt16 = 16
  static let spread: UInt16 = 17
  static let podAffinity: UInt16 = 18
  static let podAntiAffinity: UInt16 = 19
  static let existingAntiAffinity: UInt16 = 20
  static let notNamed: UInt16 = 21
  static let addedAffinity: UInt16 = 22
}

/// Why one node was rejected: the code, and for NodeResourcesFit all that is short.
struct Rejection: Hashable {
  static let none = Rejection(code: 0)
  var code: UInt16
  /// Bits: pods, cpu, memory, ephemeral storage, then the scalar resources in the order of the request.
  var shortages: UInt64 = 0

  var isNone: Bool { code == 0 }
  var meaning: FilterCode { FilterCode.all[Int(code)] }

  /// The reasons, in the order in which they are found.
  func reasons(_ requests: PodRequests) -> [String] {
    if code != FilterCode.fit && code != FilterCode.neverFits { return [meaning.reason] }
    var all: [String] = []
    let fixed = [
      "Too many pods", "Insufficient cpu", "Insufficient memory", "Insufficient ephemeral-storage",
    ]
    for (i, reason) in fixed.enumerated() where shortages >> UInt64(i) & 1 != 0 { all.append(reason) }
    for (i, scalar) in requests.scalars.enumerated() where shortages >> UInt64(i + 4) & 1 != 0 {
      all.append("Insufficient \(scalar.name)")
    }
    return all
  }
}

/// The plugins of the default profile that reject or score.
enum PluginID: UInt32, CaseIterable {
  case schedulingGates, nodeUnschedulable, nodeName, taintToleration, nodeAffinity, nodePorts,
    nodeResourcesFit, volumeRestrictions, nodeVolumeLimits, volumeBinding, volumeZone, podTopologySpread,
    interPodAffinity, dynamicResources, defaultPreemption, nodeResourcesBalancedAllocation, imageLocality

  var bit: UInt32 { 1 << rawValue }

  private static let byName: [String: PluginID] = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.name, $0) })

  static func named(_ name: String) -> PluginID? { byName[name] }

  /// The name in Kubernetes.
  var name: String {
    let text = "\(self)"
    return text.prefix(1).uppercased() + text.dropFirst()
  }
}
