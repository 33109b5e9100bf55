import API
import APIMachinery

/// The text of `explain`, from the type of a kind.
struct SchemaExplanation {
  private(set) var lines: [String] = []
  private let info: KindInfo
  private let isRecursive: Bool

  init(_ info: KindInfo, version: String, isRecursive: Bool) {
    self.info = info
    self.isRecursive = isRecursive
    if !info.group.isEmpty { lines.append("GROUP:      \(info.group)") }
    lines += ["KIND:       \(info.kind)", "VERSION:    \(version)", ""]
  }

  /// Describes the place at `path`; gives the name of a field that does not exist, or nil.
  mutating func write(_ root: SchemaType, _ path: [String]) -> String? {
    var type = root
    var field: SchemaField?
    for name in path {
      guard let next = Self.inner(type).field(Key(name)) else { return name }
      field = next
      type = next.type
    }
    if let field {
      lines.append("FIELD: \(field.key.string) <\(Self.name(type))>")
      for fact in facts(field, path) { lines.append("    \(fact)") }
      lines.append("")
    }
    if let text = type.rules?.source["description"].string, !text.isEmpty {
      lines.append("DESCRIPTION:")
      for line in Self.wrapped(text, 76) { lines.append("    \(line)") }
      lines.append("")
    }
    let fields = Self.inner(type).fields
    if !fields.isEmpty {
      lines.append("FIELDS:")
      list(fields, path, 2, [])
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return nil
  }

  private mutating func list(_ fields: [SchemaField], _ path: [String], _ indent: Int, _ above: [SchemaType])
  {
    for field in fields {
      let place = path + [field.key.string]
      let inner = Self.inner(field.type)
      let all = facts(field, place)
      let margin = String(repeating: " ", count: indent)
      let tail = all.isEmpty ? "" : "  " + all.joined(separator: "; ")
      lines.append("\(margin)\(field.key.string) <\(Self.name(field.type))>\(tail)")
      if isRecursive, !above.contains(where: { $0 === inner }) {
        list(inner.fields, place, indent + 2, above + [inner])
      }
    }
  }

  /// The type below lists and maps.
  private static func inner(_ type: SchemaType) -> SchemaType {
    var type = type
    while type.shape == .list || type.shape == .map, let element = type.element { type = element }
    return type
  }

  private static func name(_ type: SchemaType) -> String {
    switch type.shape {
    case .any: return "Object"
    case .object:
      return type.name.split(separator: ".").last.map(String.init) ?? "Object"
    case .map: return "map[string]" + (type.element.map { name($0) } ?? "Object")
    case .list: return "[]" + (type.element.map { name($0) } ?? "Object")
    case .bool: return "boolean"
    case .int32, .int64: return "integer"
    case .double: return "number"
    case .quantity: return "Quantity"
    case .intOrString: return "IntOrString"
    case .time: return "Time"
    case .microTime: return "MicroTime"
    case .bytes: return "bytes"
    case .string: return "string"
    case .schemaOrArray, .schemaOrBool, .schemaOrStrings: return "JSONSchemaProps"
    }
  }

  private func facts(_ field: SchemaField, _ path: [String]) -> [String] {
    var out: [String] = []
    let inner = Self.inner(field.type)
    if field.isRequired { out.append("required") }
    if let value = field.defaultValue { out.append("default \(CanonicalJSON.string(value))") }
    if !inner.allowed.isEmpty { out.append("one of \(inner.allowed.joined(separator: ", "))") }
    switch field.type.listType {
    case .map: out.append("merged by \(field.type.listKeys.map(\.string).joined(separator: ", "))")
    case .set: out.append("a set")
    case .atomic: out.append("replaced as a whole")
    case nil: break
    }
    if field.type.listType == nil, field.isAtomic || field.type.isAtomicMap {
      out.append("replaced as a whole")
    }
    if let source = field.type.rules?.source {
      for key in [
        "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "format",
      ] {
        if let bound = source.get(Key(key)) { out.append("\(key) \(CanonicalJSON.string(bound))") }
      }
    }
    // Said once, where it begins.
    if let effect = ChangeEffect.of(info.groupKind, path),
      lines.count < 8 || ChangeEffect.of(info.groupKind, Array(path.dropLast())) != effect
    {
      out.append(effect.rawValue)
    }
    return out
  }

  private static func wrapped(_ text: String, _ width: Int) -> [String] {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = ""
      for word in paragraph.split(separator: " ") {
        if !line.isEmpty, line.count + word.count + 1 > width {
          lines.append(line)
          line = ""
        }
        line += line.isEmpty ? String(word) : " " + word
      }
      lines.append(line)
    }
    return lines
  }
}
