import APIMachinery

/// `pkg/apis/networking/validation`: ingresses and their classes.
enum IngressValidation {
  static func ingress(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    let path = Path.spec
    if !spec[.defaultBackend].isObject, spec[.rules].isEmpty {
      out.invalid(path, .null, "either `defaultBackend` or `rules` must be specified")
    }
    if spec[.defaultBackend].isObject {
      backend(spec[.defaultBackend], path.child("defaultBackend"), &out)
    }
    for (i, rule) in spec[.rules].items.enumerated() { self.rule(rule, path.child("rules").index(i), &out) }
    for (i, tls) in spec[.tls].items.enumerated() {
      let at = path.child("tls").index(i)
      for (j, host) in tls[.hosts].items.enumerated() {
        let text = host.string ?? ""
        let problems =
          text.contains("*") ? Names.isWildcardDNS1123Subdomain(text) : Names.isDNS1123Subdomain(text)
        out.invalid(at.child("hosts").index(j), host, all: problems)
      }
      if let secret = tls[.secretName].string, !secret.isEmpty {
        out.invalid(at.child("secretName"), secret, all: Names.isDNS1123Subdomain(secret))
      }
    }
    if let name = spec[.ingressClassName].string {
      out.invalid(path.child("ingressClassName"), name, all: Names.isDNS1123Subdomain(name))
    }
  }

  private static func rule(_ rule: Value, _ at: Path, _ out: inout Findings) {
    if let host = rule[.host].string, !host.isEmpty {
      if IPBytes(host) != nil {
        out.invalid(at.child("host"), host, "must be a DNS name, not an IP address")
      }
      let problems =
        host.contains("*") ? Names.isWildcardDNS1123Subdomain(host) : Names.isDNS1123Subdomain(host)
      out.invalid(at.child("host"), host, all: problems)
    }
    guard let http = rule.get(.http) else { return }
    let place = at.child("http").child("paths")
    if http[.paths].isEmpty { out.required(place) }
    for (i, item) in http[.paths].items.enumerated() { path(item, place.index(i), &out) }
  }

  private static let types = ["Exact", "ImplementationSpecific", "Prefix"]

  private static func path(_ item: Value, _ at: Path, _ out: inout Findings) {
    guard let type = item.get(.pathType) else {
      return out.required(at.child("pathType"), "pathType must be specified")
    }
    let text = item[.path].string ?? ""
    switch type.string {
    case "Exact", "Prefix":
      if !text.hasPrefix("/") { out.invalid(at.child("path"), text, "must be an absolute path") }
      if !text.isEmpty {
        for bad in ["//", "/./", "/../", "%2f", "%2F"] where text.contains(bad) {
          out.invalid(at.child("path"), text, "must not contain '\(bad)'")
        }
        for bad in ["/..", "/."] where text.hasSuffix(bad) {
          out.invalid(at.child("path"), text, "cannot end with '\(bad)'")
        }
      }
    case "ImplementationSpecific":
      if !text.isEmpty, !text.hasPrefix("/") {
        out.invalid(at.child("path"), text, "must be an absolute path")
      }
    default: out.notSupported(at.child("pathType"), type, types)
    }
    backend(item[.backend], at.child("backend"), &out)
  }

  private static func backend(_ backend: Value, _ at: Path, _ out: inout Findings) {
    let hasResource = backend[.resource].isObject
    let hasService = backend[.service].isObject
    if hasResource, hasService {
      return out.invalid(at, "", "cannot set both resource and service backends")
    }
    if hasResource { return }
    guard hasService else { return out.invalid(at, "", "resource or service backend is required") }
    let service = backend[.service]
    let place = at.child("service")
    let name = service[.name].string ?? ""
    if name.isEmpty {
      out.required(place.child("name"))
    } else {
      out.invalid(place.child("name"), name, all: Names.isDNS1123Label(name))
    }
    let port = service[.port]
    let portName = port[.name].string ?? ""
    let number = port[.number].int ?? 0
    if !portName.isEmpty, number != 0 {
      out.invalid(place, "", "cannot set both port name & port number")
    } else if !portName.isEmpty {
      out.invalid(place.child("port").child("name"), portName, all: Names.isPortName(portName))
    } else if number != 0 {
      out.invalid(place.child("port").child("number"), .int(number), all: Names.isPortNumber(number))
    } else {
      out.required(at, "port name or number is required")
    }
  }

  static func ingressClass(_ object: Value, _ out: inout Findings) {
    let path = Path.spec
    let controller = object[.spec][.controller].string ?? ""
    if controller.utf8.count > 250 { out.tooLong(path.child("controller"), most: 250) }
    if !controller.isEmpty {
      let slash = controller.firstIndex(of: "/")
      let domain = slash.map { String(controller[..<$0]) } ?? ""
      let rest = slash.map { controller[controller.index(after: $0)...] } ?? ""
      if domain.isEmpty || rest.isEmpty {
        out.invalid(
          path.child("controller"), controller,
          "must be a domain-prefixed path (such as \"acme.io/foo\")")
      } else {
        out.invalid(path.child("controller"), domain, all: Names.isDNS1123Subdomain(domain))
      }
    } else {
      out.required(path.child("controller"))
    }
    guard let parameters = object[.spec].get(.parameters) else { return }
    let at = path.child("parameters")
    if let group = parameters[.apiGroup].string {
      out.invalid(at.child("apiGroup"), group, all: Names.isDNS1123Subdomain(group))
    }
    for (key, text) in [("kind", parameters[.kind].string), ("name", parameters[.name].string)] {
      if text.isNilOrEmpty {
        out.required(at.child(key), "\(key) is required")
      } else {
        out.invalid(at.child(key), text ?? "", all: Names.isPathSegmentName(text ?? ""))
      }
    }
    let namespace = parameters[.namespace].string
    switch parameters[.scope].string {
    case "Namespace":
      if let namespace, !namespace.isEmpty {
        out.invalid(at.child("namespace"), namespace, all: Names.isPathSegmentName(namespace))
      } else {
        out.required(at.child("namespace"), "`parameters.scope` is set to 'Namespace'")
      }
    case "Cluster":
      if namespace != nil {
        out.forbidden(at.child("namespace"), "`parameters.scope` is set to 'Cluster'")
      }
    default: out.notSupported(at.child("scope"), parameters[.scope], ["Cluster", "Namespace"])
    }
  }
}
