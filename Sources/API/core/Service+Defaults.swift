import APIMachinery

/// `SetDefaults_Service` (`pkg/apis/core/v1/defaults.go`).
enum ServiceDefaults {
  static func service(_ object: inout Value) {
    var spec = object[.spec]
    guard spec.isObject else { return }
    if spec[.sessionAffinity].says("ClientIP") {
      if !spec[.sessionAffinityConfig][.clientIP].has(.timeoutSeconds) {
        spec[.sessionAffinityConfig] = ["clientIP": ["timeoutSeconds": 10800]]
      }
    } else if spec[.sessionAffinity].says("None"), spec.has(.sessionAffinityConfig) {
      spec.remove(.sessionAffinityConfig)
    }
    PodDefaults.map(&spec, .ports) { port in
      let target = port[.targetPort]
      if target.isNull || target.int == 0 || target.string == "" { port[.targetPort] = port[.port] }
    }
    let type = spec[.type].string ?? "ClusterIP"
    let isExternal =
      type == "NodePort" || type == "LoadBalancer"
      || type == "ClusterIP" && !spec[.externalIPs].isEmpty
    if isExternal, spec[.externalTrafficPolicy].string ?? "" == "" {
      spec[.externalTrafficPolicy] = "Cluster"
    }
    if type == "NodePort" || type == "LoadBalancer" || type == "ClusterIP",
      !spec.has(.internalTrafficPolicy)
    {
      spec[.internalTrafficPolicy] = "Cluster"
    }
    if type == "LoadBalancer", !spec.has(.allocateLoadBalancerNodePorts) {
      spec[.allocateLoadBalancerNodePorts] = true
    }
    if spec != object[.spec] { object[.spec] = spec }
  }
}
