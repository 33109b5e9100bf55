import API
import APIMachinery
import Basics
import Store

/// The only way into the store: every write is decoded, defaulted, admitted, validated, numbered and told to
/// the watchers (`k8s.io/apiserver` with the registries of kube-apiserver).
public final class APIServer: ObjectWriter {
  public let store: ObjectStore
  public let scheme: Scheme
  public let clock: VirtualClock
  public let seed: UInt64
  /// The number of the last write.
  public internal(set) var resourceVersion: Int
  /// Warnings of the writes since they were last taken.
  public internal(set) var warnings: [String] = []

  var feed: [WatchEvent] = []
  var entries: [GroupKind: KindEntry] = [:] {
    didSet {
      spellings = [:]
      lastSpelling = nil
    }
  }
  /// Kinds by the hash of how objects spell them.
  private var spellings: [HashKey: (apiVersion: Text, kind: Text, entry: KindEntry)] = [:]
  /// The one that was asked for last: many objects in a row are copies of one.
  private var lastSpelling: (apiVersion: Text, kind: Text, entry: KindEntry)?
  /// Metadata and parts of status that many pods have in common at one instant.
  var shared = SharedParts()
  private var stamp: (Instant, Value)?
  var identities: Identities
  let views = NamespaceViews()
  let ports = ServicePools()
  var admittedPods = AdmittedPods()
  var pluginsOfKind: [GroupKind: [any AdmissionPlugin.Type]] = [:]

  /// A server that goes on from `resourceVersion`. The scheme is changed when definitions of custom resources
  /// are written.
  public init(
    store: ObjectStore, scheme: Scheme, clock: VirtualClock, seed: UInt64, resourceVersion start: Int
  ) {
    self.store = store
    self.scheme = scheme
    self.clock = clock
    self.seed = seed
    resourceVersion = start
    identities = Identities(seed: seed, pass: "\(clock.now.nanoseconds)/\(start)")
  }

  // MARK: - Reading

  public func get(_ key: ObjectKey) -> Value? { store.get(key) }
  public func list(_ kind: GroupKind, namespace: Key?) -> [Value] { store.list(kind, namespace: namespace) }
  public func owned(by uid: Key) -> [ObjectKey] { store.owned(by: uid) }
  public func owned(by uid: Key, in namespace: Key) -> [ObjectKey] { store.owned(by: uid, in: namespace) }
  public func pods(onNode node: Key) -> [Value] { store.pods(onNode: node) }

  /// The changes since the last call, in commit order.
  public func drainEvents() -> [WatchEvent] {
    let events = feed
    feed = []
    return events
  }

  /// The warnings since the last call.
  public func drainWarnings() -> [String] {
    let all = warnings
    warnings = []
    return all
  }

  // MARK: - Kinds

  func entry(_ kind: GroupKind) -> KindEntry? {
    if let known = entries[kind] { return known }
    guard let info = scheme.info(kind) else { return nil }
    let entry = KindEntry(info)
    entries[kind] = entry
    return entry
  }

  /// The kind of an object in a version that is served.
  func entry(of object: Value) throws(APIError) -> KindEntry {
    if let version = object[.apiVersion].text, let kind = object[.kind].text {
      if let last = lastSpelling, last.apiVersion === version, last.kind === kind { return last.entry }
      let spelling = HashKey(version.hash ^ (kind.hash &* 31))
      if let known = spellings[spelling], known.apiVersion == version, known.kind == kind {
        lastSpelling = (version, kind, known.entry)
        return known.entry
      }
      let entry = try spelledEntry(object)
      spellings[spelling] = (version, kind, entry)
      return entry
    }
    return try spelledEntry(object)
  }

  private func spelledEntry(_ object: Value) throws(APIError) -> KindEntry {
    let apiVersion = object.apiVersion
    let kind = object.kindName
    guard let entry = entry(GroupKind(apiVersion: apiVersion, kind: kind)),
      entry.apiVersion.string == apiVersion
        || entry.info.versions.contains(object.groupVersionKind.version)
    else {
      throw APIError(.notFound, scheme.noMatch(apiVersion: apiVersion, kind: kind).message)
    }
    return entry
  }

  /// The present as `metav1.Time`.
  var timestamp: Value {
    if let stamp, stamp.0 == clock.now { return stamp.1 }
    let text = Value.string(RFC3339.string(clock.now))
    stamp = (clock.now, text)
    return text
  }

  func notFound(_ key: ObjectKey) -> APIError {
    .notFound(entry(key.kind)?.resourceName ?? key.kind.description, key.name.string)
  }
}
