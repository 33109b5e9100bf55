/// Computes strategic merge patches: additions with changes, deletions, or both.
struct StrategicDiff {
  var additions: Bool
  var deletions: Bool

  /// The patch from one object to the other. `retain` asks for a `$retainKeys` list.
  func maps(
    _ old: Value, _ new: Value, _ facts: (any MergeFacts)?, retain: Bool = false
  ) throws(MergeError) -> Value {
    if case .object(let a) = old, case .object(let b) = new, a === b { return .emptyObject }
    var out: [Field] = []
    let x = old.fields
    let y = new.fields
    var i = 0
    var j = 0
    while i < x.count || j < y.count {
      if j == y.count || (i < x.count && x[i].key < y[j].key) {
        if deletions { out.append(Field(x[i].key, .null)) }
        i += 1
      } else if i == x.count || y[j].key < x[i].key {
        if additions { out.append(y[j]) }
        j += 1
      } else {
        try field(x[i].key, x[i].value, y[j].value, facts, &out)
        i += 1
        j += 1
      }
    }
    if retain {
      let kept = y.filter { !$0.value.isNull }.map { Value.string($0.key) }
      if !kept.isEmpty && (!out.isEmpty || hasMore(old, than: new)) {
        out.append(Field(StrategicMergePatch.retainKeys, .array(kept)))
      }
    }
    return .object(out)
  }

  /// Whether `old` has a key, at any depth of objects, that `new` lacks.
  private func hasMore(_ old: Value, than new: Value) -> Bool {
    for field in old.fields {
      guard let other = new.get(field.key) else { return true }
      if field.value.isObject && other.isObject && hasMore(field.value, than: other) { return true }
    }
    return false
  }

  private func field(
    _ key: Key, _ old: Value, _ new: Value, _ facts: (any MergeFacts)?, _ out: inout [Field]
  ) throws(MergeError) {
    if key == StrategicMergePatch.patchKey {
      if old != new { out.append(Field(key, new)) }
      return
    }
    if old.isObject && old == new { return }
    let known = facts?.mergeField(key)
    if old.isObject && new.isObject {
      if known?.strategy == .replace {
        if additions && old != new { out.append(Field(key, new)) }
        return
      }
      let inner = try maps(old, new, known?.type, retain: known?.retainKeys ?? false)
      if !inner.isEmpty { out.append(Field(key, inner)) }
    } else if old.isArray && new.isArray, let known, known.strategy == .merge {
      try list(key, old, new, known, &out)
    } else if additions && old != new {
      out.append(Field(key, new))
    }
  }

  private func list(
    _ key: Key, _ old: Value, _ new: Value, _ facts: FieldMergeFacts, _ out: inout [Field]
  ) throws(MergeError) {
    if old.isEmpty {
      if !new.isEmpty && additions { out.append(Field(key, new)) }
      return
    }
    let order = Key(StrategicMergePatch.orderPrefix + key.string)
    switch try StrategicMergePatch.content(old, new) {
    case .none: return
    case .scalars:
      let (added, deleted) = scalars(old, new)
      if !added.isEmpty {
        out.append(Field(key, .array(try StrategicMergePatch.sorted(added, by: Array(new.items), nil))))
      }
      if !deleted.isEmpty {
        out.append(Field(Key(StrategicMergePatch.deletePrefix + key.string), .array(deleted)))
      }
      let changed = (deletions && !deleted.isEmpty) || (additions && old != new)
      if changed && !new.isEmpty { out.append(Field(order, new)) }
    case .maps:
      guard let mergeKey = facts.mergeKey else {
        throw MergeError("cannot merge lists without merge key for field \(key)")
      }
      let (changed, deleted) = try items(
        old, new, mergeKey, facts.type?.itemFacts, retain: facts.retainKeys)
      let patch = try StrategicMergePatch.sorted(changed, by: Array(new.items), mergeKey) + deleted
      if !patch.isEmpty { out.append(Field(key, .array(patch))) }
      let before = try StrategicMergePatch.identities(Array(old.items), mergeKey)
      let after = try StrategicMergePatch.identities(Array(new.items), mergeKey)
      let reorders = additions && (!patch.isEmpty || before != after)
      if (reorders || (deletions && !patch.isEmpty)) && !after.isEmpty {
        out.append(Field(order, .array(after.map { .object([Field(mergeKey, $0)]) })))
      }
    }
  }

  private func scalars(_ old: Value, _ new: Value) -> (added: [Value], deleted: [Value]) {
    let x = StrategicMergePatch.sortedByText(old.items.map { (StrategicMergePatch.sortText($0), $0) })
    let y = StrategicMergePatch.sortedByText(new.items.map { (StrategicMergePatch.sortText($0), $0) })
    var added: [Value] = []
    var deleted: [Value] = []
    var i = 0
    var j = 0
    while i < x.count || j < y.count {
      if j == y.count || (i < x.count && x[i].text.lexicographicallyPrecedes(y[j].text)) {
        if deletions && deleted.last != x[i].item { deleted.append(x[i].item) }
        i += 1
      } else if i == x.count || y[j].text.lexicographicallyPrecedes(x[i].text) {
        if additions { added.append(y[j].item) }
        j += 1
      } else {
        i += 1
        j += 1
      }
    }
    return (added, deleted)
  }

  /// Items of a keyed list: changes and additions, and directives that delete.
  private func items(
    _ old: Value, _ new: Value, _ mergeKey: Key, _ facts: (any MergeFacts)?, retain: Bool
  ) throws(MergeError) -> (changed: [Value], deleted: [Value]) {
    let x = try byKey(old, mergeKey)
    let y = try byKey(new, mergeKey)
    var changed: [Value] = []
    var deleted: [Value] = []
    var i = 0
    var j = 0
    while i < x.count || j < y.count {
      if j == y.count || (i < x.count && x[i].text.lexicographicallyPrecedes(y[j].text)) {
        if deletions {
          deleted.append(
            .object([
              Field(StrategicMergePatch.patchKey, "delete"), Field(mergeKey, x[i].item[mergeKey]),
            ]))
        }
        i += 1
      } else if i == x.count || y[j].text.lexicographicallyPrecedes(x[i].text) {
        if additions { changed.append(y[j].item) }
        j += 1
      } else {
        let inner = try maps(x[i].item, y[j].item, facts, retain: retain)
        if !inner.isEmpty { changed.append(inner.setting(mergeKey, y[j].item[mergeKey])) }
        i += 1
        j += 1
      }
    }
    return (changed, deleted)
  }

  private func byKey(
    _ list: Value, _ mergeKey: Key
  ) throws(MergeError) -> [(text: [UInt8], item: Value)] {
    var out: [(text: [UInt8], item: Value)] = []
    for item in list.items {
      out.append((StrategicMergePatch.sortText(try StrategicMergePatch.identity(item, mergeKey)), item))
    }
    return StrategicMergePatch.sortedByText(out)
  }
}
