/// What `kubectl apply` makes of a live object: the three-way merge of what was applied last, what is desired
/// and what is there. Strategic for types with facts, a JSON merge for custom resources.
public enum ThreeWayMerge {
  /// The annotation that keeps what was applied last.
  public static let lastAppliedAnnotation = Key("kubectl.kubernetes.io/last-applied-configuration")

  /// The patch that kubectl sends; empty where nothing is to be done.
  public static func patch(
    lastApplied: Value?, desired: Value, live: Value, facts: (any MergeFacts)?
  ) throws(MergeError) -> Value {
    let last = lastApplied ?? .emptyObject
    guard let facts else {
      return JSONMergePatch.threeWay(lastApplied: last, desired: desired, live: live)
    }
    return try StrategicMergePatch.threeWay(lastApplied: last, desired: desired, live: live, facts: facts)
  }

  /// The live object with that patch applied.
  public static func merged(
    lastApplied: Value?, desired: Value, live: Value, facts: (any MergeFacts)?
  ) throws(MergeError) -> Value {
    let patch = try patch(lastApplied: lastApplied, desired: desired, live: live, facts: facts)
    if patch.isEmpty { return live }
    guard let facts else { return JSONMergePatch.apply(patch, to: live) }
    return try StrategicMergePatch.apply(patch, to: live, facts: facts)
  }
}
