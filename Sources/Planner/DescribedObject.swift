import API
import APIMachinery
import Basics
import ManifestReader

/// What a document describes: an object of a known kind, with a name.
struct DescribedObject {
  let info: KindInfo
  let key: ObjectKey
  /// The object, in the namespace that is meant.
  let value: Value

  /// Nil with a diagnostic where the document describes no such object. `namespace`: of objects that name none.
  init?(_ manifest: Manifest, _ scheme: Scheme, namespace: String?, _ diagnostics: inout [Diagnostic]) {
    guard let info = Self.check(manifest, scheme, &diagnostics) else { return nil }
    var value = manifest.value
    if info.namespaced {
      if value.namespace.isEmpty { value[.metadata][.namespace] = .string(namespace ?? "default") }
    } else {
      value[.metadata].remove(.namespace)
    }
    self.info = info
    self.value = value
    key = ObjectKey(info.groupKind, value.namespaceKey, value.nameKey)
  }

  /// The scheme with the kinds that the documents define.
  static func scheme(_ known: Scheme, with manifests: [Manifest]) -> Scheme {
    let definitions = manifests.filter {
      $0.value.kindName == "CustomResourceDefinition"
        && $0.value.apiVersion.hasPrefix("apiextensions.k8s.io/")
    }
    if definitions.isEmpty { return known }
    let scheme = known.copy()
    for definition in definitions { _ = scheme.register(crd: definition.value) }
    return scheme
  }

  /// The kind of a document, or a diagnostic and nil.
  private static func check(
    _ manifest: Manifest, _ scheme: Scheme, _ diagnostics: inout [Diagnostic]
  ) -> KindInfo? {
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
