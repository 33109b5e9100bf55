import APIMachinery

/// `pkg/apis/discovery/validation`.
enum EndpointSliceValidation {
  static func update(_ new: Value, _ old: Value, _ out: inout Findings) {
    // What an address must be hangs on the type.
    let stays = new[.addressType] == old[.addressType]
    slice(new, judged: JudgedItems(stays ? old[.endpoints] : .null), &out)
    out.immutable(Path("addressType"), new[.addressType], old[.addressType])
  }

  static func slice(_ object: Value, _ out: inout Findings) { slice(object, judged: JudgedItems(), &out) }

  /// `judged`: endpoints that were sound when they were stored.
  private static func slice(_ object: Value, judged: JudgedItems, _ out: inout Findings) {
    let type = object[.addressType].string ?? ""
    if type.isEmpty {
      out.required(Path("addressType"))
    } else {
      out.oneOf(Path("addressType"), object[.addressType], ["FQDN", "IPv4", "IPv6"])
    }
    let path = Path("endpoints")
    if object[.endpoints].count > 1000 {
      out.tooMany(path, object[.endpoints].count, most: 1000)
    } else {
      for (i, endpoint) in object[.endpoints].items.enumerated() where !judged.has(endpoint) {
        self.endpoint(endpoint, type, path.index(i), &out)
      }
    }
    ports(object[.ports], Path("ports"), &out)
  }

  private static func endpoint(_ endpoint: Value, _ type: String, _ at: Path, _ out: inout Findings) {
    let path = at.child("addresses")
    if endpoint[.addresses].isEmpty {
      out.required(path, "must contain at least 1 address")
    } else if endpoint[.addresses].count > 100 {
      out.tooMany(path, endpoint[.addresses].count, most: 100)
    }
    for (i, address) in endpoint[.addresses].items.enumerated() {
      self.address(address, type, path, path.index(i), &out)
    }
    if let name = endpoint[.nodeName].string {
      out.invalid(at.child("nodeName"), name, all: Names.isDNS1123Subdomain(name))
    }
    let topology = endpoint[.deprecatedTopology]
    if topology.count > 16 { out.tooMany(at.child("deprecatedTopology"), topology.count, most: 16) }
    ObjectMetaValidation.labels(topology, at.child("deprecatedTopology"), &out)
    if let name = endpoint[.hostname].string {
      out.invalid(at.child("hostname"), name, all: Names.isDNS1123Label(name))
    }
    hints(endpoint[.hints], at.child("hints"), &out)
  }

  private static func address(
    _ address: Value, _ type: String, _ list: Path, _ at: Path, _ out: inout Findings
  ) {
    if type == "IPv4", AddressRule.isOrdinary(address) { return }
    let text = address.string ?? ""
    switch type {
    case "IPv4", "IPv6":
      guard let ip = IPBytes(text) else { return AddressRule.check(address, at, &out) }
      if ip.bytes.count != (type == "IPv4" ? 4 : 16) { out.invalid(list, text, "must be an \(type) address") }
      AddressRule.endpoint(address, at, &out)
    case "FQDN": domain(text, at, &out)
    default: return
    }
  }

  /// `IsFullyQualifiedDomainName`.
  private static func domain(_ text: String, _ at: Path, _ out: inout Findings) {
    if text.isEmpty { return out.required(at) }
    let name = text.hasSuffix(".") ? String(text.dropLast()) : text
    let problems = Names.isDNS1123Subdomain(name)
    if !problems.isEmpty { return out.invalid(at, name, problems.joined(separator: ",")) }
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    if labels.count < 2 {
      return out.invalid(at, name, "should be a domain with at least two segments separated by dots")
    }
    for label in labels.map(String.init) {
      let problems = Names.isDNS1123Label(label)
      if !problems.isEmpty { out.invalid(at, label, problems.joined(separator: ",")) }
    }
  }

  private static func hints(_ hints: Value, _ at: Path, _ out: inout Findings) {
    for (key, name) in [(Key.forZones, "forZones"), (.forNodes, "forNodes")] {
      let path = at.child(name)
      if hints[key].count > 8 {
        out.tooMany(path, hints[key].count, most: 8)
        continue
      }
      var seen: Set<String> = []
      for (i, hint) in hints[key].items.enumerated() {
        let text = hint[.name].string ?? ""
        let place = path.index(i).child("name")
        if !seen.insert(text).inserted { out.duplicate(place, .string(text)) }
        out.invalid(
          place, text, all: key == .forZones ? Names.isLabelValue(text) : Names.isDNS1123Subdomain(text))
      }
    }
  }

  private static func ports(_ ports: Value, _ path: Path, _ out: inout Findings) {
    if ports.count > 20_000 { return out.tooMany(path, ports.count, most: 20_000) }
    var names: Set<String> = []
    for (i, port) in ports.items.enumerated() {
      let at = path.index(i)
      let name = port[.name].string ?? ""
      if !name.isEmpty { out.invalid(at.child("name"), name, all: Names.isDNS1123Label(name)) }
      if !names.insert(name).inserted { out.duplicate(at.child("name"), .string(name)) }
      if let number = port[.port].int {
        out.invalid(at.child("port"), .int(number), all: Names.isPortNumber(number))
      }
      out.oneOf(at.child("protocol"), port[.`protocol`], ["SCTP", "TCP", "UDP"])
      if let text = port[.appProtocol].string {
        out.invalid(at.child("appProtocol"), text, all: Names.isQualifiedName(text))
      }
    }
  }
}
