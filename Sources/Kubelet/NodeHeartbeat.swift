import APIMachinery
import Basics
import ControllerRuntime

/// The lease of a node (`kube-node-lease`, KEP-589). It is stored only for a node that fell silent: its `renewTime`
/// is then the last sign of life. A node without a lease is one that renews it all the time.
public enum NodeHeartbeat {
  public static func key(_ node: Key) -> ObjectKey { ObjectKey(.lease, Key("kube-node-lease"), node) }

  static func sync(_ node: Value, works: Bool, _ context: Context) throws(APIError) {
    let key = key(node.nameKey)
    let lease = context.client.get(key)
    if works {
      if lease != nil { try context.client.delete(key) }
      return
    }
    if lease != nil { return }
    let now = Value.string(RFC3339.microString(context.now))
    try context.client.create([
      "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
      "metadata": [
        "name": .string(node.nameKey), "namespace": "kube-node-lease",
        "ownerReferences": [
          ["apiVersion": "v1", "kind": "Node", "name": .string(node.nameKey), "uid": .string(node.uid)]
        ],
      ],
      "spec": [
        "holderIdentity": .string(node.nameKey), "leaseDurationSeconds": 40, "renewTime": now,
      ],
    ])
  }
}
