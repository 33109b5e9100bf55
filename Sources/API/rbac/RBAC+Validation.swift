import APIMachinery

/// `pkg/apis/rbac/validation`.
enum RBACValidation {
  private static let group = "rbac.authorization.k8s.io"

  static func role(_ object: Value, _ out: inout Findings) { rules(object[.rules], isNamespaced: true, &out) }

  static func clusterRole(_ object: Value, _ out: inout Findings) {
    rules(object[.rules], isNamespaced: false, &out)
    guard let aggregation = object.get(.aggregationRule) else { return }
    let at = Path("aggregationRule").child("clusterRoleSelectors")
    let selectors = aggregation[.clusterRoleSelectors]
    if selectors.isEmpty {
      out.required(at, "at least one clusterRoleSelector required if aggregationRule is non-nil")
    }
    for (i, selector) in selectors.items.enumerated() {
      var own = Findings()
      SelectorRule.selector(selector, at.index(i), &own)
      if !own.isEmpty { own.invalid(at.index(i), .null, "invalid label selector.") }
      out.append(own.causes)
    }
  }

  private static func rules(_ rules: Value, isNamespaced: Bool, _ out: inout Findings) {
    for (i, rule) in rules.items.enumerated() {
      let at = Path("rules").index(i)
      let urls = rule[.nonResourceURLs]
      if rule[.verbs].isEmpty { out.required(at.child("verbs"), "verbs must contain at least one value") }
      if !urls.isEmpty {
        if isNamespaced {
          out.invalid(
            at.child("nonResourceURLs"), urls, "namespaced rules cannot apply to non-resource URLs")
        }
        if !rule[.apiGroups].isEmpty || !rule[.resources].isEmpty || !rule[.resourceNames].isEmpty {
          out.invalid(
            at.child("nonResourceURLs"), urls,
            "rules cannot apply to both regular resources and non-resource URLs")
        }
        continue
      }
      if rule[.apiGroups].isEmpty {
        out.required(at.child("apiGroups"), "resource rules must supply at least one api group")
      }
      if rule[.resources].isEmpty {
        out.required(at.child("resources"), "resource rules must supply at least one resource")
      }
    }
  }

  static func roleBinding(_ object: Value, _ out: inout Findings) {
    binding(object, ["Role", "ClusterRole"], needsNamespace: false, &out)
  }
  static func clusterRoleBinding(_ object: Value, _ out: inout Findings) {
    binding(object, ["ClusterRole"], needsNamespace: true, &out)
  }

  private static func binding(
    _ object: Value, _ kinds: [String], needsNamespace: Bool, _ out: inout Findings
  ) {
    let ref = object[.roleRef]
    let at = Path("roleRef")
    if ref[.apiGroup].string != group { out.notSupported(at.child("apiGroup"), ref[.apiGroup], [group]) }
    if !kinds.contains(ref[.kind].string ?? "") {
      out.notSupported(at.child("kind"), ref[.kind].isNull ? "" : ref[.kind], kinds)
    }
    let name = ref[.name].string ?? ""
    if name.isEmpty {
      out.required(at.child("name"))
    } else {
      out.invalid(at.child("name"), name, all: Names.isPathSegmentName(name))
    }
    for (i, subject) in object[.subjects].items.enumerated() {
      self.subject(subject, needsNamespace, Path("subjects").index(i), &out)
    }
  }

  private static func subject(
    _ subject: Value, _ needsNamespace: Bool, _ at: Path, _ out: inout Findings
  ) {
    let name = subject[.name].string ?? ""
    if name.isEmpty { out.required(at.child("name")) }
    switch subject[.kind].string {
    case "ServiceAccount":
      if !name.isEmpty { out.invalid(at.child("name"), name, all: Names.isDNS1123Subdomain(name)) }
      if let group = subject[.apiGroup].string, !group.isEmpty {
        out.notSupported(at.child("apiGroup"), .string(group), [""])
      }
      if needsNamespace, subject[.namespace].string.isNilOrEmpty { out.required(at.child("namespace")) }
    case "User", "Group":
      if subject[.apiGroup].string != group {
        out.notSupported(at.child("apiGroup"), subject[.apiGroup], [group])
      }
    default:
      out.notSupported(
        at.child("kind"), subject[.kind].isNull ? "" : subject[.kind], ["ServiceAccount", "User", "Group"])
    }
  }

  static func bindingUpdate(_ new: Value, _ old: Value, _ out: inout Findings) {
    let ref = new[.roleRef]
    guard ref != old[.roleRef] else { return }
    func text(_ key: Key) -> String { CanonicalJSON.string(ref[key].isNull ? "" : ref[key]) }
    out.invalid(
      Path("roleRef"),
      shown: "{\"APIGroup\":\(text(.apiGroup)),\"Kind\":\(text(.kind)),\"Name\":\(text(.name))}",
      "cannot change roleRef")
  }
}
