/// FNV-1a, 64 bits: a hash that is equal on every run and machine.
public struct FNV1a: Sendable {
  public private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325
  public init() {}
  public mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
  public mutating func add(_ text: String) { for byte in text.utf8 { add(byte) } }
  public mutating func add(_ bytes: [UInt8]) { for byte in bytes { add(byte) } }
}

/// FNV-1, 32 bits, as Go's `hash/fnv.New32`, which names the revisions of StatefulSets.
public struct FNV1x32: Sendable {
  public private(set) var value: UInt32 = 0x811C_9DC5
  public init() {}
  public mutating func add(_ byte: UInt8) { value = (value &* 0x0100_0193) ^ UInt32(byte) }
  public mutating func add(_ bytes: some Sequence<UInt8>) { for byte in bytes { add(byte) } }
}

/// FNV-1a, 32 bits, as Go's `hash/fnv.New32a`, which names ReplicaSets and the revisions of DaemonSets.
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
    let taken: Void? = bytes.withContiguousStorageIfAvailable { add($0) }
    if taken == nil { Array(bytes).withUnsafeBufferPointer { add($0) } }
  }

  /// Whole blocks are hashed where they stand; only the rest is kept.
  private mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
    length += UInt64(bytes.count)
    var from = 0
    if !pending.isEmpty {
      from = min(64 - pending.count, bytes.count)
      pending.append(contentsOf: bytes[..<from])
      guard pending.count == 64 else { return }
      pending.withUnsafeBufferPointer { Self.block($0, 0, &h) }
      pending.removeAll(keepingCapacity: true)
    }
    while bytes.count - from >= 64 {
      Self.block(bytes, from, &h)
      from += 64
    }
    pending.append(contentsOf: bytes[from...])
  }

  /// The digest as 64 hexadecimal digits.
  public consuming func hex() -> String {
    let bits = length * 8
    pending.append(0x80)
    while pending.count % 64 != 56 { pending.append(0) }
    for i in 0..<8 { pending.append(UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * i))) }
    pending.withUnsafeBufferPointer { bytes in
      for from in stride(from: 0, to: bytes.count, by: 64) { Self.block(bytes, from, &h) }
    }
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

  private static func block(_ bytes: UnsafeBufferPointer<UInt8>, _ from: Int, _ h: inout [UInt32]) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { w in
      for i in 0..<16 {
        let j = from + 4 * i
        w[i] =
          UInt32(bytes[j]) << 24 | UInt32(bytes[j + 1]) << 16 | UInt32(bytes[j + 2]) << 8
          | UInt32(bytes[j + 3])
      }
      for i in 16..<64 {
        let s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3
        let s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10
        w[i] = w[i - 16] &+ s0 &+ w[i - 7] &+ s1
      }
      k.withUnsafeBufferPointer { k in rounds(w, k, &h) }
    }
  }

  @inline(__always) private static func rotate(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }

  private static func rounds(
    _ w: UnsafeMutableBufferPointer<UInt32>, _ k: UnsafeBufferPointer<UInt32>, _ state: inout [UInt32]
  ) {
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for i in 0..<64 {
      let s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      let t1 = h &+ s1 &+ (e & f ^ ~e & g) &+ k[i] &+ w[i]
      let s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      let t2 = s0 &+ (a & b ^ a & c ^ b & c)
      (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
    }
    state[0] &+= a
    state[1] &+= b
    state[2] &+= c
    state[3] &+= d
    state[4] &+= e
    state[5] &+= f
    state[6] &+= g
    state[7] &+= h
  }
}
