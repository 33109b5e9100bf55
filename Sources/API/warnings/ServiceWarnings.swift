import APIMachinery

/// Services and their endpoints (`pkg/api/service/warnings.go`, `pkg/registry/core/endpoint/strategy.go`,
/// `pkg/registry/discovery/endpointslice/strategy.go`).
enum ServiceWarnings {
  static func service(_ service: Value) -> [String] {
    var out: [String] = []
    let spec = service[.spec]
    if service.annotation("service.kubernetes.io/topology-aware-hints") != nil {
      out.append(
        "annotation service.kubernetes.io/topology-aware-hints is deprecated, please use "
          + "service.kubernetes.io/topology-mode instead")
    }
    let type = spec[.type].string ?? "ClusterIP"
    let isHeadless = type == "ClusterIP" && spec[.clusterIP].says("None")
    if !isHeadless, type != "ExternalName" {
      out += all(spec[.clusterIPs], Path.spec.child("clusterIPs"))
    }
    let address = spec[.loadBalancerIP].string ?? ""
    let externalIPs = spec[.externalIPs]
    if isHeadless {
      if !address.isEmpty { out.append("spec.loadBalancerIP is ignored for headless services") }
      if !externalIPs.isEmpty { out.append("spec.externalIPs is ignored for headless services") }
      if !spec[.sessionAffinity].says("None") {
        out.append("spec.SessionAffinity is ignored for headless services")
      }
    }
    out += all(externalIPs, Path.spec.child("externalIPs"))
    if !externalIPs.isEmpty, !isHeadless, type != "ExternalName" {
      out.append("spec.externalIPs is deprecated and may no longer be implemented in some clusters")
    }
    out += AddressWarnings.ip(spec[.loadBalancerIP], Path.spec.child("loadBalancerIP"))
    for (i, range) in spec[.loadBalancerSourceRanges].items.enumerated() {
      out += AddressWarnings.cidr(range, Path.spec.child("loadBalancerSourceRanges").index(i))
    }
    if type == "ExternalName", !externalIPs.isEmpty {
      out.append("spec.externalIPs is ignored when spec.type is \"ExternalName\"")
    }
    if type != "ExternalName", !(spec[.externalName].string ?? "").isEmpty {
      out.append("spec.externalName is ignored when spec.type is not \"ExternalName\"")
    }
    if spec[.trafficDistribution].says("PreferClose") {
      out.append("spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"")
    }
    return out
  }

  private static func all(_ list: Value, _ path: Path) -> [String] {
    list.items.enumerated().flatMap { i, value in AddressWarnings.ip(value, path.index(i)) }
  }

  static func endpoints(_ endpoints: Value) -> [String] {
    var out: [String] = []
    for (i, subset) in endpoints[.subsets].items.enumerated() {
      for (list, name) in [(Key.addresses, "addresses"), (.notReadyAddresses, "notReadyAddresses")] {
        for (j, address) in subset[list].items.enumerated() {
          out += AddressWarnings.ip(
            address[.ip], Path("subsets").index(i).child(name).index(j).child("ip"))
        }
      }
    }
    return out
  }

  static func slice(_ slice: Value) -> [String] {
    if slice[.addressType].says("FQDN") { return ["spec.addressType: FQDN endpoints are deprecated"] }
    var out: [String] = []
    for (i, endpoint) in slice[.endpoints].items.enumerated() {
      out += all(endpoint[.addresses], Path("endpoints").index(i).child("addresses"))
    }
    return out
  }
}
