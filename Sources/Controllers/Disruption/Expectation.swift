import APIMachinery
import ControllerRuntime

/// How many pods a budget counts on and how many have to be healthy (`getExpectedPodCount`).
struct Expectation {
  let total: Int
  let desired: Int

  static func make(_ budget: Value, _ pods: [PodRecord], _ context: Context) throws(APIError) -> Expectation {
    if let most = IntOrString(budget.spec[.maxUnavailable]), budget.spec.has(.maxUnavailable) {
      let total = try scale(pods, context)
      let unavailable = most.roundUp(of: total) ?? 0
      return Expectation(total: total, desired: max(0, total - unavailable))
    }
    guard budget.spec.has(.minAvailable), let least = IntOrString(budget.spec[.minAvailable]) else {
      return Expectation(total: pods.count, desired: 0)
    }
    if least.percent == nil {
      return Expectation(total: pods.count, desired: least.roundUp(of: pods.count) ?? 0)
    }
    let total = try scale(pods, context)
    return Expectation(total: total, desired: least.roundUp(of: total) ?? 0)
  }

  /// The sum of the replicas that the pods' controllers want (`getExpectedScale`).
  private static func scale(_ pods: [PodRecord], _ context: Context) throws(APIError) -> Int {
    var seen: Set<Key> = []
    var total = 0
    for pod in pods {
      guard let owned = pod.owned, seen.insert(owned.uid).inserted,
        let reference = pod.object.controllerReference
      else { continue }
      guard let (uid, replicas) = try root(reference, pod.key.namespace, context) else {
        throw APIError(.internalError, "found no controllers for pod \"\(pod.key.name)\"")
      }
      if uid == owned.uid || seen.insert(uid).inserted { total += replicas }
    }
    return total
  }

  /// The controller that has the scale: the Deployment above a ReplicaSet, else the controller itself.
  private static func root(_ reference: Value, _ namespace: Key, _ context: Context)
    throws(APIError) -> (Key, Int)?
  {
    let kind = GroupKind(
      apiVersion: reference[.apiVersion].string ?? "", kind: reference[.kind].string ?? "")
    guard let owner = context.client.get(ObjectKey(kind, namespace, reference[.name].key)),
      owner.metadata[.uid] == reference[.uid]
    else { return nil }
    if kind == .replicaSet, let above = owner.controllerReference,
      above[.kind].says("Deployment")
    {
      return try root(above, namespace, context)
    }
    guard let replicas = owner.spec[.replicas].int else {
      throw APIError(
        .internalError,
        "\(resource(kind)) does not implement the scale subresource")
    }
    return (owner.uidKey, replicas)
  }

  private static func resource(_ kind: GroupKind) -> String {
    let plural = kind.kind.lowercased() + "s"
    return kind.group.isEmpty ? plural : "\(plural).\(kind.group)"
  }
}
