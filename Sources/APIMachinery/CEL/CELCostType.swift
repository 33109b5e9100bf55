/// How large a value of a schema can be in one request, for the estimated cost of rules
/// (`apiserver/pkg/cel/common/schemas.go`, `apiserver/pkg/cel/types.go`).
final class CELCostType: @unchecked Sendable {
  enum Kind { case scalar, string, bytes, list, map, object, dyn }

  let kind: Kind
  /// Characters, items or entries; 0 where size means nothing.
  let most: UInt64
  /// The bytes of the shortest value in JSON.
  let least: UInt64
  let element: CELCostType?
  let fields: [String: CELCostType]

  /// What one request may carry.
  static let request: UInt64 = 3 * 1024 * 1024

  private init(
    _ kind: Kind, most: UInt64 = 0, least: UInt64, element: CELCostType? = nil,
    fields: [String: CELCostType] = [:]
  ) {
    self.kind = kind
    self.most = most
    self.least = least
    self.element = element
    self.fields = fields
  }

  static let text = CELCostType(.string, most: request - 2, least: 2)
  /// A key of a map, whose length is not counted.
  static let key = CELCostType(.string, least: 2)

  /// The type of a structural schema; nil where nothing is known of it.
  static func of(_ schema: Value, isRoot: Bool = false, depth: Int = 0) -> CELCostType? {
    guard schema.isObject, depth < 500 else { return nil }
    if schema["x-kubernetes-int-or-string"].bool == true {
      return CELCostType(.dyn, most: request - 2, least: 1)
    }
    switch schema[.type].string {
    case "array": return array(schema, depth)
    case "object": return object(schema, isRoot, depth)
    case "string": return string(schema)
    case "boolean": return CELCostType(.scalar, least: 4)
    case "integer", "number": return CELCostType(.scalar, least: 1)
    default: return nil
    }
  }

  private static func array(_ schema: Value, _ depth: Int) -> CELCostType? {
    guard let element = of(schema[.items], depth: depth + 1) else { return nil }
    let most = limit(schema[.maxItems]) ?? (request - 2) / (element.least + 1)
    return CELCostType(.list, most: most, least: 2, element: element)
  }

  private static func object(_ schema: Value, _ isRoot: Bool, _ depth: Int) -> CELCostType? {
    if schema[.additionalProperties].isObject {
      guard let element = of(schema[.additionalProperties], depth: depth + 1) else { return nil }
      // A key of nothing, its quotes, a colon and a comma go with each value.
      let most = limit(schema[.maxProperties]) ?? (request - 2) / (element.least + 6)
      return CELCostType(.map, most: most, least: 2, element: element)
    }
    let required = Set(schema[.required].items.compactMap(\.string))
    var fields: [String: CELCostType] = [:]
    var least: UInt64 = 2
    for property in schema[.properties].fields {
      let name = property.key.string
      guard let inner = of(property.value, depth: depth + 1) else { continue }
      fields[name] = inner
      if required.contains(name), !property.value.has(.`default`) {
        least += UInt64(name.utf8.count) + inner.least + 4
      }
    }
    if isRoot || schema["x-kubernetes-embedded-resource"].bool == true {
      fields["kind"] = text
      fields["apiVersion"] = text
      fields["metadata"] = CELCostType(.object, least: 2, fields: ["name": text, "generateName": text])
    }
    return CELCostType(.object, least: least, fields: fields)
  }

  private static func string(_ schema: Value) -> CELCostType {
    switch schema[.format].string {
    case "byte":
      return CELCostType(.bytes, most: limit(schema[.maxLength]) ?? request - 2, least: 2)
    case "duration": return CELCostType(.scalar, most: 32, least: 3)
    case "date": return CELCostType(.scalar, most: 12, least: 12)
    case "date-time": return CELCostType(.scalar, most: 32, least: 5)
    default: break
    }
    if let length = limit(schema[.maxLength]) {
      // Lengths are those of characters, of which one may take four bytes.
      return CELCostType(.string, most: length.multipliedReportingOverflow(by: 4).partialValue, least: 2)
    }
    let longest = schema[.enum].items.compactMap { $0.string?.utf8.count }.max()
    return longest.map { CELCostType(.string, most: UInt64($0), least: 2) } ?? text
  }

  private static func limit(_ value: Value) -> UInt64? { value.int.map { UInt64(Swift.max($0, 0)) } }

  /// How many such values one request can carry (`maxCardinality`).
  var mostInRequest: UInt64 { Self.request / (least + 1) }
}
