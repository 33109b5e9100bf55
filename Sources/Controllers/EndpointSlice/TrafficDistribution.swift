import APIMachinery

/// Which zone and node an endpoint is meant for (`k8s.io/endpointslice/trafficdist`, KEP-4444 and KEP-3015).
enum TrafficDistribution {
  private static let field: Key = "trafficDistribution"
  private static let topologyMode: [Key] = [
    "service.kubernetes.io/topology-mode", "service.kubernetes.io/topology-aware-hints",
  ]

  /// The endpoint with the hints that the service's `trafficDistribution` asks for; only ready ones have any.
  static func hint(_ endpoint: Value, _ service: Value) -> Value {
    guard let wish = service.spec[field].string,
      ["PreferClose", "PreferSameZone", "PreferSameNode"].contains(wish),
      endpoint[.conditions][.ready].bool == true, !usesTopologyMode(service)
    else { return endpoint }
    let zone = endpoint.get(.zone)
    let node = wish == "PreferSameNode" ? endpoint.get(.nodeName) : nil
    if zone == nil && node == nil { return endpoint }
    let hints = Value.fields(
      ("forNodes", node.map { [.fields((.name, $0))] }), ("forZones", zone.map { [.fields((.name, $0))] }))
    return endpoint.setting("hints", hints)
  }

  /// The older annotation comes first.
  private static func usesTopologyMode(_ service: Value) -> Bool {
    topologyMode.contains { service.annotation($0).map { $0 == "auto" || $0 == "Auto" } ?? false }
  }
}
