import APIMachinery
import Basics
import ControllerRuntime

/// Objects in memory with just enough of an API for the scheduler alone: binding, status, deletion at once.
final class MemoryServer: ObjectWriter, EventSink {
  private var objects: [ObjectKey: Value] = [:]
  private var feed: [WatchEvent] = []

  func drain() -> [WatchEvent] {
    defer { feed = [] }
    return feed
  }
  func get(_ key: ObjectKey) -> Value? { objects[key] }
  func list(_ kind: GroupKind, namespace: Key?) -> [Value] {
    objects.keys.filter { $0.kind == kind && (namespace == nil || $0.namespace == namespace) }.sorted()
      .compactMap { objects[$0] }
  }
  func owned(by uid: Key) -> [ObjectKey] { [] }
  func pods(onNode node: Key) -> [Value] { [] }

  func create(_ object: Value) throws(APIError) -> Value {
    let key = ObjectKey(of: object)
    feed.append(WatchEvent(.added, key, old: nil, object: object))
    objects[key] = object
    return object
  }
  func update(_ object: Value) throws(APIError) -> Value {
    let key = ObjectKey(of: object)
    feed.append(WatchEvent(.modified, key, old: objects[key], object: object))
    objects[key] = object
    return object
  }
  func updateStatus(_ object: Value) throws(APIError) -> Value { try update(object) }
  func delete(_ key: ObjectKey, _ options: DeleteOptions) throws(APIError) {
    guard let old = objects.removeValue(forKey: key) else { throw .notFound("objects", key.description) }
    feed.append(WatchEvent(.deleted, key, old: old, object: old))
  }
  func bind(_ pod: ObjectKey, toNode node: Key) throws(APIError) {
    guard var object = objects[pod] else { throw .notFound("pods", pod.description) }
    object[.spec][.nodeName] = .string(node)
    _ = try update(object)
  }
  func evict(_ pod: ObjectKey, _ options: DeleteOptions) throws(APIError) { try delete(pod, options) }
  func finalizeNamespace(_ namespace: Value) throws(APIError) -> Value { try update(namespace) }
  func event(
    _ object: Value, type: String, reason: String, message: String, source: String, now: Instant
  ) {}
}
