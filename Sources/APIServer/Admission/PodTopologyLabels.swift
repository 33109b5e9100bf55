import APIMachinery

/// Pods carry the zone and the region of their node (`plugin/pkg/admission/podtopologylabels`).
enum PodTopologyLabels {
  private static let labels: [Key] = [
    Key("topology.kubernetes.io/zone"), Key("topology.kubernetes.io/region"),
  ]

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
