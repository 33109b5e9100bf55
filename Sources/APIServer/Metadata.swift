import API
import APIMachinery
import Basics
import Store

/// The parts of `metadata` that the server decides (`registry/rest/create.go`, `update.go`, `meta.go`).
enum Metadata {
  private static let selfLink = Key.selfLink
  private static let managedFields = Key.managedFields

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
    let meta = request.object[.metadata]
    var name = meta[.name]
    if name.text?.count ?? 0 == 0, let generated = generatedName(server, request) { name = generated }
    let key = ObjectKey(request.kind, request.namespace, name.key)
    var own = [Field(.creationTimestamp, server.timestamp)]
    if !name.isNull { own.append(Field(.name, name)) }
    own.append(Field(.uid, server.identities.uid(key)))
    request.object[.metadata] = meta.merging(own)
  }

  /// A name for the object's prefix that is not taken; after eight that are the last one, which is then refused.
  static func generatedName(_ server: APIServer, _ request: WriteRequest) -> Value? {
    let meta = request.object[.metadata]
    guard let prefix = meta[.generateName].text, prefix.count > 0 else { return nil }
    let owner = request.object.controllerReference?[.uid].key
    var name = Value.null
    for _ in 0..<8 {
      name = server.identities.name(
        prefix: Key(utf8: prefix.utf8), kind: request.kind, owner: owner ?? request.namespace)
      if server.store.get(ObjectKey(request.kind, request.namespace, name.key)) == nil { break }
    }
    return name
  }

  /// A stale resourceVersion or another uid is a conflict.
  static func checkVersion(_ request: WriteRequest) throws(APIError) {
    guard let old = request.old else { return }
    let meta = request.object[.metadata]
    if let version = meta[.resourceVersion].text, version.count > 0,
      let stored = old[.metadata, .resourceVersion].text, !(version == stored)
    {
      throw .conflict(request.entry.resourceName, old.name)
    }
    if let uid = meta[.uid].text, uid.count > 0, let stored = old[.metadata, .uid].text, !(uid == stored) {
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
    if request.object[.metadata].identity != before.identity { keepMetadata(before, &request, kept) }
    // Only the finalize sub-resource changes what holds a namespace.
    if request.kind == .namespace, request.object[.spec].get(.finalizers) != old[.spec].get(.finalizers) {
      request.object[.spec].set(.finalizers, old[.spec].get(.finalizers))
    }
    if request.entry.info.hasStatus, request.object.get(.status) != old.get(.status) {
      request.object.set(.status, old.get(.status))
    }
  }

  private static func keepMetadata(_ before: Value, _ request: inout WriteRequest, _ kept: [Key]) {
    var fields = request.object[.metadata].fields.filter { !kept.contains($0.key) }
    for key in kept {
      if let value = before.get(key) { fields.append(Field(key, value)) }
    }
    let meta = Value.object(fields)
    request.object[.metadata] = meta == before ? before : meta
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

extension Value {
  /// The decimal digits of a number, as a text.
  static func digits(_ number: Int) -> Value {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
      var at = 20
      var rest = number.magnitude
      repeat {
        at -= 1
        buffer[at] = UInt8(48 + rest % 10)
        rest /= 10
      } while rest > 0
      let digits = UnsafeBufferPointer(rebasing: buffer[at...])
      return .string(Text.make(digits, hash: Text.hash(digits)))
    }
  }
}
