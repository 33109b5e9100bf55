import APIMachinery

/// A 64-bit digest of lines in their order. Digests of consecutive parts can be joined, so that parts are
/// digested at the same time. It finds damage and edits, not malice.
struct ShardDigest: Hashable, Sendable {
  private(set) var value: UInt64 = 0
  private(set) var lines = 0
  private(set) var bytes = 0
  /// `prime` to the power of `lines`.
  private var power: UInt64 = 1
  private static let prime: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// A line without its newline.
  mutating func add(_ line: UnsafeBufferPointer<UInt8>) {
    value = value &* Self.prime &+ Text.hash(line)
    power = power &* Self.prime
    lines += 1
    bytes += line.count + 1
  }

  /// Complete lines, each with its newline.
  mutating func addLines(_ all: UnsafeBufferPointer<UInt8>) {
    var from = 0
    while from < all.count {
      let end = Lines.end(all, from)
      add(UnsafeBufferPointer(rebasing: all[from..<end]))
      from = end + 1
    }
  }

  /// The lines of `next` after these.
  mutating func append(_ next: ShardDigest) {
    value = value &* next.power &+ next.value
    power = power &* next.power
    lines += next.lines
    bytes += next.bytes
  }

  /// Sixteen hexadecimal digits.
  var hex: String {
    var mixed = value ^ (UInt64(truncatingIfNeeded: lines) &* 0xC2B2_AE3D_27D4_EB4F)
    mixed ^= UInt64(truncatingIfNeeded: bytes) << 1
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: (0..<16).map { digits[Int(mixed >> UInt64(60 - 4 * $0) & 15)] }, as: UTF8.self)
  }
}
