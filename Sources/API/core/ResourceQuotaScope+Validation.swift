import APIMachinery

/// Which resources a quota with scopes can limit (`validateResourceQuotaScopes`).
enum ResourceQuotaScopeValidation {
  private static let compute: Set<String> = [
    "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory",
  ]
  /// Standard resources that no scope is about.
  private static let others: Set<String> = [
    "ephemeral-storage", "requests.ephemeral-storage", "limits.ephemeral-storage", "requests.storage",
    "resourcequotas", "services", "services.nodeports", "services.loadbalancers", "replicationcontrollers",
    "secrets", "configmaps", "persistentvolumeclaims",
  ]

  static func quota(_ object: Value, _ out: inout Findings) {
    let scopes = object[.spec][.scopes]
    for scope in scopes.items {
      for field in object[.spec][.hard].fields {
        let name = field.key.string
        let refused = others.contains(name) || scope.string == "BestEffort" && compute.contains(name)
        if refused {
          out.invalid(Path.spec.child("scopes"), scopes, "unsupported scope applied to resource")
        }
      }
    }
  }
}
