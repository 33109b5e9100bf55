import API
import APIMachinery
import Basics
import Store

/// The `pods/binding` sub-resource (`registry/core/pod/storage`, `BindingREST.setPodNodeAndMetadata`).
extension APIServer {
  public func bind(_ pod: ObjectKey, toNode node: Key) throws(APIError) {
    guard let old = store.get(pod) else { throw notFound(pod) }
    let name = pod.name.string
    func refused(_ why: String) -> APIError {
      APIError(.conflict, "Operation cannot be fulfilled on pods/binding \"\(name)\": \(why)")
    }
    if old.isTerminating {
      throw refused("pod \(name) is being deleted, cannot be assigned to a host")
    }
    if let host = old[.spec, .nodeName].string, !host.isEmpty {
      throw refused("pod \(name) is already assigned to node \"\(host)\"")
    }
    if !old[.spec, .schedulingGates].isEmpty {
      throw refused("pod \(name) has non-empty .spec.schedulingGates")
    }
    resourceVersion &+= 1
    let labels = shared.labels(old[.metadata, .labels], of: store.get(ObjectKey(.node, .empty, node)))
    let version = Field(.resourceVersion, .digits(resourceVersion))
    let own = labels.map { [Field(.labels, $0), version] } ?? [version]
    let object = old.merging([
      Field(.metadata, old[.metadata].merging(own)),
      Field(.spec, old[.spec].setting(.nodeName, .string(node))),
      Field(.status, shared.boundStatus(old, clock.now)),
    ])
    commit(WatchEvent(.modified, pod, old: old, object: object))
  }
}

/// Sub-resource `scale` of workloads and of custom resources that have one.
extension APIServer {
  /// Sets the replicas of an object through its scale, as `kubectl scale` and the autoscaler do.
  @discardableResult
  public func scale(_ key: ObjectKey, to replicas: Int) throws(APIError) -> Value {
    guard let old = store.get(key), let entry = entry(key.kind) else { throw notFound(key) }
    guard entry.info.hasScale else {
      throw APIError(.notFound, "the server could not find the requested resource")
    }
    if replicas < 0 {
      let cause = APIError.Cause(
        reason: "FieldValueInvalid",
        message: "Invalid value: \(replicas): must be greater than or equal to 0", field: "spec.replicas")
      throw .invalid("Scale.autoscaling", key.name.string, [cause])
    }
    var object = old
    object[.spec] = object[.spec].setting(.replicas, .int(replicas))
    return try update(object)
  }
}
