/// Broken inputs made from good ones, the same for the same seed: what fuzzing feeds to readers.
public struct ByteMutator: Sendable {
  private let seeds: [[UInt8]]
  private let words: [[UInt8]]
  private let longest: Int
  private var random: RandomStream

  /// `words` are pieces that the format gives a meaning to; no input gets longer than `longest` bytes.
  public init(seeds: [String], words: [String], seed: UInt64, longest: Int = 4096) {
    self.seeds = seeds.map { Array($0.utf8) }
    self.words = words.map { Array($0.utf8) }
    self.longest = longest
    random = RandomStream(seed: seed, label: "fuzz")
  }

  /// The next input: a seed with one to eight changes.
  public mutating func next() -> [UInt8] {
    var bytes = pick(seeds)
    for _ in 0...random.below(8) { change(&bytes) }
    return bytes.count > longest ? Array(bytes[..<longest]) : bytes
  }

  private mutating func pick(_ all: [[UInt8]]) -> [UInt8] {
    all.isEmpty ? [] : all[Int(random.below(UInt64(all.count)))]
  }

  private mutating func place(_ bytes: [UInt8]) -> Int { Int(random.below(UInt64(bytes.count + 1))) }

  private mutating func change(_ bytes: inout [UInt8]) {
    let at = place(bytes)
    switch random.below(9) {
    case 0: if at < bytes.count { bytes[at] ^= 1 << UInt8(random.below(8)) }
    case 1: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: at)
    case 2: if at < bytes.count { bytes.remove(at: at) }
    case 3, 4: bytes.insert(contentsOf: pick(words), at: at)
    case 5: bytes.removeSubrange(at..<min(bytes.count, at + Int(random.below(16))))
    case 6:
      // A piece of the same input once more.
      let from = place(bytes)
      let piece = Array(bytes[from..<min(bytes.count, from + 1 + Int(random.below(32)))])
      bytes.insert(contentsOf: piece, at: at)
    case 7:
      // The end of another seed.
      let other = pick(seeds)
      bytes.removeSubrange(at...)
      bytes += other[min(other.count, place(other))...]
    default:
      let word = pick(words)
      for _ in 0..<random.below(64) { bytes.insert(contentsOf: word, at: at) }
    }
  }
}
