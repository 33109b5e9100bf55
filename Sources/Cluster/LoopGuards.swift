import APIMachinery
import Basics

/// Counts writes per object while the clock shows the same second, from where all together are more than one may
/// have. Of many writes a sixteenth is counted, for sixteen each: what has more than the limit is among them.
struct WriteGuard {
  let limit: Int
  private let weight: Int
  private var second: Int64 = .min
  private var all = 0
  private var writes: [ObjectKey: Int] = [:]

  init(limit: Int) {
    self.limit = limit
    weight = limit < 4096 ? 1 : 16
  }

  mutating func count(_ key: ObjectKey, at now: Instant) -> Bool {
    if now.seconds != second {
      second = now.seconds
      all = 0
      writes.removeAll(keepingCapacity: true)
    }
    all += 1
    if all <= limit || weight > 1 && !isCounted { return true }
    let n = writes[key, default: 0] + weight
    writes[key] = n
    return n <= limit
  }

  /// Spread so that no rhythm of writers falls in with it.
  private var isCounted: Bool { (UInt64(all) &* 0x9E37_79B9_7F4A_7C15) >> 60 == 0 }

  /// The two objects with the most writes.
  var verdict: Convergence {
    let worst = writes.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
    guard let first = worst.first else { return .quiescent }
    let second = worst.dropFirst().first { $0.value > 1 }?.key
    return .oscillating(first.key, second)
  }
}

/// Counts steps that follow each other without a write and without time passing: more than a few for each object
/// that the components know will not end by themselves.
struct StepGuard {
  let limit: Int
  private var last = Instant(nanoseconds: .min)
  private var idle = 0

  init(limit: Int) { self.limit = limit }

  /// False where so many steps are too many. `known` is the number of objects that the components were told of.
  mutating func count(wrote: Bool, at now: Instant, known: Int) -> Bool {
    if wrote || now != last {
      last = now
      idle = 0
    }
    idle += 1
    return idle <= limit + 16 * known
  }
}
