/// IPv4 addresses as numbers and as text.
enum IPv4 {
  static func parse(_ text: String) -> UInt32? {
    var result: UInt32 = 0
    var parts = 0
    for part in text.utf8.split(separator: 46, omittingEmptySubsequences: false) {
      guard let n = UInt8(Substring(part)) else { return nil }
      result = result << 8 | UInt32(n)
      parts += 1
    }
    return parts == 4 ? result : nil
  }

  static func string(_ ip: UInt32) -> String {
    "\(ip >> 24).\(ip >> 16 & 255).\(ip >> 8 & 255).\(ip & 255)"
  }
}

/// The addresses of a node's pods: the lowest free one of its range. A node without a range, or whose range is
/// used up, takes from 100.64.0.0/10, of which every node has a part of its own.
struct AddressPool {
  private var base: UInt32 = 0
  private var size: UInt32 = 0
  private var fallback: UInt32 = 0
  private var taken: Set<UInt32> = []
  private var low: UInt32 = 2

  static let fallbackBlock: UInt32 = 1 << 9

  mutating func use(cidr: String?, fallback host: UInt32) {
    let number = host &- 0xAC12_0000
    fallback = 0x6440_0000 &+ (number & ((1 << 13) - 1)) &* Self.fallbackBlock
    guard let cidr, let slash = cidr.utf8.firstIndex(of: 47), let ip = IPv4.parse(String(cidr[..<slash])),
      let bits = UInt32(cidr[cidr.utf8.index(after: slash)...]), bits >= 8, bits <= 30
    else { return }
    base = ip
    size = UInt32(1) << (32 - bits)
  }

  mutating func take(_ ip: UInt32) { taken.insert(ip) }

  mutating func free(_ ip: UInt32) {
    taken.remove(ip)
    if ip >= base && ip - base < size { low = min(low, max(2, ip - base)) }
  }

  mutating func next() -> UInt32 {
    while low &+ 1 < size {
      let ip = base + low
      if taken.insert(ip).inserted { return ip }
      low += 1
    }
    var ip = fallback
    for i in 0..<Self.fallbackBlock {
      ip = fallback + i
      if taken.insert(ip).inserted { break }
    }
    return ip
  }
}
