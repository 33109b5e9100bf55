import APIMachinery

/// Rules, selectors and conditions that webhooks and admission policies share
/// (`pkg/apis/admissionregistration/validation`).
enum MatchRulesValidation {
  private static let operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"]
  private static let scopes = ["*", "Cluster", "Namespaced"]

  private static func texts(_ list: Value) -> [String] { list.items.map { $0.string ?? "" } }

  /// `validateRuleWithOperations`.
  static func rule(_ rule: Value, _ at: Path, _ out: inout Findings) {
    let verbs = texts(rule[.operations])
    if verbs.isEmpty { out.required(at.child("operations")) }
    if verbs.count > 1, verbs.contains("*") {
      out.invalid(
        at.child("operations"), rule[.operations], "if '*' is present, must not specify other operations")
    }
    for (i, verb) in verbs.enumerated() where !operations.contains(verb) {
      out.notSupported(at.child("operations").index(i), .string(verb), operations)
    }
    let groups = rule[.apiGroups]
    if groups.isEmpty { out.required(at.child("apiGroups")) }
    if groups.count > 1, groups.items.contains("*") {
      out.invalid(at.child("apiGroups"), groups, "if '*' is present, must not specify other API groups")
    }
    let versions = rule[.apiVersions]
    if versions.isEmpty { out.required(at.child("apiVersions")) }
    if versions.count > 1, versions.items.contains("*") {
      out.invalid(at.child("apiVersions"), versions, "if '*' is present, must not specify other API versions")
    }
    for (i, version) in versions.items.enumerated() where version == "" {
      out.required(at.child("apiVersions").index(i))
    }
    resources(rule[.resources], at.child("resources"), &out)
    if let scope = rule[.scope].string, !scopes.contains(scope) {
      out.notSupported(at.child("scope"), .string(scope), scopes)
    }
  }

  private static func resources(_ list: Value, _ at: Path, _ out: inout Findings) {
    if list.isEmpty { out.required(at) }
    var openResources: Set<String> = []
    var openSubresources: Set<String> = []
    var plain = false
    for (i, name) in texts(list).enumerated() {
      if name.isEmpty {
        out.required(at.index(i))
        continue
      }
      guard let slash = name.firstIndex(of: "/") else {
        plain = name != "*"
        continue
      }
      let resource = String(name[..<slash])
      let sub = String(name[name.index(after: slash)...])
      if openResources.contains(resource) {
        out.invalid(at.index(i), name, "if '\(resource)/*' is present, must not specify \(name)")
      }
      if openSubresources.contains(sub) {
        out.invalid(at.index(i), name, "if '*/\(sub)' is present, must not specify \(name)")
      }
      if sub == "*" { openResources.insert(resource) }
      if resource == "*" { openSubresources.insert(sub) }
    }
    if list.count > 1, list.items.contains("*/*") {
      out.invalid(at, list, "if '*/*' is present, must not specify other resources")
    }
    if list.items.contains("*"), plain {
      out.invalid(
        at, list, "if '*' is present, must not specify other resources without subresources")
    }
  }

  private static func namedRule(_ rule: Value, _ at: Path, _ out: inout Findings) {
    var seen: Set<String> = []
    for (i, name) in texts(rule[.resourceNames]).enumerated() {
      let place = at.child("resourceNames").index(i)
      out.invalid(place, name, all: Names.isPathSegmentName(name))
      if !seen.insert(name).inserted { out.duplicate(place, .string(name)) }
    }
    self.rule(rule, at, &out)
  }

  /// `validateMatchResources`.
  static func resources(matching match: Value, _ at: Path, _ out: inout Findings) {
    guard match.isObject else { return }
    if let policy = match.get(.matchPolicy) {
      out.oneOf(at.child("matchPolicy"), policy, ["Equivalent", "Exact"])
    } else {
      out.required(at.child("matchPolicy"))
    }
    for key in ["namespaceSelector", "objectSelector"] {
      if let selector = match.get(Key(key)) {
        SelectorRule.selector(selector, at.child(key), &out)
      } else {
        out.required(at.child(key))
      }
    }
    for key in ["resourceRules", "excludeResourceRules"] {
      for (i, rule) in match[Key(key)].items.enumerated() {
        namedRule(rule, at.child(key).index(i), &out)
      }
    }
  }

  /// Connections cannot be mutated, nor can what is deleted (policies that mutate).
  static func mutableOperations(_ match: Value, _ at: Path, _ out: inout Findings) {
    let allowed = ["*", "CONNECT", "CREATE", "UPDATE"]
    for rule in match[.resourceRules].items {
      for verb in texts(rule[.operations]) where !allowed.contains(verb) {
        out.notSupported(at.child("resourceRules").child("operations"), .string(verb), allowed)
      }
    }
  }

  /// `validateMatchConditions`.
  static func conditions(_ list: Value, _ environment: CELEnvironment, _ at: Path, _ out: inout Findings) {
    var seen: Set<String> = []
    if list.count > 64 { out.tooMany(at, list.count, most: 64) }
    for (i, condition) in list.items.enumerated() {
      let place = at.index(i)
      let source = CELText.trimmed(condition[.expression].string ?? "")
      if source.isEmpty {
        out.required(place.child("expression"))
      } else {
        CELText.check(source, environment, mustBe: .bool, place.child("expression"), &out)
      }
      let name = condition[.name].string ?? ""
      if name.isEmpty {
        out.required(place.child("name"))
      } else {
        out.invalid(place.child("name"), name, all: Names.isQualifiedName(name))
        if !seen.insert(name).inserted { out.duplicate(place.child("name"), .string(name)) }
      }
    }
  }
}

/// Expressions in fields.
enum CELText {
  static func trimmed(_ text: String) -> String {
    var part = Substring(text)
    while part.first?.isWhitespace == true { part.removeFirst() }
    while part.last?.isWhitespace == true { part.removeLast() }
    return String(part)
  }

  static func check(
    _ source: String, _ environment: CELEnvironment, mustBe type: CELType, _ at: Path, _ out: inout Findings
  ) {
    if let problem = environment.problem(source, mustBe: type) { out.invalid(at, source, problem) }
  }
}
