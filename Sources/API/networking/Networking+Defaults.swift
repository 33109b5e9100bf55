import APIMachinery

/// `pkg/apis/networking/v1/defaults.go`.
enum NetworkingDefaults {
  static func networkPolicy(_ object: inout Value) {
    guard object[.spec].isObject, object[.spec][.policyTypes].isEmpty else { return }
    object[.spec][.policyTypes] = object[.spec][.egress].isEmpty ? ["Ingress"] : ["Ingress", "Egress"]
  }

  static func ingressClass(_ object: inout Value) {
    guard object[.spec][.parameters].isObject, !object[.spec][.parameters].has(.scope) else { return }
    object[.spec][.parameters][.scope] = "Cluster"
  }
}
