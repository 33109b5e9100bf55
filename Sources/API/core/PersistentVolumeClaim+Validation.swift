import APIMachinery

/// `ValidatePersistentVolumeClaimSpec` and its update.
enum PersistentVolumeClaimValidation {
  private static let modes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"]

  static func claim(_ object: Value, _ out: inout Findings) { spec(object[.spec], .spec, &out) }

  static func spec(_ spec: Value, _ path: Path, _ out: inout Findings) {
    let all = spec[.accessModes]
    if all.isEmpty { out.required(path.child("accessModes"), "at least 1 access mode is required") }
    SelectorRule.selector(spec[.selector], path.child("selector"), &out)
    for mode in all.items where !modes.contains(mode.string ?? "") {
      out.notSupported(path.child("accessModes"), mode, modes)
    }
    let others = all.items.contains { $0 != "ReadWriteOncePod" && modes.contains($0.string ?? "") }
    if all.items.contains("ReadWriteOncePod"), others {
      out.forbidden(
        path.child("accessModes"), "may not use ReadWriteOncePod with other access modes")
    }
    let at = path.child("resources")
    if let storage = spec[.resources][.requests].get(.storage) {
      if let amount = Quantity(storage), amount.sign <= 0 {
        out.invalid(at.key("storage"), amount.canonical, "must be greater than zero")
      }
    } else {
      out.required(at.key("storage"))
    }
    if let name = spec[.storageClassName].string, !name.isEmpty {
      out.invalid(path.child("storageClassName"), name, all: Names.isDNS1123Subdomain(name))
    }
    if let mode = spec.get(.volumeMode) {
      out.oneOf(path.child("volumeMode"), mode, ["Block", "Filesystem"])
    }
    sources(spec, path, &out)
    if let name = spec[.volumeAttributesClassName].string, !name.isEmpty {
      out.invalid(path.child("volumeAttributesClassName"), name, all: Names.isDNS1123Subdomain(name))
    }
  }

  private static func sources(_ spec: Value, _ path: Path, _ out: inout Findings) {
    for key in ["dataSource", "dataSourceRef"] {
      guard let source = spec.get(Key(key)) else { continue }
      let at = path.child(key)
      if source[.name].string.isNilOrEmpty { out.required(at.child("name")) }
      let kind = source[.kind].string ?? ""
      if kind.isEmpty { out.required(at.child("kind")) }
      let group = source[.apiGroup].string ?? ""
      if group.isEmpty {
        if kind != "PersistentVolumeClaim" {
          out.invalid(at, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup")
        }
      } else {
        out.invalid(at.child("apiGroup"), group, all: Names.isDNS1123Subdomain(group))
      }
      if key == "dataSourceRef", let namespace = source[.namespace].string, !namespace.isEmpty {
        out.invalid(at.child("namespace"), namespace, all: Names.isDNS1123Label(namespace))
      }
    }
    guard let source = spec.get(.dataSource), let ref = spec.get(.dataSourceRef) else { return }
    let shown = "\"\(path.child("dataSource").text)\""
    if !ref[.namespace].string.isNilOrEmpty {
      out.invalid(path, shown: shown, "may not be specified when dataSourceRef.namespace is specified")
    } else if source[.apiGroup] != ref[.apiGroup] || source[.kind] != ref[.kind]
      || source[.name] != ref[.name]
    {
      out.invalid(path, shown: shown, "must match dataSourceRef")
    }
  }

  /// Only the size may grow, once bound.
  static func update(_ new: Value, _ old: Value, _ out: inout Findings) {
    spec(new[.spec], .spec, &out)
    var a = new[.spec]
    var b = old[.spec]
    let beta: Key = "volume.beta.kubernetes.io/storage-class"
    let before = Quantity(b[.resources][.requests][.storage])
    let after = Quantity(a[.resources][.requests][.storage])
    if b[.volumeName].string.isNilOrEmpty { b.set(.volumeName, a.get(.volumeName)) }
    if old.annotation(beta) != new.annotation(beta), b.has(.storageClassName) || !a.has(.storageClassName) {
      out.invalid(
        Path.metadata.child("annotations").child(beta.string), new.annotation(beta) ?? "",
        "field is immutable")
    }
    // A claim without a class may be given one.
    if !b.has(.storageClassName), let name = a[.storageClassName].string,
      old.annotation(beta) == nil || old.annotation(beta) == name
    {
      a.remove(.storageClassName)
    }
    if new[.status][.phase].says("Bound") {
      if a[.resources].has(.requests) {
        a[.resources][.requests].set(.storage, b[.resources][.requests].get(.storage))
      }
      a.set(.volumeAttributesClassName, b.get(.volumeAttributesClassName))
    }
    if a != b {
      out.forbidden(
        .spec,
        "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound "
          + "claims")
    }
    if let before, let after, after < before {
      let status = Quantity(old[.status][.capacity][.storage])
      if status.map({ after < $0 || after == $0 }) ?? (after.sign <= 0) {
        out.forbidden(
          Path.spec.child("resources").child("requests").child("storage"),
          "field can not be less than status.capacity")
      }
    }
    out.immutable(Path("volumeMode"), new[.spec][.volumeMode], old[.spec][.volumeMode])
    let now: Key = "volumeAttributesClassName"
    if new[.spec].get(now) != old[.spec].get(now), old[.status].has(.currentVolumeAttributesClassName) {
      let why = "is forbidden when status.currentVolumeAttributesClassName is not nil"
      let at = Path.spec.child(now.string)
      if !new[.spec].has(now) { out.forbidden(at, "update to nil \(why)") }
      if new[.spec][now] == "" { out.forbidden(at, "update to empty string \(why)") }
    }
  }
}
