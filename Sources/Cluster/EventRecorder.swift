import APIMachinery
public import APIServer
public import Basics
public import ControllerRuntime

/// Gathers what components report and stores it as Event objects when the cluster comes to rest; the same thing
/// said again raises a count, and what is much alike is told once (`client-go/tools/record`, `events_cache.go`).
///
/// During a pass a report is a small record. Of normal events only the newest are kept, as in a cluster they
/// would go after an hour; warnings are all kept.
public final class EventRecorder: EventSink {
  /// How long an event is kept after it was last said (`--event-ttl`).
  static let timeToLive: Nanoseconds = .seconds(3600)
  private let server: APIServer
  private let limit: Int
  private var records: [Entry] = []
  /// Where a record stands, by a hash of what it says.
  private var known: [HashKey: Int] = [:]
  private var normal = 0
  private var sequence: UInt64 = 0
  private var spam = SpamFilter()
  private var similar = SimilarEvents()
  /// When the pass began, and the events of earlier passes by what they say; read when first needed.
  private let start: Instant
  private var earlier: [UInt64: ObjectKey]?

  /// `limit`: how many normal events of a pass are kept.
  public init(_ server: APIServer, limit: Int = 5000) {
    self.server = server
    self.limit = limit
    start = server.clock.now
  }

  private static let combined = "(combined from similar events): "

  private final class Record {
    let about: Subject
    let type: String
    let reason: String
    var message: String
    let source: String
    let identity: UInt64
    let sequence: UInt64
    let first: Instant
    var last: Instant
    var count = 1
    /// How many of these the stored object counts.
    var stored = 0
    /// The stored object, once there is one.
    var key: ObjectKey?
    var isChanged = true

    init(
      about: Subject, type: String, reason: String, message: String, source: String, identity: UInt64,
      sequence: UInt64, now: Instant
    ) {
      self.about = about
      self.type = type
      self.reason = reason
      self.message = message
      self.source = source
      self.identity = identity
      self.sequence = sequence
      first = now
      last = now
    }

    func says(_ other: Subject, _ type: String, _ reason: String, _ source: String) -> Bool {
      about.uid == other.uid && about.name == other.name && self.type == type && self.reason == reason
        && self.source == source
    }
  }

  /// A record with what is asked when the oldest are forgotten, so that they need not be looked at.
  private struct Entry {
    let record: Record
    let identity: UInt64
    let isNormal: Bool
  }

  /// What an event is about, without the object itself.
  private struct Subject {
    let apiVersion: Value
    let kind: Value
    let namespace: Value
    let name: Value
    let uid: Value
    let resourceVersion: Value

    init(_ object: Value) {
      let meta = object[.metadata]
      apiVersion = object[.apiVersion]
      kind = object[.kind]
      namespace = meta[.namespace]
      name = meta[.name]
      uid = meta[.uid]
      resourceVersion = meta[.resourceVersion]
    }

    /// What a stored event is about.
    init(reference: Value) {
      self.init(
        .fields((.apiVersion, reference[.apiVersion]), (.kind, reference[.kind]), (.metadata, reference)))
    }

    var hash: UInt64 {
      var h = TextHash(kind.hash)
      h.add(namespace.hash)
      h.add(name.hash)
      h.add(uid.hash)
      return h.value
    }
  }

  public func event(
    _ object: Value, type: String, reason: String, message: String, source: String, now: Instant
  ) {
    let about = Subject(object)
    var subject = TextHash(about.hash)
    subject.add(source)
    var matter = subject
    matter.add(type)
    matter.add(reason)
    var identity = matter
    var message = message
    // The scheduler uses the newer events API, which does not gather what is much alike.
    if source != "default-scheduler", similar.isOneOfMany(HashKey(matter.value), message, now) {
      message = Self.combined + message
    } else {
      identity.add(Self.shortened(message))
    }
    guard spam.allows(HashKey(subject.value), now) else { return }
    if let record = known[HashKey(identity.value)].map({ records[$0].record }),
      record.says(about, type, reason, source)
    {
      record.count += 1
      record.last = now
      record.message = message
      record.isChanged = true
      return
    }
    let record = Record(
      about: about, type: type, reason: reason, message: message, source: source, identity: identity.value,
      sequence: sequence, now: now)
    sequence += 1
    known[HashKey(identity.value)] = records.count
    let isNormal = type == "Normal"
    records.append(Entry(record: record, identity: identity.value, isNormal: isNormal))
    if isNormal {
      normal += 1
      if normal > 2 * limit { forgetOldest() }
    }
  }

  /// Drops all but the newest normal events.
  private func forgetOldest() {
    var surplus = normal - limit
    if surplus <= 0 { return }
    normal = limit
    known.removeAll(keepingCapacity: true)
    // What stays is moved together, in its order.
    var kept = 0
    for i in records.indices {
      if surplus > 0, records[i].isNormal {
        surplus -= 1
        if let key = records[i].record.key { server.removeRecorded(key) }
        continue
      }
      known[HashKey(records[i].identity)] = kept
      if kept < i { records.swapAt(kept, i) }
      kept += 1
    }
    records.removeLast(records.count - kept)
  }

  // MARK: - Storing

  /// Stores what was said since the last call.
  public func flush() {
    forgetOldest()
    for entry in records where entry.record.isChanged {
      let record = entry.record
      record.isChanged = false
      if let key = record.key {
        if let stored = server.get(key) { server.record(key, changed(stored, record)) }
      } else {
        record.key = store(record)
      }
      record.stored = record.count
    }
  }

  /// Deletes the events of earlier passes that nobody has said for an hour.
  public func expire(now: Instant) {
    for event in server.list(.event, namespace: nil) {
      let last = event[.lastTimestamp].string ?? event[.eventTime].string ?? ""
      guard let said = RFC3339.parse(last), said + Self.timeToLive < now else { continue }
      server.removeRecorded(ObjectKey(.event, event.namespaceKey, event.nameKey))
    }
  }

  private func changed(_ event: Value, _ record: Record) -> Value {
    var event = event
    event[.count] = .int((event[.count].int ?? 1) + record.count - record.stored)
    event[.lastTimestamp] = .string(RFC3339.string(record.last))
    event[.message] = .string(Self.shortened(record.message))
    return event
  }

  private func store(_ record: Record) -> ObjectKey? {
    if let key = continued(record) { return key }
    let about = record.about
    let isNamespaced = about.namespace.string.map { !$0.isEmpty } ?? false
    let namespace: Value = isNamespaced ? about.namespace : "default"
    guard server.admitsRecords(namespace.key) else { return nil }
    let name = "\(about.name.string ?? "").\(Self.suffix(record))"
    if name.utf8.count > 253 { return nil }
    let reference = Value.fields(
      (.apiVersion, present(about.apiVersion)), (.kind, present(about.kind)), (.name, about.name),
      (.namespace, isNamespaced ? namespace : nil), (.resourceVersion, present(about.resourceVersion)),
      (.uid, about.uid))
    let event: Value = .fields(
      (.apiVersion, Self.version), (.kind, Self.kind),
      (.metadata, .fields((.name, .string(name)), (.namespace, namespace))),
      (.involvedObject, reference), (.reason, words.value(record.reason)),
      (.message, .string(Self.shortened(record.message))), (.type, words.value(record.type)),
      (.source, .fields((.component, words.value(record.source)))),
      (.reportingComponent, words.value(record.source)),
      (.reportingInstance, Self.empty), (.count, .int(record.count)),
      (.firstTimestamp, words.value(record.first)), (.lastTimestamp, words.value(record.last)),
      (.eventTime, .null))
    let key = ObjectKey(.event, namespace.key, Key(name))
    server.record(key, event)
    return key
  }

  private static let version: Value = "v1"
  private static let kind: Value = "Event"
  private static let empty: Value = ""
  private var words = Words()

  /// What is said in many events, made once.
  private struct Words {
    private var texts: [String: Value] = [:]
    private var last: (instant: Instant, value: Value)?

    mutating func value(_ text: String) -> Value {
      if let known = texts[text] { return known }
      let made = Value.string(text)
      texts[text] = made
      return made
    }

    mutating func value(_ instant: Instant) -> Value {
      let second = instant.wholeSecond
      if let last, last.instant == second { return last.value }
      let made = Value.string(RFC3339.string(second))
      last = (second, made)
      return made
    }
  }

  /// Goes on with an event of an earlier pass that says the same. What is said again at the start of a pass, when
  /// everybody looks anew, has been said already.
  private func continued(_ record: Record) -> ObjectKey? {
    let known = earlier ?? readEarlier()
    earlier = known
    guard
      let key = known[Self.identity(record.about, record.source, record.type, record.reason, record.message)],
      var event = server.get(key),
      event[.involvedObject][.uid] == record.about.uid, event[.reason].text?.equals(record.reason) ?? false
    else { return nil }
    if record.last.wholeSecond == start.wholeSecond { return key }
    event[.count] = .int((event[.count].int ?? 1) + record.count)
    event[.lastTimestamp] = .string(RFC3339.string(record.last))
    event[.message] = .string(Self.shortened(record.message))
    server.record(key, event)
    return key
  }

  private func readEarlier() -> [UInt64: ObjectKey] {
    var all: [UInt64: ObjectKey] = [:]
    for event in server.list(.event, namespace: nil) {
      let identity = Self.identity(
        Subject(reference: event[.involvedObject]), event[.source]["component"].string ?? "",
        event[.type].string ?? "", event[.reason].string ?? "", event[.message].string ?? "")
      all[identity] = ObjectKey(.event, event.namespaceKey, event.nameKey)
    }
    return all
  }

  /// What an event says, but for the names that were drawn for objects that came to nothing.
  private static func identity(
    _ about: Subject, _ source: String, _ type: String, _ reason: String, _ message: String
  ) -> UInt64 {
    var hash = TextHash(about.hash)
    for text in [source, type, reason] { hash.add(text) }
    if message.hasPrefix(combined) { return hash.value }
    var text = shortened(message)
    text.withUTF8 { bytes in
      var start = 0
      var isQuoted = false
      for i in 0...bytes.count where i == bytes.count || bytes[i] == 34 {
        let isName =
          isQuoted && i - start >= 6 && bytes[i - 6] == 45
          && bytes[i - 5..<i].allSatisfy(RandomStream.isDrawn)
        hash.add(Text.hash(UnsafeBufferPointer(rebasing: bytes[start..<(isName ? i - 5 : i)])))
        isQuoted.toggle()
        start = i + 1
      }
    }
    return hash.value
  }

  private func present(_ value: Value) -> Value? { value.isNull ? nil : value }

  /// Sixteen hexadecimal digits that follow from what is said and when.
  private static func suffix(_ record: Record) -> String {
    var hash = FNV1a()
    for number in [record.identity, UInt64(bitPattern: record.first.nanoseconds), record.sequence] {
      for shift: UInt64 in stride(from: 0, to: 64, by: 8) {
        hash.add(UInt8(truncatingIfNeeded: number >> shift))
      }
    }
    let text = String(hash.value, radix: 16)
    return String(repeating: "0", count: 16 - text.utf8.count) + text
  }

  /// Notes are cut at 1024 bytes.
  private static func shortened(_ message: String) -> String {
    guard message.utf8.count > 1024 else { return message }
    return String(decoding: Array(message.utf8).prefix(1020), as: UTF8.self) + " ..."
  }
}

/// A hash of several texts, equal on every run and machine.
private struct TextHash {
  private(set) var value: UInt64

  init(_ start: UInt64) { value = start }

  mutating func add(_ number: UInt64) {
    value = (value ^ number) &* 0x9FB2_1C65_1E98_DF25
    value ^= value >> 32
  }

  mutating func add(_ text: String) {
    var text = text
    add(text.withUTF8 { Text.hash($0) })
  }
}

/// What one source may say of one object: 25 events at once, then one in five minutes
/// (`EventSourceObjectSpamFilter`).
private struct SpamFilter {
  private static let burst = 25.0
  private static let refill = 300.0
  private struct Bucket {
    var spent: Float
    var at: Instant
  }
  private var buckets: [HashKey: Bucket] = [:]

  mutating func allows(_ subject: HashKey, _ now: Instant) -> Bool {
    guard var bucket = buckets[subject] else {
      buckets[subject] = Bucket(spent: 1, at: now)
      return true
    }
    let back = (now - bucket.at).inSeconds / Self.refill
    bucket.spent = Float(max(0, Double(bucket.spent) - back))
    bucket.at = now
    let allowed = Double(bucket.spent) + 1 <= Self.burst
    if allowed { bucket.spent += 1 }
    buckets[subject] = bucket
    return allowed
  }
}

/// From the tenth different message on that a source gives of an object for the same reason within ten minutes,
/// they are told as one (`EventAggregator`).
private struct SimilarEvents {
  private static let most = 10
  private static let interval: Nanoseconds = .seconds(600)
  private struct Group {
    var messages: [UInt64]
    var last: Instant

    mutating func isFull(with hash: UInt64, _ now: Instant) -> Bool {
      last = now
      if !messages.contains(hash) { messages.append(hash) }
      let isFull = messages.count >= SimilarEvents.most
      if isFull { messages.removeFirst() }
      return isFull
    }
  }
  private var groups: [HashKey: Group] = [:]

  mutating func isOneOfMany(_ matter: HashKey, _ message: String, _ now: Instant) -> Bool {
    var text = message
    let hash = text.withUTF8 { Text.hash($0) }
    guard let at = groups.index(forKey: matter), now - groups.values[at].last <= Self.interval else {
      groups[matter] = Group(messages: [hash], last: now)
      return false
    }
    return groups.values[at].isFull(with: hash, now)
  }
}
