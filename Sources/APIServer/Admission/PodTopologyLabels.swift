import API
import APIMachinery
import Store

/// Pods carry the zone and the region of their node (`plugin/pkg/admission/podtopologylabels`).
enum PodTopologyLabels: AdmissionPlugin {
  static let name = "PodTopologyLabels"
  static let kinds: Set<GroupKind>? = [.pod]

  private static let labels: [Key] = [
    Key("topology.kubernetes.io/zone"), Key("topology.kubernetes.io/region"),
  ]

  /// A pod that is created with its node has the labels from the start.
  static func mutate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    guard request.operation == .create, let node = request.object[.spec][.nodeName].text, node.count > 0
    else { return }
    copy(from: server.store.get(ObjectKey(.node, .empty, Key(utf8: node.utf8))), to: &request.object)
  }

  static func copy(from node: Value?, to pod: inout Value) {
    guard let node else { return }
    let known = node[.metadata][.labels]
    for label in labels {
      guard let value = known.get(label), pod[.metadata][.labels].get(label) != value else { continue }
      let all = pod[.metadata][.labels].setting(label, value)
      pod[.metadata] = pod[.metadata].setting(.labels, all)
    }
  }
}
