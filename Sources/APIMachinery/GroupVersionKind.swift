/// API group, version and kind of an object, as `apiVersion` and `kind` spell them.
public struct GroupVersionKind: Hashable, Sendable, CustomStringConvertible {
  public var group: String
  public var version: String
  public var kind: String

  public init(group: String, version: String, kind: String) {
    self.group = group
    self.version = version
    self.kind = kind
  }

  public init(apiVersion: String, kind: String) {
    if let slash = apiVersion.utf8.firstIndex(of: 47) {
      group = String(apiVersion[..<slash])
      version = String(apiVersion[apiVersion.index(after: slash)...])
    } else {
      group = ""
      version = apiVersion
    }
    self.kind = kind
  }

  public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
  public var groupKind: GroupKind { GroupKind(group: group, kind: kind) }
  public var description: String { "\(apiVersion), Kind=\(kind)" }
}

/// A kind without its version: what identifies a stored object's type. Four bytes (`Deployment.apps`, `Pod`).
public struct GroupKind: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let id: Key

  /// A kind that is known when this is compiled.
  @inlinable init(known number: UInt32) { id = Key(known: number) }

  public init(group: String, kind: String) { id = Key(group.isEmpty ? kind : "\(kind).\(group)") }

  /// From `apiVersion` and `kind` of an object or a reference.
  public init(apiVersion: String, kind: String) {
    if let slash = apiVersion.utf8.firstIndex(of: 47) {
      self.init(group: String(apiVersion[..<slash]), kind: kind)
    } else {
      self.init(group: "", kind: kind)
    }
  }

  /// Whether `init(apiVersion:kind:)` makes this kind of these; nothing is made for it.
  public func isSpelled(apiVersion: Text, kind: Text) -> Bool {
    let own = id.utf8
    let group = apiVersion.utf8.prefix { $0 != 47 }
    if group.isEmpty || group.count == apiVersion.count { return own.elementsEqual(kind.utf8) }
    return own.count == kind.count + 1 + group.count && own[kind.count] == 46
      && own.prefix(kind.count).elementsEqual(kind.utf8) && own.suffix(group.count).elementsEqual(group)
  }

  public var kind: String {
    let text = id.string
    guard let dot = text.utf8.firstIndex(of: 46) else { return text }
    return String(text[..<dot])
  }

  public var group: String {
    let text = id.string
    guard let dot = text.utf8.firstIndex(of: 46) else { return "" }
    return String(text[text.index(after: dot)...])
  }

  public var description: String { id.string }
  public static func < (a: GroupKind, b: GroupKind) -> Bool { a.id < b.id }
}

/// Which object: kind, namespace (empty for cluster-scoped kinds) and name. Twelve bytes, no references.
public struct ObjectKey: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let kind: GroupKind
  public let namespace: Key
  public let name: Key

  public init(_ kind: GroupKind, _ namespace: Key, _ name: Key) {
    self.kind = kind
    self.namespace = namespace
    self.name = name
  }

  public init(_ kind: GroupKind, namespace: String = "", name: String) {
    self.init(kind, Key(namespace), Key(name))
  }

  /// The key of `object` by its apiVersion, kind and metadata.
  public init(of object: Value) {
    self.init(
      GroupKind(apiVersion: object[.apiVersion].string ?? "", kind: object[.kind].string ?? ""),
      object.namespaceKey, object.nameKey)
  }

  public static func < (a: ObjectKey, b: ObjectKey) -> Bool {
    if a.kind != b.kind { return a.kind < b.kind }
    if a.namespace != b.namespace { return a.namespace < b.namespace }
    return a.name < b.name
  }

  /// `Deployment.apps shop/web`.
  public var description: String { namespace.isEmpty ? "\(kind) \(name)" : "\(kind) \(namespace)/\(name)" }
}
