import APIMachinery
import Testing

@testable import Controllers

@Suite struct EndpointSubsetsTests {
  private static func subset(_ ready: Int, _ notReady: Int, port: Int = 80, from: Int = 0) -> Value {
    func addresses(_ n: Int, _ first: Int) -> Value? {
      n == 0 ? nil : .array((0..<n).map { ["ip": .string("10.0.0.\(first + $0)")] })
    }
    return .fields(
      ("addresses", addresses(ready, from)), ("notReadyAddresses", addresses(notReady, from + ready)),
      ("ports", [["port": .int(port), "protocol": "TCP"]]))
  }

  private static func counts(_ subsets: Value) -> [[Int]] {
    subsets.items.map { [$0["addresses"].count, $0["notReadyAddresses"].count] }
  }

  @Test(
    "Each subset keeps its share, ready addresses first",
    arguments: [
      ([[3, 0]], 3, nil), ([[4, 0]], 3, [[3, 0]]), ([[3, 2]], 3, [[3, 0]]), ([[1, 5]], 3, [[1, 2]]),
      ([[5, 1], [5, 1]], 6, [[3, 0], [3, 0]]), ([[4, 0], [1, 0]], 3, [[3, 0], [0, 0]]),
      ([[1, 3], [1, 3]], 5, [[1, 2], [1, 1]]), ([[0, 2], [2, 2]], 2, [[0, 0], [2, 0]]),
    ] as [([[Int]], Int, [[Int]]?)])
  func truncated(sizes: [[Int]], limit: Int, kept: [[Int]]?) {
    let all = Value.array(sizes.enumerated().map { Self.subset($1[0], $1[1], port: $0, from: 10 * $0) })
    let cut = EndpointSubsets.truncated(all, to: limit)
    #expect(cut.map(Self.counts) == kept)
    #expect(cut.map { $0[0]["addresses"][0] == all[0]["addresses"][0] } ?? true)
  }

  /// A real cluster orders subsets and ports by hashes.
  @Test func theOrderOfSubsetsAndPortsSaysNothing() {
    let (a, b) = (Self.subset(2, 0, port: 80), Self.subset(1, 1, port: 90))
    #expect(EndpointSubsets.isSame([b, a], [a, b]) && EndpointSubsets.isSame([a, b], [a, b]))
    #expect(EndpointSubsets.isSame(.null, []) && !EndpointSubsets.isSame([a], [b]))
    #expect(!EndpointSubsets.isSame([a, a], [a, b]) && !EndpointSubsets.isSame([], [a]))
    let ports: [Value] = [["port": 81], ["port": 80]]
    let stored = a.setting("ports", .array(ports))
    #expect(EndpointSubsets.isSame([stored], [a.setting("ports", .array(ports.reversed()))]))
  }
}
