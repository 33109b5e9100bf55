import API
import APIMachinery
import Store

/// What validating and mutating policies have in common: which of them a write concerns, with which parameters
/// (`apiserver/pkg/admission/plugin/policy/generic`).
enum PolicyBindings {
  static let group = "admissionregistration.k8s.io"

  /// The bindings of a kind, if policies look at such a write at all: not at one of policies themselves.
  static func concerning(_ request: WriteRequest, _ bindingKind: GroupKind, _ server: APIServer) -> [Value] {
    guard request.subresource == .none, request.entry.info.group != group else { return [] }
    return server.inNamespace(bindingKind, .empty)
  }

  /// The policy of a binding, if both are about the write as it is now.
  static func policy(_ kind: GroupKind, of binding: Value, _ request: WriteRequest, _ server: APIServer)
    -> Value?
  {
    guard let name = binding[.spec][.policyName].string,
      let policy = server.store.get(ObjectKey(kind, .empty, Key(name)))
    else { return nil }
    let match = PolicyMatch(request, server)
    guard match.holds(policy[.spec][.matchConstraints]),
      match.holdsOptional(binding[.spec][.matchResources])
    else { return nil }
    return policy
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

  /// Whether no match condition says no; one that fails is no hindrance.
  func meets(_ conditions: Value) -> Bool {
    conditions.items.allSatisfy { condition in
      if case .success(false) = holds(condition[.expression].string ?? "") { return false }
      return true
    }
  }

  func text(_ source: String) -> String? {
    if case .success(.string(let text)) = evaluate(source) { return text }
    return nil
  }
}
