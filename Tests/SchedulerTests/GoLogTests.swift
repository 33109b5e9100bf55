import API
import Foundation
import Testing

@testable import Scheduler

@Suite struct GoLogTests {
  /// Values of Go's `math.Log` that differ from the C library's, and some that do not.
  @Test(
    arguments: [
      (2, 0x3fe6_2e42_fefa_39ef), (3, 0x3ff1_93ea_7aad_030a), (4, 0x3ff6_2e42_fefa_39ef),
      (5, 0x3ff9_c041_f7ed_8d33), (6, 0x3ffc_ab0b_fa2a_2002),
    ] as [(Int, UInt64)]) func isGos(_ n: Int, _ bits: UInt64)
  {
    #expect(GoLog.log(n).bitPattern == bits)
  }

  /// The whole table of 20,001 values, where it is at hand.
  @Test func agreesWithTheTable() throws {
    let file = RecordTests.folder.appendingPathComponent("../../kubernetes-1.36/go-log-table.txt")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return }
    var wrong: [Int] = []
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ")
      guard parts.count == 2, let n = Int(parts[0]), let bits = UInt64(parts[1], radix: 16) else { continue }
      if GoLog.log(n + 2).bitPattern != bits { wrong.append(n) }
    }
    #expect(wrong.isEmpty, "\(wrong.count) differ, first \(wrong.prefix(5))")
  }

  @Test(arguments: [
    (99, 99), (100, 100), (250, 120), (500, 230), (1000, 420), (3124, 812), (5000, 500), (15000, 750),
  ]) func nodesToFind(_ nodes: Int, _ wanted: Int) {
    #expect(Profile(.init()).feasibleToFind(nodes) == wanted)
  }
}
