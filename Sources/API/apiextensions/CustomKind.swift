import APIMachinery

extension KindInfo {
  /// The kind that a CustomResourceDefinition defines, or nil if the definition serves none.
  public init?(crd: Value) {
    let spec = crd[.spec]
    let names = spec[.names]
    guard let group = spec[.group].string, let kind = names[.kind].string, let plural = names[.plural].string
    else {
      return nil
    }
    let served = spec[.versions].items.filter { $0[.served].bool == true && $0[.name].string != nil }
    guard !served.isEmpty else { return nil }
    let storage = served.first { $0[.storage].bool == true } ?? served[0]
    let stored = storage[.name].string ?? ""
    let others = served.compactMap { $0[.name].string }.filter { $0 != stored }
    let metadata = SchemaLibrary.builtin["meta.ObjectMeta"] ?? SchemaType(.any)
    gvk = GroupVersionKind(group: group, version: stored, kind: kind)
    versions = [stored] + others
    self.plural = plural
    singular = names[.singular].string ?? kind.lowercased()
    shortNames = names[.shortNames].items.compactMap(\.string)
    categories = names[.categories].items.compactMap(\.string)
    namespaced = spec[.scope].says("Namespaced")
    hasStatus = storage[.subresources].has(.status)
    hasScale = storage[.subresources].has(.scale)
    isCustom = true
    let scale = storage[.subresources][.scale]
    specReplicasPath = scale[.specReplicasPath].string
    for version in served where version[.deprecated].bool == true {
      deprecations[version[.name].string ?? ""] = version[.deprecationWarning].string ?? ""
    }
    types = .custom(
      served.map { version in
        (
          version[.name].string ?? "",
          SchemaType.structural(version[.schemaName][.openAPIV3Schema], metadata: metadata)
        )
      })
  }
}

extension Scheme {
  /// Adds the kind of an established CustomResourceDefinition, or replaces it, but never a built-in kind.
  @discardableResult public func register(crd: Value) -> KindInfo? {
    guard let info = KindInfo(crd: crd), self.info(info.groupKind)?.isCustom != false else { return nil }
    add(info)
    return info
  }

  /// Forgets the kind of a CustomResourceDefinition.
  public func unregister(crd: Value) {
    let kind = GroupKind(group: crd[.spec][.group].string ?? "", kind: crd[.spec][.names][.kind].string ?? "")
    if info(kind)?.isCustom == true { remove(kind) }
  }
}
