/// A deterministic stream of random numbers (SplitMix64). Each owner draws from its own stream, named by a
/// label, so that one more draw here changes nothing there.
public struct RandomStream: Sendable {
  private var state: UInt64
  public init(seed: UInt64) { state = seed }

  /// The stream of `label` under `seed`.
  public init(seed: UInt64, label: String) {
    var hash = FNV1a()
    hash.add(label)
    self.init(hash, seed: seed)
  }

  /// The stream of a label that is `start` and the bytes behind it.
  public init(seed: UInt64, label start: String, _ rest: some Sequence<UInt8>) {
    var hash = FNV1a()
    hash.add(start)
    for byte in rest { hash.add(byte) }
    self.init(hash, seed: seed)
  }

  private init(_ label: FNV1a, seed: UInt64) { state = label.value ^ (seed &* 0x9E37_79B9_7F4A_7C15) }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number from 0 to `bound` - 1.
  public mutating func below(_ bound: UInt64) -> UInt64 { bound <= 1 ? 0 : next() % bound }

  /// `count` letters and digits of the alphabet that generated names use (`apimachinery/pkg/util/rand`).
  public mutating func suffix(_ count: Int = 5) -> String {
    String(unsafeUninitializedCapacity: count) { room in
      fillSuffix(UnsafeMutableBufferPointer(rebasing: room[..<count]))
      return count
    }
  }

  /// Fills `room` with letters and digits as `suffix` gives them.
  public mutating func fillSuffix(_ room: UnsafeMutableBufferPointer<UInt8>) {
    Self.alphabet.withUTF8Buffer { alphabet in
      for i in room.indices { room[i] = alphabet[Int(below(UInt64(alphabet.count)))] }
    }
  }

  /// The letters and digits of generated names.
  public static let alphabet: StaticString = "bcdfghjklmnpqrstvwxz2456789"

  /// Whether a byte is one of them.
  public static func isDrawn(_ byte: UInt8) -> Bool { alphabet.withUTF8Buffer { $0.contains(byte) } }

  private static let digits: StaticString = "0123456789abcdef"

  /// A version-4 shaped UUID.
  public mutating func uuid() -> String {
    String(unsafeUninitializedCapacity: 36) { room in
      fillUUID(UnsafeMutableBufferPointer(rebasing: room[..<36]))
      return 36
    }
  }

  /// Fills 36 bytes with a UUID as `uuid` gives it.
  public mutating func fillUUID(_ room: UnsafeMutableBufferPointer<UInt8>) {
    let (a, b) = (next(), next())
    Self.digits.withUTF8Buffer { digits in
      var at = 0
      for i in 0..<16 {
        var byte = UInt8(truncatingIfNeeded: (i < 8 ? a : b) >> UInt64(8 * (i & 7)))
        if i == 6 { byte = byte & 0x0F | 0x40 }
        if i == 8 { byte = byte & 0x3F | 0x80 }
        if i == 4 || i == 6 || i == 8 || i == 10 {
          room[at] = 45
          at += 1
        }
        room[at] = digits[Int(byte >> 4)]
        room[at + 1] = digits[Int(byte & 15)]
        at += 2
      }
    }
  }
}
