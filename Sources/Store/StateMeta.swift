import APIMachinery
import Basics

/// What the state knows beside its objects (`state/cluster.json`).
public struct StateMeta: Sendable, Equatable {
  /// Drawn when the state was made; plans and states of different lineages have nothing to do with each other.
  public var lineage: String
  /// Commits so far.
  public var serial: Int
  /// The virtual time at which the last pass ended.
  public var now: Instant
  public var seed: UInt64
  /// The last resourceVersion given to an object.
  public var resourceVersion: Int
  /// The objects that manifests brought here: what pruning may remove.
  public var inventory: [ObjectKey]
  /// What components remember from pass to pass.
  public var components: Value
  /// SHA-256 over all of the state's content; empty before the first commit.
  public internal(set) var digest: String

  public init(
    lineage: String, serial: Int = 0, now: Instant, seed: UInt64, resourceVersion: Int = 0,
    inventory: [ObjectKey] = [], components: Value = .emptyObject
  ) {
    self.lineage = lineage
    self.serial = serial
    self.now = now
    self.seed = seed
    self.resourceVersion = resourceVersion
    self.inventory = inventory
    self.components = components
    digest = ""
  }

  /// A new state's; the lineage comes from seed and time alone.
  public static func new(seed: UInt64, now: Instant) -> StateMeta {
    var random = RandomStream(seed: seed, label: "lineage \(now.nanoseconds)")
    return StateMeta(lineage: random.uuid(), now: now, seed: seed)
  }

  public var position: StateLineage { StateLineage(lineage: lineage, serial: serial, digest: digest) }
}

/// The text of `cluster.json`: the meta data and a digest for each file of objects.
struct ClusterFile: Sendable {
  static let name = "cluster.json"
  static let formatVersion = 2

  var meta: StateMeta
  /// By relative path.
  var shards: [String: String]

  private enum Name {
    static let components = Key("components")
    static let digest = Key("digest")
    static let formatVersion = Key("format_version")
    static let inventory = Key("inventory")
    static let lineage = Key("lineage")
    static let now = Key("now")
    static let resourceVersion = Key("resource_version")
    static let seed = Key("seed")
    static let serial = Key("serial")
    static let shards = Key("shards")
  }

  /// The content without its digest.
  private var content: Value {
    .fields(
      (Name.components, meta.components), (Name.formatVersion, .int(Self.formatVersion)),
      (Name.inventory, .array(meta.inventory.sorted().map { .string($0.description) })),
      (Name.lineage, .string(meta.lineage)), (Name.now, .string(Self.time(meta.now))),
      (Name.resourceVersion, .int(meta.resourceVersion)),
      (Name.seed, .number(Text.make(String(meta.seed)))), (Name.serial, .int(meta.serial)),
      (Name.shards, .object(shards.map { Field(Key($0.key), .string($0.value)) })))
  }

  private static func digest(_ content: Value) -> String { SHA256.hex(CanonicalJSON.bytes(content)) }

  /// Sets `meta.digest` from the content.
  mutating func seal() { meta.digest = Self.digest(content) }

  var bytes: [UInt8] {
    JSONPretty.bytes(content.setting(Name.digest, .string(meta.digest)), indent: 2) + [0x0A]
  }

  /// The instant with as many digits as it needs.
  static func time(_ instant: Instant) -> String {
    let text = RFC3339.string(instant)
    let fraction = instant.nanoseconds - instant.seconds * 1_000_000_000
    if fraction == 0 { return text }
    let digits = String(fraction)
    return text.dropLast() + "." + String(repeating: "0", count: 9 - digits.count) + digits + "Z"
  }

  /// Reads the file; `edited` tells that its digest is not that of its content.
  static func read(_ bytes: [UInt8], path: String) throws(StateError) -> (file: ClusterFile, edited: Bool) {
    let value: Value
    switch JSON.parse(bytes) {
    case .success(let parsed): value = parsed
    case .failure(let error):
      let line = bytes.prefix(error.offset).count { $0 == 0x0A } + 1
      let half = error.offset >= bytes.count
      throw StateError(
        half ? .halfWritten : .malformed, half ? "ends in its middle" : "is no JSON: \(error.message)",
        path: path, line: line, remedy: StateError.restore)
    }
    guard value.isObject, let version = value[Name.formatVersion].int else {
      throw StateError(
        .malformed, "has no format_version: it is no state of plimsoll", path: path,
        remedy: StateError.restore)
    }
    if version > formatVersion {
      throw StateError(
        .newerFormat,
        "has format version \(version); this plimsoll reads versions up to \(formatVersion)", path: path,
        remedy: "Use a newer plimsoll, at least the one that wrote this state. Nothing was changed.")
    }
    let content = value.removing(Name.digest)
    let meta = try meta(of: value, path: path)
    var shards: [String: String] = [:]
    for field in value[Name.shards].fields { shards[field.key.string] = field.value.string ?? "" }
    return (ClusterFile(meta: meta, shards: shards), meta.digest != digest(content))
  }

  private static func meta(of value: Value, path: String) throws(StateError) -> StateMeta {
    func wrong(_ field: Key, _ what: String) -> StateError {
      StateError(.malformed, "field \(field): \(what)", path: path, remedy: StateError.restore)
    }
    guard let lineage = value[Name.lineage].string, !lineage.isEmpty else {
      throw wrong(Name.lineage, "a text is needed")
    }
    guard let serial = value[Name.serial].int, serial >= 0 else {
      throw wrong(Name.serial, "a number from 0 is needed")
    }
    guard let now = value[Name.now].string.flatMap({ RFC3339.parse($0) }) else {
      throw wrong(Name.now, "a time as 2026-01-02T03:04:05Z is needed")
    }
    let seedText: String
    switch value[Name.seed] {
    case .number(let text): seedText = text.string
    case .small(let number): seedText = String(number)
    default: seedText = ""
    }
    guard let seed = UInt64(seedText) else { throw wrong(Name.seed, "a number from 0 is needed") }
    guard let resourceVersion = value[Name.resourceVersion].int, resourceVersion >= 0 else {
      throw wrong(Name.resourceVersion, "a number from 0 is needed")
    }
    var inventory: [ObjectKey] = []
    for item in value[Name.inventory].items {
      guard let key = item.string.flatMap({ key($0) }) else {
        throw wrong(Name.inventory, "\(CanonicalJSON.string(item)) is no object's key")
      }
      inventory.append(key)
    }
    var meta = StateMeta(
      lineage: lineage, serial: serial, now: now, seed: seed, resourceVersion: resourceVersion,
      inventory: inventory, components: value.get(Name.components) ?? .emptyObject)
    meta.digest = value[Name.digest].string ?? ""
    return meta
  }

  /// `Deployment.apps shop/web` or `Node n1`.
  static func key(_ text: String) -> ObjectKey? {
    let parts = text.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, let kind = parts.first else { return nil }
    let path = parts[1].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let dot = kind.firstIndex(of: ".")
    let group = dot.map { String(kind[kind.index(after: $0)...]) } ?? ""
    let groupKind = GroupKind(group: group, kind: String(kind[..<(dot ?? kind.endIndex)]))
    guard let last = path.last, !last.isEmpty else { return nil }
    return ObjectKey(
      groupKind, namespace: path.count == 2 ? String(path[0]) : "", name: String(last))
  }
}
