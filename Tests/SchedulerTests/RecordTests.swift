import APIMachinery
import Basics
import ControllerRuntime
import Foundation
import Scheduler
import Testing

/// What the real scheduler decided in recorded worlds (`../shared/conformance/scheduler`), decision by decision.
@Suite struct RecordTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
      "shared/conformance/scheduler")

  /// Those that take a few seconds at most without optimisation.
  static let names: [String] = {
    let only = ProcessInfo.processInfo.environment["SCHEDULER_RECORDS"]
    let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let records = all.filter { $0.first?.isNumber == true }.sorted()
    if let only { return only == "all" ? records : records.filter { $0.hasPrefix(only) } }
    return records.filter { ["02", "05", "07", "09", "12", "13"].contains($0.prefix(2)) }
  }()

  /// Requests that are not given are the limits, as the API server fills them in.
  static func defaulted(_ object: Value) -> Value {
    var object = object
    for list in [Key.containers, .initContainers] {
      for i in object.spec[list].items.indices {
        for field in object.spec[list][i][.resources][.limits].fields
        where !object.spec[list][i][.resources][.requests].has(field.key) {
          object.spec[list][i][.resources][.requests][field.key] = field.value
        }
      }
    }
    return object
  }

  @Test(arguments: names) func decisionsAreThoseOfTheRealScheduler(_ name: String) throws {
    let record = Self.folder.appendingPathComponent(name)
    let server = MemoryServer()
    let scheduler = Scheduler()
    let clock = VirtualClock(Instant(seconds: 1_800_000_000))
    let context = Context(client: server, clock: clock, recorder: server, seed: 1)
    for file in ["nodes.json", "pods.json"] {
      let bytes = try Data(contentsOf: record.appendingPathComponent("manifests/\(file)"))
      for object in try JSON.parse([UInt8](bytes)).get()[.items].items {
        _ = try server.create(Self.defaulted(object))
      }
    }
    while true {
      for event in server.drain() { scheduler.observe(event, now: clock.now) }
      guard scheduler.nextDue != nil else { break }
      scheduler.step(context)
    }
    let text = try String(contentsOf: record.appendingPathComponent("decisions.tsv"), encoding: .utf8)
    var wrong: [String] = []
    for line in text.split(separator: "\n") {
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard columns.count == 4 else { continue }
      let parts = columns[0].split(separator: "/").map(String.init)
      let pod = server.get(ObjectKey(.pod, namespace: parts[0], name: parts[1])) ?? .null
      let node = pod.spec[.nodeName].string ?? "-"
      if node != columns[1] { wrong.append("\(columns[0]): \(node), not \(columns[1])") }
      let message = pod.condition("PodScheduled")?[.message].string ?? ""
      let isGated = !pod.spec[.schedulingGates].isEmpty
      if columns[1] == "-", !isGated, message != columns[2] {
        wrong.append("\(columns[0]): \(message) | not \(columns[2])")
      }
      for victim in columns[3].split(separator: ",") {
        let parts = victim.split(separator: "/").map(String.init)
        if server.get(ObjectKey(.pod, namespace: parts[0], name: parts[1])) != nil {
          wrong.append("\(victim) is still there")
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count) differences, first: \(wrong.prefix(5).joined(separator: "\n"))")
  }
}
