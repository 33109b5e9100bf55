import Basics

/// Read access to the stored cluster. Lists are in byte order of namespace and name.
public protocol ObjectReader: AnyObject {
  func get(_ key: ObjectKey) -> Value?
  /// Objects of a kind, of one namespace or (nil) of all.
  func list(_ kind: GroupKind, namespace: Key?) -> [Value]
  /// Keys of all objects with an owner reference to this uid.
  func owned(by uid: Key) -> [ObjectKey]
  /// The same for an owner of whom all dependents are in one namespace; the empty one stands for all.
  func owned(by uid: Key, in namespace: Key) -> [ObjectKey]
  /// Pods whose `spec.nodeName` is `node`.
  func pods(onNode node: Key) -> [Value]
}

extension ObjectReader {
  public func owned(by uid: Key, in namespace: Key) -> [ObjectKey] {
    owned(by: uid).filter { namespace.isEmpty || $0.namespace == namespace }
  }

  public func list(_ kind: GroupKind) -> [Value] { list(kind, namespace: nil) }
}

/// How an object is to be deleted (`metav1.DeleteOptions`).
public struct DeleteOptions: Sendable {
  public enum Propagation: String, Sendable {
    case background = "Background"
    case foreground = "Foreground"
    case orphan = "Orphan"
  }
  public var propagation: Propagation?
  /// Refuse unless the object still has this uid.
  public var uid: String?
  public var resourceVersion: String?
  public var gracePeriodSeconds: Int?
  public init(
    propagation: Propagation? = nil, uid: String? = nil, resourceVersion: String? = nil,
    gracePeriodSeconds: Int? = nil
  ) {
    self.propagation = propagation
    self.uid = uid
    self.resourceVersion = resourceVersion
    self.gracePeriodSeconds = gracePeriodSeconds
  }
}

/// The API as components use it: every write goes through defaulting, validation and admission.
public protocol ObjectWriter: ObjectReader {
  /// Creates the object; the stored one is returned. Honours `generateName`.
  @discardableResult func create(_ object: Value) throws(APIError) -> Value
  /// The same for an object that is made as the server stores it, as `update(canonical:)` takes it.
  @discardableResult func create(canonical object: Value) throws(APIError) -> Value
  /// Replaces spec and metadata; status stays. A stale `resourceVersion` is a conflict, none is accepted.
  /// An update that changes nothing writes nothing.
  @discardableResult func update(_ object: Value) throws(APIError) -> Value
  /// The same for an object that is made as the server stores it: no zero that is left out, every field that is
  /// always printed or has a default. It is taken as it is; debug builds check it.
  @discardableResult func update(canonical object: Value) throws(APIError) -> Value
  /// Replaces the status sub-resource only.
  @discardableResult func updateStatus(_ object: Value) throws(APIError) -> Value
  /// The same for a status that is made as the server stores it: no zero that is left out, every field that is
  /// always printed. It is taken as it is; debug builds check it.
  @discardableResult func updateStatus(canonical object: Value) throws(APIError) -> Value
  func delete(_ key: ObjectKey, _ options: DeleteOptions) throws(APIError)
  /// The `pods/binding` sub-resource: sets `spec.nodeName` and the PodScheduled condition.
  func bind(_ pod: ObjectKey, toNode node: Key) throws(APIError)
  /// The `pods/eviction` sub-resource: deletes the pod unless a disruption budget forbids it (429).
  func evict(_ pod: ObjectKey, _ options: DeleteOptions) throws(APIError)
  /// The `namespaces/finalize` sub-resource: replaces `spec.finalizers`; with the last the namespace goes.
  @discardableResult func finalizeNamespace(_ namespace: Value) throws(APIError) -> Value
}

extension ObjectWriter {
  @discardableResult public func create(canonical object: Value) throws(APIError) -> Value {
    try create(object)
  }
  @discardableResult public func update(canonical object: Value) throws(APIError) -> Value {
    try update(object)
  }
  @discardableResult public func updateStatus(canonical object: Value) throws(APIError) -> Value {
    try updateStatus(object)
  }
  public func delete(_ key: ObjectKey) throws(APIError) { try delete(key, DeleteOptions()) }
}

/// One committed change, in commit order.
public struct WatchEvent: Sendable {
  public enum Kind: Sendable { case added, modified, deleted }
  public var type: Kind
  public var key: ObjectKey
  /// The object before (nil when added).
  public var old: Value?
  /// The object after; for a deletion its last state.
  public var object: Value
  public init(_ type: Kind, _ key: ObjectKey, old: Value?, object: Value) {
    self.type = type
    self.key = key
    self.old = old
    self.object = object
  }
}
