import API
import APIMachinery
import Store

/// Policies in CEL and their bindings (`apiserver/pkg/admission/plugin/policy/validating`).
enum ValidatingAdmissionPolicy: AdmissionPlugin {
  static let name = "ValidatingAdmissionPolicy"
  private static let group = "admissionregistration.k8s.io"
  static let policyKind = GroupKind(group: group, kind: "ValidatingAdmissionPolicy")
  static let bindingKind = GroupKind(group: group, kind: "ValidatingAdmissionPolicyBinding")

  static func validate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    guard request.subresource == .none, request.entry.info.group != group else { return }
    let bindings = server.inNamespace(bindingKind, .empty)
    for binding in bindings {
      guard let name = binding[.spec][.policyName].string,
        let policy = server.store.get(ObjectKey(policyKind, .empty, Key(name)))
      else { continue }
      let match = PolicyMatch(request, server)
      guard match.holds(policy[.spec][.matchConstraints]),
        match.holdsOptional(binding[.spec][.matchResources])
      else { continue }
      try check(policy, binding, server, &request)
    }
  }

  private static func check(
    _ policy: Value, _ binding: Value, _ server: APIServer, _ request: inout WriteRequest
  ) throws(APIError) {
    let failsClosed = policy[.spec][.failurePolicy].string != "Ignore"
    for params in parameters(policy, binding, server, request) {
      guard let params else {
        if binding[.spec][.paramRef][.parameterNotFoundAction].string == "Deny" {
          try decide(
            "no params found for policy binding with `Deny` parameterNotFoundAction", "Invalid", policy,
            binding, &request)
        }
        continue
      }
      var scope = PolicyScope(server, request, params: params.isNull ? nil : params)
      var isMatched = true
      for condition in policy[.spec][.matchConditions].items {
        if case .success(false) = scope.holds(condition[.expression].string ?? "") { isMatched = false }
      }
      if !isMatched { continue }
      for variable in policy[.spec][.variables].items { scope.define(variable) }
      for validation in policy[.spec][.validations].items {
        let expression = validation[.expression].string ?? ""
        switch scope.holds(expression) {
        case .success(true): continue
        case .success(false):
          try decide(
            message(validation, expression, scope), validation[.reason].string ?? "Invalid", policy, binding,
            &request)
        case .failure(let error):
          if failsClosed {
            try decide(
              "expression '\(expression)' resulted in error: \(error.message)", "Invalid", policy, binding,
              &request)
          }
        }
      }
    }
  }

  private static func message(_ validation: Value, _ expression: String, _ scope: PolicyScope) -> String {
    if let made = validation[.messageExpression].string, let text = scope.text(made), !text.isEmpty,
      !text.utf8.contains(0x0A)
    {
      return text
    }
    return validation[.message].string ?? "failed expression: \(expression)"
  }

  /// A violation is refused, warned of, or only audited, as the binding says.
  private static func decide(
    _ message: String, _ reason: String, _ policy: Value, _ binding: Value, _ request: inout WriteRequest
  ) throws(APIError) {
    let actions = binding[.spec][.validationActions].items.compactMap(\.string)
    let names = "ValidatingAdmissionPolicy '\(policy.name)' with binding '\(binding.name)'"
    if actions.contains("Warn") {
      request.warnings.append("Validation failed for \(names): \(message)")
    }
    guard actions.contains("Deny") else { return }
    var error = request.forbidden("\(names) denied request: \(message)")
    error.reason = APIError.Reason(rawValue: reason) ?? .invalid
    error.causes = [
      APIError.Cause(reason: "", message: "\(names) denied request: \(message)", field: "")
    ]
    throw error
  }

  /// The parameter objects that a binding names; one null for a policy without, one nil where none is found.
  static func parameters(
    _ policy: Value, _ binding: Value, _ server: APIServer, _ request: WriteRequest
  ) -> [Value?] {
    guard let kind = policy[.spec].get(.paramKind), kind.isObject else { return [.null] }
    let reference = binding[.spec][.paramRef]
    let found = GroupKind(apiVersion: kind[.apiVersion].string ?? "", kind: kind[.kind].string ?? "")
    guard let info = server.scheme.info(found) else { return [nil] }
    let place: Key =
      info.namespaced
      ? (reference[.namespace].string.map { Key($0) } ?? request.namespace) : .empty
    if let name = reference[.name].string {
      return [server.store.get(ObjectKey(found, place, Key(name)))]
    }
    let selector = LabelSelector(reference.get(.selector))
    let all = server.store.list(found, namespace: place).filter { selector.matches($0) }
    return all.isEmpty ? [nil] : all
  }
}

/// Whether a policy or binding is about a write (`MatchResources`).
struct PolicyMatch {
  private let request: WriteRequest
  private let server: APIServer

  init(_ request: WriteRequest, _ server: APIServer) {
    self.request = request
    self.server = server
  }

  func holdsOptional(_ match: Value) -> Bool { match.isObject ? holds(match, rulesRequired: false) : true }

  func holds(_ match: Value, rulesRequired: Bool = true) -> Bool {
    if let selector = match.get(.namespaceSelector), !selector.isEmpty, !namespaceMatches(selector) {
      return false
    }
    if let selector = match.get(.objectSelector), !selector.isEmpty {
      let compiled = LabelSelector(selector)
      let old = request.old.map { compiled.matches($0) } ?? false
      guard compiled.matches(request.object) || old else { return false }
    }
    if match[.excludeResourceRules].items.contains(where: ruleMatches) { return false }
    if match[.resourceRules].isEmpty { return !rulesRequired }
    return match[.resourceRules].items.contains(where: ruleMatches)
  }

  private func namespaceMatches(_ selector: Value) -> Bool {
    let compiled = LabelSelector(selector)
    if request.kind == .namespace { return compiled.matches(request.object) }
    guard request.entry.info.namespaced else { return true }
    let found = server.store.get(ObjectKey(.namespace, .empty, request.namespace))
    return found.map { compiled.matches($0) } ?? false
  }

  private func ruleMatches(_ rule: Value) -> Bool {
    let info = request.entry.info
    let operation: String =
      switch request.operation {
      case .create: "CREATE"
      case .update: "UPDATE"
      case .delete: "DELETE"
      }
    let names = rule[.resourceNames].items
    return has(rule[.operations], operation) && has(rule[.apiGroups], info.group)
      && rule[.apiVersions].items.contains { $0.string == "*" || info.versions.contains($0.string ?? "") }
      && rule[.resources].items.contains { ["*", "*/*", info.plural].contains($0.string) }
      && (names.isEmpty || names.contains { $0.string == request.object.name })
      && scopeMatches(rule[.scope].string)
  }

  private func scopeMatches(_ scope: String?) -> Bool {
    switch scope {
    case "Cluster": !request.entry.info.namespaced
    case "Namespaced": request.entry.info.namespaced
    default: true
    }
  }

  private func has(_ list: Value, _ wanted: String) -> Bool {
    list.items.contains { $0.string == "*" || $0.string == wanted }
  }
}

/// The variables that the expressions of a policy may use.
struct PolicyScope {
  private var variables: [(name: String, value: CELValue)]
  private var defined: [(key: CELValue, value: CELValue)] = []

  init(_ server: APIServer, _ request: WriteRequest, params: Value?) {
    let type = request.entry.type
    let isDelete = request.operation == .delete
    let namespace =
      request.entry.info.namespaced
      ? server.store.get(ObjectKey(.namespace, .empty, request.namespace)) : nil
    let operation = isDelete ? "DELETE" : request.operation == .create ? "CREATE" : "UPDATE"
    let info = request.entry.info
    let about: Value = [
      "name": .string(request.object.name), "namespace": .string(request.namespace),
      "operation": .string(operation), "dryRun": .bool(request.isDryRun),
      "kind": [
        "group": .string(info.group), "version": .string(info.gvk.version), "kind": .string(info.kind),
      ],
      "resource": [
        "group": .string(info.group), "version": .string(info.gvk.version), "resource": .string(info.plural),
      ],
      "userInfo": ["username": "kubernetes-admin", "groups": ["system:masters", "system:authenticated"]],
    ]
    variables = [
      ("object", isDelete ? .null : CELValue(request.object, type)),
      ("oldObject", request.old.map { CELValue($0, type) } ?? .null), ("request", CELValue(about)),
      ("namespaceObject", namespace.map { CELValue($0) } ?? .null),
      ("params", params.map { CELValue($0) } ?? .null),
    ]
  }

  /// Adds `variables.NAME`; one that has no value is left out and fails where it is used.
  mutating func define(_ variable: Value) {
    guard let name = variable[.name].string,
      case .success(let value) = evaluate(variable[.expression].string ?? "")
    else { return }
    defined.append((.string(name), value))
  }

  /// The value of an expression.
  func evaluate(_ source: String) -> Result<CELValue, CELError> {
    guard let program = CELCache.shared.program(source) else {
      return .failure(CELError("compilation failed"))
    }
    do throws(CELError) {
      return .success(try program.evaluate(variables + [("variables", .map(defined))]))
    } catch {
      return .failure(error)
    }
  }

  func holds(_ source: String) -> Result<Bool, CELError> {
    evaluate(source).flatMap { value in
      if case .bool(let holds) = value { return .success(holds) }
      return .failure(CELError("no such overload"))
    }
  }

  func text(_ source: String) -> String? {
    if case .success(.string(let text)) = evaluate(source) { return text }
    return nil
  }
}
