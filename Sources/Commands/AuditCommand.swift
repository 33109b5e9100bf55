import API
import Basics
import Foundation
import ManifestReader
import PlanReport
import Planner
import Renderers

/// `audit [DIR]`: desired, last applied and actual compared, each difference with who made it.
struct AuditCommand: Command {
  static let name = "audit"
  static let summary = "Compare manifests, last apply and state, and say who made each difference"
  static let usage = "[DIR]"
  static let discussion =
    "Nothing is run and nothing is written. Exits 0 when everything is as desired, 2 when something differs, 1 on "
    + "an error,\n3 when a gate fired. `import` brings the objects of a running cluster into a state to audit."
  static let options: [Option] =
    PassOptions.options.filter { ["manifests", "filename", "state", "now", "namespace"].contains($0.name) }
    + [
      Option("allow-empty", "accept manifests that hold no object"),
      Option("baseline", value: "FILE", "known differences, each accepted until a day (AuditBaseline)"),
      Option("write-baseline", value: "FILE", "write a baseline that accepts what differs now, for 30 days"),
      Option(
        "fail-on", value: "LIST", "gates, comma separated: drift, missing, extra, unmanaged", repeats: true),
      Option("output", short: "o", value: "FORMAT[=PATH]", "text or json; repeatable", repeats: true),
      Option("summary", "only the counts"),
    ]
  private static let gates = ["drift", "missing", "extra", "unmanaged"]

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let options = try PassOptions(arguments.without(["fail-on"]), console)
    let failOn = try Self.failOn(arguments)
    let session = try StateSession.open(options.statePath, now: options.now)
    if session.isNew {
      throw CommandFailure(
        code: "no-state", "there is no state in \(options.statePath)",
        remedy: "apply the manifests, or import the objects of a cluster, first")
    }
    var input = session.input(try options.read(console), named: options.manifestPaths.joined(separator: ", "))
    input.namespace = options.namespace
    var (report, diagnostics) = Auditor.audit(input)
    console.report(diagnostics)
    if let file = arguments.string("baseline") { BaselineCheck.apply(try Self.baseline(file), to: &report) }
    if let file = arguments.string("write-baseline") {
      let month = BaselineCheck.accepting(
        report, until: report.time + .seconds(30 * 86_400), reason: "accepted \(RFC3339.string(report.time))")
      try Self.save(Data(month.text.utf8), file)
    }
    try write(report, options, console)
    if diagnostics.hasErrors { return .failure }
    let fired = failOn.filter { Self.fires($0, report) }
    for gate in fired { console.warn("gate: \(gate)") }
    if !fired.isEmpty { return .gate }
    return report.open.isEmpty ? .success : .changes
  }

  private static func failOn(_ arguments: Arguments) throws -> [String] {
    let words = arguments.strings("fail-on").flatMap { $0.split(separator: ",").map(String.init) }
    for word in words where !gates.contains(word) {
      throw Arguments.UsageError(
        message: "--fail-on: \"\(word)\" is none of \(gates.joined(separator: ", "))")
    }
    return words
  }

  private static func fires(_ gate: String, _ report: AuditReport) -> Bool {
    switch gate {
    case "drift": report.count(.drifted) > 0
    case "missing": report.count(.missing) > 0
    case "extra": report.count(.extra) > 0
    default: !report.unmanaged.isEmpty
    }
  }

  private static func baseline(_ file: String) throws -> AuditBaseline {
    let result = ManifestReader.read([file])
    if result.diagnostics.hasErrors { throw CommandFailure(.failure, result.diagnostics) }
    var all = AuditBaseline()
    for manifest in result.manifests {
      guard AuditBaseline.isBaseline(manifest.value) else {
        throw CommandFailure(
          code: "no-baseline", "\(file) holds no plimsoll.dev/v1 AuditBaseline", at: manifest.spans.start)
      }
      let (read, findings) = AuditBaseline.read(manifest.value)
      if !findings.isEmpty {
        throw CommandFailure(
          .failure,
          findings.map {
            Diagnostic(
              .error, "bad-baseline", "\($0.path): \($0.message)", at: manifest.spans.place(path: $0.path))
          })
      }
      all.entries += read.entries
    }
    return all
  }

  private func write(_ report: AuditReport, _ options: PassOptions, _ console: Console) throws {
    for output in options.outputs.isEmpty ? ["text"] : options.outputs {
      let parts = output.split(separator: "=", maxSplits: 1).map(String.init)
      guard let renderer = AuditRenderers.named(parts[0]) else {
        let formats = AuditRenderers.all.map { type(of: $0).format }.joined(separator: ", ")
        throw Arguments.UsageError(message: "-o \(parts[0]): the formats are \(formats)")
      }
      let color = parts.count == 1 && console.color(terminal: console.outIsTerminal)
      let bytes = renderer.render(report, RenderOptions(color: color, summaryOnly: options.summaryOnly))
      if parts.count == 1 { console.write(bytes) } else { try Self.save(Data(bytes), parts[1]) }
    }
  }

  private static func save(_ data: Data, _ path: String) throws {
    do { try data.write(to: URL(fileURLWithPath: path)) } catch {
      throw CommandFailure(code: "output", "cannot write \(path): \(error.localizedDescription)")
    }
  }
}
