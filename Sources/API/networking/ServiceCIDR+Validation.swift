import APIMachinery

/// Addresses and networks of Services (`pkg/apis/networking/validation`).
enum ServiceCIDRValidation {
  static func serviceCIDR(_ object: Value, _ out: inout Findings) {
    let at = Path.spec.child("cidrs")
    let list = object[.spec][.cidrs]
    if list.isEmpty { return out.required(at, "at least one CIDR required") }
    if list.count > 2 { return out.invalid(at, list, "may only hold up to 2 values") }
    for (i, cidr) in list.items.enumerated() { CIDRRule.check(cidr.string ?? "", at.index(i), &out) }
    let families = list.items.compactMap { CIDRRule.parse($0.string ?? "")?.ip.bytes.count }
    if families.count == 2, families[0] == families[1] {
      out.invalid(
        at, list, "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64")
    }
  }

  static func serviceCIDRUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    let at = Path.spec.child("cidrs")
    let a = new[.spec][.cidrs]
    let b = old[.spec][.cidrs]
    if b.count == 1, a.count == 2 {
      out.immutable(at.index(0), a[0], b[0])
    } else {
      out.immutable(at, a, b)
    }
  }

  static func address(_ object: Value, _ out: inout Findings) {
    let at = Path.spec.child("parentRef")
    guard let ref = object[.spec].get(.parentRef) else { return out.required(at) }
    if let group = ref[.group].string, !group.isEmpty {
      out.invalid(at.child("group"), group, all: Names.isDNS1123Subdomain(group))
    }
    for (key, needed) in [("resource", true), ("name", true), ("namespace", false)] {
      let text = ref[Key(key)].string ?? ""
      if text.isEmpty {
        if needed { out.required(at.child(key)) }
      } else {
        out.invalid(at.child(key), text, all: Names.isPathSegmentName(text))
      }
    }
  }

  static func addressUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    out.immutable(Path.spec.child("parentRef"), new[.spec][.parentRef], old[.spec][.parentRef])
  }
}
