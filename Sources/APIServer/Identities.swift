import APIMachinery
import Basics

/// UIDs and generated names, each drawn from the stream of its owner: one object more changes no other's.
struct Identities {
  private let seed: UInt64
  private let pass: String
  private var births: [ObjectKey: UInt32] = [:]
  /// By kind, who asks for names (the owner's uid, or the namespace where there is none) and the prefix.
  private var counters: [ObjectKey: Drawn] = [:]
  /// By kind and namespace.
  private var places: [ObjectKey: FNV1a] = [:]

  /// How many names were drawn from a stream.
  private struct Drawn {
    var start: FNV1a
    var count: UInt32
  }

  init(seed: UInt64, pass: String) {
    self.seed = seed
    self.pass = pass
  }

  private func stream(_ purpose: UInt8, _ parts: [Key], _ number: UInt32) -> RandomStream {
    stream(start(purpose, parts), number)
  }

  /// What the streams of one owner have in common.
  private func start(_ purpose: UInt8, _ parts: [Key]) -> FNV1a {
    var hash = FNV1a()
    hash.add(purpose)
    hash.add(pass)
    for part in parts {
      hash.add(0)
      for byte in part.utf8 { hash.add(byte) }
    }
    return hash
  }

  private func stream(_ start: FNV1a, _ number: UInt32) -> RandomStream {
    var hash = start
    for shift: UInt32 in [0, 8, 16, 24] { hash.add(UInt8(truncatingIfNeeded: number >> shift)) }
    return RandomStream(seed: hash.value ^ (seed &* 0x9E37_79B9_7F4A_7C15))
  }

  /// A uid for a new object; another one each time the same name is created again.
  mutating func uid(_ key: ObjectKey) -> Value {
    let birth = births[key, default: 0]
    births[key] = birth + 1
    let place = ObjectKey(key.kind, key.namespace, .empty)
    let start = places[place] ?? start(1, [key.kind.id, key.namespace])
    places[place] = start
    var hash = start
    hash.add(0)
    for byte in key.name.utf8 { hash.add(byte) }
    var random = stream(hash, birth)
    return random.uuidText()
  }

  /// The longest prefix that leaves room for five letters (`names.SimpleNameGenerator`).
  private static let longestPrefix = 63 - 5

  /// The next name for `prefix`.
  mutating func name(prefix: Key, kind: GroupKind, owner: Key) -> Value {
    let source = ObjectKey(kind, owner, prefix)
    var drawn = counters[source] ?? Drawn(start: start(2, [kind.id, owner, prefix]), count: 0)
    var random = stream(drawn.start, drawn.count)
    drawn.count += 1
    counters[source] = drawn
    let kept = UnsafeBufferPointer(rebasing: prefix.utf8.prefix(Self.longestPrefix))
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: kept.count + 5) { room in
      for i in 0..<kept.count { room[i] = kept[i] }
      random.fillSuffix(UnsafeMutableBufferPointer(rebasing: room[kept.count...]))
      let bytes = UnsafeBufferPointer(room)
      return .string(Text.make(bytes, hash: Text.hash(bytes)))
    }
  }

  /// Five letters for a thing inside an object, the same for all that one owner makes.
  func suffix(_ purpose: UInt8, _ parts: [Key]) -> String {
    var random = stream(purpose, parts, 0)
    return random.suffix()
  }

  /// A stream for a choice of `owner`.
  func random(_ purpose: UInt8, _ parts: [Key]) -> RandomStream { stream(purpose, parts, 0) }
}

extension RandomStream {
  /// `uuid()` as a text of a tree.
  fileprivate mutating func uuidText() -> Value {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 36) { room in
      fillUUID(room)
      let bytes = UnsafeBufferPointer(room)
      return .string(Text.make(bytes, hash: Text.hash(bytes)))
    }
  }
}
