import APIMachinery

/// The addresses behind a service, as `describe` shows them (`describe.go`, formatEndpointSlices).
enum EndpointText {
  private static let serviceLabel: Key = "kubernetes.io/service-name"

  /// Three of the ready endpoints of the ports with this name, and how many more there are.
  static func of(_ service: String, _ namespace: Key, port: String, _ context: DescribeContext) -> String {
    let slices = context.client.list(.endpointSlice, namespace: namespace).filter {
      $0.label(serviceLabel) == service
    }
    var shown: [String] = []
    var more = 0
    var isUnset = true
    for slice in slices {
      let ports = slice[.ports].items.filter { ($0[.name].string ?? "") == port }
      if !ports.isEmpty { isUnset = false }
      for found in ports {
        for endpoint in slice[.endpoints].items where endpoint[.conditions][.ready].bool ?? true {
          if shown.count < 3 {
            shown.append("\(endpoint[.addresses][0].string ?? ""):\(found[.port].int ?? 0)")
          } else {
            more += 1
          }
        }
      }
    }
    if isUnset && slices.allSatisfy({ $0[.endpoints].isEmpty }) { return "" }
    return shown.joined(separator: ",") + (more > 0 ? " + \(more) more..." : "")
  }
}

enum ServiceDescriber: Describer {
  static let kind = GroupKind.service

  static func describe(_ service: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.head(service)
    writer.metadata(service)
    let spec = service.spec
    let joined = { (key: Key) in spec[key].items.compactMap(\.string).joined(separator: ",") }
    writer.field("Selector", DescribeWriter.map(spec[.selector]))
    writer.field("Type", spec[.type])
    writer.optional("IP Family Policy", spec.get(.ipFamilyPolicy))
    writer.field("IP Families", spec[.ipFamilies].isEmpty ? "<none>" : joined(.ipFamilies))
    writer.field("IP", spec[.clusterIP])
    writer.field("IPs", spec[.clusterIPs].isEmpty ? "<none>" : joined(.clusterIPs))
    if !spec[.externalIPs].isEmpty { writer.field("External IPs", joined(.externalIPs)) }
    writer.optional("Desired LoadBalancer IP", spec.get(.loadBalancerIP))
    writer.optional("External Name", spec.get(.externalName))
    let ingress = service.status[.loadBalancer][.ingress].items.map { item in
      guard let ip = item[.ip].string else { return item[.hostname].string ?? "" }
      return ip + (item[.ipMode].string.map { " (\($0))" } ?? "")
    }
    if !ingress.isEmpty { writer.field("LoadBalancer Ingress", ingress.joined(separator: ", ")) }
    for port in spec[.ports].items { self.port(port, service, &writer, context) }
    writer.field("Session Affinity", spec[.sessionAffinity])
    writer.optional("External Traffic Policy", spec.get(.externalTrafficPolicy))
    writer.optional("Internal Traffic Policy", spec.get(.internalTrafficPolicy))
    writer.optional("HealthCheck NodePort", spec.get(.healthCheckNodePort))
    if !spec[.loadBalancerSourceRanges].isEmpty {
      writer.field("LoadBalancer Source Ranges", joined(.loadBalancerSourceRanges))
    }
    writer.optional("Traffic Distribution", spec.get(.trafficDistribution))
  }

  private static func port(
    _ port: Value, _ service: Value, _ writer: inout DescribeWriter, _ context: DescribeContext
  ) {
    let given = port[.name].string ?? ""
    let name = given.isEmpty ? "<unset>" : given
    let proto = port[.protocol].string ?? "TCP"
    writer.field("Port", "\(name)\t\(port[.port].int ?? 0)/\(proto)")
    writer.field("TargetPort", "\(DescribeWriter.text(port[.targetPort]))/\(proto)")
    writer.optional("AppProtocol", port.get(.appProtocol))
    if let node = port[.nodePort].int, node != 0 { writer.field("NodePort", "\(name)\t\(node)/\(proto)") }
    writer.field(
      "Endpoints", EndpointText.of(service.name, service.namespaceKey, port: given, context))
  }
}

enum EndpointsDescriber: Describer {
  static let kind = GroupKind.endpoints

  static func describe(_ object: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.head(object)
    writer.metadata(object)
    writer.line(0, "Subsets:")
    for subset in object[.subsets].items {
      for (title, key) in [("Addresses", Key.addresses), ("NotReadyAddresses", .notReadyAddresses)] {
        let list = subset[key].items.compactMap { $0[.ip].string }.joined(separator: ",")
        writer.field(title, list.isEmpty ? "<none>" : list, level: 1)
      }
      if !subset[.ports].isEmpty {
        writer.line(1, "Ports:")
        EndpointSliceDescriber.ports(subset[.ports], level: 2, &writer)
      }
      writer.line(0, "")
    }
  }
}

enum EndpointSliceDescriber: Describer {
  static let kind = GroupKind.endpointSlice

  static func describe(_ slice: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.head(slice)
    writer.metadata(slice)
    writer.field("AddressType", slice[.addressType])
    if slice[.ports].isEmpty {
      writer.line(0, "Ports: <unset>")
    } else {
      writer.line(0, "Ports:")
      ports(slice[.ports], level: 1, &writer)
    }
    if slice[.endpoints].isEmpty {
      writer.line(0, "Endpoints: <none>")
      return
    }
    writer.line(0, "Endpoints:")
    for endpoint in slice[.endpoints].items {
      let addresses = endpoint[.addresses].items.compactMap(\.string).joined(separator: ", ")
      writer.field("- Addresses", addresses.isEmpty ? "<none>" : addresses, level: 1)
      writer.line(2, "Conditions:")
      let ready = endpoint[.conditions][.ready].bool
      writer.field("Ready", ready.map { $0 ? "true" : "false" } ?? "<unset>", level: 3)
      writer.field("Hostname", endpoint[.hostname].string ?? "<unset>", level: 2)
      if let target = endpoint.get(.targetRef) {
        writer.field("TargetRef", "\(target[.kind].string ?? "")/\(target[.name].string ?? "")", level: 2)
      }
      writer.field("NodeName", endpoint[.nodeName].string ?? "<unset>", level: 2)
      writer.field("Zone", endpoint[.zone].string ?? "<unset>", level: 2)
    }
  }

  static func ports(_ ports: Value, level: Int, _ writer: inout DescribeWriter) {
    writer.line(level, "Name\tPort\tProtocol")
    writer.line(level, "----\t----\t--------")
    for port in ports.items {
      let name = port[.name].string ?? ""
      writer.line(
        level,
        "\(name.isEmpty ? "<unset>" : name)\t\(port[.port].int.map(String.init) ?? "<unset>")\t"
          + (port[.protocol].string ?? ""))
    }
  }
}

enum IngressDescriber: Describer {
  static let kind = GroupKind.ingress

  static func describe(_ ingress: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.field("Name", ingress.name)
    writer.labels("Labels", ingress.labels)
    writer.field("Namespace", ingress.namespace)
    let addresses = ingress.status[.loadBalancer][.ingress].items.compactMap {
      $0[.ip].string ?? $0[.hostname].string
    }
    writer.field("Address", addresses.joined(separator: ","))
    writer.field("Ingress Class", ingress.spec[.ingressClassName].string ?? "<none>")
    let standard = ingress.spec.get(.defaultBackend).map { backend($0, ingress, context) } ?? "<default>"
    writer.field("Default backend", standard)
    if !ingress.spec[.tls].isEmpty {
      writer.line(0, "TLS:")
      for item in ingress.spec[.tls].items {
        let hosts = item[.hosts].items.compactMap(\.string).joined(separator: ",")
        let secret = item[.secretName].string ?? ""
        writer.line(1, secret.isEmpty ? "SNI routes \(hosts)" : "\(secret) terminates \(hosts)")
      }
    }
    writer.line(0, "Rules:")
    writer.line(1, "Host\tPath\tBackends")
    writer.line(1, "----\t----\t--------")
    let rules = ingress.spec[.rules].items.filter { $0.has(.http) }
    for rule in rules {
      let host = rule[.host].string ?? ""
      writer.line(1, "\(host.isEmpty ? "*" : host)\t")
      for path in rule[.http][.paths].items {
        writer.line(2, "\t\(path[.path].string ?? "") \t\(backend(path[.backend], ingress, context))")
      }
    }
    if rules.isEmpty { writer.line(1, "*\t*\t\(standard)") }
    writer.annotations("Annotations", ingress.annotations)
  }

  private static func backend(_ backend: Value, _ ingress: Value, _ context: DescribeContext) -> String {
    if let resource = backend.get(.resource) {
      return "APIGroup: \(resource[.apiGroup].string ?? "<none>"), Kind: \(resource[.kind].string ?? ""), "
        + "Name: \(resource[.name].string ?? "")"
    }
    let name = backend[.service][.name].string ?? ""
    let wanted = backend[.service][.port]
    let text = "\(name):\(wanted[.name].string ?? wanted[.number].int.map(String.init) ?? "")"
    guard let service = context.client.get(ObjectKey(.service, ingress.namespaceKey, Key(name))) else {
      return "\(text) (<error: \(APIError.notFound("services", name).message)>)"
    }
    let port = service.spec[.ports].items.first { port in
      wanted[.number].int.map { port[.port].int == $0 } ?? (port[.name] == wanted[.name])
    }
    let endpoints = EndpointText.of(
      name, ingress.namespaceKey, port: port?[.name].string ?? "", context)
    return "\(text) (\(endpoints))"
  }
}

enum IngressClassDescriber: Describer {
  static let kind = GroupKind.ingressClass

  static func describe(_ object: Value, _ writer: inout DescribeWriter, _ context: DescribeContext) {
    writer.field("Name", object.name)
    writer.metadata(object)
    writer.field("Controller", object.spec[.controller])
    guard let parameters = object.spec.get(.parameters) else { return }
    writer.line(0, "Parameters:")
    writer.optional("APIGroup", parameters.get(.apiGroup), level: 1)
    writer.field("Kind", parameters[.kind], level: 1)
    writer.field("Name", parameters[.name], level: 1)
  }
}
