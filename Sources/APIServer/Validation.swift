import API
import APIMachinery

/// The validation step: what the strategy finds becomes one refusal.
enum Validation {
  static func create(_ request: WriteRequest) throws(APIError) {
    if let given = request.givenSpec { DerivedPod.note(request.object[.spec], of: given) }
    try refuse(request, request.entry.strategy.validateCreate(request.object))
  }

  static func update(_ request: WriteRequest) throws(APIError) {
    guard let old = request.old, request.object != old else { return }
    try refuse(
      request,
      finalizerCauses(request.object, old) + request.entry.strategy.validateUpdate(request.object, old: old))
  }

  static func statusUpdate(_ request: WriteRequest) throws(APIError) {
    guard let old = request.old, request.object != old else { return }
    try refuse(request, request.entry.strategy.validateStatusUpdate(request.object, old: old))
  }

  private static func refuse(_ request: WriteRequest, _ causes: [APIError.Cause]) throws(APIError) {
    if causes.isEmpty { return }
    throw .invalid(request.entry.info.qualifiedKind, request.object.name, causes)
  }

  /// A terminating object gets no new finalizers (`validation.ValidateObjectMetaAccessorUpdate`).
  private static func finalizerCauses(_ new: Value, _ old: Value) -> [APIError.Cause] {
    guard old.isTerminating else { return [] }
    let known = old[.metadata][.finalizers].items
    let added = new[.metadata][.finalizers].items.filter { !known.contains($0) }.compactMap(\.string)
    if added.isEmpty { return [] }
    let list = added.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
    return [
      APIError.Cause(
        reason: "FieldValueForbidden",
        message: "Forbidden: no new finalizers can be added if the object is being deleted, found new "
          + "finalizers []string{\(list)}", field: "metadata.finalizers")
    ]
  }
}
