import APIMachinery
import ControllerRuntime

/// Writes what a pod's place means for its claims (`volumebinding/binder.go BindPodVolumes`): found volumes are
/// reserved for their claims, claims to provision learn their node.
enum VolumeBinder {
  static func apply(_ plan: VolumeBinding.Plan, _ node: Key, _ context: Context) {
    for (claim, volume) in plan.matches {
      guard var current = context.client.get(ObjectKey(of: volume)) else { continue }
      let reference: Value = [
        "apiVersion": "v1", "kind": "PersistentVolumeClaim", "name": .string(claim.name),
        "namespace": .string(claim.namespace), "resourceVersion": .string(claim.resourceVersion),
        "uid": .string(claim.uid),
      ]
      if !current[.spec, .claimRef].isObject {
        current.setAnnotation("pv.kubernetes.io/bound-by-controller", "yes")
      }
      current[.spec, .claimRef] = reference
      _ = try? context.client.update(current)
    }
    for claim in plan.provisions {
      guard var current = context.client.get(ObjectKey(of: claim)) else { continue }
      current.setAnnotation(VolumeBinding.selectedNode, node.string)
      _ = try? context.client.update(current)
    }
  }
}
