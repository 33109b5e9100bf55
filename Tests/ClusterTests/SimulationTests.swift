import APIMachinery
import APIServer
import Cluster
import Foundation
import Testing

/// Random clusters through random changes and faults. `plimsoll-bench simulate` runs many more.
struct SimulationTests {
  @Test(arguments: 1...12) func comesToRest(seed: UInt64) {
    let outcome = Simulation.run(seed: seed)
    #expect(outcome.failures == [], "seed \(seed)")
  }

  @Test func sameSeedSameBytes() {
    let first = Simulation.run(seed: 7)
    #expect(!first.digest.isEmpty)
    #expect(Simulation.run(seed: 7).digest == first.digest)
    #expect(Simulation.run(seed: 8).digest != first.digest)
  }

  /// Seeds that failed once; each file says how.
  static let kept: [UInt64] = {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let directory = tests.appendingPathComponent("Seeds")
    let files = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
    return files.compactMap { UInt64($0.replacingOccurrences(of: ".txt", with: "")) }.sorted()
  }()

  @Test(arguments: kept) func keptSeeds(seed: UInt64) {
    #expect(Simulation.run(seed: seed).failures == [], "seed \(seed)")
  }
}
