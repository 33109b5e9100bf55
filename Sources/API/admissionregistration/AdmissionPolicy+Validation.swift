import APIMachinery

/// Admission policies in CEL and their bindings (`pkg/apis/admissionregistration/validation`).
enum AdmissionPolicyValidation {
  static func validating(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    head(spec, isMutating: false, &out)
    let environment = variables(spec, &out)
    let rules = spec[.validations]
    let notes = spec[.auditAnnotations]
    if rules.isEmpty, notes.isEmpty {
      let why = "validations or auditAnnotations must contain at least one item"
      out.required(Path.spec.child("validations"), why)
      out.required(Path.spec.child("auditAnnotations"), why)
      return
    }
    for (i, rule) in rules.items.enumerated() {
      validation(rule, environment, Path.spec.child("validations").index(i), &out)
    }
    annotations(notes, object.name, environment, &out)
  }

  static func mutating(_ object: Value, _ out: inout Findings) {
    let spec = object[.spec]
    head(spec, isMutating: true, &out)
    let environment = variables(spec, &out)
    let at = Path.spec.child("mutations")
    if spec[.mutations].isEmpty { out.required(at, "mutations must contain at least one item") }
    for (i, mutation) in spec[.mutations].items.enumerated() {
      self.mutation(mutation, environment, at.index(i), &out)
    }
    let place = Path.spec.child("reinvocationPolicy")
    if let policy = spec[.reinvocationPolicy].string, !policy.isEmpty {
      out.oneOf(place, .string(policy), ["IfNeeded", "Never"])
    } else {
      out.required(place)
    }
  }

  private static func head(_ spec: Value, isMutating: Bool, _ out: inout Findings) {
    let path = Path.spec
    if let policy = spec.get(.failurePolicy) {
      out.oneOf(path.child("failurePolicy"), policy, ["Fail", "Ignore"])
    } else {
      out.required(path.child("failurePolicy"))
    }
    if let kind = spec.get(.paramKind) { paramKind(kind, path.child("paramKind"), &out) }
    let at = path.child("matchConstraints")
    if let match = spec.get(.matchConstraints) {
      MatchRulesValidation.resources(matching: match, at, &out)
      if match[.resourceRules].isEmpty { out.required(at.child("resourceRules")) }
      if isMutating { MatchRulesValidation.mutableOperations(match, at, &out) }
    } else {
      out.required(at)
    }
    let environment = CELEnvironment.admission(hasParams: spec.has(.paramKind), variables: nil)
    MatchRulesValidation.conditions(
      spec[.matchConditions], environment, path.child("matchConditions"), &out)
  }

  private static func paramKind(_ kind: Value, _ at: Path, _ out: inout Findings) {
    let place = at.child("apiVersion")
    let text = kind[.apiVersion].string ?? ""
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if text.isEmpty {
      out.required(place)
    } else if parts.count > 2 {
      out.invalid(place, text, "unexpected GroupVersion string: \(text)")
    } else {
      let group = parts.count == 2 ? parts[0] : ""
      let version = text == "/" ? "" : parts[parts.count - 1]
      if !group.isEmpty {
        let problems = Names.isDNS1123Subdomain(group)
        if !problems.isEmpty { out.invalid(place, group, problems.joined(separator: ",")) }
      }
      let problems = Names.isDNS1035Label(version)
      if version.isEmpty {
        out.invalid(place, text, "version must be specified")
      } else if !problems.isEmpty {
        out.invalid(place, version, problems.joined(separator: ","))
      }
    }
    let name = kind[.kind].string ?? ""
    let problems = Names.isDNS1035Label(name.lowercased())
    if name.isEmpty {
      out.required(at.child("kind"))
    } else if !problems.isEmpty {
      out.invalid(
        at.child("kind"), name,
        "may have mixed case, but should otherwise match: \(problems.joined(separator: ","))")
    }
  }

  private static let reserved: Set<String> = [
    "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if",
    "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
  ]

  private static func isIdentifier(_ name: String) -> Bool {
    guard let first = name.utf8.first,
      first == 95 || first >= 65 && first <= 90 || first >= 97 && first <= 122
    else { return false }
    return Names.isCIdentifier(name).isEmpty && !reserved.contains(name)
  }

  /// Checks the variables in their order; each sees those before it.
  private static func variables(_ spec: Value, _ out: inout Findings) -> CELEnvironment {
    let hasParams = spec.has(.paramKind)
    guard !spec[.variables].isEmpty else { return .admission(hasParams: hasParams, variables: nil) }
    var known: Set<String> = []
    for (i, variable) in spec[.variables].items.enumerated() {
      let at = Path.spec.child("variables").index(i)
      let name = variable[.name].string ?? ""
      if CELText.trimmed(name).isEmpty {
        out.required(at.child("name"), "name is not specified")
      } else if !isIdentifier(name) {
        out.invalid(at.child("name"), name, "name is not a valid CEL identifier")
      }
      let source = variable[.expression].string ?? ""
      if CELText.trimmed(source).isEmpty {
        out.required(at.child("expression"), "expression is not specified")
      } else {
        let environment = CELEnvironment.admission(hasParams: hasParams, variables: known)
        CELText.check(source, environment, mustBe: .dyn, at.child("expression"), &out)
      }
      known.insert(name)
    }
    return .admission(hasParams: hasParams, variables: known)
  }

  private static let reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge"]

  private static func validation(
    _ rule: Value, _ environment: CELEnvironment, _ at: Path, _ out: inout Findings
  ) {
    let source = rule[.expression].string ?? ""
    if CELText.trimmed(source).isEmpty {
      out.required(at.child("expression"), "expression is not specified")
    } else {
      CELText.check(source, environment, mustBe: .bool, at.child("expression"), &out)
    }
    let text = rule[.messageExpression].string ?? ""
    if !text.isEmpty, CELText.trimmed(text).isEmpty {
      out.invalid(at.child("messageExpression"), text, "must be non-empty if specified")
    } else if !text.isEmpty {
      CELText.check(
        text, environment.without("authorizer"), mustBe: .string, at.child("messageExpression"), &out)
    }
    let message = rule[.message].string ?? ""
    if !message.isEmpty, CELText.trimmed(message).isEmpty {
      out.invalid(at.child("message"), message, "message must be non-empty if specified")
    } else if CELText.trimmed(message).contains(where: { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }) {
      out.invalid(at.child("message"), message, "message must not contain line breaks")
    }
    if let reason = rule[.reason].string, !reasons.contains(reason) {
      out.notSupported(at.child("reason"), .string(reason), reasons)
    }
  }

  private static func annotations(
    _ notes: Value, _ policy: String, _ environment: CELEnvironment, _ out: inout Findings
  ) {
    let path = Path.spec.child("auditAnnotations")
    if notes.count > 20 { out.invalid(path, notes, "must not have more than 20 auditAnnotations") }
    var keys: Set<String> = []
    for (i, note) in notes.items.enumerated() {
      let at = path.index(i)
      let key = note[.key].string ?? ""
      if policy.isEmpty {
        out.invalid(at.child("key"), key, "requires metadata.name be non-empty")
      } else {
        let name = policy + "/" + key
        out.invalid(at.child("key"), name, all: Names.isQualifiedName(name))
      }
      let source = CELText.trimmed(note[.valueExpression].string ?? "")
      let place = at.child("valueExpression")
      if source.isEmpty {
        out.required(place, "valueExpression is not specified")
      } else if source.utf8.count > 5 * 1024 {
        out.required(place, "must not exceed 5120 bytes in length")
      } else {
        CELText.check(source, environment, mustBe: .stringOrNull, place, &out)
      }
      if !keys.insert(key).inserted { out.duplicate(at.child("key"), .string(key)) }
    }
  }

  private static func mutation(
    _ mutation: Value, _ environment: CELEnvironment, _ at: Path, _ out: inout Findings
  ) {
    func expression(_ key: String, _ other: String, _ type: String) {
      let place = at.child(key)
      guard let body = mutation.get(Key(key)) else {
        return out.required(place, "must be specified when patchType is \(type)")
      }
      let source = body[.expression].string ?? ""
      if CELText.trimmed(source).isEmpty {
        out.required(place.child("expression"), "expression is not specified")
      } else {
        CELText.check(source, environment, mustBe: .dyn, place.child("expression"), &out)
      }
      if mutation.has(Key(other)) {
        out.invalid(at.child(other), "{}", "must not be specified when patchType is \(type)")
      }
    }
    switch mutation[.patchType].string ?? "" {
    case "": out.required(at.child("patchType"))
    case "ApplyConfiguration": expression("applyConfiguration", "jsonPatch", "ApplyConfiguration")
    case "JSONPatch": expression("jsonPatch", "applyConfiguration", "JSONPatch")
    default:
      out.notSupported(at.child("patchType"), mutation[.patchType], ["ApplyConfiguration", "JSONPatch"])
    }
  }

  // MARK: - Bindings

  static func validatingBinding(_ object: Value, _ out: inout Findings) {
    binding(object[.spec], &out)
    let actions = object[.spec][.validationActions]
    let at = Path.spec.child("validationActions")
    var seen: Set<String> = []
    for (i, action) in actions.items.enumerated() {
      out.oneOf(at.index(i), action, ["Audit", "Deny", "Warn"])
      if !seen.insert(action.string ?? "").inserted { out.duplicate(at.index(i), action) }
    }
    if seen.contains("Deny"), seen.contains("Warn") {
      out.invalid(
        at, actions,
        "must not contain both Deny and Warn (repeating the same validation failure information in the API "
          + "response and headers serves no purpose)")
    }
    if seen.isEmpty { out.required(at, "at least one validation action is required") }
  }

  static func mutatingBinding(_ object: Value, _ out: inout Findings) {
    binding(object[.spec], &out)
    MatchRulesValidation.mutableOperations(
      object[.spec][.matchResources], Path.spec.child("matchResources"), &out)
  }

  private static func binding(_ spec: Value, _ out: inout Findings) {
    let at = Path.spec.child("policyName")
    let name = spec[.policyName].string ?? ""
    if name.isEmpty { out.required(at) } else { out.invalid(at, name, all: Names.isDNS1123Subdomain(name)) }
    paramRef(spec[.paramRef], Path.spec.child("paramRef"), &out)
    MatchRulesValidation.resources(
      matching: spec[.matchResources], Path.spec.child("matchResources"), &out)
  }

  private static func paramRef(_ ref: Value, _ at: Path, _ out: inout Findings) {
    guard ref.isObject else { return }
    let name = ref[.name].string ?? ""
    let both = "name and selector are mutually exclusive"
    if !name.isEmpty {
      out.invalid(at.child("name"), name, all: Names.isPathSegmentName(name))
      if ref.has(.selector) { out.forbidden(at.child("name"), both) }
    }
    if ref.has(.selector) {
      SelectorRule.selector(ref[.selector], at.child("selector"), &out)
      if !name.isEmpty { out.forbidden(at.child("selector"), both) }
    }
    if name.isEmpty, !ref.has(.selector) { out.required(at, "one of name or selector must be specified") }
    let place = at.child("parameterNotFoundAction")
    if ref[.parameterNotFoundAction].string.isNilOrEmpty {
      out.required(place)
    } else {
      out.oneOf(place, ref[.parameterNotFoundAction], ["Deny", "Allow"])
    }
  }
}
