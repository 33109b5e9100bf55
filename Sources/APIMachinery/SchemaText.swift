/// The types of a set of schema texts.
///
/// The notation, one type after another:
/// ```
/// DeploymentSpec:
///   replicas: int32? = 1; selector!: meta.LabelSelector?; strategy: DeploymentStrategy+ retainKeys;
///   ports: [ServicePort by port,protocol] merge:port; nodeSelector: {string} atomic
/// ```
/// - types: `string bool int32 int64 double quantity intstr time microtime bytes any`, `enum(A|B)`, `Name` of
///   this section, `section.Name`, `[T]`, `[T atomic]`, `[T set]`, `[T by key,key]`, `{T}` (a map to T);
/// - after the name: `!` required; after the type: `?` kept when zero (a pointer), `+` always printed,
///   `?+` null when absent, nothing: left out when zero;
/// - `= literal`: the default; then `merge`, `merge:key`, `replace`, `retainKeys` (patch strategy), `atomic`,
///   `in:Struct` (a Go struct embedded without a name, which decoding errors mention).
/// - a header `Name atomic:` makes every object of the type atomic.
public final class SchemaLibrary: @unchecked Sendable {
  public struct Problem: Error, CustomStringConvertible {
    public let section: String
    public let message: String
    public var description: String { "\(section): \(message)" }
  }

  private var types: [String: SchemaType] = [:]

  /// Reads all texts; types may refer to each other in any order.
  public init(_ sections: [(name: String, text: String)]) throws(Problem) {
    for (name, text) in sections {
      var reader = SchemaTextReader(section: name, text: text)
      for header in reader.headers() { types[name + "." + header] = SchemaType(.object) }
    }
    for (name, text) in sections {
      var reader = SchemaTextReader(section: name, text: text)
      reader.types = types
      try reader.readTypes()
    }
    var filled: Set<ObjectIdentifier> = []
    for name in types.keys { fillAbsent(types[name], &filled) }
  }

  /// Works out what stands for absent fields, inner types first. A struct never holds itself by value.
  private func fillAbsent(_ type: SchemaType?, _ filled: inout Set<ObjectIdentifier>) {
    guard let type, filled.insert(ObjectIdentifier(type)).inserted else { return }
    var zero: [Field] = []
    for field in type.fields {
      let inner = field.type
      if field.presence == .always || field.defaultValue == .emptyObject { fillAbsent(inner, &filled) }
      if let value = field.defaultValue {
        field.absent = value == .emptyObject && inner.shape == .object ? inner.zero : value
      } else if field.presence == .always {
        field.absent = SchemaDefault.zero(inner)
      } else if field.printsNull {
        field.absent = .null
      }
      if let absent = field.absent { zero.append(Field(field.key, absent)) }
    }
    type.zero = .object(zero)
  }

  /// The type `section.Name`.
  public subscript(_ name: String) -> SchemaType? { types[name] }

  public var names: [String] { types.keys.sorted() }
}

/// Reads one section's text.
struct SchemaTextReader {
  let section: String
  let bytes: [UInt8]
  var at = 0
  var types: [String: SchemaType] = [:]
  private var scalars: [String: SchemaType] = [:]

  init(section: String, text: String) {
    self.section = section
    bytes = Array(text.utf8)
  }

  /// The names of the types in this text.
  mutating func headers() -> [String] {
    var names: [String] = []
    for line in bytes.split(separator: 0x0A) where line.first != 0x20 {
      names.append(String(decoding: line.prefix { $0 != 0x20 && $0 != 0x3A }, as: UTF8.self))
    }
    return names
  }

  mutating func readTypes() throws(SchemaLibrary.Problem) {
    while at < bytes.count {
      let name = word()
      guard let type = types[section + "." + name] else { throw problem("no type \(name)") }
      type.name = goPackage + "." + name
      skipBlanks()
      if bytes[safe: at] != 0x3A {
        guard word() == "atomic" else { throw problem("\(name): a colon is missing") }
        type.isAtomicMap = true
      }
      at += 1
      skipSpace()
      var fields: [SchemaField] = []
      while at < bytes.count, bytes[at - 1] == 0x20 {
        fields.append(try field(of: name))
        if bytes[safe: at] == 0x3B { at += 1 }
        skipSpace()
      }
      type.fields = fields.sorted { $0.key < $1.key }
    }
  }

  /// Packages are named by their version: `v1`, or `v2` for the section `autoscaling2`.
  private var goPackage: String {
    let digits = section.utf8.reversed().prefix { $0 >= 0x30 && $0 <= 0x39 }
    return "v" + (digits.isEmpty ? "1" : String(decoding: digits.reversed(), as: UTF8.self))
  }

  private mutating func field(of owner: String) throws(SchemaLibrary.Problem) -> SchemaField {
    let name = word()
    guard !name.isEmpty else { throw problem("\(owner): a field name is missing") }
    let required = take(0x21)
    guard take(0x3A) else { throw problem("\(owner).\(name): a colon is missing") }
    skipBlanks()
    let field = SchemaField(Key(name), try type(of: owner + "." + name))
    field.isRequired = required
    field.presence = take(0x3F) ? .given : take(0x2B) ? .always : .nonzero
    field.printsNull = field.presence == .given && take(0x2B)
    skipBlanks()
    if take(0x3D) {
      skipBlanks()
      field.defaultValue = literal(field.type)
      skipBlanks()
    }
    while at < bytes.count, bytes[at] != 0x3B, bytes[at] != 0x0A {
      let option = word()
      switch option {
      case "replace": field.patchStrategy.insert(.replace)
      case "retainKeys": field.patchStrategy.insert(.retainKeys)
      case "atomic": field.isAtomic = true
      case "merge":
        field.patchStrategy.insert(.merge)
        if take(0x3A) { field.patchMergeKey = Key(word()) }
      case "in" where take(0x3A): field.embedded = word()
      default: throw problem("\(owner).\(name): unknown word \(option)")
      }
      skipBlanks()
    }
    return field
  }

  private mutating func type(of place: String) throws(SchemaLibrary.Problem) -> SchemaType {
    if take(0x5B) { return try list(of: place) }
    if take(0x7B) {
      let map = SchemaType(.map)
      map.element = try type(of: place)
      guard take(0x7D) else { throw problem("\(place): } is missing") }
      return map
    }
    let name = word()
    if name == "enum" { return try enumeration(of: place) }
    if let scalar = scalars[name] { return scalar }
    if let shape = Self.shapes[name] {
      let scalar = SchemaType(shape)
      if shape.rawValue >= SchemaType.Shape.schemaOrArray.rawValue {
        scalar.element = types[section + ".JSONSchemaProps"]
      }
      scalars[name] = scalar
      return scalar
    }
    guard let type = types[name.utf8.contains(0x2E) ? name : section + "." + name] else {
      throw problem("\(place): no type \(name)")
    }
    return type
  }

  private mutating func list(of place: String) throws(SchemaLibrary.Problem) -> SchemaType {
    let list = SchemaType(.list)
    list.element = try type(of: place)
    skipBlanks()
    if bytes[safe: at] != 0x5D {
      switch word() {
      case "atomic": list.listType = .atomic
      case "set": list.listType = .set
      case "by":
        list.listType = .map
        repeat {
          skipBlanks()
          list.listKeys.append(Key(word()))
        } while take(0x2C)
      default: throw problem("\(place): unknown kind of list")
      }
    }
    guard take(0x5D) else { throw problem("\(place): ] is missing") }
    return list
  }

  private mutating func enumeration(of place: String) throws(SchemaLibrary.Problem) -> SchemaType {
    let type = SchemaType(.string)
    guard take(0x28), let end = bytes[at...].firstIndex(of: 0x29) else {
      throw problem("\(place): ( is missing")
    }
    for part in bytes[at..<end].split(separator: 0x7C) {
      type.allowed.append(String(decoding: part.drop { $0 == 0x20 || $0 == 0x0A }, as: UTF8.self))
    }
    at = end + 1
    return type
  }

  private mutating func literal(_ type: SchemaType) -> Value {
    if take(0x22) {
      let text = String(decoding: bytes[at...].prefix { $0 != 0x22 }, as: UTF8.self)
      at += text.utf8.count + 1
      return .string(text)
    }
    if take(0x7B) {
      at += 1
      return .emptyObject
    }
    if take(0x5B) {
      var items: [Value] = []
      while at < bytes.count, !take(0x5D) {
        items.append(scalarLiteral(type.element ?? type))
        _ = take(0x2C)
      }
      return .array(items)
    }
    return scalarLiteral(type)
  }

  private mutating func scalarLiteral(_ type: SchemaType) -> Value {
    let word = String(
      decoding: bytes[at...].prefix { $0 != 0x20 && $0 != 0x3B && $0 != 0x0A && $0 != 0x5D && $0 != 0x2C },
      as: UTF8.self)
    at += word.utf8.count
    if type.shape == .bool { return .bool(word == "true") }
    if type.shape != .string, let number = Int(word) { return .int(number) }
    return .string(word)
  }

  /// Letters, digits and `$-._`.
  private mutating func word() -> String {
    let from = at
    while at < bytes.count {
      let c = bytes[at] | 0x20
      guard
        c >= 0x61 && c <= 0x7A || bytes[at] >= 0x30 && bytes[at] <= 0x39 || bytes[at] == 0x24
          || bytes[at] == 0x2D || bytes[at] == 0x2E || bytes[at] == 0x5F
      else { break }
      at += 1
    }
    return String(decoding: bytes[from..<at], as: UTF8.self)
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard at < bytes.count, bytes[at] == byte else { return false }
    at += 1
    return true
  }

  /// Passes blanks and line ends within a type.
  private mutating func skipBlanks() {
    while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A && bytes[safe: at + 1] == 0x20 { at += 1 }
  }

  private mutating func skipSpace() {
    while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A { at += 1 }
  }

  private func problem(_ message: String) -> SchemaLibrary.Problem {
    SchemaLibrary.Problem(section: section, message: message)
  }

  private static let shapes: [String: SchemaType.Shape] = [
    "any": .any, "string": .string, "bool": .bool, "int32": .int32, "int64": .int64, "double": .double,
    "quantity": .quantity, "intstr": .intOrString, "time": .time, "microtime": .microTime, "bytes": .bytes,
    "schemaOrArray": .schemaOrArray, "schemaOrBool": .schemaOrBool, "schemaOrStrings": .schemaOrStrings,
  ]
}

extension Array {
  fileprivate subscript(safe i: Int) -> Element? { i >= 0 && i < count ? self[i] : nil }
}
