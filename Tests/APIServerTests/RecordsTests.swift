import API
import APIMachinery
import APIServer
import Basics
import Foundation
import Store
import Testing

private let folder =
  ProcessInfo.processInfo.environment["PLIMSOLL_CONFORMANCE"] ?? "../shared/conformance"
private let isAtHand = FileManager.default.fileExists(atPath: "\(folder)/invalid.jsonl")

/// Holds the server against recorded refusals of Kubernetes, where the records are at hand.
@Suite struct RecordsTests {
  @Test(.enabled(if: isAtHand)) func refusalsAreKubernetes() throws {
    let clock = VirtualClock(RFC3339.parse("2026-11-23T07:34:18Z") ?? Instant(seconds: 0))
    let server = APIServer(
      store: ObjectStore(), scheme: Scheme.builtin.copy(), clock: clock, seed: 1, resourceVersion: 1)
    for name in ["default", "kube-system", "kube-public", "kube-node-lease"] { addNamespace(server, name) }
    let setup = try String(contentsOfFile: "\(folder)/setup.invalid.yaml", encoding: .utf8)
    for line in setup.split(separator: "\n") where line.hasPrefix("{") {
      _ = try? server.create(json(String(line)))
    }
    let records = try String(contentsOfFile: "\(folder)/invalid.jsonl", encoding: .utf8)
    var right = 0
    var wrong: [String] = []
    for line in records.split(separator: "\n") {
      let record = json(String(line))
      guard record["input"].isObject, record["message_varies"].bool != true else { continue }
      let judged = server.judge(record["input"])
      let isSame =
        judged.code == record["code"].int
        && (judged.error == nil || judged.error?.message == record["message"].string)
      if isSame { right += 1 } else { wrong.append(record[.name].string ?? "") }
    }
    // What is left is quotas of a status that was loaded, admission policies and the cost of CEL rules.
    #expect(right >= 590, "\(right) right; wrong: \(wrong.joined(separator: ", "))")
  }
}
