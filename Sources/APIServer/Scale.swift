import API
public import APIMachinery
import Store

/// The `scale` sub-resource (`autoscaling/v1.Scale`): of Deployments, ReplicaSets, StatefulSets,
/// ReplicationControllers, and of custom kinds that declare it.
extension APIServer {
  /// The scale of an object: how many replicas are wanted and how many there are.
  public func scale(of key: ObjectKey) throws(APIError) -> Value {
    guard let info = entry(key.kind)?.info else { throw notFound(key) }
    guard let path = info.replicasPath else { throw .noSuchResource }
    guard let object = store.get(key) else { throw notFound(key) }
    let kept: [Key] = [.name, .namespace, .uid, .resourceVersion, .creationTimestamp]
    return .fields(
      (.apiVersion, "autoscaling/v1"), (.kind, "Scale"),
      (.metadata, .object(object.metadata.fields.filter { kept.contains($0.key) })),
      (.spec, ["replicas": .int(Self.value(at: path, in: object).int ?? 0)]),
      (.status, ["replicas": .int(object.status[.replicas].int ?? 0)]))
  }

  /// Sets the wanted replicas. A stale `resourceVersion` is a conflict.
  @discardableResult
  public func setScale(of key: ObjectKey, replicas: Int, resourceVersion: String? = nil) throws(APIError)
    -> Value
  {
    guard let info = entry(key.kind)?.info else { throw notFound(key) }
    guard let path = info.replicasPath else { throw .noSuchResource }
    guard let object = store.get(key) else { throw notFound(key) }
    if replicas < 0 {
      let cause = APIError.Cause(
        reason: "FieldValueInvalid",
        message: "Invalid value: \(replicas): must be greater than or equal to 0", field: "spec.replicas")
      throw .invalid("Scale.autoscaling", key.name.string, [cause])
    }
    if replicas > Int32.max {
      throw APIError(
        .badRequest,
        "Scale in version \"v1\" cannot be handled as a Scale: json: cannot unmarshal number \(replicas) into Go "
          + "struct field ScaleSpec.spec.replicas of type int32")
    }
    if let resourceVersion, resourceVersion != object.resourceVersion {
      throw .conflict(info.resourceName, key.name.string)
    }
    return try update(Self.setting(.int(replicas), at: path[...], in: object))
  }

  private static func value(at path: [Key], in object: Value) -> Value {
    path.reduce(object) { $0[$1] }
  }

  private static func setting(_ value: Value, at path: ArraySlice<Key>, in object: Value) -> Value {
    guard let first = path.first else { return value }
    return object.setting(first, setting(value, at: path.dropFirst(), in: object[first]))
  }
}
