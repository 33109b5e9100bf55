import APIMachinery

/// Tolerations and topology spread (`ValidateTolerations`, `validateTopologySpreadConstraints`).
enum SchedulingValidation {
  static func tolerations(_ tolerations: Value, _ path: Path, _ out: inout Findings) {
    for (i, toleration) in tolerations.items.enumerated() {
      let at = path.index(i)
      let key = toleration[.key].string ?? ""
      let op = toleration[.operator].string ?? ""
      let value = toleration[.value].string ?? ""
      let effect = toleration[.effect].string ?? ""
      if !key.isEmpty { out.invalid(at.child("key"), key, all: Names.isQualifiedName(key)) }
      if key.isEmpty, op != "Exists" {
        out.invalid(
          at.child("operator"), op,
          "operator must be Exists when `key` is empty, which means \"match all values and all keys\"")
      }
      if toleration.has(.tolerationSeconds), effect != "NoExecute" {
        out.invalid(
          at.child("effect"), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")
      }
      switch op {
      case "Equal", "":
        let problems = Names.isLabelValue(value)
        if !problems.isEmpty { out.invalid(at.child("operator"), value, problems.joined(separator: ";")) }
      case "Lt", "Gt":
        out.notSupported(at.child("operator"), .string(op), ["Equal", "Exists", "Lt", "Gt"])
      case "Exists":
        if !value.isEmpty {
          out.invalid(at.child("operator"), value, "value must be empty when `operator` is 'Exists'")
        }
      default: out.notSupported(at.child("operator"), .string(op), ["Equal", "Exists"])
      }
      if !effect.isEmpty {
        out.oneOf(at.child("effect"), toleration[.effect], ["NoSchedule", "PreferNoSchedule", "NoExecute"])
      }
    }
  }

  static func spread(_ constraints: Value, _ path: Path, _ out: inout Findings) {
    let names = constraints.items.map {
      "{\($0[.topologyKey].string ?? ""), \($0[.whenUnsatisfiable].string ?? "")}"
    }
    for (i, constraint) in constraints.items.enumerated() {
      let at = path.index(i)
      let skew = constraint[.maxSkew].int ?? 0
      if skew <= 0 { out.invalid(at.child("maxSkew"), .int(skew), "must be greater than zero") }
      let key = constraint[.topologyKey].string ?? ""
      if key.isEmpty { out.required(at.child("topologyKey"), "can not be empty") }
      let when = constraint[.whenUnsatisfiable].string ?? ""
      out.oneOf(
        at.child("whenUnsatisfiable"), constraint[.whenUnsatisfiable], ["DoNotSchedule", "ScheduleAnyway"])
      for other in names[(i + 1)...] where other == names[i] {
        out.duplicate(at.child("{topologyKey, whenUnsatisfiable}"), .string(other))
      }
      if let least = constraint.get(.minDomains) {
        if (least.int ?? 0) <= 0 { out.invalid(at.child("minDomains"), least, "must be greater than zero") }
        if when != "DoNotSchedule" {
          out.invalid(
            at.child("minDomains"), least,
            "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not \(when)")
        }
      }
      for name in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
        if let policy = constraint.get(Key(name)) {
          out.oneOf(at.child(name), policy, ["Honor", "Ignore"])
        }
      }
      labelKeys(constraint, at, &out)
      SelectorRule.selector(constraint[.labelSelector], at.child("labelSelector"), &out)
    }
  }

  /// `ValidateMatchLabelKeysAndMismatchLabelKeys`.
  static func labelKeys(_ term: Value, _ at: Path, _ out: inout Findings) {
    for (key, name) in [(Key.matchLabelKeys, "matchLabelKeys"), (.mismatchLabelKeys, "mismatchLabelKeys")] {
      let keys = term[key]
      if keys.isEmpty { continue }
      guard term[.labelSelector].isObject else {
        out.forbidden(at.child(name), "must not be specified when labelSelector is not set")
        continue
      }
      for (i, label) in keys.items.enumerated() {
        out.invalid(at.child(name).index(i), label, all: Names.isQualifiedName(label.string ?? ""))
      }
    }
    let keys = term[.matchLabelKeys].items.map { $0.string ?? "" }
    if keys.isEmpty { return }
    var seen = Set(term[.labelSelector][.matchLabels].fields.map(\.key.string))
    for expression in term[.labelSelector][.matchExpressions].items {
      let name = expression[.key].string ?? ""
      if let i = keys.lastIndex(of: name), seen.contains(name) {
        out.invalid(at.index(i), name, "exists in both matchLabelKeys and labelSelector")
      }
      seen.insert(name)
    }
    let others = term[.mismatchLabelKeys].items.map { $0.string ?? "" }
    for (i, name) in keys.enumerated() where others.contains(name) {
      out.invalid(
        at.child("matchLabelKeys").index(i), name, "exists in both matchLabelKeys and mismatchLabelKeys")
    }
  }
}

/// `ValidateLabelSelector` (`apimachinery/pkg/apis/meta/v1/validation`).
enum SelectorRule {
  static func selector(_ selector: Value, _ path: Path, _ out: inout Findings) {
    ObjectMetaValidation.labels(selector[.matchLabels], path.child("matchLabels"), &out)
    for (i, expression) in selector[.matchExpressions].items.enumerated() {
      let at = path.child("matchExpressions").index(i)
      let values = expression[.values]
      switch expression[.operator].string {
      case "In", "NotIn":
        if values.isEmpty {
          out.required(at.child("values"), "must be specified when `operator` is 'In' or 'NotIn'")
        }
      case "Exists", "DoesNotExist":
        if !values.isEmpty {
          out.forbidden(
            at.child("values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
        }
      default:
        out.invalid(
          at.child("operator"), expression[.operator].isNull ? "" : expression[.operator],
          "not a valid selector operator")
      }
      let key = expression[.key].string ?? ""
      out.invalid(at.child("key"), key, all: Names.isQualifiedName(key))
      for (j, value) in values.items.enumerated() {
        out.invalid(at.child("values").index(j), value, all: Names.isLabelValue(value.string ?? ""))
      }
    }
  }
}

/// `validateAffinity`.
enum AffinityValidation {
  static func affinity(_ affinity: Value, _ path: Path, _ out: inout Findings) {
    let node = affinity[.nodeAffinity]
    if node.isObject { self.node(node, path.child("nodeAffinity"), &out) }
    for key in ["podAffinity", "podAntiAffinity"] {
      let part = affinity[Key(key)]
      let at = path.child(key)
      let hard = at.child("requiredDuringSchedulingIgnoredDuringExecution")
      for (i, term) in part[.requiredDuringSchedulingIgnoredDuringExecution].items.enumerated() {
        pod(term, hard.index(i), &out)
      }
      let soft = at.child("preferredDuringSchedulingIgnoredDuringExecution")
      for (i, weighted) in part[.preferredDuringSchedulingIgnoredDuringExecution].items.enumerated() {
        weight(weighted, soft.index(i), &out)
        pod(weighted[.podAffinityTerm], soft.index(i).child("podAffinityTerm"), &out)
      }
    }
  }

  private static func weight(_ weighted: Value, _ at: Path, _ out: inout Findings) {
    let weight = weighted[.weight].int ?? 0
    if weight <= 0 || weight > 100 {
      out.invalid(at.child("weight"), .int(weight), "must be in the range 1-100")
    }
  }

  private static func node(_ node: Value, _ path: Path, _ out: inout Findings) {
    if let hard = node.get(.requiredDuringSchedulingIgnoredDuringExecution) {
      nodeSelector(hard, path.child("requiredDuringSchedulingIgnoredDuringExecution"), &out)
    }
    let soft = path.child("preferredDuringSchedulingIgnoredDuringExecution")
    for (i, weighted) in node[.preferredDuringSchedulingIgnoredDuringExecution].items.enumerated() {
      weight(weighted, soft.index(i), &out)
      term(weighted[.preference], isStrict: false, soft.index(i).child("preference"), &out)
    }
  }

  /// `ValidateNodeSelector`.
  static func nodeSelector(_ selector: Value, _ path: Path, _ out: inout Findings) {
    let at = path.child("nodeSelectorTerms")
    if selector[.nodeSelectorTerms].isEmpty {
      return out.required(at, "must have at least one node selector term")
    }
    for (i, term) in selector[.nodeSelectorTerms].items.enumerated() {
      self.term(term, isStrict: true, at.index(i), &out)
    }
  }

  private static func term(_ term: Value, isStrict: Bool, _ path: Path, _ out: inout Findings) {
    for (i, expression) in term[.matchExpressions].items.enumerated() {
      requirement(expression, isStrict, path.child("matchExpressions").index(i), &out)
    }
    for (i, field) in term[.matchFields].items.enumerated() {
      let at = path.child("matchFields").index(i)
      switch field[.operator].string {
      case "In", "NotIn":
        if field[.values].count != 1 {
          out.required(
            at.child("values"),
            "must be only one value when `operator` is 'In' or 'NotIn' for node field selector")
        }
      default:
        out.invalid(
          at.child("operator"), field[.operator].isNull ? "" : field[.operator],
          "not a valid selector operator")
      }
      let key = field[.key].string ?? ""
      if key != "metadata.name" {
        out.invalid(at.child("key"), key, "not a valid field selector key")
        continue
      }
      for (j, value) in field[.values].items.enumerated() {
        out.invalid(at.child("values").index(j), value, all: Names.isDNS1123Subdomain(value.string ?? ""))
      }
    }
  }

  private static func requirement(_ rule: Value, _ isStrict: Bool, _ at: Path, _ out: inout Findings) {
    let values = rule[.values]
    switch rule[.operator].string {
    case "In", "NotIn":
      if values.isEmpty {
        out.required(at.child("values"), "must be specified when `operator` is 'In' or 'NotIn'")
      }
    case "Exists", "DoesNotExist":
      if !values.isEmpty {
        out.forbidden(
          at.child("values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
      }
    case "Gt", "Lt":
      if values.count != 1 {
        out.required(at.child("values"), "must be specified single value when `operator` is 'Lt' or 'Gt'")
      }
    default:
      out.invalid(
        at.child("operator"), rule[.operator].isNull ? "" : rule[.operator], "not a valid selector operator")
    }
    let key = rule[.key].string ?? ""
    out.invalid(at.child("key"), key, all: Names.isQualifiedName(key))
    guard isStrict else { return }
    for (i, value) in values.items.enumerated() {
      out.invalid(at.child("values").index(i), value, all: Names.isLabelValue(value.string ?? ""))
    }
  }

  private static func pod(_ term: Value, _ path: Path, _ out: inout Findings) {
    SelectorRule.selector(term[.labelSelector], path.child("labelSelector"), &out)
    SelectorRule.selector(term[.namespaceSelector], path.child("namespaceSelector"), &out)
    for name in term[.namespaces].items {
      out.invalid(path.child("namespace"), name, all: Names.isDNS1123Label(name.string ?? ""))
    }
    SchedulingValidation.labelKeys(term, path, &out)
    let key = term[.topologyKey].string ?? ""
    if key.isEmpty { out.required(path.child("topologyKey"), "can not be empty") }
    out.invalid(path.child("topologyKey"), key, all: Names.isQualifiedName(key))
  }
}
