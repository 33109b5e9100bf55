import API
import APIMachinery
import Store

/// Pods carry the zone and the region of their node (`plugin/pkg/admission/podtopologylabels`).
enum PodTopologyLabels: AdmissionPlugin {
  static let name = "PodTopologyLabels"
  static let kinds: Set<GroupKind>? = [.pod]

  static let zone = Key("topology.kubernetes.io/zone")
  static let region = Key("topology.kubernetes.io/region")

  /// A pod that is created with its node has the labels from the start.
  static func mutate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    guard request.operation == .create, let node = request.object[.spec][.nodeName].text, node.count > 0
    else { return }
    copy(from: server.store.get(ObjectKey(.node, .empty, Key(utf8: node.utf8))), to: &request.object)
  }

  static func copy(from node: Value?, to pod: inout Value) {
    guard let node, let labels = labels(pod[.metadata][.labels], from: node) else { return }
    pod[.metadata] = pod[.metadata].setting(.labels, labels)
  }

  /// The labels with the node's zone and region; nil where they are there.
  static func labels(_ old: Value, from node: Value) -> Value? {
    let known = node[.metadata][.labels]
    var all = old
    for label in [zone, region] {
      if let value = known.get(label), all.get(label) != value { all = all.setting(label, value) }
    }
    return all == old ? nil : all
  }
}
