/// Where in an object something stands: `.spec.containers[name=api].image`. Items of a list are named by their
/// keys where the schema knows them, else by number.
public struct FieldPath: Hashable, Sendable {
  public enum Element: Hashable, Sendable {
    case field(Key)
    case index(Int)
    /// An item of a keyed list: its key fields in the order of the schema.
    case item([ItemKey])
    /// An item of a set.
    case value(Value)
  }

  public struct ItemKey: Hashable, Sendable {
    public var name: Key
    public var value: Value
    public init(_ name: Key, _ value: Value) {
      self.name = name
      self.value = value
    }
  }

  public var elements: [Element]
  public init(_ elements: [Element] = []) { self.elements = elements }
  public init(_ keys: Key...) { elements = keys.map { .field($0) } }

  public static let root = FieldPath([Element]())

  public func appending(_ element: Element) -> FieldPath { FieldPath(elements + [element]) }
  public func appending(_ key: Key) -> FieldPath { appending(.field(key)) }
  public func appending(_ index: Int) -> FieldPath { appending(.index(index)) }

  /// Whether `prefix` leads here.
  public func hasPrefix(_ prefix: FieldPath) -> Bool {
    elements.starts(with: prefix.elements)
  }

  /// What stands there, or nil.
  public func value(in root: Value) -> Value? {
    var at = root
    for element in elements {
      switch element {
      case .field(let key):
        guard let next = at.get(key) else { return nil }
        at = next
      case .index(let i):
        guard at.isArray, i >= 0, i < at.count else { return nil }
        at = at[i]
      case .item(let keys):
        guard let next = at.items.first(where: { item in keys.allSatisfy { item[$0.name] == $0.value } })
        else { return nil }
        at = next
      case .value(let wanted):
        guard at.items.contains(wanted) else { return nil }
        at = wanted
      }
    }
    return at
  }
}

extension Value: Hashable {
  public func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

extension FieldPath: CustomStringConvertible {
  /// `.spec.containers[name=api].image`; `.` for the whole object.
  public var description: String { elements.isEmpty ? "." : text(dotFirst: true) }

  /// As the API server names fields: `spec.containers[0].image`.
  public var validation: String { text(dotFirst: false) }

  private func text(dotFirst: Bool) -> String {
    var out = ""
    for (i, element) in elements.enumerated() {
      switch element {
      case .field(let key):
        let name = key.string
        if FieldPath.isPlain(name) {
          if i > 0 || dotFirst { out += "." }
          out += name
        } else {
          out += "[" + FieldPath.escaped(name) + "]"
        }
      case .index(let n): out += "[\(n)]"
      case .item(let keys):
        let parts = keys.map { $0.name.string + "=" + FieldPath.scalar($0.value) }
        out += "[" + parts.joined(separator: ",") + "]"
      case .value(let value): out += "[=" + FieldPath.scalar(value) + "]"
      }
    }
    return out
  }

  /// Names that need no brackets.
  private static func isPlain(_ name: String) -> Bool {
    guard let first = name.utf8.first, first < 48 || first > 57 else { return false }
    return name.utf8.allSatisfy { c in
      (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c == 95 || c == 45 || c == 36
    }
  }

  /// A text without quotes unless it would be read as something else.
  private static func scalar(_ value: Value) -> String {
    guard case .string(let text) = value else { return CanonicalJSON.string(value) }
    let bytes = text.utf8
    let special: Set<UInt8> = [0x22, 0x2C, 0x5B, 0x5D, 0x5C, 0x3D]
    let plain = !bytes.isEmpty && bytes.allSatisfy { $0 > 0x20 && !special.contains($0) }
    if plain, case .failure = JSON.parse(text.utf8) { return text.string }
    return CanonicalJSON.string(value)
  }

  private static func escaped(_ name: String) -> String {
    let bytes = Array(name.utf8)
    let special: Set<UInt8> = [0x22, 0x5B, 0x5D, 0x5C, 0x3D]
    let number = !bytes.isEmpty && bytes.allSatisfy { $0 >= 48 && $0 <= 57 }
    if bytes.isEmpty || number || bytes.contains(where: { special.contains($0) || $0 < 0x20 }) {
      return CanonicalJSON.string(.string(name))
    }
    return name
  }
}

extension FieldPath {
  /// Reads both spellings; nil if the text is no path.
  public init?(_ text: String) {
    var reader = FieldPathReader(bytes: Array(text.utf8))
    guard let elements = reader.elements() else { return nil }
    self.elements = elements
  }
}

/// Reads the text of a path.
private struct FieldPathReader {
  var bytes: [UInt8]
  var at = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

  mutating func elements() -> [FieldPath.Element]? {
    var out: [FieldPath.Element] = []
    if bytes == [46] { return out }
    while let c = peek {
      if c == 0x5B {
        at += 1
        guard let element = bracket() else { return nil }
        out.append(element)
        continue
      }
      if c == 46 {
        at += 1
      } else if !out.isEmpty {
        return nil
      }
      let start = at
      while let c = peek, c != 46, c != 0x5B { at += 1 }
      if at == start { return nil }
      out.append(.field(Key(String(decoding: bytes[start..<at], as: UTF8.self))))
    }
    return out
  }

  /// What stands in brackets: a number, a name, `=value` or `key=value,…`.
  private mutating func bracket() -> FieldPath.Element? {
    if peek == 61 {
      at += 1
      guard let value = scalar(), take(0x5D) else { return nil }
      return .value(value)
    }
    if peek == 0x22 {
      guard let value = scalar(), let name = value.string, take(0x5D) else { return nil }
      return .field(Key(name))
    }
    guard let close = bytes[at...].firstIndex(of: 0x5D) else { return nil }
    guard let equal = bytes[at...].firstIndex(of: 61), equal < close else {
      let inner = String(decoding: bytes[at..<close], as: UTF8.self)
      at = close + 1
      if let n = Int(inner), n >= 0 { return .index(n) }
      return inner.isEmpty ? nil : .field(Key(inner))
    }
    var keys: [FieldPath.ItemKey] = []
    while true {
      let start = at
      while let c = peek, c != 61, c != 0x5D { at += 1 }
      let name = String(decoding: bytes[start..<at], as: UTF8.self)
      guard !name.isEmpty, take(61), let value = scalar() else { return nil }
      keys.append(FieldPath.ItemKey(Key(name), value))
      if take(0x5D) { return .item(keys) }
      guard take(0x2C) else { return nil }
    }
  }

  private mutating func take(_ c: UInt8) -> Bool {
    guard peek == c else { return false }
    at += 1
    return true
  }

  private mutating func scalar() -> Value? {
    if peek == 0x22 {
      let read = bytes.withUnsafeBufferPointer { JSON.parsePrefix($0, from: at) }
      guard case .success(let (value, end)) = read else { return nil }
      at = end
      return value
    }
    let start = at
    while let c = peek, c != 0x2C, c != 0x5D { at += 1 }
    guard at > start else { return nil }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    if case .success(let value) = JSON.parse(text), !value.isArray, !value.isObject { return value }
    return .string(text)
  }
}
