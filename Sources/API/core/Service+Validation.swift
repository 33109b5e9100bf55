import APIMachinery

/// `ValidateService` (`pkg/apis/core/validation/validation.go`).
enum ServiceValidation {
  static func service(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    let path = Path.spec
    let type = spec[.type].string ?? ""
    let isHeadless = spec[.clusterIP].string == "None"
    if spec[.ports].isEmpty, !isHeadless, type != "ExternalName" { out.required(path.child("ports")) }
    typed(spec, type, path, &out)
    let several = spec[.ports].count > 1
    var names: Set<String> = []
    for (i, port) in spec[.ports].items.enumerated() {
      self.port(port, several, isHeadless, &names, path.child("ports").index(i), &out)
    }
    ObjectMetaValidation.labels(spec[.selector], path.child("selector"), &out)
    affinity(spec, path, &out)
    addresses(spec, type, path, &out)
    loadBalancer(spec, type, path, &out)
    duplicates(spec, path, &out)
    traffic(spec, type, path, &out)
  }

  private static func typed(_ spec: Value, _ type: String, _ path: Path, _ out: inout Findings) {
    switch type {
    case "LoadBalancer":
      if spec[.clusterIP].string == "None" {
        out.invalid(
          path.child("clusterIPs").index(0), "None", "may not be set to 'None' for LoadBalancer services")
      }
    case "NodePort":
      if spec[.clusterIP].string == "None" {
        out.invalid(
          path.child("clusterIPs").index(0), "None", "may not be set to 'None' for NodePort services")
      }
    case "ExternalName":
      for key in ["clusterIPs", "ipFamilies", "ipFamilyPolicy"] where !isZero(spec[Key(key)]) {
        out.forbidden(path.child(key), "may not be set when `type` is 'ExternalName'")
      }
      let name = spec[.externalName].string ?? ""
      let bare = name.hasSuffix(".") ? String(name.dropLast()) : name
      if name.isEmpty {
        out.required(path.child("externalName"))
      } else {
        out.invalid(path.child("externalName"), name, all: Names.isDNS1123Subdomain(bare))
      }
    default: break
    }
  }

  private static func isZero(_ value: Value) -> Bool {
    value.isNull || value.string == "" || value.isArray && value.isEmpty
  }

  private static func port(
    _ port: Value, _ several: Bool, _ isHeadless: Bool, _ names: inout Set<String>, _ at: Path,
    _ out: inout Findings
  ) {
    let name = port[.name].string ?? ""
    if several, name.isEmpty {
      out.required(at.child("name"))
    } else if !name.isEmpty {
      out.invalid(at.child("name"), name, all: Names.isDNS1123Label(name))
      if !names.insert(name).inserted { out.duplicate(at.child("name"), .string(name)) }
    }
    let number = port[.port].int ?? 0
    out.invalid(at.child("port"), .int(number), all: Names.isPortNumber(number))
    out.oneOf(at.child("protocol"), port[.protocol], ["SCTP", "TCP", "UDP"])
    PortRule.numberOrName(port[.targetPort], at.child("targetPort"), &out)
    if let text = port["appProtocol"].string {
      out.invalid(at.child("appProtocol"), text, all: Names.isQualifiedName(text))
    }
  }

  private static func affinity(_ spec: Value, _ path: Path, _ out: inout Findings) {
    let kind = spec[.sessionAffinity].string ?? ""
    if kind.isEmpty {
      out.required(path.child("sessionAffinity"))
    } else {
      out.oneOf(path.child("sessionAffinity"), spec[.sessionAffinity], ["ClientIP", "None"])
    }
    if kind == "ClientIP" {
      let seconds = spec[.sessionAffinityConfig][.clientIP][.timeoutSeconds].int ?? 0
      if seconds <= 0 || seconds > 86400 {
        out.invalid(
          path.child("sessionAffinityConfig").child("clientIP").child("timeoutSeconds"), .int(seconds),
          "must be greater than 0 and less than 86400")
      }
    } else if kind == "None", spec.has(.sessionAffinityConfig) {
      out.forbidden(
        path.child("sessionAffinityConfig"),
        "must not be set when session affinity is None")
    }
  }

  private static func addresses(_ spec: Value, _ type: String, _ path: Path, _ out: inout Findings) {
    let all = spec[.clusterIPs]
    let at = path.child("clusterIPs")
    if all.items.contains("None"), all.count > 1 {
      out.invalid(at, all, "'None' must be the first and only value")
    } else {
      for (i, address) in all.items.enumerated() where address != "None" {
        if IPBytes(address.string ?? "") == nil, !(address.string ?? "").isEmpty {
          out.invalid(at.index(i), address, AddressRule.message)
        }
      }
    }
    if let policy = spec.get(.ipFamilyPolicy) {
      let policies = ["PreferDualStack", "RequireDualStack", "SingleStack"]
      out.oneOf(path.child("ipFamilyPolicy"), policy, policies)
    }
    for (i, address) in spec[.externalIPs].items.enumerated() {
      external(address, path.child("externalIPs").index(i), &out)
    }
  }

  private static func external(_ address: Value, _ at: Path, _ out: inout Findings) {
    let text = address.string ?? ""
    guard let ip = IPBytes(text) else { return out.invalid(at, address, AddressRule.message) }
    let four = ip.bytes.count == 4
    if ip.bytes.allSatisfy({ $0 == 0 }) {
      out.invalid(at, address, "may not be unspecified (0.0.0.0 or ::)")
    }
    if four ? ip.bytes[0] == 127 : ip.bytes.dropLast().allSatisfy({ $0 == 0 }) && ip.bytes.last == 1 {
      out.invalid(at, address, "may not be in the loopback range (127.0.0.0/8, ::1/128)")
    }
    if four, ip.bytes[0] == 169, ip.bytes[1] == 254 {
      out.invalid(at, address, "may not be in the link-local range (169.254.0.0/16, fe80::/10)")
    }
    if four, ip.bytes[0] == 224, ip.bytes[1] == 0, ip.bytes[2] == 0 {
      out.invalid(at, address, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
    }
  }

  private static func loadBalancer(_ spec: Value, _ type: String, _ path: Path, _ out: inout Findings) {
    let onlyBalancers = "may only be used when `type` is 'LoadBalancer'"
    if !spec["loadBalancerSourceRanges"].isEmpty, type != "LoadBalancer" {
      out.forbidden(path.child("LoadBalancerSourceRanges"), onlyBalancers)
    }
    if type != "LoadBalancer" {
      if spec.has(.allocateLoadBalancerNodePorts) {
        out.forbidden(path.child("allocateLoadBalancerNodePorts"), onlyBalancers)
      }
      if spec.has(.loadBalancerClass) { out.forbidden(path.child("loadBalancerClass"), onlyBalancers) }
    } else if let name = spec[.loadBalancerClass].string {
      out.invalid(path.child("loadBalancerClass"), name, all: Names.isQualifiedName(name))
    }
  }

  /// Two ports with the same number and protocol, or the same node port.
  private static func duplicates(_ spec: Value, _ path: Path, _ out: inout Findings) {
    var nodePorts: Set<String> = []
    var ports: Set<String> = []
    for (i, port) in spec[.ports].items.enumerated() {
      let proto = port[.protocol].string ?? ""
      let at = path.child("ports").index(i)
      if let number = port[.nodePort].int, number != 0 {
        if !nodePorts.insert("\(proto)/\(number)").inserted {
          out.duplicate(at.child("nodePort"), .int(number))
        }
      }
      let number = port[.port].int ?? 0
      if !ports.insert("\(proto)/\(number)").inserted {
        let shown: Value = [
          "name": .string(port[.name].string ?? ""), "port": .int(number), "protocol": .string(proto),
        ]
        out.add(
          "FieldValueDuplicate", at,
          "Duplicate value: {\"Name\":\"\",\"Protocol\":\(CanonicalJSON.string(shown[.protocol])),"
            + "\"AppProtocol\":null,\"Port\":\(number),\"TargetPort\":0,\"NodePort\":0}")
      }
    }
  }

  private static func traffic(_ spec: Value, _ type: String, _ path: Path, _ out: inout Findings) {
    let policy = spec[.externalTrafficPolicy].string ?? ""
    let isExternal =
      type == "NodePort" || type == "LoadBalancer" || type == "ClusterIP" && !spec[.externalIPs].isEmpty
    if !isExternal, !policy.isEmpty {
      out.invalid(
        path.child("externalTrafficPolicy"), policy, "may only be set for externally-accessible services")
    } else if isExternal, policy.isEmpty {
      out.required(
        path.child("externalTrafficPolicy"), "when `type` is \(type) or `externalIPs` is not empty")
    } else if isExternal {
      out.oneOf(path.child("externalTrafficPolicy"), spec[.externalTrafficPolicy], ["Cluster", "Local"])
    }
    if let number = spec[.healthCheckNodePort].int, number != 0, type != "LoadBalancer" || policy != "Local" {
      out.invalid(
        path.child("healthCheckNodePort"), .int(number),
        "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'")
    }
    if let inner = spec.get(.internalTrafficPolicy) {
      out.oneOf(path.child("internalTrafficPolicy"), inner, ["Cluster", "Local"])
    }
    if let distribution = spec.get("trafficDistribution") {
      out.oneOf(
        path.child("trafficDistribution"), distribution, ["PreferClose", "PreferSameZone", "PreferSameNode"])
    }
  }

  /// `ValidateServiceUpdate`.
  static func update(_ new: Value, _ old: Value, _ out: inout Findings) {
    let a = new[.spec]
    let b = old[.spec]
    let was = b[.type].string ?? "ClusterIP"
    let now = a[.type].string ?? "ClusterIP"
    if was != "ExternalName", now != "ExternalName", !b[.clusterIPs].isEmpty {
      if b[.clusterIPs][0] != a[.clusterIPs][0], b[.clusterIPs][0] != .null {
        out.invalid(Path.spec.child("clusterIPs").index(0), a[.clusterIPs], "may not change once set")
      }
    }
    if was == "LoadBalancer", now == "LoadBalancer", a[.loadBalancerClass] != b[.loadBalancerClass] {
      out.invalid(Path.spec.child("loadBalancerClass"), a[.loadBalancerClass], "may not change once set")
    }
    service(new, &out)
  }
}
