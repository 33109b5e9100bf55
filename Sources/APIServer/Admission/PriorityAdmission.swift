import API
import APIMachinery
import Store

/// Turns the name of a priority class into a number, and keeps one default class
/// (`plugin/pkg/admission/priority`).
enum PriorityAdmission: AdmissionPlugin {
  static let name = "Priority"
  static let kinds: Set<GroupKind>? = [.pod, .priorityClass]

  static func mutate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    guard request.kind == .pod else { return }
    if let old = request.old {
      for key in [Key.priority, Key.preemptionPolicy] where !request.object[.spec].has(key) {
        if let known = old[.spec].get(key) {
          request.object[.spec] = request.object[.spec].setting(key, known)
        }
      }
      return
    }
    var spec = request.object[.spec]
    let given = spec[.priorityClassName].string ?? ""
    let chosen: Value?
    if given.isEmpty {
      chosen = globalDefault(server)
      if let chosen { spec[.priorityClassName] = chosen[.metadata][.name] }
    } else {
      chosen = server.store.get(ObjectKey(.priorityClass, .empty, Key(given)))
      if chosen == nil { throw request.forbidden("no PriorityClass with name \(given) was found") }
    }
    let priority = chosen?[.value].int ?? 0
    if let own = spec[.priority].int, own != priority {
      throw request.forbidden(
        "the integer value of priority (\(own)) must not be provided in pod spec; priority admission "
          + "controller computed \(priority) from the given PriorityClass name")
    }
    let policy = chosen == nil ? "PreemptLowerPriority" : chosen?[.preemptionPolicy].string
    if let policy {
      if let own = spec[.preemptionPolicy].string, own != policy {
        throw request.forbidden(
          "the string value of PreemptionPolicy (\(own)) must not be provided in pod spec; priority "
            + "admission controller computed \(policy) from the given PriorityClass name")
      }
      spec[.preemptionPolicy] = .string(policy)
    }
    spec[.priority] = .int(priority)
    request.object[.spec] = spec
  }

  static func validate(_ server: APIServer, _ request: inout WriteRequest) throws(APIError) {
    guard request.kind == .priorityClass, request.operation != .delete,
      request.object[.globalDefault].bool == true, let known = globalDefault(server),
      request.operation == .create || known.name != request.object.name
    else { return }
    throw request.forbidden(
      "PriorityClass \(known.name) is already marked as default. Only one default can exist")
  }

  /// Of several default classes the one with the lowest value.
  private static func globalDefault(_ server: APIServer) -> Value? {
    server.inNamespace(.priorityClass, .empty).filter { $0[.globalDefault].bool == true }
      .min { ($0[.value].int ?? 0) < ($1[.value].int ?? 0) }
  }
}
