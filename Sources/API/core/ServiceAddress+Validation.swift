import APIMachinery

/// Cluster addresses and families of a Service (`ValidateServiceClusterIPsRelatedFields` and the rules for
/// their change).
enum ServiceAddressValidation {
  private static let families = ["IPv4", "IPv6"]

  static func check(_ spec: Value, _ path: Path, _ out: inout Findings) {
    let all = spec[.clusterIPs]
    let at = path.child("clusterIPs")
    let first = spec[.clusterIP].string ?? ""
    if !first.isEmpty {
      if all.isEmpty {
        out.required(at)
      } else if all[0].string != first {
        out.invalid(at, all, "first value must match `clusterIP`")
      }
    } else if !all.isEmpty {
      out.invalid(at, all, "must be empty when `clusterIP` is not specified")
    }
    var seen: Set<Value> = []
    for (i, family) in spec[.ipFamilies].items.enumerated() {
      let place = path.child("ipFamilies").index(i)
      out.oneOf(place, family, families)
      if !seen.insert(family).inserted { out.duplicate(place, family) }
    }
    if let policy = spec.get(.ipFamilyPolicy) {
      let policies = ["PreferDualStack", "RequireDualStack", "SingleStack"]
      out.oneOf(path.child("ipFamilyPolicy"), policy, policies)
    }
    addresses(spec, all, at, &out)
  }

  private static func addresses(_ spec: Value, _ all: Value, _ at: Path, _ out: inout Findings) {
    var isSound = true
    for (i, address) in all.items.enumerated() {
      if i == 0, address == "None" {
        if all.count > 1 {
          isSound = false
          out.invalid(at, all, "'None' must be the first and only value")
        }
        continue
      }
      if IPBytes(address.string ?? "") == nil {
        isSound = false
        AddressRule.check(address, at.index(i), &out)
      }
    }
    if all.count > 2 { out.invalid(at, all, "may only hold up to 2 values") }
    guard isSound else { return }
    let sizes = all.items.map { IPBytes($0.string ?? "")?.bytes.count ?? 0 }
    if all.count > 1, Set(sizes).count != 2 {
      out.invalid(at, all, "may specify no more than one IP for each IP family")
    }
    if all.items.first == "None" { return }
    for (i, size) in sizes.enumerated() where i < spec[.ipFamilies].count {
      for (family, bytes) in [("IPv4", 4), ("IPv6", 16)]
      where spec[.ipFamilies][i].string == family && size != bytes {
        out.invalid(
          at.index(i), all[i], "expected an \(family) value as indicated by `ipFamilies[\(i)]`")
      }
    }
  }

  /// Addresses and families may be added or given up, but not exchanged.
  static func change(_ a: Value, _ b: Value, _ out: inout Findings) {
    if a[.type].says("ExternalName") || b[.type].says("ExternalName") { return }
    let wasHeadless = b[.clusterIPs] == ["None"]
    let isHeadless = a[.clusterIPs] == ["None"]
    if wasHeadless, isHeadless { return }
    addressChange(a, b, &out)
    if wasHeadless == isHeadless { familyChange(a, b, &out) }
  }

  private static func addressChange(_ a: Value, _ b: Value, _ out: inout Findings) {
    let new = a[.clusterIPs]
    let old = b[.clusterIPs]
    let at = Path.spec.child("clusterIPs")
    let shown: Value = new.isNull ? .null : new
    if old.count == new.count {
      for (i, address) in old.items.enumerated() where address != new[i] {
        out.invalid(at.index(i), shown, "may not change once set")
      }
      return
    }
    if old.count > new.count, new.isEmpty {
      out.invalid(at.index(0), shown, "primary clusterIP can not be unset")
    }
    if !old.isEmpty, !new.isEmpty, old[0] != new[0] {
      out.invalid(at.index(0), shown, "may not change once set")
    }
    if old.count > new.count, new.count == 1, !a[.ipFamilyPolicy].says("SingleStack") {
      out.invalid(
        Path.spec.child("ipFamilyPolicy"), a[.ipFamilyPolicy],
        "must be set to 'SingleStack' when releasing the secondary clusterIP")
    }
  }

  private static func familyChange(_ a: Value, _ b: Value, _ out: inout Findings) {
    let new = a[.ipFamilies]
    let old = b[.ipFamilies]
    let at = Path.spec.child("ipFamilies").index(0)
    if old.count == new.count {
      for (i, family) in old.items.enumerated() where family != new[i] {
        out.invalid(at, new, "may not change once set")
      }
      return
    }
    if old.count > new.count, a[.clusterIPs].isEmpty {
      out.invalid(at, new, "primary ipFamily can not be unset")
    }
    if !old.isEmpty, !new.isEmpty, old[0] != new[0] {
      out.invalid(at, old.count > new.count ? a[.clusterIPs] : new, "may not change once set")
    }
    if old.count > new.count, new.count == 1, !a[.ipFamilyPolicy].says("SingleStack") {
      out.invalid(
        Path.spec.child("ipFamilyPolicy"), a[.ipFamilyPolicy],
        "must be set to 'SingleStack' when releasing the secondary ipFamily")
    }
  }
}
