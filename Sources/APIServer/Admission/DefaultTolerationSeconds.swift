import API
import APIMachinery

/// Pods stay 300 s on a node that is not ready or unreachable unless they say otherwise
/// (`plugin/pkg/admission/defaulttolerationseconds`).
enum DefaultTolerationSeconds: AdmissionPlugin {
  static let name = "DefaultTolerationSeconds"
  static let kinds: Set<GroupKind>? = [.pod]
  private static let taints = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]
  private static let defaults: [Value] = taints.map {
    ["key": .string($0), "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300]
  }

  static func mutate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    let given = request.object[.spec][.tolerations]
    var all = Array(given.items)
    for (taint, toleration) in zip(taints, defaults) {
      let isTolerated = given.items.contains {
        let key = $0[.key].string ?? ""
        let effect = $0[.effect].string ?? ""
        return (key == taint || key.isEmpty) && (effect == "NoExecute" || effect.isEmpty)
      }
      if !isTolerated { all.append(toleration) }
    }
    if all.count > given.count {
      request.object[.spec] = request.object[.spec].setting(.tolerations, .array(all))
    }
  }
}
