import APIMachinery
import Basics
import Cluster
import Foundation

/// `plimsoll-bench simulate [--seeds N] [--first S] [--seed S [--trace]] [--twice] [--keep DIR]`
///
/// Runs random clusters, spread over the cores. Prints every failing seed with what failed, and with `--keep`
/// writes a file for it; `--seed` replays one, and `--trace` prints every change of it. `--twice` runs each seed
/// twice and compares the objects.
/// Exit status 1 when a seed fails.
func simulate(_ arguments: [String]) -> Int32 {
  func value(_ name: String) -> String? {
    arguments.firstIndex(of: name).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
  }
  let only = value("--seed").flatMap { UInt64($0) }
  let first = only ?? value("--first").flatMap { UInt64($0) } ?? 1
  let count = only == nil ? value("--seeds").flatMap { Int($0) } ?? 1000 : 1
  let isTwice = arguments.contains("--twice") || only != nil
  if let only, arguments.contains("--trace") {
    _ = Simulation.run(seed: only) { event, now in
      let object = event.object
      let text = CanonicalJSON.bytes(["spec": object.spec, "status": object.status])
      print(RFC3339.string(now), event.type, event.key, String(decoding: text, as: UTF8.self))
    }
  }
  let began = Date()
  print("seeds \(first) to \(first + UInt64(max(1, count)) - 1)")
  let outcomes = Parallel.map(Array(0..<count)) { i -> Simulation.Outcome in
    var outcome = Simulation.run(seed: first + UInt64(i))
    if isTwice, outcome.failures.isEmpty, Simulation.run(seed: outcome.seed).digest != outcome.digest {
      outcome.failures.append("two runs end with different objects")
    }
    return outcome
  }
  let failed = outcomes.filter { !$0.failures.isEmpty }
  for outcome in failed {
    print("seed \(outcome.seed): " + outcome.failures.joined(separator: "; "))
    if let directory = value("--keep") {
      let text = outcome.failures.joined(separator: "\n") + "\n"
      try? text.write(toFile: "\(directory)/\(outcome.seed).txt", atomically: true, encoding: .utf8)
    }
  }
  let steps = outcomes.reduce(0) { $0 + $1.steps }
  let seconds = String(format: "%.1f", Date().timeIntervalSince(began))
  print("\(count - failed.count) green, \(failed.count) failed, \(steps) steps in \(seconds) s")
  return failed.isEmpty ? 0 : 1
}
