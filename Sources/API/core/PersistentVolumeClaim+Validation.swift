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
    if all.items.contains("ReadWriteOncePod"), all.count > 1 {
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
  }

  /// Only the size may grow, once bound.
  static func update(_ new: Value, _ old: Value, _ out: inout Findings) {
    spec(new[.spec], .spec, &out)
    var a = new[.spec]
    var b = old[.spec]
    let before = Quantity(b[.resources][.requests][.storage])
    let after = Quantity(a[.resources][.requests][.storage])
    if old[.status][.phase].string == "Bound" {
      a[.resources][.requests] = .null
      b[.resources][.requests] = .null
    }
    if b[.volumeName].string.isNilOrEmpty {
      for key in [Key.volumeName] {
        a.remove(key)
        b.remove(key)
      }
    }
    if b["volumeAttributesClassName"] != a["volumeAttributesClassName"] {
      a.remove("volumeAttributesClassName")
      b.remove("volumeAttributesClassName")
    }
    if a != b {
      out.forbidden(
        .spec,
        "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound "
          + "claims"
      )
    }
    if let before, let after, after < before {
      let status = Quantity(old[.status][.capacity][.storage])
      if status.map({ after < $0 || after == $0 }) ?? true {
        out.forbidden(
          Path.spec.child("resources").child("requests").child("storage"),
          "field can not be less than status.capacity")
      }
    }
  }
}
