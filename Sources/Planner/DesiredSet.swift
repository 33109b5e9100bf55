import API
import APIMachinery
import Basics
import ManifestReader

/// The documents of the manifests by the object that they describe.
struct DesiredSet {
  struct Entry {
    var key: ObjectKey
    var manifest: Manifest
    var wave: Int
  }
  var entries: [Entry] = []
  var assumptions = Assumptions()
  var diagnostics: [Diagnostic] = []

  /// Sorts documents by wave, namespace, kind and name. Two documents of one object are an error that names both.
  init(_ manifests: [Manifest], scheme: Scheme, namespace: String?) {
    let scheme = DescribedObject.scheme(scheme, with: manifests)
    var seen: [ObjectKey: Manifest] = [:]
    for manifest in manifests {
      if Assumptions.isAssumptions(manifest.value) {
        let (read, findings) = Assumptions.read(manifest.value)
        assumptions.append(read)
        diagnostics += findings.map { $0.diagnostic(at: manifest.spans.place(path: $0.path)) }
        continue
      }
      guard let described = DescribedObject(manifest, scheme, namespace: namespace, &diagnostics) else {
        continue
      }
      let (info, key, value) = (described.info, described.key, described.value)
      if let first = seen[key] {
        diagnostics.append(
          Diagnostic(
            .error, "duplicate-object", "\(info.kind) \(quoted(value)) is described twice",
            at: manifest.spans.start, remedy: "keep one of the two documents",
            notes: [.init("the first description stands here", at: first.spans.start)]))
        continue
      }
      seen[key] = manifest
      var placed = manifest
      placed.value = value
      entries.append(Entry(key: key, manifest: placed, wave: Waves.wave(of: info.groupKind)))
    }
    entries.sort { a, b in a.wave == b.wave ? a.key < b.key : a.wave < b.wave }
  }

  private func quoted(_ value: Value) -> String {
    value.namespace.isEmpty ? "\"\(value.name)\"" : "\"\(value.namespace)/\(value.name)\""
  }
}
