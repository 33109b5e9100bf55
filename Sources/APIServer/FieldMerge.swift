import APIMachinery

/// The structured merge of an applied manifest into an object: objects and maps field by field, keyed lists item
/// by item, sets as unions, everything else as a whole (`structured-merge-diff/typed`).
enum FieldMerge {
  /// The steps below a value: those of its fields, or of its items where the list has keys or is a set.
  static func steps(_ value: Value, _ type: SchemaType?) -> [(step: Key, value: Value, type: SchemaType?)] {
    if value.isArray {
      return value.items.map { (itemStep($0, type), $0, type?.element) }
    }
    return value.fields.map { field in
      (Key("f:" + field.key.string), field.value, child(type, field.key))
    }
  }

  /// Whether a value has no steps below it that could belong to somebody else.
  static func isLeaf(_ value: Value, _ type: SchemaType?) -> Bool {
    if value.isArray { return !isGranular(type) }
    return !value.isObject || value.isEmpty || type?.isAtomicMap == true
  }

  private static func isGranular(_ type: SchemaType?) -> Bool {
    type?.listType == .map || type?.listType == .set
  }

  private static func child(_ type: SchemaType?, _ key: Key) -> SchemaType? {
    guard let type else { return nil }
    return type.shape == .map ? type.element : type.field(key)?.type
  }

  private static func itemStep(_ item: Value, _ type: SchemaType?) -> Key {
    guard let type, type.listType == .map else { return Key("v:" + CanonicalJSON.string(item)) }
    var keys = Value.emptyObject
    for key in type.listKeys {
      // A key that is left out has its default.
      if let given = item.get(key) ?? type.element?.field(key)?.defaultValue { keys[key] = given }
    }
    return Key("k:" + CanonicalJSON.string(keys))
  }

  static func merge(_ new: Value, into old: Value, _ type: SchemaType?) -> Value {
    if new.isArray, old.isArray, isGranular(type) {
      var items = Array(old.items)
      var places: [Key: Int] = [:]
      for (i, item) in items.enumerated() { places[itemStep(item, type)] = i }
      for item in new.items {
        let step = itemStep(item, type)
        if let i = places[step] {
          items[i] = merge(item, into: items[i], type?.element)
        } else {
          places[step] = items.count
          items.append(item)
        }
      }
      return .array(items)
    }
    guard new.isObject, old.isObject, type?.isAtomicMap != true else { return new }
    var out = old
    for field in new.fields {
      if field.value.isNull {
        out.remove(field.key)
      } else if let was = old.get(field.key) {
        out[field.key] = merge(field.value, into: was, child(type, field.key))
      } else {
        out[field.key] = field.value
      }
    }
    return out
  }

  /// Takes the places of a set out of a value.
  static func remove(_ set: Value, from value: inout Value, _ type: SchemaType?) {
    if set.isEmpty { return }
    if value.isArray {
      var kept: [Value] = []
      for item in value.items {
        guard let below = set.get(itemStep(item, type)) else {
          kept.append(item)
          continue
        }
        // The item itself is given up, not only fields of it.
        if below.isEmpty || below.has(".") { continue }
        var item = item
        remove(below, from: &item, type?.element)
        kept.append(item)
      }
      value = .array(kept)
      return
    }
    for field in set.fields where field.key.string.hasPrefix("f:") {
      let key = Key(String(field.key.string.dropFirst(2)))
      guard let inner = value.get(key) else { continue }
      if field.value.isEmpty {
        value.remove(key)
        continue
      }
      var rest = inner
      remove(field.value, from: &rest, child(type, key))
      if rest.isEmpty, !inner.isEmpty { value.remove(key) } else { value[key] = rest }
    }
  }

  /// The places of a set where two values differ.
  static func differing(_ set: Value, _ a: Value, _ b: Value, _ type: SchemaType?) -> Value {
    var out = Value.emptyObject
    let left = steps(a, type)
    let right = steps(b, type)
    for field in set.fields {
      let x = left.first { $0.step == field.key }
      let y = right.first { $0.step == field.key }
      if field.value.isEmpty {
        if x?.value != y?.value { out[field.key] = [:] }
      } else {
        let below = differing(field.value, x?.value ?? .null, y?.value ?? .null, x?.type ?? y?.type)
        if !below.isEmpty { out[field.key] = below }
      }
    }
    return out
  }
}
