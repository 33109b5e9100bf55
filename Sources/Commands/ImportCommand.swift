import API
import APIMachinery
import Basics
import ManifestReader
import Planner
import Store

/// `import FILE…`: takes actual objects into the state as they are.
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
    let scheme = Planner.scheme(for: session.store)
    let overlay = session.store.overlay()
    var version = session.meta.resourceVersion
    for manifest in result.manifests {
      let value = manifest.value
      guard let info = scheme.info(apiVersion: value.apiVersion, kind: value.kindName), !value.name.isEmpty
      else {
        throw CommandFailure(
          code: "unknown-kind", scheme.noMatch(apiVersion: value.apiVersion, kind: value.kindName).message,
          at: manifest.spans.start)
      }
      version = max(version, Int(value.resourceVersion) ?? 0)
      overlay.put(
        ObjectKey(info.groupKind, value.namespaceKey, value.nameKey), ImportedObject.completed(value))
    }
    var next = session.meta
    next.resourceVersion = version
    next.now = session.now
    try session.commit(overlay, next, scheme: scheme, command: "import")
    console.print("Imported \(result.manifests.count) objects. State serial \(session.serial).")
    return .success
  }
}
