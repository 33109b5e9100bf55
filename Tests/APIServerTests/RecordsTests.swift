import API
import APIMachinery
import APIServer
import Basics
import Foundation
import Store
import Testing

/// Holds the server against recorded answers, where the records are at hand.
@Suite struct RecordsTests {
  @Test(.enabled(if: ProcessInfo.processInfo.environment["RECORDS"] != nil))
  func score() throws {
    let environment = ProcessInfo.processInfo.environment
    let folder = environment["RECORDS"] ?? ""
    for name in (environment["WHICH"] ?? "invalid,admission").split(separator: ",") {
      try score(folder, String(name))
    }
  }

  private func score(_ folder: String, _ name: String) throws {
    let clock = VirtualClock(RFC3339.parse("2026-11-23T07:34:18Z") ?? Instant(seconds: 0))
    let server = APIServer(
      store: ObjectStore(), scheme: Scheme.builtin.copy(), clock: clock, seed: 1, resourceVersion: 1)
    for namespace in ["default", "kube-system", "kube-public", "kube-node-lease"] {
      _ = try? server.create(
        json(#"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"\#(namespace)"}}"#))
    }
    let setup = try String(contentsOfFile: "\(folder)/setup.\(name).yaml", encoding: .utf8)
    var refused = ""
    for line in setup.split(separator: "\n") where line.hasPrefix("{") {
      do { try server.create(json(String(line))) } catch { refused += error.message + "\n" }
    }
    var out = refused.isEmpty ? "" : "setup: " + refused
    let records = try String(contentsOfFile: "\(folder)/\(name).jsonl", encoding: .utf8)
    var lines: [String] = []
    for line in records.split(separator: "\n") {
      let record = json(String(line))
      guard record["input"].isObject else { continue }
      let made = server.judge(record["input"])
      lines.append(CanonicalJSON.string(["record": record, "made": made.value]))
    }
    out += lines.joined(separator: "\n")
    try lines.joined(separator: "\n").write(
      toFile: "/tmp/records.\(name).out", atomically: true, encoding: .utf8)
    try refused.write(toFile: "/tmp/records.\(name).setup", atomically: true, encoding: .utf8)
  }
}
