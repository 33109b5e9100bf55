/// Strategic merge patches (`apimachinery/pkg/util/strategicpatch`): as JSON merge patches, but lists with a
/// merge key are merged item by item, and directives (`$patch`, `$retainKeys`, `$setElementOrder/…`,
/// `$deleteFromPrimitiveList/…`) say what a merge alone cannot.
public enum StrategicMergePatch {
  static let patchKey = Key("$patch")
  static let retainKeys = Key("$retainKeys")
  static let orderPrefix = "$setElementOrder/"
  static let deletePrefix = "$deleteFromPrimitiveList/"

  /// The three-way patch of `kubectl apply`: changes from live to desired, deletions from last applied to
  /// desired; fields that others set and desired does not name stay.
  public static func threeWay(
    lastApplied: Value, desired: Value, live: Value, facts: (any MergeFacts)?
  ) throws(MergeError) -> Value {
    let changes = try StrategicDiff(additions: true, deletions: false).maps(live, desired, facts)
    let deletions = try StrategicDiff(additions: false, deletions: true).maps(lastApplied, desired, facts)
    return try StrategicApply(executing: false).maps(deletions, changes, facts)
  }

  /// The patch that makes `new` of `old`.
  public static func create(
    from old: Value, to new: Value, facts: (any MergeFacts)?
  ) throws(MergeError) -> Value {
    try StrategicDiff(additions: true, deletions: true).maps(old, new, facts)
  }

  /// `target` with the patch applied, directives executed.
  public static func apply(
    _ patch: Value, to target: Value, facts: (any MergeFacts)?
  ) throws(MergeError) -> Value {
    try StrategicApply(executing: true).maps(target, patch, facts)
  }

  // MARK: - Lists

  enum ListContent { case none, scalars, maps }

  /// What kind of items the lists have together.
  static func content(_ lists: Value...) throws(MergeError) -> ListContent {
    var found = ListContent.none
    for list in lists {
      for item in list.items {
        if item.isArray { throw MergeError("lists of lists are not supported") }
        let kind: ListContent = item.isObject ? .maps : .scalars
        if found != .none && found != kind {
          throw MergeError("list element types are not identical: \(CanonicalJSON.string(list))")
        }
        found = kind
      }
    }
    return found
  }

  /// What tells items apart: the merge key's value, or the item itself.
  static func identity(_ item: Value, _ mergeKey: Key?) throws(MergeError) -> Value {
    guard let mergeKey else { return item }
    guard let value = item.get(mergeKey) else {
      throw MergeError("map: \(CanonicalJSON.string(item)) does not contain declared merge key: \(mergeKey)")
    }
    return value
  }

  static func identities(_ items: [Value], _ mergeKey: Key?) throws(MergeError) -> [Value] {
    var out: [Value] = []
    out.reserveCapacity(items.count)
    for item in items { out.append(try identity(item, mergeKey)) }
    return out
  }

  /// First position of each identity.
  static func positions(_ items: [Value], _ mergeKey: Key?) throws(MergeError) -> [Value: Int] {
    var out: [Value: Int] = [:]
    for (i, id) in try identities(items, mergeKey).enumerated() where out[id] == nil { out[id] = i }
    return out
  }

  static func isDeletion(_ item: Value) -> Bool { item.get(patchKey)?.string == "delete" }

  /// `items` in the order of `order`; items with a deletion directive go to the end.
  static func sorted(_ items: [Value], by order: [Value], _ mergeKey: Key?) throws(MergeError) -> [Value] {
    let position = try positions(order, mergeKey)
    let kept = mergeKey == nil ? items : items.filter { !isDeletion($0) }
    let ids = try identities(kept, mergeKey)
    let ranked = kept.indices.map { (rank: position[ids[$0]] ?? Int.max, at: $0) }
      .sorted { ($0.rank, $0.at) < ($1.rank, $1.at) }
    return ranked.map { kept[$0.at] } + (mergeKey == nil ? [] : items.filter(isDeletion))
  }

  /// Items of the patch in the order that it sets, with the server's own items where the live order has them,
  /// as far as both orders can be kept.
  static func ordered(
    _ merged: [Value], patchOrder: [Value], serverOrder: [Value], _ mergeKey: Key?
  ) throws(MergeError) -> [Value] {
    let inPatch = try positions(patchOrder, mergeKey)
    var ofPatch: [Value] = []
    var ofServer: [Value] = []
    for item in merged {
      if inPatch[try identity(item, mergeKey)] != nil { ofPatch.append(item) } else { ofServer.append(item) }
    }
    let right = try sorted(ofPatch, by: patchOrder, mergeKey)
    let left = try sorted(ofServer, by: serverOrder, mergeKey)
    let live = try positions(serverOrder, mergeKey)
    let leftRanks = try identities(left, mergeKey).map { live[$0] }
    let rightRanks = try identities(right, mergeKey).map { live[$0] }
    var out: [Value] = []
    out.reserveCapacity(merged.count)
    var i = 0
    var j = 0
    while i < left.count && j < right.count {
      if let l = leftRanks[i], let r = rightRanks[j], l < r {
        out.append(left[i])
        i += 1
      } else {
        out.append(right[j])
        j += 1
      }
    }
    return out + right[j...] + left[i...]
  }

  /// A scalar as Go's `%v` prints it, which is what lists are sorted by.
  static func sortText(_ value: Value) -> [UInt8] {
    if case .string(let text) = value { return Array(text.utf8) }
    return CanonicalJSON.bytes(value)
  }

  /// In order of the texts. Equal ones end the other way round, as Go's insertion sort leaves them whose order
  /// calls an item less than its equal (`SortableSliceOfMaps`); it decides which of two items with one key wins.
  static func sortedByText(_ items: [(text: [UInt8], item: Value)]) -> [(text: [UInt8], item: Value)] {
    items.enumerated().sorted { a, b in
      if a.element.text == b.element.text { return a.offset > b.offset }
      return a.element.text.lexicographicallyPrecedes(b.element.text)
    }.map(\.element)
  }
}
