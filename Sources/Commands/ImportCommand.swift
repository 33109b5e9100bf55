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
    let latest = result.manifests.reduce(session.meta.resourceVersion) {
      max($0, Int($1.value.resourceVersion) ?? 0)
    }
    let completed = Importer.complete(
      overlay, seed: session.meta.seed, now: session.now, resourceVersion: latest)
    var next = session.meta
    next.resourceVersion = completed.resourceVersion
    next.now = session.now
    try session.commit(overlay, next, scheme: Planner.scheme(for: overlay), command: "import")
    let count = result.manifests.count
    console.print("Imported \(count) object\(count == 1 ? "" : "s"). State serial \(session.serial).")
    if !completed.added.isEmpty {
      console.print("Added what every cluster has: \(Self.list(completed.added)).")
    }
    console.report(ImportGaps.find(overlay))
    return .success
  }

  /// `Namespace default, shop; Service default/kubernetes`.
  private static func list(_ keys: [ObjectKey]) -> String {
    Dictionary(grouping: keys, by: \.kind).sorted { $0.key < $1.key }.map { kind, keys in
      let names = keys.map { $0.namespace.isEmpty ? $0.name.string : "\($0.namespace)/\($0.name)" }
      return "\(kind.kind) \(names.joined(separator: ", "))"
    }.joined(separator: "; ")
  }
}
