import APIMachinery
import Basics

/// Services and what routes to them.
enum NetworkColumns {
  static func service() -> [PrinterColumn] {
    [
      PrinterColumns.name, PrinterColumns.spec("TYPE", .type), PrinterColumns.spec("CLUSTER-IP", .clusterIP),
      PrinterColumn("EXTERNAL-IP") { service, _ in external(service) },
      PrinterColumn("PORT(S)") { service, _ in
        let ports = service.spec[.ports].items.map { port in
          let node = port[.nodePort].int.map { $0 > 0 ? ":\($0)" : "" } ?? ""
          return "\(port[.port].int ?? 0)\(node)/\(port[.protocol].string ?? "TCP")"
        }
        return PrinterColumns.orNone(ports.joined(separator: ","))
      },
      PrinterColumns.age,
      PrinterColumn("SELECTOR") { service, _ in PrinterColumns.map(service.spec[.selector]) }.wide,
    ]
  }

  private static func external(_ service: Value) -> String {
    let given = service.spec[.externalIPs].items.compactMap(\.string)
    switch service.spec[.type].string {
    case "ExternalName": return service.spec[.externalName].string ?? "<unknown>"
    case "LoadBalancer":
      let all = addresses(service) + given
      return all.isEmpty ? "<pending>" : all.joined(separator: ",")
    default: return PrinterColumns.orNone(given.joined(separator: ","))
    }
  }

  private static func addresses(_ object: Value) -> [String] {
    object.status[.loadBalancer][.ingress].items.compactMap { $0[.ip].string ?? $0[.hostname].string }
  }

  /// Three of a list, and how many more there are.
  private static func three(_ all: [String]) -> String {
    if all.count <= 3 { return all.joined(separator: ",") }
    return all.prefix(3).joined(separator: ",") + " + \(all.count - 3) more..."
  }

  static func endpoints() -> [PrinterColumn] {
    [
      PrinterColumns.name,
      PrinterColumn("ENDPOINTS") { object, _ in
        let all = object[.subsets].items.flatMap { subset in
          subset[.ports].items.flatMap { port in
            subset[.addresses].items.map { "\($0[.ip].string ?? ""):\(port[.port].int ?? 0)" }
          }
        }
        return PrinterColumns.orNone(three(all))
      },
      PrinterColumns.age,
    ]
  }

  static func endpointSlice() -> [PrinterColumn] {
    [
      PrinterColumns.name, PrinterColumns.text("ADDRESSTYPE", .addressType),
      PrinterColumn("PORTS") { slice, _ in
        let ports = slice[.ports].items.map { $0[.port].int.map(String.init) ?? "*" }
        return ports.isEmpty ? "<unset>" : three(ports)
      },
      PrinterColumn("ENDPOINTS") { slice, _ in
        let all = slice[.endpoints].items.flatMap { $0[.addresses].items.compactMap(\.string) }
        return all.isEmpty ? "<unset>" : three(all)
      },
      PrinterColumns.age,
    ]
  }

  static func ingress() -> [PrinterColumn] {
    [
      PrinterColumns.name, PrinterColumns.spec("CLASS", .ingressClassName),
      PrinterColumn("HOSTS") { ingress, _ in
        let hosts = ingress.spec[.rules].items.compactMap { $0[.host].string }.filter { !$0.isEmpty }
        return hosts.isEmpty ? "*" : three(hosts)
      },
      PrinterColumn("ADDRESS") { ingress, _ in addresses(ingress).joined(separator: ",") },
      PrinterColumn("PORTS") { ingress, _ in ingress.spec[.tls].isEmpty ? "80" : "80, 443" },
      PrinterColumns.age,
    ]
  }

  static func ingressClass() -> [PrinterColumn] {
    [
      PrinterColumns.name, PrinterColumns.spec("CONTROLLER", .controller),
      PrinterColumn("PARAMETERS") { object, _ in
        guard let parameters = object.spec.get(.parameters) else { return "<none>" }
        let group = parameters[.apiGroup].string.map { ".\($0)" } ?? ""
        return "\(parameters[.kind].string ?? "")\(group)/\(parameters[.name].string ?? "")"
      },
      PrinterColumns.age,
    ]
  }

  static func networkPolicy() -> [PrinterColumn] {
    [
      PrinterColumns.name,
      PrinterColumn("POD-SELECTOR") { object, _ in
        LabelSelector(object.spec.get(.podSelector) ?? .emptyObject).description
      },
      PrinterColumns.age,
    ]
  }

  static func ipAddress() -> [PrinterColumn] {
    [
      PrinterColumns.name,
      PrinterColumn("PARENTREF") { object, _ in
        let parent = object.spec[.parentRef]
        return [parent[.resource], parent[.namespace], parent[.name]].compactMap(\.string).filter {
          !$0.isEmpty
        }.joined(separator: "/")
      },
    ]
  }
}
