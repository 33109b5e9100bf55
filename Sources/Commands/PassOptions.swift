import API
import APIMachinery
import APIServer
import Basics
import Foundation
import ManifestReader
import PlanReport
import Planner
import Renderers

/// The flags that all passes share, and what they say.
struct PassOptions {
  static let options: [Option] = [
    Option("manifests", value: "DIR", "the desired state (default manifests)"),
    Option(
      "filename", short: "f", value: "PATH", "a file, a directory, or - for standard input", repeats: true),
    Option("state", value: "DIR", "the state store (default state)"),
    Option("now", value: "RFC3339", "when the pass begins (default: SOURCE_DATE_EPOCH, else the clock)"),
    Option("horizon", value: "DURATION", "how much virtual time the pass may cover (default 15m)"),
    Option("assume", value: "FILE", "what the world does: an Assumptions document", repeats: true),
    SchedulerConfigurationFile.option,
    Option("namespace", short: "n", value: "NAME", "for documents that name no namespace"),
    Option("prune", "delete what an earlier apply made and the manifests no longer hold (default on)"),
    Option("max-deletes", value: "N|P%", "gate: refuse to delete more objects than this"),
    Option("allow-empty", "accept manifests that hold no object"),
    Option(
      "fail-on", value: "LIST",
      "gates, comma separated: unschedulable, delete, replace, cascade, quota, warning", repeats: true),
    Option("keep-going", "apply what is valid when some documents are refused"),
    Option("server-side", "apply server-side: fields have managers, and their conflicts are refused"),
    Option("field-manager", value: "NAME", "who applies, with --server-side (default kubectl)"),
    Option("force-conflicts", "with --server-side: take fields that others manage"),
    Option("replace", "delete and create anew what cannot be changed in place"),
    Option(
      "output", short: "o", value: "FORMAT[=PATH]",
      "text, json, yaml, markdown, html, junit, sarif, github, gitlab or dot; repeatable", repeats: true),
    Option("max-bytes", value: "N", "how long a markdown comment may be (default 65000)"),
    Option("detailed-exitcode", "exit 2 when there are changes"),
    Option("summary", "only findings and counts"),
    Option("lock-timeout", value: "DURATION", "how long to wait for the state lock (default 0s)"),
  ]

  var manifestPaths: [String]
  var statePath: String
  var now: Instant?
  var horizon: Nanoseconds
  var assumeFiles: [String]
  var schedulerFile: String?
  var whatIf: WhatIf
  var namespace: String?
  var prune: Bool
  var allowEmpty: Bool
  var keepGoing: Bool
  var replaces: Bool
  var serverSide: ServerSideApply?
  var outputs: [String]
  var detailedExitCode: Bool
  var summaryOnly: Bool
  var maxBytes: Int
  var lockTimeout: Nanoseconds
  var gates: Gates
  /// The instant is a saved plan's: whether it still fits is for the plan to say.
  var isReplay = false

  init(_ arguments: Arguments, _ console: Console, manifestsFromWords: Bool = true) throws {
    let words = manifestsFromWords ? arguments.positional : []
    var paths = arguments.strings("filename") + words
    if let directory = arguments.string("manifests") { paths.insert(directory, at: 0) }
    manifestPaths = paths.isEmpty ? ["manifests"] : paths
    statePath = arguments.string("state") ?? "state"
    now = try PassOptions.instant(arguments, console)
    horizon = try PassOptions.duration(arguments, "horizon") ?? .seconds(900)
    lockTimeout = try PassOptions.duration(arguments, "lock-timeout") ?? .zero
    assumeFiles = arguments.strings("assume")
    schedulerFile = arguments.string("scheduler-config")
    whatIf = try WhatIf(arguments)
    namespace = arguments.string("namespace")
    prune = arguments.flag("prune", true)
    allowEmpty = arguments.flag("allow-empty")
    keepGoing = arguments.flag("keep-going")
    replaces = arguments.flag("replace")
    serverSide = try PassOptions.serverSide(arguments)
    outputs = arguments.strings("output")
    detailedExitCode = arguments.flag("detailed-exitcode")
    summaryOnly = arguments.flag("summary")
    maxBytes = max(1000, try arguments.int("max-bytes") ?? 65_000)
    gates = try Gates(arguments)
  }

  private static func serverSide(_ arguments: Arguments) throws -> ServerSideApply? {
    let force = arguments.flag("force-conflicts")
    guard arguments.flag("server-side") else {
      if force { throw Arguments.UsageError(message: "--force-conflicts only works with --server-side") }
      return nil
    }
    let manager = arguments.string("field-manager") ?? "kubectl"
    if manager.isEmpty || manager.utf8.count > 128 {
      throw Arguments.UsageError(message: "--field-manager: a name of 1 to 128 bytes")
    }
    return ServerSideApply(manager: manager, force: force)
  }

  static func duration(_ arguments: Arguments, _ name: String) throws -> Nanoseconds? {
    guard let text = arguments.string(name) else { return nil }
    guard let duration = GoDuration.parse(text), duration.count >= 0 else {
      throw Arguments.UsageError(message: "--\(name): \"\(text)\" is no duration such as 90s or 15m")
    }
    return duration
  }

  /// The beginning of the pass; nil for the clock of the machine.
  static func instant(_ arguments: Arguments, _ console: Console) throws -> Instant? {
    if let text = arguments.string("now"), !text.isEmpty {
      guard let now = RFC3339.parse(text) else {
        throw Arguments.UsageError(message: "--now: \"\(text)\" is no time such as 2026-11-23T07:34:18Z")
      }
      return now
    }
    if let epoch = console.environment["SOURCE_DATE_EPOCH"], let seconds = Int64(epoch), seconds >= 0,
      seconds < 9_000_000_000
    {
      return Instant(seconds: seconds)
    }
    return nil
  }

  /// Reads the manifests; with errors in them the command ends, unless it may keep going.
  func read(_ console: Console) throws -> [Manifest] {
    var options = ManifestReader.Options()
    options.allowsEmpty = allowEmpty
    let result = ManifestReader.read(manifestPaths, options: options)
    if result.diagnostics.hasErrors && !keepGoing { throw CommandFailure(.failure, result.diagnostics) }
    console.report(result.diagnostics)
    return result.manifests
  }

  func assumptions(_ console: Console) throws -> Assumptions {
    var all = Assumptions()
    for file in assumeFiles {
      let result = ManifestReader.read([file])
      if result.diagnostics.hasErrors { throw CommandFailure(.failure, result.diagnostics) }
      for manifest in result.manifests {
        guard Assumptions.isAssumptions(manifest.value) else {
          throw CommandFailure(
            code: "no-assumptions", "\(file) holds no plimsoll.dev/v1 Assumptions", at: manifest.spans.start)
        }
        let (read, findings) = Assumptions.read(manifest.value)
        if !findings.isEmpty {
          throw CommandFailure(
            .failure, findings.map { $0.diagnostic(at: manifest.spans.place(path: $0.path)) })
        }
        all.append(read)
      }
    }
    return all
  }

  /// Whether a format is asked for that tells the report's digests.
  var tellsDigests: Bool {
    outputs.contains { output in
      let format = output.prefix { $0 != "=" }
      return PlanRenderers.named(String(format)).map { type(of: $0).tellsDigests } ?? false
    }
  }

  /// Writes the report in every format asked for; text on standard output if none is.
  func write(_ report: PlanReport, _ console: Console) throws {
    let wanted = outputs.isEmpty ? ["text"] : outputs
    for output in wanted {
      let parts = output.split(separator: "=", maxSplits: 1).map(String.init)
      guard let renderer = PlanRenderers.named(parts[0]) else {
        let formats = PlanRenderers.all.map { type(of: $0).format }.joined(separator: ", ")
        throw Arguments.UsageError(message: "-o \(parts[0]): the formats are \(formats)")
      }
      let color = parts.count == 1 && console.color(terminal: console.outIsTerminal)
      var options = RenderOptions(color: color, summaryOnly: summaryOnly)
      options.maxBytes = maxBytes
      let bytes = renderer.render(report, options)
      if parts.count == 1 {
        console.write(bytes)
      } else {
        do { try Data(bytes).write(to: URL(fileURLWithPath: parts[1])) } catch {
          throw CommandFailure(code: "output", "cannot write \(parts[1]): \(error.localizedDescription)")
        }
      }
    }
  }
}

/// Conditions under which a pass must not be applied.
struct Gates {
  private static let known = ["unschedulable", "delete", "replace", "cascade", "quota", "warning"]
  var failOn: Set<String> = []
  var maxDeletes: String?

  init(_ arguments: Arguments) throws {
    for list in arguments.strings("fail-on") {
      for word in list.split(separator: ",").map(String.init) {
        guard Gates.known.contains(word) else {
          throw Arguments.UsageError(
            message: "--fail-on: \"\(word)\" is none of \(Gates.known.joined(separator: ", "))")
        }
        failOn.insert(word)
      }
    }
    maxDeletes = arguments.string("max-deletes")
    if let text = maxDeletes, Int(text.hasSuffix("%") ? String(text.dropLast()) : text) == nil {
      throw Arguments.UsageError(message: "--max-deletes: \"\(text)\" is neither a number nor a percentage")
    }
  }

  /// Why the report must not be applied; empty when it may.
  func fired(_ report: PlanReport, stored: Int) -> [String] {
    var out: [String] = []
    if failOn.contains("unschedulable"), report.consequences.podsUnschedulable > 0 {
      out.append("unschedulable: \(report.consequences.podsUnschedulable) pods find no node")
    }
    if failOn.contains("delete"), report.toDestroy > 0 {
      out.append("delete: \(report.toDestroy) to destroy")
    }
    if failOn.contains("replace"), report.count(.replace) > 0 {
      out.append("replace: \(report.count(.replace)) to replace")
    }
    if failOn.contains("cascade"), report.changes.contains(where: { !$0.takesWithIt.isEmpty }) {
      out.append("cascade: deletions take other objects with them")
    }
    if failOn.contains("quota"), report.findings.contains(where: { $0.code == .createRefused }) {
      out.append("quota: pods are refused")
    }
    if failOn.contains("warning"), report.findings.contains(where: { $0.severity <= .warning }) {
      out.append("warning: there are findings")
    }
    if let text = maxDeletes {
      let percent = text.hasSuffix("%")
      let n = Int(percent ? String(text.dropLast()) : text) ?? 0
      let limit = percent ? stored * n / 100 : n
      if report.toDestroy > limit {
        out.append("max-deletes: \(report.toDestroy) to destroy, \(limit) allowed")
      }
    }
    return out
  }
}
