import APIMachinery

/// `ValidateService` (`pkg/apis/core/validation/validation.go`).
enum ServiceValidation {
  static func service(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    let path = Path.spec
    let type = spec[.type].string ?? ""
    topology(object, &out)
    let isHeadless = spec[.clusterIP].says("None")
    if spec[.ports].isEmpty, !isHeadless, type != "ExternalName" { out.required(path.child("ports")) }
    typed(spec, type, path, &out)
    let several = spec[.ports].count > 1
    var names: Set<String> = []
    for (i, port) in spec[.ports].items.enumerated() {
      self.port(port, several, isHeadless, &names, path.child("ports").index(i), &out)
    }
    ObjectMetaValidation.labels(spec[.selector], path.child("selector"), &out)
    affinity(spec, path, &out)
    if type != "ExternalName" { ServiceAddressValidation.check(spec, path, &out) }
    for (i, address) in spec[.externalIPs].items.enumerated() {
      let at = path.child("externalIPs").index(i)
      if IPBytes(address.string ?? "") == nil {
        AddressRule.check(address, at, &out)
      } else {
        AddressRule.endpoint(address, at, &out)
      }
    }
    if type.isEmpty { out.required(path.child("type")) }
    if !type.isEmpty { out.oneOf(path.child("type"), spec[.type], types) }
    if type == "ClusterIP" {
      for (i, port) in spec[.ports].items.enumerated() where port[.nodePort].int ?? 0 != 0 {
        out.forbidden(
          path.child("ports").index(i).child("nodePort"), "may not be used when `type` is 'ClusterIP'")
      }
    }
    duplicates(spec, path, &out)
    loadBalancer(object, spec, type, path, &out)
    traffic(spec, type, path, &out)
  }

  private static let types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]

  private static func typed(_ spec: Value, _ type: String, _ path: Path, _ out: inout Findings) {
    switch type {
    case "LoadBalancer":
      if spec[.clusterIP].says("None") {
        out.invalid(
          path.child("clusterIPs").index(0), "None", "may not be set to 'None' for LoadBalancer services")
      }
    case "NodePort":
      if spec[.clusterIP].says("None") {
        out.invalid(
          path.child("clusterIPs").index(0), "None", "may not be set to 'None' for NodePort services")
      }
    case "ExternalName":
      for key in ["clusterIPs", "ipFamilies", "ipFamilyPolicy"] where !isZero(spec[Key(key)]) {
        out.forbidden(path.child(key), "may not be set for ExternalName services")
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
    if let text = port[.appProtocol].string {
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
      let at = path.child("sessionAffinityConfig")
      let why = "when session affinity type is ClientIP"
      let config = spec[.sessionAffinityConfig]
      if config.isNull { return out.required(at, why) }
      if !config[.clientIP].isObject { return out.required(at.child("clientIP"), why) }
      let place = at.child("clientIP").child("timeoutSeconds")
      guard let seconds = config[.clientIP][.timeoutSeconds].int else { return out.required(place, why) }
      if seconds <= 0 || seconds > 86400 {
        out.invalid(place, .int(seconds), "must be greater than 0 and less than 86400")
      }
    } else if kind == "None", spec.has(.sessionAffinityConfig) {
      out.forbidden(
        path.child("sessionAffinityConfig"),
        "must not be set when session affinity is None")
    }
  }

  /// Two spellings of one annotation must agree.
  private static func topology(_ object: Value, _ out: inout Findings) {
    let hints = "service.kubernetes.io/topology-aware-hints"
    let mode = "service.kubernetes.io/topology-mode"
    guard let a = object.annotation(Key(mode)), let b = object.annotation(Key(hints)), a != b else { return }
    out.invalid(
      Path.metadata.child("annotations").key(mode), a,
      "must match annotations[\(hints)] when both are specified")
  }

  private static func loadBalancer(
    _ object: Value, _ spec: Value, _ type: String, _ path: Path, _ out: inout Findings
  ) {
    let onlyBalancers = "may only be used when `type` is 'LoadBalancer'"
    let annotation = "service.beta.kubernetes.io/load-balancer-source-ranges"
    if !spec[.loadBalancerSourceRanges].isEmpty {
      let at = path.child("LoadBalancerSourceRanges")
      if type != "LoadBalancer" { out.forbidden(at, onlyBalancers) }
      for (i, range) in spec[.loadBalancerSourceRanges].items.enumerated() {
        CIDRRule.check(CELText.trimmed(range.string ?? ""), at.index(i), &out)
      }
    } else if let given = object.annotation(Key(annotation)) {
      let at = Path.metadata.child("annotations").key(annotation)
      if type != "LoadBalancer" { out.forbidden(at, onlyBalancers) }
      let ranges = CELText.trimmed(given).split(separator: ",", omittingEmptySubsequences: false)
      for range in ranges where !CELText.trimmed(given).isEmpty {
        CIDRRule.check(CELText.trimmed(String(range)), at, &out)
      }
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
      out.required(path.child("externalTrafficPolicy"))
    } else if isExternal {
      out.oneOf(path.child("externalTrafficPolicy"), spec[.externalTrafficPolicy], ["Cluster", "Local"])
    }
    if let number = spec[.healthCheckNodePort].int, number != 0, type != "LoadBalancer" || policy != "Local" {
      out.invalid(
        path.child("healthCheckNodePort"), .int(number),
        "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'")
    } else if let number = spec[.healthCheckNodePort].int, number != 0 {
      out.invalid(path.child("healthCheckNodePort"), .int(number), all: Names.isPortNumber(number))
    }
    if let inner = spec.get(.internalTrafficPolicy) {
      out.oneOf(path.child("internalTrafficPolicy"), inner, ["Cluster", "Local"])
    }
    if let distribution = spec.get(.trafficDistribution) {
      out.oneOf(
        path.child("trafficDistribution"), distribution, ["PreferClose", "PreferSameZone", "PreferSameNode"])
    }
  }

  /// `ValidateServiceUpdate`.
  static func update(_ new: Value, _ old: Value, _ out: inout Findings) {
    let a = new[.spec]
    let b = old[.spec]
    ServiceAddressValidation.change(a, b, &out)
    if b[.type].says("LoadBalancer"), a[.type].says("LoadBalancer"),
      a[.loadBalancerClass] != b[.loadBalancerClass]
    {
      out.invalid(Path.spec.child("loadBalancerClass"), a[.loadBalancerClass], "may not change once set")
    }
    func checksHealth(_ spec: Value) -> Bool {
      spec[.type].says("LoadBalancer") && spec[.externalTrafficPolicy].says("Local")
    }
    if checksHealth(a), checksHealth(b), a[.healthCheckNodePort] != b[.healthCheckNodePort] {
      out.forbidden(Path.spec.child("healthCheckNodePort"), "field is immutable")
    }
    service(new, &out)
  }
}
