import APIMachinery
import APIServer
import Basics
import ManifestReader
import Planner
import Store

/// `validate [DIR]`: read, check, default, admit; nothing else.
struct ValidateCommand: Command {
  static let name = "validate"
  static let summary = "Check manifests as the API server would, without a pass"
  static let usage = "[DIR]"
  static let discussion =
    "With --each every document is judged alone against the state; with -o jsonl each answer is one line."
  static let options =
    PassOptions.options.filter {
      ["manifests", "filename", "state", "now", "namespace", "allow-empty"].contains($0.name)
    } + [
      Option("each", "judge each document alone, not after the ones before it"),
      Option("output", short: "o", value: "FORMAT", "text or jsonl", choices: ["text", "jsonl"]),
    ]

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let options = try PassOptions(arguments, console)
    let jsonl = arguments.string("output") == "jsonl"
    var reading = ManifestReader.Options()
    reading.allowsEmpty = options.allowEmpty
    let result = ManifestReader.read(options.manifestPaths, options: reading)
    if jsonl, result.diagnostics.hasErrors, result.manifests.isEmpty {
      for diagnostic in result.diagnostics where diagnostic.severity == .error {
        let answer = APIError(.badRequest, diagnostic.message)
        console.write(CanonicalJSON.bytes(Judgement(code: 400, object: nil, error: answer).value) + [0x0A])
      }
    }
    console.report(result.diagnostics)
    let session = try StateSession.open(options.statePath, now: options.now)
    let judge = Planner.judge(session.input(result.manifests, named: ""), alone: arguments.flag("each"))
    var refused = result.diagnostics.count { $0.severity == .error }
    for (manifest, answer) in zip(result.manifests, judge) {
      if jsonl { console.write(CanonicalJSON.bytes(answer.value) + [0x0A]) }
      if !jsonl { console.report(Refusals.warnings(answer.warnings, manifest)) }
      guard let error = answer.error else { continue }
      refused += 1
      if !jsonl { console.report(Refusals.diagnostics(error, manifest, exists: false)) }
    }
    if !jsonl {
      let good = judge.count { $0.error == nil }
      console.print("\(result.manifests.count) documents: \(good) valid, \(refused) refused.")
    }
    return refused == 0 ? .success : .failure
  }
}
