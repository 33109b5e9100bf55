import APIMachinery

/// The resource that serves a kind, as far as the state's paths need it.
public struct StateResource: Hashable, Sendable {
  public var plural: String
  public var namespaced: Bool
  public init(plural: String, namespaced: Bool) {
    self.plural = plural
    self.namespaced = namespaced
  }
}

/// Tells the resource of a kind. Kinds that it does not know (custom kinds, before their definitions are loaded)
/// are read as the directory names them.
public protocol StateLayout: Sendable {
  func resource(of kind: GroupKind) -> StateResource?
}

/// One file of objects: those of one resource, version and namespace.
struct ShardPath: Hashable, Sendable {
  /// Empty for the core group.
  var group: String
  var version: String
  var plural: String
  /// Empty for cluster-scoped resources.
  var namespace: String

  static let root = "objects"
  static let coreGroup = "core"
  static let clusterFile = "_cluster"
  static let suffix = ".jsonl"

  var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

  var directory: String {
    "\(Self.root)/\(group.isEmpty ? Self.coreGroup : group)/\(version)/\(plural)"
  }

  /// `objects/apps/v1/deployments/shop.jsonl`.
  var relative: String {
    "\(directory)/\(namespace.isEmpty ? Self.clusterFile : namespace)\(Self.suffix)"
  }

  init(group: String, version: String, plural: String, namespace: String) {
    self.group = group
    self.version = version
    self.plural = plural
    self.namespace = namespace
  }

  /// From a path below `state/`; nil if it is none of a shard.
  init?(relative: String) {
    let parts = relative.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 5, parts[0] == Self.root, parts[4].hasSuffix(Self.suffix) else { return nil }
    let file = String(parts[4].dropLast(Self.suffix.count))
    guard parts[1...3].allSatisfy(Self.isSafe), file == Self.clusterFile || Self.isSafe(file) else {
      return nil
    }
    self.init(
      group: parts[1] == Self.coreGroup ? "" : parts[1], version: parts[2], plural: parts[3],
      namespace: file == Self.clusterFile ? "" : file)
  }

  /// Whether a part may stand in a path: lower-case letters, digits, `-` and `.`, not at the beginning.
  static func isSafe(_ part: String) -> Bool {
    guard let first = part.utf8.first, first != 0x2E, first != 0x2D, part.utf8.count <= 253 else {
      return false
    }
    return part.utf8.allSatisfy {
      ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2D || $0 == 0x2E
    }
  }

  var isSafe: Bool {
    (group.isEmpty || (Self.isSafe(group) && group != Self.coreGroup)) && Self.isSafe(version)
      && Self.isSafe(plural) && (namespace.isEmpty || Self.isSafe(namespace))
  }
}
