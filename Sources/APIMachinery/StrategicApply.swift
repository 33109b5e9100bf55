/// Applies strategic merge patches: to an object, executing the directives, or to another patch, keeping them.
struct StrategicApply {
  /// Whether directives are executed. If not, the target is a patch itself.
  var executing: Bool

  /// The parts of a patch of an object.
  private struct Parts {
    var plain: [Field] = []
    var orders: [(field: Key, list: Value, key: Key)] = []
    var deletions: [(field: Key, list: Value, key: Key)] = []
    var retain: Value?
  }

  private func split(_ patch: Value) -> Parts {
    var parts = Parts()
    for field in patch.fields {
      guard field.key.utf8.first == 0x24 else {
        parts.plain.append(field)
        continue
      }
      let name = field.key.string
      if name.hasPrefix(StrategicMergePatch.orderPrefix) {
        let of = Key(String(name.dropFirst(StrategicMergePatch.orderPrefix.count)))
        parts.orders.append((of, field.value, field.key))
      } else if name.hasPrefix(StrategicMergePatch.deletePrefix) {
        let of = Key(String(name.dropFirst(StrategicMergePatch.deletePrefix.count)))
        parts.deletions.append((of, field.value, field.key))
      } else if field.key == StrategicMergePatch.retainKeys {
        parts.retain = field.value
      } else {
        parts.plain.append(field)
      }
    }
    return parts
  }

  func maps(_ target: Value, _ patch: Value, _ facts: (any MergeFacts)?) throws(MergeError) -> Value {
    if let directive = patch.get(StrategicMergePatch.patchKey) {
      switch directive.string {
      case "replace": return patch.removing(StrategicMergePatch.patchKey)
      case "delete": return .emptyObject
      default:
        throw MergeError(
          "unknown patch type: \(CanonicalJSON.string(directive)) in map: \(CanonicalJSON.string(patch))")
      }
    }
    if patch.isEmpty { return target.isObject ? target : .emptyObject }
    let parts = split(patch)
    let target = try retained(target.isObject ? target : .emptyObject, parts)
    var lists: [Field] = []
    for order in parts.orders {
      if let list = try orderedList(target, parts.plain, order.field, order.list, facts) {
        lists.append(Field(order.field, list))
      }
    }
    var out = try join(target, parts.plain, lists, facts)
    if executing {
      return try deleting(.object(out), parts.deletions)
    }
    // Directives are carried on into the combined patch.
    for (_, list, key) in parts.orders + parts.deletions {
      out.removeAll { $0.key == key }
      out.append(Field(key, list))
    }
    if let retain = parts.retain {
      out.removeAll { $0.key == StrategicMergePatch.retainKeys }
      out.append(Field(StrategicMergePatch.retainKeys, retain))
    }
    return .object(out)
  }

  /// The target without the fields that `$retainKeys` does not name.
  private func retained(_ target: Value, _ parts: Parts) throws(MergeError) -> Value {
    guard executing, let retain = parts.retain else { return target }
    guard retain.isArray else { throw MergeError("invalid patch format of retainKeys") }
    var names: Set<Key> = []
    for item in retain.items { if item.text != nil { names.insert(item.key) } }
    for field in parts.plain where !field.value.isNull && !names.contains(field.key) {
      throw MergeError("invalid patch format of retainKeys")
    }
    return .object(target.fields.filter { names.contains($0.key) })
  }

  private func join(
    _ target: Value, _ patch: [Field], _ lists: [Field], _ facts: (any MergeFacts)?
  ) throws(MergeError) -> [Field] {
    let x = target.fields
    var out: [Field] = []
    var i = 0
    var j = 0
    while i < x.count || j < patch.count {
      let key: Key
      var old: Value?
      var change: Value?
      if j == patch.count || (i < x.count && x[i].key < patch[j].key) {
        (key, old) = (x[i].key, x[i].value)
        i += 1
      } else if i == x.count || patch[j].key < x[i].key {
        (key, change) = (patch[j].key, patch[j].value)
        j += 1
      } else {
        (key, old, change) = (x[i].key, x[i].value, patch[j].value)
        i += 1
        j += 1
      }
      if let list = lists.first(where: { $0.key == key }) {
        out.append(list)
      } else if let value = try merged(old, change, facts?.mergeField(key)) {
        out.append(Field(key, value))
      }
    }
    return out
  }

  /// What stands in a field afterwards, or nil.
  private func merged(
    _ old: Value?, _ change: Value?, _ facts: FieldMergeFacts?
  ) throws(MergeError) -> Value? {
    guard let change else { return old }
    if change.isNull { return executing ? nil : change }
    guard let old else { return executing ? StrategicApply.withoutDirectives(change) : change }
    if old.isObject && change.isObject {
      return facts?.strategy == .replace ? change : try maps(old, change, facts?.type)
    }
    if old.isArray && change.isArray, let facts, facts.strategy == .merge {
      return try list(old, change, facts)
    }
    return change
  }

  /// What is added as new carries no directives and no nulls into the object.
  static func withoutDirectives(_ value: Value) -> Value {
    switch value {
    case .object(let node):
      var out: [Field] = []
      for i in 0..<node.count where !node[i].value.isNull && !isDirective(node[i].key) {
        out.append(Field(node[i].key, withoutDirectives(node[i].value)))
      }
      return .object(out)
    case .array(let node):
      var out: [Value] = []
      for i in 0..<node.count where !StrategicMergePatch.isDeletion(node[i]) {
        out.append(withoutDirectives(node[i]))
      }
      return .array(out)
    default: return value
    }
  }

  private static func isDirective(_ key: Key) -> Bool {
    guard key.utf8.first == 0x24 else { return false }
    let name = key.string
    return key == StrategicMergePatch.patchKey || key == StrategicMergePatch.retainKeys
      || name.hasPrefix(StrategicMergePatch.orderPrefix) || name.hasPrefix(StrategicMergePatch.deletePrefix)
  }

  private func list(_ old: Value, _ change: Value, _ facts: FieldMergeFacts) throws(MergeError) -> Value {
    if old.isEmpty && change.isEmpty { return old }
    if try StrategicMergePatch.content(old, change) == .scalars {
      let both = StrategicApply.unique(Array(old.items) + Array(change.items))
      return .array(
        try StrategicMergePatch.ordered(
          both, patchOrder: Array(change.items), serverOrder: Array(old.items), nil))
    }
    guard let mergeKey = facts.mergeKey else {
      throw MergeError("cannot merge lists without merge key")
    }
    var replace = false
    var deleted: Set<Value> = []
    var additions: [Value] = []
    for item in change.items {
      guard let directive = item.get(StrategicMergePatch.patchKey) else {
        additions.append(item)
        continue
      }
      switch directive.string {
      case "delete": deleted.insert(try StrategicMergePatch.identity(item, mergeKey))
      case "replace": replace = true
      default:
        throw MergeError(
          "unknown patch type: \(CanonicalJSON.string(directive)) in map: \(CanonicalJSON.string(item))")
      }
    }
    if replace { return .array(additions) }
    var kept: [Value] = []
    for item in old.items where !deleted.contains(try StrategicMergePatch.identity(item, mergeKey)) {
      kept.append(item)
    }
    var all = kept
    var position = try StrategicMergePatch.positions(kept, mergeKey)
    for item in additions {
      let id = try StrategicMergePatch.identity(item, mergeKey)
      if let at = position[id] {
        all[at] = try maps(all[at], item, facts.type?.itemFacts)
      } else {
        position[id] = all.count
        all.append(executing ? StrategicApply.withoutDirectives(item) : item)
      }
    }
    return .array(
      try StrategicMergePatch.ordered(all, patchOrder: additions, serverOrder: kept, mergeKey))
  }

  static func unique(_ items: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return items.filter { seen.insert($0).inserted }
  }

  /// The list of a field that has a `$setElementOrder` beside it; nil if there is no list.
  private func orderedList(
    _ target: Value, _ patch: [Field], _ field: Key, _ order: Value, _ facts: (any MergeFacts)?
  ) throws(MergeError) -> Value? {
    guard order.isArray else { throw MergeError("invalid patch format of setElementOrder list") }
    let old = target.get(field)
    let change = patch.first { $0.key == field }?.value
    if let old, !old.isArray { throw MergeError("expected a list in \(field)") }
    if let change, !change.isArray { throw MergeError("expected a list in \(field)") }
    guard let facts = facts?.mergeField(field) else {
      throw MergeError("unable to find api field for the json field \"\(field)\"")
    }
    let merged: Value
    switch (old, change) {
    case (nil, nil): return nil
    case (.some(let old), nil): merged = old
    case (nil, .some(let change)): merged = executing ? StrategicApply.withoutDirectives(change) : change
    case (.some(let old), .some(let change)):
      merged = facts.strategy == .merge ? try list(old, change, facts) : change
    }
    let content = try StrategicMergePatch.content(old ?? .emptyArray, change ?? .emptyArray)
    return .array(
      try StrategicMergePatch.ordered(
        Array(merged.items), patchOrder: Array(order.items),
        serverOrder: try liveOrder(old ?? .emptyArray, change, facts), content == .maps ? facts.mergeKey : nil
      ))
  }

  /// The live list as it stands when the order is made: what the patch deletes is taken out of it in place, which
  /// moves the rest up and leaves room at its end, and what it adds is written into that room
  /// (`mergePatchIntoOriginal` keeps the slice that `mergeSlice` works on).
  private func liveOrder(_ old: Value, _ change: Value?, _ facts: FieldMergeFacts) throws(MergeError)
    -> [Value]
  {
    var live = Array(old.items)
    guard executing, let change, facts.strategy == .merge, let mergeKey = facts.mergeKey else { return live }
    var length = live.count
    for item in change.items where StrategicMergePatch.isDeletion(item) {
      let gone = try StrategicMergePatch.identity(item, mergeKey)
      while let at = live[..<length].firstIndex(where: { $0.get(mergeKey) == gone }) {
        for i in at..<length - 1 { live[i] = live[i + 1] }
        length -= 1
      }
    }
    for item in change.items where !item.has(StrategicMergePatch.patchKey) && length < live.count {
      let id = try StrategicMergePatch.identity(item, mergeKey)
      if live[..<length].contains(where: { $0.get(mergeKey) == id }) { continue }
      live[length] = item
      length += 1
    }
    return live
  }

  /// Executes `$deleteFromPrimitiveList`.
  private func deleting(
    _ target: Value, _ deletions: [(field: Key, list: Value, key: Key)]
  ) throws(MergeError) -> Value {
    var out = target
    for (field, list, _) in deletions {
      guard let old = out.get(field) else { continue }
      let gone = Set(list.items)
      out[field] = .array(old.items.filter { !gone.contains($0) })
    }
    return out
  }
}
