import API
import APIMachinery
import Store

/// Policies in CEL and their bindings (`apiserver/pkg/admission/plugin/policy/validating`).
enum ValidatingAdmissionPolicy: AdmissionPlugin {
  static let name = "ValidatingAdmissionPolicy"
  static let policyKind = GroupKind(group: PolicyBindings.group, kind: "ValidatingAdmissionPolicy")
  static let bindingKind = GroupKind(group: PolicyBindings.group, kind: "ValidatingAdmissionPolicyBinding")

  static func validate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    for binding in PolicyBindings.concerning(request, bindingKind, server) {
      guard let policy = PolicyBindings.policy(policyKind, of: binding, request, server) else { continue }
      try check(policy, binding, server, &request)
    }
  }

  private static func check(
    _ policy: Value, _ binding: Value, _ server: APIServer, _ request: inout WriteRequest
  ) throws(APIError) {
    let failsClosed = !policy[.spec][.failurePolicy].says("Ignore")
    for params in PolicyBindings.parameters(policy, binding, server, request) {
      guard let params else {
        if binding[.spec][.paramRef][.parameterNotFoundAction].says("Deny") {
          try decide(
            "no params found for policy binding with `Deny` parameterNotFoundAction", "Invalid", policy,
            binding, &request)
        }
        continue
      }
      var scope = PolicyScope(server, request, params: params.isNull ? nil : params)
      if !scope.meets(policy[.spec][.matchConditions]) { continue }
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
}
