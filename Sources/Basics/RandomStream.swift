/// A deterministic stream of random numbers (SplitMix64). Each owner draws from its own stream, named by a
/// label, so that one more draw here changes nothing there.
public struct RandomStream: Sendable {
  private var state: UInt64
  public init(seed: UInt64) { state = seed }

  /// The stream of `label` under `seed`.
  public init(seed: UInt64, label: String) {
    var hash = FNV1a()
    hash.add(label)
    state = hash.value ^ (seed &* 0x9E37_79B9_7F4A_7C15)
  }

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
    let alphabet = Array("bcdfghjklmnpqrstvwxz2456789".utf8)
    var out: [UInt8] = []
    for _ in 0..<count { out.append(alphabet[Int(below(UInt64(alphabet.count)))]) }
    return String(decoding: out, as: UTF8.self)
  }

  /// A version-4 shaped UUID.
  public mutating func uuid() -> String {
    let a = next()
    let b = next()
    var bytes: [UInt8] = []
    for i in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: a >> UInt64(8 * i))) }
    for i in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: b >> UInt64(8 * i))) }
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    let hex = Array("0123456789abcdef".utf8)
    var out: [UInt8] = []
    for (i, byte) in bytes.enumerated() {
      if i == 4 || i == 6 || i == 8 || i == 10 { out.append(45) }
      out.append(hex[Int(byte >> 4)])
      out.append(hex[Int(byte & 15)])
    }
    return String(decoding: out, as: UTF8.self)
  }
}
