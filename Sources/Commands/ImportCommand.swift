import API
import APIMachinery
import APIServer
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
    var refusals: [Diagnostic] = []
    for manifest in result.manifests {
      version = max(version, Int(manifest.value.resourceVersion) ?? 0)
      refusals += Self.take(manifest, scheme, into: overlay)
    }
    if refusals.hasErrors { throw CommandFailure(.failure, refusals) }
    var next = session.meta
    next.resourceVersion = version
    next.now = session.now
    try session.commit(overlay, next, scheme: scheme, command: "import")
    console.print("Imported \(result.manifests.count) objects. State serial \(session.serial).")
    return .success
  }
  /// Puts one object into the state, in the form that a server has stored; else says why not.
  private static func take(_ manifest: Manifest, _ scheme: Scheme, into state: ObjectStore) -> [Diagnostic] {
    var value = manifest.value
    guard let info = scheme.info(apiVersion: value.apiVersion, kind: value.kindName) else {
      let message = scheme.noMatch(apiVersion: value.apiVersion, kind: value.kindName).message
      return [Diagnostic(.error, "unknown-kind", message, at: manifest.spans.start)]
    }
    guard !value.name.isEmpty else {
      return [
        Diagnostic(
          .error, "name-missing", "resource name may not be empty",
          at: manifest.spans.place(path: "metadata"),
          remedy: "an object of a cluster has a name: set metadata.name")
      ]
    }
    if let refusal = StoredForm.refusal(value, info) {
      return Refusals.diagnostics(refusal, manifest, exists: false)
    }
    if !info.namespaced {
      value[.metadata].remove(.namespace)
    } else if value.namespace.isEmpty {
      value[.metadata][.namespace] = "default"
    }
    state.put(
      ObjectKey(info.groupKind, value.namespaceKey, value.nameKey),
      StoredForm.of(value, info))
    return []
  }
}
