import APIMachinery

/// Whether applying a manifest again changes nothing, told without reading what was applied last: the annotation
/// says the same, and the stored object has everything that the manifest asks for. Where this is not plain to see
/// the three-way merge decides.
enum UnchangedApply {
  /// `desired` carries the annotation; both are in the same version.
  static func holds(_ live: Value, _ desired: Value, _ facts: (any MergeFacts)?) -> Bool {
    let annotation = ThreeWayMerge.lastAppliedAnnotation
    guard let new = desired[.metadata][.annotations][annotation].text,
      let old = live[.metadata][.annotations][annotation].text, old == new
    else { return false }
    return covers(live, desired, facts)
  }

  /// Whether an object has all fields of the other, so that a patch adds nothing.
  private static func covers(_ live: Value, _ desired: Value, _ facts: (any MergeFacts)?) -> Bool {
    for field in desired.fields {
      guard let there = live.get(field.key) else { return false }
      if field.value.isNull { return false }
      if there == field.value { continue }
      let known = facts?.mergeField(field.key)
      if there.isObject && field.value.isObject {
        if let known, known.strategy == .replace || known.retainKeys { return false }
        guard covers(there, field.value, known?.type) else { return false }
      } else {
        guard let known, known.strategy == .merge, let key = known.mergeKey,
          coversItems(there, field.value, key, known.type?.itemFacts)
        else { return false }
      }
    }
    return true
  }

  /// The same items in the same order, each with all that is asked for.
  private static func coversItems(
    _ live: Value, _ desired: Value, _ mergeKey: Key, _ facts: (any MergeFacts)?
  ) -> Bool {
    guard live.isArray, desired.isArray, live.count == desired.count else { return false }
    let (there, wanted) = (live.items, desired.items)
    for i in 0..<wanted.count {
      guard wanted[i].has(mergeKey), covers(there[i], wanted[i], facts) else { return false }
    }
    return true
  }
}
