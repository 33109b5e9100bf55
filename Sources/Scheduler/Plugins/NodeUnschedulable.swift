import API
import APIMachinery

/// Keeps pods off cordoned nodes unless they tolerate the taint of a cordon.
enum NodeUnschedulable {
  private static let taint = TaintView(
    key: "node.kubernetes.io/unschedulable", value: "", effect: .noSchedule)

  static func rejects(_ tolerations: [TolerationView], _ node: NodeInfo) -> Bool {
    node.unschedulable && !tolerations.tolerate(taint)
  }
}
