import API
import APIMachinery

/// A new node takes no pods before it is ready (`plugin/pkg/admission/nodetaint`).
enum TaintNodesByCondition: AdmissionPlugin {
  static let name = "TaintNodesByCondition"
  static let kinds: Set<GroupKind>? = [.node]
  private static let notReady = "node.kubernetes.io/not-ready"

  static func mutate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    guard request.operation == .create else { return }
    var taints = request.object[.spec][.taints]
    if taints.items.contains(where: { $0[.key].string == notReady && $0[.effect].says("NoSchedule") }) {
      return
    }
    taints.append(["key": .string(notReady), "effect": "NoSchedule"])
    request.object[.spec] = request.object[.spec].setting(.taints, taints)
  }
}
