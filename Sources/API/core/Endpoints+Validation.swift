import APIMachinery

/// `ValidateEndpoints` and the rule for addresses behind a service.
enum EndpointsValidation {
  static func update(_ new: Value, _ old: Value, _ out: inout Findings) {
    if new[.subsets] == old[.subsets] { return }
    var judged = JudgedItems()
    for subset in old[.subsets].items {
      judged.add(subset[.addresses])
      judged.add(subset[.notReadyAddresses])
    }
    endpoints(new, judged: judged, &out)
  }

  static func endpoints(_ object: Value, _ out: inout Findings) {
    endpoints(object, judged: JudgedItems(), &out)
  }

  private static func endpoints(_ object: Value, judged: JudgedItems, _ out: inout Findings) {
    for (i, subset) in object[.subsets].items.enumerated() {
      let at = Path("subsets").index(i)
      if subset[.addresses].isEmpty, subset[.notReadyAddresses].isEmpty {
        out.required(at, "must specify `addresses` or `notReadyAddresses`")
      }
      for key in ["addresses", "notReadyAddresses"] {
        for (j, address) in subset[Key(key)].items.enumerated() where !judged.has(address) {
          self.address(address, at.child(key).index(j), &out)
        }
      }
      for (j, port) in subset[.ports].items.enumerated() {
        self.port(port, needsName: subset[.ports].count > 1, at.child("ports").index(j), &out)
      }
    }
  }

  private static func address(_ address: Value, _ at: Path, _ out: inout Findings) {
    let isOrdinary = AddressRule.isOrdinary(address[.ip])
    if !isOrdinary { AddressRule.check(address[.ip], at.child("ip"), &out) }
    if let name = address[.hostname].string, !name.isEmpty {
      out.invalid(at.child("hostname"), name, all: Names.isDNS1123Label(name))
    }
    if let name = address[.nodeName].string {
      out.invalid(at.child("nodeName"), name, all: Names.isDNS1123Subdomain(name))
    }
    if !isOrdinary { AddressRule.endpoint(address[.ip], at.child("ip"), &out) }
  }

  private static func port(_ port: Value, needsName: Bool, _ at: Path, _ out: inout Findings) {
    let name = port[.name].string ?? ""
    if needsName, name.isEmpty {
      out.required(at.child("name"))
    } else if !name.isEmpty {
      out.invalid(at.child("name"), name, all: Names.isDNS1123Label(name))
    }
    let number = port[.port].int ?? 0
    out.invalid(at.child("port"), .int(number), all: Names.isPortNumber(number))
    out.oneOf(at.child("protocol"), port[.protocol], ["SCTP", "TCP", "UDP"])
    if let text = port[.appProtocol].string {
      out.invalid(at.child("appProtocol"), text, all: Names.isQualifiedName(text))
    }
  }
}

extension AddressRule {
  /// Whether a text is an IPv4 address in its canonical form that no rule forbids, as those of pods are.
  static func isOrdinary(_ value: Value) -> Bool {
    guard let text = value.text, let address = IPv4.parse(text.utf8) else { return false }
    let first = address >> 24
    return first > 0 && first != 127 && first != 169 && first < 224
  }

  /// `ValidateEndpointIP`.
  static func endpoint(_ value: Value, _ at: Path, _ out: inout Findings) {
    let text = value.string ?? ""
    guard let ip = IPBytes(text)?.bytes else { return out.invalid(at, text, "must be a valid IP address") }
    let four = ip.count == 4
    if ip.allSatisfy({ $0 == 0 }) { out.invalid(at, text, "may not be unspecified (\(text))") }
    if four ? ip[0] == 127 : ip.dropLast().allSatisfy({ $0 == 0 }) && ip.last == 1 {
      out.invalid(at, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)")
    }
    if four ? ip[0] == 169 && ip[1] == 254 : ip[0] == 0xFE && ip[1] & 0xC0 == 0x80 {
      out.invalid(at, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)")
    }
    if four ? ip[0] == 224 && ip[1] == 0 && ip[2] == 0 : ip[0] == 0xFF && ip[1] & 0x0F == 2 {
      out.invalid(at, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
    }
  }
}
