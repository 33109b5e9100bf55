import APIMachinery

/// Quotas: what they can limit and which scopes go together (`ValidateResourceQuotaSpec`).
enum ResourceQuotaScopeValidation {
  private static let standard: Set<String> = [
    "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage",
    "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods",
    "resourcequotas", "services", "replicationcontrollers", "secrets", "persistentvolumeclaims", "configmaps",
    "services.nodeports", "services.loadbalancers",
  ]
  /// What a pod asks for (`podComputeQuotaResources` with pods).
  private static let ofPods: Set<String> = [
    "pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory",
  ]
  private static let scopes: Set<String> = [
    "Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass",
    "CrossNamespacePodAffinity", "VolumeAttributesClass",
  ]

  static func quota(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    let hard = Path.spec.child("hard")
    for field in spec[.hard].fields {
      let name = field.key.string
      let at = hard.key(name)
      ResourceRule.name(name, at, &out)
      if !name.contains("/"), !isStandard(name) {
        out.invalid(at, name, "must be a standard resource for quota")
      }
      ResourceRule.quantity(name, field.value, at, &out)
    }
    plain(spec, Path.spec.child("scopes"), &out)
    selector(spec, Path.spec.child("scopeSelector").child("matchExpressions"), &out)
  }

  private static func isStandard(_ name: String) -> Bool {
    standard.contains(name) || name.hasPrefix("hugepages-") || name.hasPrefix("requests.hugepages-")
  }

  private static func fits(_ scope: String, _ resource: String) -> Bool {
    switch scope {
    case "Terminating", "NotTerminating", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity":
      ofPods.contains(resource)
    case "BestEffort": resource == "pods"
    case "VolumeAttributesClass": resource == "persistentvolumeclaims" || resource == "requests.storage"
    default: true
    }
  }

  private static let pairs = [("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating")]

  private static func plain(_ spec: Value, _ at: Path, _ out: inout Findings) {
    let given = spec[.scopes]
    for scope in given.items {
      let name = scope.string ?? ""
      if !scopes.contains(name) { out.invalid(at, given, "unsupported scope") }
      for field in spec[.hard].fields where isStandard(field.key.string) && !fits(name, field.key.string) {
        out.invalid(at, given, "unsupported scope applied to resource")
      }
    }
    for (a, b) in pairs where given.items.contains(.string(a)) && given.items.contains(.string(b)) {
      out.invalid(at, given, "conflicting scopes")
    }
  }

  private static let onlyExists: Set<String> = [
    "BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity",
  ]

  private static func selector(_ spec: Value, _ at: Path, _ out: inout Findings) {
    guard let selector = spec.get(.scopeSelector) else { return }
    var seen: Set<String> = []
    for rule in selector[.matchExpressions].items {
      let name = rule[.scopeName].string ?? ""
      if !scopes.contains(name) { out.invalid(at.child("scopeName"), name, "unsupported scope") }
      for field in spec[.hard].fields where isStandard(field.key.string) && !fits(name, field.key.string) {
        out.invalid(
          at, shown: GoForm.scopeSelector(selector), "unsupported scope applied to resource")
      }
      let op = rule[.operator].string ?? ""
      if onlyExists.contains(name), op != "Exists" {
        out.invalid(
          at.child("operator"), op,
          "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, "
            + "ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, "
            + "ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity")
      }
      switch op {
      case "In", "NotIn":
        if rule[.values].isEmpty {
          out.required(
            at.child("values"),
            "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector")
        }
      case "Exists", "DoesNotExist":
        if !rule[.values].isEmpty {
          out.invalid(
            at.child("values"), rule[.values],
            "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector")
        }
      default: out.invalid(at.child("operator"), op, "not a valid selector operator")
      }
      seen.insert(name)
    }
    for (a, b) in pairs where seen.contains(a) && seen.contains(b) {
      out.invalid(at, spec[.scopes], "conflicting scopes")
    }
  }

  static func quotaUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    quota(new, &out)
    if Set(new[.spec][.scopes].items) != Set(old[.spec][.scopes].items) {
      out.invalid(Path.spec.child("scopes"), new[.spec][.scopes], "field is immutable")
    }
  }
}
