/// An address as bytes, four or sixteen, with Go's spelling (`net/netip`).
public struct IPBytes: Hashable, Sendable {
  public var bytes: [UInt8]

  public init(bytes: [UInt8]) { self.bytes = bytes }

  public init?(_ text: String) {
    guard let version = IPText.version(text) else { return nil }
    if version == 4 {
      bytes = text.split(separator: ".").compactMap { UInt8($0) }
      return
    }
    var head: [UInt8] = []
    var tail: [UInt8] = []
    var isTail = false
    let halves = text.split(separator: ":", omittingEmptySubsequences: false)
    for (i, part) in halves.enumerated() {
      if part.isEmpty {
        if i > 0 && i < halves.count - 1 || halves.count == 3 { isTail = true }
        continue
      }
      var pair: [UInt8] = []
      if part.contains(".") {
        pair = part.split(separator: ".").compactMap { UInt8($0) }
      } else if let n = UInt16(part, radix: 16) {
        pair = [UInt8(n >> 8), UInt8(n & 0xFF)]
      }
      if isTail { tail += pair } else { head += pair }
    }
    guard head.count + tail.count <= 16 else { return nil }
    bytes = head + Array(repeating: 0, count: 16 - head.count - tail.count) + tail
  }

  /// Whether the first `length` bits are those of `prefix`.
  public func isIn(_ prefix: [UInt8], _ length: Int) -> Bool {
    for bit in 0..<length {
      guard bit / 8 < bytes.count, bit / 8 < prefix.count else { return false }
      let mask = UInt8(0x80) >> UInt8(bit % 8)
      if bytes[bit / 8] & mask != prefix[bit / 8] & mask { return false }
    }
    return true
  }

  /// The longest run of zero groups, of two or more, is written `::`.
  public var text: String {
    if bytes.count == 4 { return bytes.map { String($0) }.joined(separator: ".") }
    let groups = stride(from: 0, to: bytes.count - 1, by: 2).map { Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]) }
    var best = 0..<0
    var start = 0
    for i in 0...groups.count where i == groups.count || groups[i] != 0 {
      if i - start > max(best.count, 1) { best = start..<i }
      start = i + 1
    }
    func part(_ range: Range<Int>) -> String {
      groups[range].map { String($0, radix: 16) }.joined(separator: ":")
    }
    if best.isEmpty { return part(0..<groups.count) }
    return part(0..<best.lowerBound) + "::" + part(best.upperBound..<groups.count)
  }

  /// An address with the number of its leading bits that count.
  struct Network {
    var address: IPBytes
    var length: Int

    init?(_ text: String) {
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, let address = IPBytes(String(parts[0])), let length = Int(parts[1]),
        length >= 0, length <= address.bytes.count * 8
      else { return nil }
      self.address = address
      self.length = length
    }

    /// With zeros beyond the prefix.
    var masked: Network {
      var result = self
      for i in result.address.bytes.indices {
        let kept = min(max(length - i * 8, 0), 8)
        result.address.bytes[i] &= kept == 0 ? 0 : UInt8(truncatingIfNeeded: 0xFF << (8 - kept))
      }
      return result
    }

    public var text: String { "\(address.text)/\(length)" }
  }
}
