import APIMachinery
import Basics
import ControllerRuntime

/// The API with an unlucky line: some updates of components are refused as conflicts, drawn from a stream.
final class ConflictingClient: ObjectWriter {
  private let base: any ObjectWriter
  private var stream: RandomStream
  /// Refusals in a thousand updates.
  var rate: UInt64 = 0

  init(_ base: any ObjectWriter, seed: UInt64) {
    self.base = base
    stream = RandomStream(seed: seed, label: "simulation/conflicts")
  }

  private func gamble(_ object: Value) throws(APIError) {
    guard rate > 0, stream.below(1000) < rate else { return }
    throw .conflict(object.kindName.lowercased() + "s", object.name)
  }

  func get(_ key: ObjectKey) -> Value? { base.get(key) }
  func list(_ kind: GroupKind, namespace: Key?) -> [Value] { base.list(kind, namespace: namespace) }
  func owned(by uid: Key) -> [ObjectKey] { base.owned(by: uid) }
  func pods(onNode node: Key) -> [Value] { base.pods(onNode: node) }

  func create(_ object: Value) throws(APIError) -> Value { try base.create(object) }
  func update(_ object: Value) throws(APIError) -> Value {
    try gamble(object)
    return try base.update(object)
  }
  func update(canonical object: Value) throws(APIError) -> Value {
    try gamble(object)
    return try base.update(canonical: object)
  }
  func updateStatus(canonical object: Value) throws(APIError) -> Value {
    try gamble(object)
    return try base.updateStatus(canonical: object)
  }
  func updateStatus(_ object: Value) throws(APIError) -> Value {
    try gamble(object)
    return try base.updateStatus(object)
  }
  func delete(_ key: ObjectKey, _ options: DeleteOptions) throws(APIError) { try base.delete(key, options) }
  func bind(_ pod: ObjectKey, toNode node: Key) throws(APIError) { try base.bind(pod, toNode: node) }
  func evict(_ pod: ObjectKey, _ options: DeleteOptions) throws(APIError) { try base.evict(pod, options) }
  func finalizeNamespace(_ namespace: Value) throws(APIError) -> Value {
    try base.finalizeNamespace(namespace)
  }
}
