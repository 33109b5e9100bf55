import APIMachinery
import Basics

/// Finds objects that are written over and over while no time passes: more often than the limit within a
/// second, or than a twentieth of it at one instant.
///
/// A quota is written with every object that it counts, by admission: at one instant that may be any number.
struct WriteGuard {
  private var second: Tally
  private var instant: Tally

  init(limit: Int) {
    second = Tally(limit: limit)
    instant = Tally(limit: limit / 20)
  }

  /// False where the object has been written too often.
  mutating func count(_ key: ObjectKey, at now: Instant) -> Bool {
    let isCalm = second.count(key, in: now.seconds)
    if key.kind == .resourceQuota { return isCalm }
    return instant.count(key, in: now.nanoseconds) && isCalm
  }

  /// The object with the most writes, and one that is written about as often if there is one.
  var verdict: Convergence { instant.isOver ? instant.verdict : second.verdict }

  /// Writes per object in one span of time, from where all together are more than one may have. Of many
  /// writes a sixteenth is counted, for sixteen each: what has more than the limit is among them.
  private struct Tally {
    let limit: Int
    private let weight: Int
    private var span: Int64 = .min
    private var all = 0
    private var writes: [ObjectKey: Int] = [:]
    private(set) var isOver = false

    init(limit: Int) {
      self.limit = limit
      weight = limit < 1000 ? 1 : 16
    }

    mutating func count(_ key: ObjectKey, in now: Int64) -> Bool {
      if now != span {
        span = now
        all = 0
        if !writes.isEmpty { writes.removeAll(keepingCapacity: true) }
      }
      all += 1
      if all <= limit || weight > 1 && !isCounted { return true }
      let n = writes[key, default: 0] + weight
      writes[key] = n
      if n > limit { isOver = true }
      return n <= limit
    }

    /// Spread so that no rhythm of writers falls in with it.
    private var isCounted: Bool { (UInt64(all) &* 0x9E37_79B9_7F4A_7C15) >> 60 == 0 }

    var verdict: Convergence {
      let worst = writes.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
      guard let first = worst.first else { return .quiescent }
      let second = worst.dropFirst().first { $0.value * 2 > first.value }?.key
      return .oscillating(first.key, second)
    }
  }
}

/// Counts steps that follow each other without a write and without time passing: more than a few for each
/// object that the components know will not end by themselves.
struct StepGuard {
  let limit: Int
  private var last = Instant(nanoseconds: .min)
  private var known = 0
  private var idle = 0

  init(limit: Int) { self.limit = limit }

  /// False where so many steps are too many. `told`: how many objects and changes the components know of.
  mutating func count(at now: Instant, told: Int) -> Bool {
    if told != known || now != last {
      (known, last) = (told, now)
      idle = 0
    }
    idle += 1
    return idle <= limit + 16 * known
  }
}
