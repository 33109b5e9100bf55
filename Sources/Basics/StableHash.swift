/// FNV-1a, 64 bits: a hash that is equal on every run and machine.
public struct FNV1a: Sendable {
  public private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325
  public init() {}
  public mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
  public mutating func add(_ text: String) { for byte in text.utf8 { add(byte) } }
  public mutating func add(_ bytes: [UInt8]) { for byte in bytes { add(byte) } }
}

/// FNV-1a, 32 bits, as Go's `hash/fnv.New32a`, which names ReplicaSets and ControllerRevisions.
public struct FNV1a32: Sendable {
  public private(set) var value: UInt32 = 0x811C_9DC5
  public init() {}
  public mutating func add(_ byte: UInt8) { value = (value ^ UInt32(byte)) &* 0x0100_0193 }
  public mutating func add(_ bytes: some Sequence<UInt8>) { for byte in bytes { add(byte) } }
}

/// SHA-256 (FIPS 180-4).
public struct SHA256: Sendable {
  private var h: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  private var pending: [UInt8] = []
  private var length: UInt64 = 0

  private static let k: [UInt32] = {
    // The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    var primes: [UInt64] = []
    var n: UInt64 = 2
    while primes.count < 64 {
      if primes.allSatisfy({ n % $0 != 0 }) { primes.append(n) }
      n += 1
    }
    return primes.map { p in
      // floor(cbrt(p) * 2^32) by integer search, in 128 bits.
      var low: UInt64 = 0
      var high: UInt64 = 1 << 36
      let target = UInt128(p) << 96
      while low < high {
        let middle = (low + high + 1) / 2
        let m = UInt128(middle)
        if m * m * m <= target { low = middle } else { high = middle - 1 }
      }
      return UInt32(truncatingIfNeeded: low)
    }
  }()

  public init() {}

  public mutating func add(_ bytes: some Sequence<UInt8>) {
    let before = pending.count
    pending.append(contentsOf: bytes)
    length += UInt64(pending.count - before)
    var from = 0
    while pending.count - from >= 64 {
      block(from)
      from += 64
    }
    if from > 0 { pending.removeFirst(from) }
  }

  /// The digest as 64 hexadecimal digits.
  public consuming func hex() -> String {
    let bits = length * 8
    pending.append(0x80)
    while pending.count % 64 != 56 { pending.append(0) }
    for i in 0..<8 { pending.append(UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * i))) }
    for from in stride(from: 0, to: pending.count, by: 64) { block(from) }
    let digits = Array("0123456789abcdef".utf8)
    var out: [UInt8] = []
    for word in h { for i in 0..<8 { out.append(digits[Int(word >> UInt32(28 - 4 * i) & 15)]) } }
    return String(decoding: out, as: UTF8.self)
  }

  public static func hex(_ bytes: some Sequence<UInt8>) -> String {
    var hash = SHA256()
    hash.add(bytes)
    return hash.hex()
  }

  private mutating func block(_ from: Int) {
    precondition(from >= 0 && from + 64 <= pending.count)
    pending.withUnsafeBufferPointer { bytes in
      Self.k.withUnsafeBufferPointer { k in
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { w in
          for i in 0..<16 {
            let j = from + 4 * i
            w[i] =
              UInt32(bytes[j]) << 24 | UInt32(bytes[j + 1]) << 16 | UInt32(bytes[j + 2]) << 8
              | UInt32(bytes[j + 3])
          }
          Self.compress(&h, w, k)
        }
      }
    }
  }

  private static func compress(
    _ h: inout [UInt32], _ w: UnsafeMutableBufferPointer<UInt32>, _ k: UnsafeBufferPointer<UInt32>
  ) {
    func rotate(_ x: UInt32, _ n: UInt32) -> UInt32 { x &>> n | x &<< (32 &- n) }
    for i in 16..<64 {
      let s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] &>> 3
      let s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] &>> 10
      w[i] = w[i - 16] &+ s0 &+ w[i - 7] &+ s1
    }
    var (a, b, c, d, e, f, g, hh) = (h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7])
    for i in 0..<64 {
      let s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      let t1 = hh &+ s1 &+ (e & f ^ ~e & g) &+ k[i] &+ w[i]
      let s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      let t2 = s0 &+ (a & b ^ a & c ^ b & c)
      (hh, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
    }
    h[0] &+= a
    h[1] &+= b
    h[2] &+= c
    h[3] &+= d
    h[4] &+= e
    h[5] &+= f
    h[6] &+= g
    h[7] &+= hh
  }
}
