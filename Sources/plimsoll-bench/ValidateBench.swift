import APIServer
import Basics
import Foundation
import ManifestReader
import Planner
import Store

/// `plimsoll-bench validate DIR`: reading, and defaulting, admitting and validating, of the documents below DIR as
/// `plimsoll validate` does it; also of the first half of them, to see that it is linear.
func benchValidate(_ arguments: [String]) {
  guard let directory = arguments.first else { return print("usage: plimsoll-bench validate DIR") }
  var read = Double.infinity
  var result = ManifestReader.read([directory])
  for _ in 0..<5 {
    read = min(read, seconds { result = ManifestReader.read([directory]) })
  }
  print("read: \(result.manifests.count) documents in \(Int(read * 1000)) ms")
  for part in [result.manifests.count / 2, result.manifests.count] {
    let manifests = Array(result.manifests[..<part])
    var best = Double.infinity
    var good = 0
    for _ in 0..<5 {
      var input = PassInput(
        manifests: manifests, manifestsName: directory, base: ObjectStore(),
        now: Instant(seconds: 1_700_000_000))
      input.isNewState = true
      best = min(best, seconds { good = Planner.judge(input, alone: false).count { $0.error == nil } })
    }
    print("judge: \(part) documents, \(good) valid, in \(Int(best * 1000)) ms")
  }
}

private func seconds(_ work: () -> Void) -> Double {
  let start = DispatchTime.now().uptimeNanoseconds
  work()
  return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
}
