import APIMachinery
import Basics
import ManifestReader
import Planner
import Store

/// `import FILE…`: takes actual objects into the state.
struct ImportCommand: Command {
  static let name = "import"
  static let summary = "Take actual objects (kubectl get -o yaml, a List, a dump) into the state"
  static let usage = "FILE…"
  static let options = PassOptions.options.filter { ["filename", "state", "now"].contains($0.name) }

  func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let options = try PassOptions(arguments, console)
    guard !arguments.positional.isEmpty || arguments.has("filename") else {
      throw Arguments.UsageError(message: "name a file, or - for standard input")
    }
    let result = ManifestReader.read(options.manifestPaths)
    if result.diagnostics.hasErrors { throw CommandFailure(.failure, result.diagnostics) }
    console.report(result.diagnostics)
    let session = try StateSession.open(
      options.statePath, now: options.now, writing: true, command: "plimsoll import")
    let overlay = session.store.overlay()
    let refusals = Importer.take(result.manifests, into: overlay)
    if refusals.hasErrors { throw CommandFailure(.failure, refusals) }
    var next = session.meta
    next.resourceVersion = result.manifests.reduce(next.resourceVersion) {
      max($0, Int($1.value.resourceVersion) ?? 0)
    }
    next.now = session.now
    try session.commit(overlay, next, scheme: Planner.scheme(for: overlay), command: "import")
    console.print("Imported \(result.manifests.count) objects. State serial \(session.serial).")
    return .success
  }
}
