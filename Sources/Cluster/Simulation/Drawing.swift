import APIMachinery
import Basics

/// Draws from a seeded stream.
struct Drawing {
  var stream: RandomStream

  mutating func number(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(stream.below(UInt64(range.upperBound - range.lowerBound + 1)))
  }
  /// True `n` times in a hundred.
  mutating func chance(_ n: Int) -> Bool { number(1...100) <= n }
  mutating func pick<T>(_ choices: [T]) -> T { choices[number(0...choices.count - 1)] }
}
