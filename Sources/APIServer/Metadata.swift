import API
import APIMachinery
import Basics
import Store

/// The parts of `metadata` that the server decides (`registry/rest/create.go`, `update.go`, `meta.go`).
enum Metadata {
  private static let selfLink = Key("selfLink")
  private static let managedFields = Key("managedFields")

  /// A namespaced object without a namespace goes to `default`; a cluster-scoped one has none.
  static func setScope(_ request: inout WriteRequest) {
    let meta = request.object[.metadata]
    if request.entry.info.namespaced {
      if meta[.namespace].text?.count ?? 0 == 0 {
        request.object[.metadata] = meta.setting(.namespace, "default")
      }
    } else if meta.has(.namespace) {
      request.object[.metadata] = meta.removing(.namespace)
    }
  }

  /// What a client cannot give to a new object is dropped.
  static func clearForCreate(_ request: inout WriteRequest) throws(APIError) {
    let meta = request.object[.metadata]
    if !request.isDryRun, let version = meta[.resourceVersion].string, !version.isEmpty, version != "0" {
      throw APIError(.internalError, "resourceVersion should not be set on objects to be created")
    }
    let dropped: [Key] = [
      .deletionTimestamp, .deletionGracePeriodSeconds, selfLink, managedFields, .uid, .creationTimestamp,
      .resourceVersion,
    ]
    let mine: Key? = request.keepsManagedFields ? .managedFields : nil
    guard meta.fields.contains(where: { dropped.contains($0.key) && $0.key != mine }) else { return }
    request.object[.metadata] = .object(
      meta.fields.filter { !dropped.contains($0.key) || $0.key == mine })
  }

  /// Name, uid and time of a new object.
  static func identify(_ server: APIServer, _ request: inout WriteRequest) {
    var meta = request.object[.metadata]
    if meta[.name].text?.count ?? 0 == 0, let prefix = meta[.generateName].string, !prefix.isEmpty {
      let owner = meta[.ownerReferences].items.first { $0[.controller].bool == true }?[.uid].key
      // After eight names that are taken the ninth is refused as existing.
      for _ in 0..<8 {
        let name = server.identities.name(
          prefix: prefix, kind: request.kind, owner: owner ?? request.namespace)
        meta = meta.setting(.name, .string(name))
        if server.store.get(ObjectKey(request.kind, request.namespace, meta[.name].key)) == nil { break }
      }
    }
    let key = ObjectKey(request.kind, request.namespace, meta[.name].key)
    var fields = Array(meta.fields)
    fields.append(Field(.uid, .string(server.identities.uid(key))))
    fields.append(Field(.creationTimestamp, server.timestamp))
    request.object[.metadata] = .object(fields)
  }

  /// A stale resourceVersion or another uid is a conflict.
  static func checkVersion(_ request: WriteRequest) throws(APIError) {
    guard let old = request.old else { return }
    let meta = request.object[.metadata]
    if let version = meta[.resourceVersion].text, version.count > 0,
      let stored = old[.metadata][.resourceVersion].text, !(version == stored)
    {
      throw .conflict(request.entry.resourceName, old.name)
    }
    if let uid = meta[.uid].text, uid.count > 0, let stored = old[.metadata][.uid].text, !(uid == stored) {
      let cause = APIError.Cause(
        reason: "FieldValueInvalid", message: "Invalid value: \"\(uid.string)\": field is immutable",
        field: "metadata.uid")
      throw .invalid(request.entry.info.qualifiedKind, old.name, [cause])
    }
  }

  /// What the server set at creation stays, whatever the update says; so does the status.
  static func keepForUpdate(_ request: inout WriteRequest) {
    guard let old = request.old else { return }
    var kept: [Key] = [
      .uid, .creationTimestamp, .deletionTimestamp, .deletionGracePeriodSeconds, .generation,
      .resourceVersion, selfLink, managedFields,
    ]
    if request.keepsManagedFields { kept.removeLast() }
    let before = old[.metadata]
    var fields = request.object[.metadata].fields.filter { !kept.contains($0.key) }
    for key in kept {
      if let value = before.get(key) { fields.append(Field(key, value)) }
    }
    let meta = Value.object(fields)
    request.object[.metadata] = meta == before ? before : meta
    // Only the finalize sub-resource changes what holds a namespace.
    if request.kind == .namespace, request.object[.spec].get(.finalizers) != old[.spec].get(.finalizers) {
      request.object[.spec].set(.finalizers, old[.spec].get(.finalizers))
    }
    if request.entry.info.hasStatus, request.object.get(.status) != old.get(.status) {
      request.object.set(.status, old.get(.status))
    }
  }

  /// The status sub-resource changes nothing but the status.
  static func keepAllButStatus(_ request: inout WriteRequest) {
    guard let old = request.old else { return }
    let status = request.object.get(.status)
    let annotations = request.object[.metadata].get(.annotations)
    request.object = old
    if status != old.get(.status) { request.object.set(.status, status) }
    if request.entry.kind == .deployment, annotations != old[.metadata].get(.annotations) {
      // The strategy of Deployments lets annotations pass (`registry/apps/deployment/strategy.go`).
      request.object[.metadata].set(.annotations, annotations)
    }
  }
}

extension APIError {
  static func uidConflict(_ resource: String, _ name: String, given: String, stored: String) -> APIError {
    APIError(
      .conflict,
      "Operation cannot be fulfilled on \(resource) \"\(name)\": Precondition failed: UID in precondition: "
        + "\(given), UID in object meta: \(stored)")
  }
}

extension APIServer {
  /// The present as `metav1.Time`.
  var timestamp: Value { .string(RFC3339.string(clock.now)) }
}
