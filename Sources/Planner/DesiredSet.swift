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
    var scheme = scheme
    let definitions = manifests.filter {
      $0.value.kindName == "CustomResourceDefinition"
        && $0.value.apiVersion.hasPrefix("apiextensions.k8s.io/")
    }
    if !definitions.isEmpty {
      scheme = scheme.copy()
      for definition in definitions { _ = scheme.register(crd: definition.value) }
    }
    var seen: [ObjectKey: Manifest] = [:]
    for manifest in manifests {
      if Assumptions.isAssumptions(manifest.value) {
        let (read, findings) = Assumptions.read(manifest.value)
        assumptions.append(read)
        diagnostics += findings.map { $0.diagnostic(at: manifest.spans.place(path: $0.path)) }
        continue
      }
      var value = manifest.value
      guard let info = check(manifest, scheme) else { continue }
      if info.namespaced {
        if value.namespace.isEmpty { value[.metadata][.namespace] = .string(namespace ?? "default") }
      } else {
        value[.metadata].remove(.namespace)
      }
      let key = ObjectKey(info.groupKind, value.namespaceKey, value.nameKey)
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

  /// The kind of a document, or a diagnostic and nil.
  private mutating func check(_ manifest: Manifest, _ scheme: Scheme) -> KindInfo? {
    let value = manifest.value
    func refuse(_ code: String, _ message: String, _ path: String, _ remedy: String?) {
      let span = manifest.spans.span(path: path)
      diagnostics.append(
        Diagnostic(.error, code, message, at: span.place, remedy: remedy, excerpt: span.excerpt))
    }
    guard value.isObject else {
      refuse("not-an-object", "a manifest must be a mapping", "", "every document describes one object")
      return nil
    }
    if value[.kind].string?.isEmpty ?? true {
      refuse("kind-missing", "Object 'Kind' is missing", "", "add `kind:` and `apiVersion:`")
      return nil
    }
    if value[.apiVersion].string?.isEmpty ?? true {
      refuse("apiversion-missing", "Object 'apiVersion' is missing", "kind", "add `apiVersion:`")
      return nil
    }
    guard let info = scheme.info(apiVersion: value.apiVersion, kind: value.kindName) else {
      let (message, replacement) = scheme.noMatch(apiVersion: value.apiVersion, kind: value.kindName)
      refuse(
        "unknown-kind", message, "apiVersion",
        replacement.map { "use \($0)" }
          ?? "install its CustomResourceDefinition first: ensure CRDs are in the manifests")
      return nil
    }
    if value.name.isEmpty {
      let generated = value[.metadata][.generateName].string
      refuse(
        "name-missing",
        generated.map { "from \($0): cannot use generate name with apply" }
          ?? "resource name may not be empty",
        "metadata", "set metadata.name")
      return nil
    }
    return info
  }
}
