import APIMachinery
import Basics
import Foundation
import PlanReport
import Planner

/// Times the phases of a pass and counts its steps and writes by component and kind.
final class PassMeter: PassProbe {
  private struct Mark {
    var wall: UInt64
    var cpu: Double
  }
  private struct Row {
    var name: String
    var wall: Double
    var cpu: Double
    var peak: Int
  }
  private struct Part {
    var steps = 0
    var nanoseconds: UInt64 = 0
    var delivery: UInt64 = 0
    var writes: [GroupKind: Int] = [:]
  }
  private let details: Bool
  private var mark = Mark(wall: 0, cpu: 0)
  private var first = Mark(wall: 0, cpu: 0)
  private var rows: [Row] = []
  private var names: [String] = []
  private var parts: [Part] = []
  private var outside = Part()
  private var current = -1
  private var at: UInt64 = 0

  init(details: Bool) { self.details = details }

  private static func wall() -> UInt64 { DispatchTime.now().uptimeNanoseconds }

  private static func now() -> Mark {
    var usage = rusage()
    getrusage(0, &usage)
    func seconds(_ t: timeval) -> Double { Double(t.tv_sec) + Double(t.tv_usec) / 1e6 }
    return Mark(wall: wall(), cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime))
  }

  /// Peak resident memory since the last call, in MiB (0 where the system does not tell).
  private static func peak() -> Int {
    let peak = megabytes("VmHWM:", in: "/proc/self/status")
    try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    return peak
  }

  /// What the system says of this process under a name, in MiB (0 where it does not tell).
  private static func megabytes(_ name: String, in file: String) -> Int {
    let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
    let kilobytes = line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
    return kilobytes / 1024
  }

  func begin() {
    mark = Self.now()
    first = mark
  }

  func phase(_ name: String) {
    let now = Self.now()
    rows.append(
      Row(name: name, wall: Double(now.wall - mark.wall) / 1e9, cpu: now.cpu - mark.cpu, peak: Self.peak()))
    mark = now
  }

  // MARK: - The loop

  func components(_ names: [String]) {
    self.names = names
    parts = Array(repeating: Part(), count: names.count)
  }

  func begins(_ component: Int) {
    guard details else { return }
    current = component
    at = Self.wall()
  }

  func ends(_ component: Int) {
    guard details else { return }
    let now = Self.wall()
    parts[component].steps += 1
    parts[component].nanoseconds += now - at
    at = now
  }

  func delivered(_ events: [WatchEvent]) {
    guard details else { return }
    var part = current < 0 ? outside : parts[current]
    for event in events { part.writes[event.key.kind, default: 0] += 1 }
    if current >= 0 {
      let now = Self.wall()
      part.delivery += now - at
      at = now
      parts[current] = part
    } else {
      outside = part
    }
  }

  // MARK: - The table

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func number(_ value: Double, _ digits: Int = 2) -> String {
    let text = String(format: "%.\(digits)f", value)
    return String(repeating: " ", count: max(0, 9 - text.count)) + text
  }

  func print(_ title: String, _ outcome: PassOutcome) {
    let consequences = outcome.report.consequences
    Swift.print(
      "\(title): \(consequences.podsCreated) pods created, \(consequences.podsTerminated) terminated, "
        + "\(consequences.podsUnschedulable) unschedulable; resourceVersion \(outcome.resourceVersion)")
    Swift.print("  \(pad("phase", 28))   wall s    cpu s  peak MiB")
    for row in rows {
      Swift.print("  \(pad(row.name, 28))\(number(row.wall))\(number(row.cpu))\(number(Double(row.peak), 0))")
    }
    let now = Self.now()
    let peak = rows.map(\.peak).max() ?? 0
    Swift.print(
      "  \(pad("all", 28))\(number(Double(now.wall - first.wall) / 1e9))\(number(now.cpu - first.cpu))"
        + number(Double(peak), 0))
    let large = Self.megabytes("AnonHugePages:", in: "/proc/self/smaps_rollup")
    Swift.print("  \(pad("in large pages at the end", 46))\(number(Double(large), 0))")
    if details { printParts() }
  }

  private func printParts() {
    Swift.print("  \(pad("component", 40))    steps  step ms  deliv ms  writes")
    func line(_ name: String, _ part: Part) {
      let writes = part.writes.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key.kind)" }
      Swift.print(
        "  \(pad(name, 40))\(number(Double(part.steps), 0))\(number(Double(part.nanoseconds) / 1e6, 0))"
          + "\(number(Double(part.delivery) / 1e6, 0))   \(writes.joined(separator: ", "))")
    }
    line("(change set)", outside)
    for (name, part) in zip(names, parts) where part.steps > 0 { line(name, part) }
  }
}
