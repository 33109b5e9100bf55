import API
import APIMachinery
import Store

/// Policies in CEL that change what is written (`apiserver/pkg/admission/plugin/policy/mutating`).
enum MutatingAdmissionPolicy: AdmissionPlugin {
  static let name = "MutatingAdmissionPolicy"
  static let policyKind = GroupKind(group: PolicyBindings.group, kind: "MutatingAdmissionPolicy")
  static let bindingKind = GroupKind(group: PolicyBindings.group, kind: "MutatingAdmissionPolicyBinding")

  static func mutate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    let bindings = PolicyBindings.concerning(request, bindingKind, server)
    if bindings.isEmpty { return }
    let before = request.object
    let changed = try run(bindings, server, &request, again: false)
    // Those that ask for it see once more what others changed after them.
    if changed > 1, request.object != before { _ = try run(bindings, server, &request, again: true) }
  }

  /// How many bindings changed the object.
  private static func run(
    _ bindings: [Value], _ server: APIServer, _ request: inout WriteRequest, again: Bool
  ) throws(APIError) -> Int {
    var changed = 0
    for binding in bindings {
      guard let policy = PolicyBindings.policy(policyKind, of: binding, request, server) else { continue }
      if again, !policy[.spec][.reinvocationPolicy].says("IfNeeded") { continue }
      let before = request.object
      try apply(policy, binding, server, &request)
      if request.object != before { changed += 1 }
    }
    return changed
  }

  private static func apply(
    _ policy: Value, _ binding: Value, _ server: APIServer, _ request: inout WriteRequest
  ) throws(APIError) {
    let failsClosed = !policy[.spec][.failurePolicy].says("Ignore")
    for params in PolicyBindings.parameters(policy, binding, server, request) {
      guard let params else {
        if failsClosed, binding[.spec][.paramRef][.parameterNotFoundAction].says("Deny") {
          throw refusal(
            "no params found for policy binding with `Deny` parameterNotFoundAction", policy, binding, request
          )
        }
        continue
      }
      let given = params.isNull ? nil : params
      let scope = PolicyScope(server, request, params: given)
      if !scope.meets(policy[.spec][.matchConditions]) { continue }
      let start = request.object
      for mutation in policy[.spec][.mutations].items {
        // Each mutation sees what the ones before it made.
        var scope = PolicyScope(server, request, params: given)
        for variable in policy[.spec][.variables].items { scope.define(variable) }
        do throws(MergeError) {
          request.object = try mutated(request.object, mutation, scope, request.entry)
        } catch {
          if failsClosed { throw refusal(error.message, policy, binding, request) }
          request.object = start
          break
        }
      }
    }
  }

  private static func refusal(_ why: String, _ policy: Value, _ binding: Value, _ request: WriteRequest)
    -> APIError
  {
    request.forbidden("policy '\(policy.name)' with binding '\(binding.name)' denied request: \(why)")
  }

  // MARK: - One mutation

  private static func mutated(_ object: Value, _ mutation: Value, _ scope: PolicyScope, _ entry: KindEntry)
    throws(MergeError) -> Value
  {
    let isPatch = mutation[.patchType].says("JSONPatch")
    let body = isPatch ? mutation[.jsonPatch] : mutation[.applyConfiguration]
    let change: Value
    switch scope.evaluate(body[.expression].string ?? "") {
    case .failure(let error): throw MergeError(error.message)
    case .success(let value):
      guard let made = value.apiValue else { throw MergeError("the expression gives no object") }
      change = made
    }
    let result: Value
    if isPatch {
      result = try JSONPatch.apply(change, to: object)
    } else {
      if let place = atomicPlace(change, entry.type, "") {
        throw MergeError(
          "error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: "
            + place)
      }
      result = FieldMerge.merge(change, into: object, entry.type)
    }
    return SchemaDefault.apply(result, entry.type)
  }

  /// The first place of a change that is a list or an object that can only be replaced as a whole.
  private static func atomicPlace(_ change: Value, _ type: SchemaType?, _ path: String) -> String? {
    if change.isArray {
      guard type?.listType == .map || type?.listType == .set else { return path }
      for (i, item) in change.items.enumerated() {
        if let place = atomicPlace(item, type?.element, "\(path)[\(i)]") { return place }
      }
      return nil
    }
    guard change.isObject, !change.isEmpty else { return nil }
    if type?.isAtomicMap == true { return path }
    for field in change.fields {
      let inner = type?.shape == .map ? type?.element : type?.field(field.key)?.type
      if let place = atomicPlace(field.value, inner, "\(path).\(field.key.string)") { return place }
    }
    return nil
  }
}
