import APIMachinery

/// The addresses that pods have, all nodes together: an address is never given twice, whatever ranges nodes get,
/// lose and get again.
final class AddressBook {
  private var taken: Set<UInt32> = []
  /// Where to look for the next address outside of the nodes' ranges, in 100.64.0.0/10.
  private var low: UInt32 = 0
  private static let outside: UInt32 = 0x6440_0000
  private static let outsideSize: UInt32 = 1 << 22

  /// False when somebody has it.
  @discardableResult func take(_ ip: UInt32) -> Bool { taken.insert(ip).inserted }

  func free(_ ip: UInt32) {
    taken.remove(ip)
    if ip >= Self.outside && ip - Self.outside < Self.outsideSize { low = min(low, ip - Self.outside) }
  }

  /// For a pod of a node that has no range, or whose range is used up: the lowest free one; nil when all four
  /// million are taken.
  func takeOutside() -> UInt32? {
    while low < Self.outsideSize {
      if take(Self.outside + low) { return Self.outside + low }
      low += 1
    }
    return nil
  }
}

/// The addresses of one node's pods: the lowest free one of its range.
struct AddressPool {
  private let book: AddressBook
  private var base: UInt32 = 0
  private var size: UInt32 = 0
  private var low: UInt32 = 2

  init(_ book: AddressBook) { self.book = book }

  mutating func use(cidr: String?) {
    guard let cidr, let slash = cidr.utf8.firstIndex(of: 47), let ip = IPv4.parse(String(cidr[..<slash])),
      let bits = UInt32(cidr[cidr.utf8.index(after: slash)...]), bits >= 8, bits <= 30
    else { return }
    if base != ip { low = 2 }
    base = ip
    size = UInt32(1) << (32 - bits)
  }

  func take(_ ip: UInt32) { book.take(ip) }

  mutating func free(_ ip: UInt32) {
    book.free(ip)
    if ip >= base && ip - base < size { low = min(low, max(2, ip - base)) }
  }

  mutating func next() -> UInt32? {
    for _ in 0..<2 {
      while low &+ 1 < size {
        if book.take(base + low) { return base + low }
        low += 1
      }
      // Pods of an earlier owner of the range may have left in between.
      low = 2
    }
    low = size
    return book.takeOutside()
  }
}
