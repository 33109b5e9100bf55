/// What decoding into Kubernetes' Go types and the unconditional defaults make of an object: nulls, unknown
/// fields and zeros with omitempty go, defaults and always-printed fields come, quantities and times get
/// their one spelling.
///
/// Subtrees that stay as they are are shared; an object that is complete comes back as the same node.
public enum SchemaDefault {
  /// The object as the API server would hold it before the defaults that depend on other fields.
  public static func apply(_ value: Value, _ type: SchemaType) -> Value {
    if type.rules != nil {
      var walk = StructuralWalk()
      return walk.fill(walk.prune(value, type), type)
    }
    return changed(value, type) ?? value
  }

  /// The same for an update of `old`, which is complete: what is equal in both is not looked at again.
  public static func apply(_ value: Value, _ type: SchemaType, over old: Value?) -> Value {
    guard let old, type.rules == nil else { return apply(value, type) }
    return changed(value, type, old) ?? value
  }

  /// The zero of a type as JSON prints it.
  static func zero(_ type: SchemaType) -> Value {
    switch type.shape {
    case .object: type.zero
    case .string: .string(emptyText)
    case .bool: .bool(false)
    case .int32, .int64, .double, .intOrString: .small(0)
    case .quantity: .string(zeroText)
    case .any, .map, .list, .time, .microTime, .bytes, .schemaOrArray, .schemaOrBool, .schemaOrStrings: .null
    }
  }

  nonisolated(unsafe) private static let emptyText = Text.make("")
  nonisolated(unsafe) private static let zeroText = Text.make("0")

  /// What `value` becomes, or nil if it stays. A value of a wrong type stays: that is for the check to say.
  private static func changed(_ value: Value, _ type: SchemaType, _ old: Value? = nil) -> Value? {
    if let old, old == value { return nil }
    return switch type.shape {
    case .object: object(value, type, old)
    case .map: map(value, type)
    case .list: list(value, type, old)
    case .quantity: quantity(value)
    case .time: value.string.flatMap { ScalarText.time($0) }.flatMap { differing($0, value) }
    case .microTime: value.string.flatMap { ScalarText.microTime($0) }.flatMap { differing($0, value) }
    case .bytes: bytes(value)
    case .schemaOrArray, .schemaOrBool, .schemaOrStrings: schemaOr(value, type)
    case .any, .string, .bool, .int32, .int64, .double, .intOrString: nil
    }
  }

  private static func differing(_ text: String, _ value: Value) -> Value? {
    let made = Value.string(text)
    return made == value ? nil : made
  }

  private static func quantity(_ value: Value) -> Value? {
    guard let parsed = Quantity(value) else { return nil }
    return differing(parsed.canonical, value)
  }

  /// Line ends within base64 are passed over when reading.
  private static func bytes(_ value: Value) -> Value? {
    guard let text = value.text, text.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D }) else { return nil }
    return .string(String(decoding: text.utf8.filter { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self))
  }

  private static func schemaOr(_ value: Value, _ type: SchemaType) -> Value? {
    guard let element = type.element else { return nil }
    if value.isObject { return object(value, element) }
    guard value.isArray, type.shape == .schemaOrArray else { return nil }
    return items(value, element)
  }

  // MARK: - Lists and maps

  private static func list(_ value: Value, _ type: SchemaType, _ old: Value?) -> Value? {
    guard let element = type.element else { return nil }
    return items(value, element, old)
  }

  private static func items(_ value: Value, _ element: SchemaType, _ old: Value? = nil) -> Value? {
    guard case .array(let node) = value else { return nil }
    var out: [Value]?
    // Lists mostly keep their order: the old items are followed, one that came or went is stepped over.
    let known = old?.items ?? Value.emptyArray.items
    var at = 0
    for i in 0..<node.count {
      let item = node[i]
      if let step = (0..<2).first(where: { at + $0 < known.count && known[at + $0] == item }) {
        at += step + 1
        out?.append(item)
        continue
      }
      let new = item.isNull ? (element.shape == .any ? nil : zero(element)) : changed(item, element)
      if let new {
        if out == nil { out = (0..<i).map { node[$0] } }
        out?.append(new)
      } else {
        out?.append(item)
      }
    }
    return out.map { .array($0) }
  }

  private static func map(_ value: Value, _ type: SchemaType) -> Value? {
    guard case .object(let node) = value, let element = type.element else { return nil }
    if element.shape == .string && !value.fields.contains(where: { $0.value.isNull }) { return nil }
    var out: [Field]?
    for i in 0..<node.count {
      let field = node[i]
      let new = field.value.isNull ? zero(element) : changed(field.value, element)
      if let new {
        if out == nil { out = (0..<i).map { node[$0] } }
        out?.append(Field(field.key, new))
      } else {
        out?.append(field)
      }
    }
    return out.map { Value.objectOfSorted($0) }
  }

  // MARK: - Structs

  private static func object(_ value: Value, _ type: SchemaType, _ old: Value? = nil) -> Value? {
    guard case .object(let node) = value else { return nil }
    if node.count == 0 { return type.zero.isEmpty ? nil : type.zero }
    var out: [Field] = []
    var isChanged = false
    let count = node.count
    let (keys, values) = (node.keys, node.values)
    var i = 0
    func keepSoFar() {
      if isChanged { return }
      isChanged = true
      out.reserveCapacity(count + 8)
      for j in 0..<i { out.append(node[j]) }
    }
    for field in type.fields {
      // Given fields that the type does not know are dropped.
      let key = field.key
      while i < count, keys[i] < key {
        keepSoFar()
        i += 1
      }
      let isHere = i < count && keys[i] == key
      guard isHere, !values[i].isNull else {
        let isNull = isHere
        let staysNull = isNull && field.absent?.isNull == true
        if (isNull || field.absent != nil) && !staysNull { keepSoFar() }
        if let absent = field.absent, isChanged { out.append(Field(key, absent)) }
        if isNull { i += 1 }
        continue
      }
      let place = values + i
      let new = stays(field.type.shape) ? nil : changed(place.pointee, field.type, old?.get(key))
      if isLeftOut(new ?? place.pointee, field) {
        keepSoFar()
        if let absent = field.absent { out.append(Field(key, absent)) }
      } else if let new {
        keepSoFar()
        out.append(Field(key, new))
      } else if isChanged {
        out.append(node[i])
      }
      i += 1
    }
    if i < count { keepSoFar() }
    return isChanged ? Value.objectOfSorted(out) : nil
  }

  /// Whether a value of the shape is kept as it is, whatever it is.
  private static func stays(_ shape: SchemaType.Shape) -> Bool {
    switch shape {
    case .any, .string, .bool, .int32, .int64, .double, .intOrString: true
    default: false
    }
  }

  /// Whether a given value counts as none: a zero that omitempty leaves out or that a default replaces.
  private static func isLeftOut(_ value: Value, _ field: SchemaField) -> Bool {
    switch field.presence {
    case .given: false
    case .nonzero: isZero(value, field.type)
    case .always: field.defaultValue != nil && isZero(value, field.type)
    }
  }

  private static func isZero(_ value: Value, _ type: SchemaType) -> Bool {
    switch value {
    case .bool(let b): !b
    case .small(let n): n == 0
    case .string(let t): t.count == 0
    case .array(let a): a.count == 0
    case .object(let o): o.count == 0
    case .null: true
    case .number: value.double == 0
    }
  }
}
