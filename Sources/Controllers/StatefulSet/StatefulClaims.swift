import APIMachinery
import ControllerRuntime

/// The claims of numbered pods and what becomes of them (`persistentVolumeClaimRetentionPolicy`, KEP-1847).
extension StatefulSetSync {
  private var policy: Value { self.set.spec[.persistentVolumeClaimRetentionPolicy] }
  private var deletesWithSet: Bool { policy[.whenDeleted].says("Delete") }
  private var deletesWithPod: Bool { policy[.whenScaled].says("Delete") }

  func makeClaims(_ n: Int) throws(APIError) {
    if set.spec[.volumeClaimTemplates].isEmpty { return }
    for claim in StatefulPod.claims(set, n) {
      let key = ObjectKey(.persistentVolumeClaim, namespace: set.namespace, name: claim.name)
      if let there = context.client.get(key) {
        if there.isTerminating {
          throw APIError(.conflict, "pvc \(claim.name) is being deleted")
        }
        try own(there, pod: nil)
        continue
      }
      var fresh = claim
      if deletesWithSet { fresh[.metadata][.ownerReferences] = [reference(to: set, isController: true)] }
      try context.client.create(fresh)
      context.recorder.event(
        set, type: "Normal", reason: "SuccessfulCreate",
        message: "create Claim \(claim.name) Pod \(set.name)-\(n) in StatefulSet \(set.name) success",
        source: "statefulset-controller", now: context.now)
    }
  }

  /// Owners of the claims of present pods, and of those that are about to go.
  func keepClaims(_ condemned: [PodRecord]) throws(APIError) {
    if set.spec[.volumeClaimTemplates].isEmpty { return }
    let going = Set(condemned.map(\.key.name))
    for pod in pods {
      guard let n = StatefulPod.ordinal(pod.key.name, of: set.nameKey) else { continue }
      for claim in StatefulPod.claims(set, n) {
        let key = ObjectKey(.persistentVolumeClaim, namespace: set.namespace, name: claim.name)
        guard let there = context.client.get(key), !there.isTerminating else { continue }
        try own(there, pod: going.contains(pod.key.name) ? pod.object : nil)
      }
    }
  }

  private func reference(to owner: Value, isController: Bool) -> Value {
    .fields(
      (.apiVersion, .string(owner.apiVersion)), (.kind, .string(owner.kindName)),
      (.name, .string(owner.name)), (.uid, .string(owner.uid)),
      (.controller, isController ? true : nil), (.blockOwnerDeletion, isController ? true : nil))
  }

  /// Gives the claim the owners that the policy asks for; `pod` is its pod if that is to go by scaling down.
  private func own(_ claim: Value, pod: Value?) throws(APIError) {
    var owners = claim.metadata[.ownerReferences].items.filter { owner in
      let isOurs = owner[.uid] == set.metadata[.uid]
      let isPod =
        owner[.kind].says("Pod")
        && StatefulPod.ordinal(owner[.name].string ?? "", of: set.name) != nil
      return !isOurs && !isPod
    }
    if let pod, deletesWithPod {
      owners.append(reference(to: pod, isController: false))
    } else if deletesWithSet {
      owners.append(reference(to: set, isController: true))
    }
    let next = Value.array(owners)
    if next == claim.metadata[.ownerReferences] || (owners.isEmpty && !claim.metadata.has(.ownerReferences)) {
      return
    }
    var changed = claim
    changed[.metadata].set(.ownerReferences, owners.isEmpty ? nil : next)
    try context.client.update(changed)
  }
}
