import APIMachinery
import Basics
import ControllerRuntime

/// Stores what components report as Event objects; the same thing said again raises the count of the first
/// (`client-go/tools/record`, `events_cache.go`).
public final class EventRecorder: EventSink {
  private let client: any ObjectWriter
  private var known: [String: ObjectKey] = [:]
  private var sequence: UInt64 = 0
  /// How many events about one object a source may write before the rest is dropped (a burst of 25).
  private let burst = 25
  private var spent: [String: Int] = [:]

  public init(_ client: any ObjectWriter) { self.client = client }

  public func event(
    _ object: Value, type: String, reason: String, message: String, source: String, now: Instant
  ) {
    let namespace = object.namespace.isEmpty ? "default" : object.namespace
    let about = "\(object.kindName)/\(namespace)/\(object.name)/\(object.uid)"
    let identity = "\(source)/\(about)/\(type)/\(reason)/\(message)"
    let time = Value.string(RFC3339.string(now))
    if let key = known[identity], var event = client.get(key) {
      event[.count] = .int((event[.count].int ?? 1) + 1)
      event[.lastTimestamp] = time
      _ = try? client.update(event)
      return
    }
    let subject = "\(source)/\(about)"
    spent[subject, default: 0] += 1
    if spent[subject]! > burst { return }
    let name = "\(object.name).\(suffix(identity, now))"
    let event: Value = .fields(
      (.apiVersion, "v1"), (.kind, "Event"),
      (.metadata, ["name": .string(name), "namespace": .string(namespace)]),
      (.involvedObject, reference(object)), (.reason, .string(reason)),
      (.message, .string(shortened(message))),
      (.type, .string(type)), (.source, ["component": .string(source)]),
      (.reportingComponent, .string(source)), (.reportingInstance, ""), (.count, 1),
      (.firstTimestamp, time), (.lastTimestamp, time), (.eventTime, .null))
    if (try? client.create(event)) != nil {
      known[identity] = ObjectKey(.event, namespace: namespace, name: name)
    }
  }

  /// Sixteen hexadecimal digits that follow from what is said and when.
  private func suffix(_ identity: String, _ now: Instant) -> String {
    var hash = FNV1a()
    hash.add(identity)
    hash.add("\(now.nanoseconds)/\(sequence)")
    sequence += 1
    let text = String(hash.value, radix: 16)
    return String(repeating: "0", count: 16 - text.utf8.count) + text
  }

  private func reference(_ object: Value) -> Value {
    .fields(
      (.apiVersion, object.get(.apiVersion)), (.kind, object.get(.kind)),
      (.name, .string(object.name)), (.namespace, object.namespace.isEmpty ? nil : .string(object.namespace)),
      (.resourceVersion, object.metadata.get(.resourceVersion)), (.uid, .string(object.uid)))
  }

  /// Notes are cut at 1024 bytes.
  private func shortened(_ message: String) -> String {
    guard message.utf8.count > 1024 else { return message }
    return String(decoding: Array(message.utf8).prefix(1020), as: UTF8.self) + " ..."
  }
}
