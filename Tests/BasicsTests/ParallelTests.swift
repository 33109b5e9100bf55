import Basics
import Synchronization
import Testing

@Suite struct ParallelTests {
  /// Some inputs take longer than those after them.
  private static func slow(_ i: Int) -> Int {
    var sum = i
    for k in 0..<(i % 3 == 0 ? 20_000 : 10) { sum = (sum &* 31 &+ k) & 0xFFFF }
    return i * 2 + (sum & 0)
  }

  @Test("Results come in the order of the inputs, each once", arguments: [0, 1, 2, 3, 200])
  func inOrder(count: Int) {
    let inputs = Array(0..<count)
    #expect(Parallel.map(inputs) { Self.slow($0) } == inputs.map { $0 * 2 })
    var taken: [Int] = []
    Parallel.map(inputs, { Self.slow($0) }, { taken.append($0) })
    #expect(taken == inputs.map { $0 * 2 })
  }

  @Test("Every input is worked on once, whoever does it")
  func once() {
    let calls = Mutex<[Int]>(Array(repeating: 0, count: 500))
    let work: @Sendable (Int) -> Int = { i in
      calls.withLock { $0[i] += 1 }
      return i
    }
    var sum = 0
    Parallel.map(Array(0..<500), work) { sum += $0 }
    #expect(sum == 500 * 499 / 2)
    #expect(calls.withLock { $0.allSatisfy { $0 == 1 } })
  }
}
