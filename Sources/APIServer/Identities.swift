import APIMachinery
import Basics

/// UIDs and generated names, each drawn from the stream of its owner: one object more changes no other's.
struct Identities {
  private let seed: UInt64
  private let pass: String
  private var births: [ObjectKey: UInt32] = [:]
  private var counters: [NameSource: UInt32] = [:]

  /// Who asks for names: the owner's uid, or the namespace where there is none, and the prefix.
  private struct NameSource: Hashable {
    var owner: Key
    var prefix: Key
    var kind: GroupKind
  }

  init(seed: UInt64, pass: String) {
    self.seed = seed
    self.pass = pass
  }

  private func stream(_ purpose: UInt8, _ parts: [Key], _ number: UInt32) -> RandomStream {
    var hash = FNV1a()
    hash.add(purpose)
    hash.add(pass)
    for part in parts {
      hash.add(0)
      for byte in part.utf8 { hash.add(byte) }
    }
    for shift: UInt32 in [0, 8, 16, 24] { hash.add(UInt8(truncatingIfNeeded: number >> shift)) }
    return RandomStream(seed: hash.value ^ (seed &* 0x9E37_79B9_7F4A_7C15))
  }

  /// A uid for a new object; another one each time the same name is created again.
  mutating func uid(_ key: ObjectKey) -> String {
    let birth = births[key, default: 0]
    births[key] = birth + 1
    var random = stream(1, [key.kind.id, key.namespace, key.name], birth)
    return random.uuid()
  }

  /// The longest prefix that leaves room for five letters (`names.SimpleNameGenerator`).
  private static let longestPrefix = 63 - 5

  /// The next name for `prefix`.
  mutating func name(prefix: String, kind: GroupKind, owner: Key) -> String {
    let prefixKey = Key(prefix)
    let source = NameSource(owner: owner, prefix: prefixKey, kind: kind)
    let number = counters[source, default: 0]
    counters[source] = number + 1
    var random = stream(2, [kind.id, owner, prefixKey], number)
    let kept =
      prefix.utf8.count > Self.longestPrefix
      ? String(decoding: prefix.utf8.prefix(Self.longestPrefix), as: UTF8.self) : prefix
    return kept + random.suffix()
  }

  /// Five letters for a thing inside an object, the same for all that one owner makes.
  func suffix(_ purpose: UInt8, _ parts: [Key]) -> String {
    var random = stream(purpose, parts, 0)
    return random.suffix()
  }

  /// A stream for a choice of `owner`.
  func random(_ purpose: UInt8, _ parts: [Key]) -> RandomStream { stream(purpose, parts, 0) }
}
