import APIMachinery

/// `ValidateNetworkPolicySpec`.
enum NetworkPolicyValidation {
  static func policy(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    let path = Path.spec
    SelectorRule.selector(spec[.podSelector], path.child("podSelector"), &out)
    for (list, peers) in [("ingress", "from"), ("egress", "to")] {
      for (i, rule) in spec[Key(list)].items.enumerated() {
        let at = path.child(list).index(i)
        for (j, port) in rule[.ports].items.enumerated() {
          self.port(port, at.child("ports").index(j), &out)
        }
        for (j, peer) in rule[Key(peers)].items.enumerated() {
          self.peer(peer, at.child(peers).index(j), &out)
        }
      }
    }
    let types = spec[.policyTypes]
    if types.count > 2 {
      return out.invalid(path.child("policyTypes"), types, "may not specify more than two policyTypes")
    }
    for (i, type) in types.items.enumerated() where type != "Ingress" && type != "Egress" {
      out.notSupported(path.child("policyTypes").index(i), type, ["Ingress", "Egress"])
    }
  }

  private static func port(_ port: Value, _ at: Path, _ out: inout Findings) {
    if let proto = port.get(.protocol) { out.oneOf(at.child("protocol"), proto, ["SCTP", "TCP", "UDP"]) }
    let end = port[.endPort].int
    guard let number = port.get(.port) else {
      if let end {
        out.invalid(at.child("endPort"), .int(end), "may not be specified when `port` is not specified")
      }
      return
    }
    PortRule.numberOrName(number, at.child("port"), &out)
    guard let end else { return }
    if number.string != nil {
      out.invalid(at.child("endPort"), .int(end), "may not be specified when `port` is non-numeric")
    } else if end < number.int ?? 0 {
      out.invalid(at.child("endPort"), .int(number.int ?? 0), "must be greater than or equal to `port`")
    }
    if number.string == nil {
      out.invalid(at.child("endPort"), .int(end), all: Names.isPortNumber(end))
    }
  }

  private static func peer(_ peer: Value, _ at: Path, _ out: inout Findings) {
    var count = 0
    for key in ["podSelector", "namespaceSelector"] where peer.has(Key(key)) {
      count += 1
      SelectorRule.selector(peer[Key(key)], at.child(key), &out)
    }
    if let block = peer.get(.ipBlock) {
      self.block(block, at.child("ipBlock"), &out)
      if count > 0 { out.forbidden(at, "may not specify both ipBlock and another peer") }
      count += 1
    }
    if count == 0 { out.required(at, "must specify a peer") }
  }

  private static func block(_ block: Value, _ at: Path, _ out: inout Findings) {
    let text = block[.cidr].string ?? ""
    if text.isEmpty { return out.required(at.child("cidr")) }
    let outer = CIDRRule.check(text, at.child("cidr"), &out)
    for (i, inner) in block[.except].items.enumerated() {
      let place = at.child("except").index(i)
      guard let outer, let own = CIDRRule.check(inner.string ?? "", place, &out) else { continue }
      let isInside =
        own.ip.bytes.count == outer.ip.bytes.count && own.length > outer.length
        && own.ip.isIn(outer.ip.bytes, outer.length)
      if !isInside { out.invalid(place, inner, "must be a strict subset of `cidr`") }
    }
  }
}

/// Networks in fields (`validation.IsValidCIDR`).
enum CIDRRule {
  struct Network {
    let ip: IPBytes
    let length: Int
  }

  static func parse(_ text: String) -> Network? {
    guard let slash = text.firstIndex(of: "/"), let ip = IPBytes(String(text[..<slash])),
      let length = Int(text[text.index(after: slash)...]), length >= 0, length <= ip.bytes.count * 8
    else { return nil }
    return Network(ip: ip, length: length)
  }

  @discardableResult
  static func check(_ text: String, _ path: Path, _ out: inout Findings) -> Network? {
    guard let network = parse(text) else {
      out.invalid(path, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")
      return nil
    }
    for bit in network.length..<network.ip.bytes.count * 8
    where network.ip.bytes[bit / 8] & (UInt8(0x80) >> UInt8(bit % 8)) != 0 {
      out.invalid(path, text, "must not have bits set beyond the prefix length")
      return nil
    }
    return network
  }
}
