import APIMachinery

/// A Go type as it is printed.
struct GoType: Sendable {
  indirect enum Form: Sendable {
    case text, bool, integer
    case pointer(GoType)
    case list(GoType)
    case texts, resources
    case quantity, intOrString, time
    /// A structure, or a type of texts that has a name.
    case named
  }
  let name: String
  let form: Form

  init(_ name: String) {
    self.name = name
    if name.hasPrefix("*") {
      form = .pointer(GoType(String(name.dropFirst())))
    } else if name.hasPrefix("[]") {
      form = .list(GoType(String(name.dropFirst(2))))
    } else {
      form = Self.plain[name] ?? .named
    }
  }

  private static let plain: [String: Form] = [
    "string": .text, "bool": .bool, "int32": .integer, "int64": .integer, "map[string]string": .texts,
    "v1.ResourceList": .resources, "resource.Quantity": .quantity, "intstr.IntOrString": .intOrString,
    "v1.Time": .time,
  ]
}

/// The text that `k8s.io/apimachinery/pkg/util/dump.ForHash` makes of a structure, of which names are hashes.
struct GoDump {
  /// Something in the value has no known layout.
  private struct Unknown: Error {}
  private var out: [UInt8] = []

  /// The dump of a pod template; nil where something in it has a layout that is not known here.
  static func podTemplate(_ template: Value) -> [UInt8]? {
    var dump = GoDump()
    dump.out.reserveCapacity(4096)
    do { try dump.print(template, GoType("v1.PodTemplateSpec")) } catch { return nil }
    return dump.out
  }

  private mutating func put(_ text: String) { out += text.utf8 }

  private mutating func print(_ value: Value, _ type: GoType, isTyped: Bool = false) throws(Unknown) {
    if !isTyped { put("(\(type.name))") }
    switch type.form {
    case .pointer(let target):
      if value.isNull { put("<nil>") } else { try print(value, target, isTyped: true) }
    case .list(let element): try print(list: value, element)
    case .texts: try print(map: value) { (dump, text) throws(Unknown) in dump.put(try Self.text(text)) }
    case .resources:
      try print(map: value) { (dump, amount) throws(Unknown) in try dump.print(quantity: amount) }
    case .text: put(try Self.text(value))
    case .bool: put(value.bool ?? false ? "true" : "false")
    case .integer: put(String(value.int ?? 0))
    case .quantity: try print(quantity: value)
    case .intOrString: try print(intOrString: value)
    case .time:
      guard value.isNull else { throw Unknown() }
      put("{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}")
    case .named:
      if let fields = GoLayout.structures[type.name] {
        try print(fields, of: value)
      } else {
        put(try Self.text(value))
      }
    }
  }

  private static func text(_ value: Value) throws(Unknown) -> String {
    if value.isNull { return "" }
    guard let text = value.string else { throw Unknown() }
    return text
  }

  private mutating func print(_ fields: [GoLayout.Field], of value: Value) throws(Unknown) {
    put("{")
    for (i, field) in fields.enumerated() {
      put((i == 0 ? "" : " ") + field.name + ":")
      try print(field.json.isEmpty ? value : value[field.json], field.type)
    }
    put("}")
  }

  private mutating func print(list: Value, _ element: GoType) throws(Unknown) {
    if list.isEmpty { return put("<nil>") }
    put("[")
    for (i, item) in list.items.enumerated() {
      if i > 0 { put(" ") }
      try print(item, element, isTyped: true)
    }
    put("]")
  }

  private mutating func print(
    map: Value, _ element: (inout GoDump, Value) throws(Unknown) -> Void
  ) throws(Unknown) {
    if map.isEmpty { return put("<nil>") }
    put("map[")
    for (i, field) in map.fields.sorted(by: { $0.key < $1.key }).enumerated() {
      put((i == 0 ? "" : " ") + field.key.string + ":")
      try element(&self, field.value)
    }
    put("]")
  }

  private mutating func print(intOrString value: Value) throws(Unknown) {
    let number = value.int
    put("{Type:(intstr.Type)\(number == nil && !value.isNull ? 1 : 0)")
    put(" IntVal:(int32)\(number ?? 0) StrVal:(string)")
    if number == nil { put(try Self.text(value)) }
    put("}")
  }

  /// As `resource.ParseQuantity` keeps what it reads in its quick way: with the text where that is canonical.
  private mutating func print(quantity value: Value) throws(Unknown) {
    guard value.isNull || value.string != nil else { throw Unknown() }
    let text = value.string ?? ""
    var (amount, scale, format, kept) = (0, 0, "", "")
    if text == "0" {
      (format, kept) = ("DecimalSI", "0")
    } else if !text.isEmpty {
      let digits = text.prefix { $0.isASCII && $0.isNumber }
      let unit = String(text.dropFirst(digits.count))
      guard let number = Int(digits), let suffix = Self.suffixes[unit],
        digits.count <= (suffix.isBinary ? 14 - suffix.exponent * 3 / 10 : 18)
      else { throw Unknown() }
      format = suffix.isBinary ? "BinarySI" : "DecimalSI"
      amount = suffix.isBinary ? number << suffix.exponent : number
      scale = suffix.isBinary ? 0 : suffix.exponent
      let isCanonical =
        suffix.isBinary ? number & 7 != 0 : !digits.hasSuffix("000") && !digits.hasPrefix("0")
      if isCanonical { kept = text }
    }
    put("{i:(resource.int64Amount){value:(int64)\(amount) scale:(resource.Scale)\(scale)}")
    put(" d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)\(kept)")
    put(" Format:(resource.Format)\(format)}")
  }

  private static let suffixes: [String: (isBinary: Bool, exponent: Int)] = [
    "": (false, 0), "m": (false, -3), "k": (false, 3), "M": (false, 6), "G": (false, 9), "T": (false, 12),
    "Ki": (true, 10), "Mi": (true, 20), "Gi": (true, 30), "Ti": (true, 40),
  ]
}
