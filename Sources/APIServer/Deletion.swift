import API
import APIMachinery
import Basics
import Store

/// What a delete does to an object: mark it, wait for finalizers and graces, or take it away
/// (`registry/rest/delete.go`, `registry/generic/registry/store.go`).
enum Deletion {
  static let orphan = "orphan"
  static let foreground = "foregroundDeletion"

  /// Whether an object that is being deleted has nothing left to wait for.
  static func isDue(_ object: Value, kind: GroupKind) -> Bool {
    let meta = object[.metadata]
    guard meta.has(.deletionTimestamp), meta[.finalizers].isEmpty else { return false }
    if kind == .namespace { return object[.spec, .finalizers].isEmpty }
    return (meta[.deletionGracePeriodSeconds].int ?? 0) == 0
  }

  /// Kinds whose dependents are orphaned unless the request says otherwise.
  private static func orphansByDefault(_ kind: GroupKind) -> Bool {
    kind == .job || kind == .replicationController
  }

  /// The finalizers with the collector's as the options ask (`deletionFinalizersForGarbageCollection`).
  static func finalizers(_ object: Value, _ options: DeleteOptions, kind: GroupKind) -> [Value] {
    let all = Array(object[.metadata, .finalizers].items)
    let has = { (name: String) in all.contains { $0.string == name } }
    let wanted: String? =
      switch options.propagation {
      case .orphan: orphan
      case .foreground: foreground
      case .background: nil
      case nil:
        if has(orphan) {
          orphan
        } else if has(foreground) {
          foreground
        } else {
          orphansByDefault(kind) ? orphan : nil
        }
      }
    var kept = all.filter { $0.string != orphan && $0.string != foreground }
    if let wanted {
      // One that is there already keeps its place.
      if has(wanted) {
        return all.filter { $0.string == wanted || ($0.string != orphan && $0.string != foreground) }
      }
      kept.append(.string(wanted))
    }
    return kept
  }

  /// The grace of a pod; 0 where it has not to be waited for (`pod/strategy.go`, CheckGracefulDelete).
  static func grace(ofPod pod: Value, _ options: DeleteOptions) -> Int {
    let phase = pod[.status, .phase].string
    if pod[.spec, .nodeName].text?.count ?? 0 == 0 || phase == "Failed" || phase == "Succeeded" { return 0 }
    let period = options.gracePeriodSeconds ?? pod[.spec, .terminationGracePeriodSeconds].int ?? 0
    return period < 0 ? 1 : period
  }
}

extension APIServer {
  public func delete(_ key: ObjectKey, _ options: DeleteOptions) throws(APIError) {
    guard let old = store.get(key), let entry = entry(key.kind) else { throw notFound(key) }
    try checkPreconditions(old, entry, options)
    var request = WriteRequest(.delete, .none, entry, old, old: old)
    try AdmissionChain.validate(self, &request)
    if key.kind == .namespace {
      deleteNamespace(key, old)
    } else if key.kind == .pod {
      deletePod(key, old, options)
    } else {
      var object = old
      setFinalizers(&object, Deletion.finalizers(old, options, kind: key.kind))
      if key.kind == .customResourceDefinition {
        deleteDefinition(key, old, object)
      } else {
        finish(key, old, object)
      }
    }
  }

  private func checkPreconditions(_ old: Value, _ entry: KindEntry, _ options: DeleteOptions)
    throws(APIError)
  {
    if let uid = options.uid, uid != old.uid {
      throw .uidConflict(entry.resourceName, old.name, given: uid, stored: old.uid)
    }
    if let version = options.resourceVersion, version != old.resourceVersion {
      throw APIError(
        .conflict,
        "Operation cannot be fulfilled on \(entry.resourceName) \"\(old.name)\": Precondition failed: "
          + "ResourceVersion in precondition: \(version), ResourceVersion in object meta: "
          + old.resourceVersion
      )
    }
  }

  func setFinalizers(_ object: inout Value, _ finalizers: [Value]) {
    let new = Value.array(finalizers)
    if object[.metadata, .finalizers].isEmpty && finalizers.isEmpty { return }
    if object[.metadata, .finalizers] == new { return }
    object[.metadata] =
      finalizers.isEmpty
      ? object[.metadata].removing(.finalizers) : object[.metadata].setting(.finalizers, new)
  }

  /// Marks the object where something has still to be done for it, else removes it.
  func finish(_ key: ObjectKey, _ old: Value, _ object: Value) {
    var object = object
    if object[.metadata, .finalizers].isEmpty {
      remove(key, old, object)
      return
    }
    markAsDeleting(&object, after: 0)
    if object != old {
      number(&object)
      commit(WatchEvent(.modified, key, old: old, object: object))
    }
  }

  /// Sets the deletion time and the grace; the first mark counts a generation.
  func markAsDeleting(_ object: inout Value, after grace: Int) {
    var meta = object[.metadata]
    if !meta.has(.deletionTimestamp) {
      meta[.deletionTimestamp] = .string(RFC3339.string(clock.now + .seconds(grace)))
      if let generation = meta[.generation].int, generation > 0 { meta[.generation] = .int(generation &+ 1) }
    }
    meta[.deletionGracePeriodSeconds] = .int(grace)
    object[.metadata] = meta
  }

  private func remove(_ key: ObjectKey, _ old: Value, _ last: Value) {
    var last = last
    for released in Allocation.companions(of: last, kind: key.kind) {
      guard let gone = store.get(released) else { continue }
      commit(WatchEvent(.deleted, released, old: gone, object: gone))
    }
    number(&last)
    commit(WatchEvent(.deleted, key, old: old, object: last))
  }

  // MARK: - Pods

  private func deletePod(_ key: ObjectKey, _ old: Value, _ options: DeleteOptions) {
    var object = old
    let meta = old[.metadata]
    if meta.has(.deletionTimestamp) {
      // Once asked, the grace can only get shorter.
      let left = meta[.deletionGracePeriodSeconds].int ?? 0
      guard let wanted = options.gracePeriodSeconds else { return removeIfDue(key, old) }
      guard wanted < left else { return removeIfDue(key, old) }
      let asked = meta[.deletionTimestamp].string.flatMap { RFC3339.parse($0) } ?? clock.now
      let due = Instant(seconds: asked.seconds &- Int64(left) &+ Int64(wanted))
      object[.metadata] = meta.setting(.deletionTimestamp, .string(RFC3339.string(due)))
        .setting(.deletionGracePeriodSeconds, .int(wanted))
    } else {
      setFinalizers(&object, Deletion.finalizers(old, options, kind: .pod))
      let grace = Deletion.grace(ofPod: old, options)
      if grace == 0 && object[.metadata, .finalizers].isEmpty {
        remove(key, old, object)
        return
      }
      markAsDeleting(&object, after: grace)
    }
    if Deletion.isDue(object, kind: .pod) {
      remove(key, old, object)
    } else {
      number(&object)
      commit(WatchEvent(.modified, key, old: old, object: object))
    }
  }

  private func removeIfDue(_ key: ObjectKey, _ old: Value) {
    if Deletion.isDue(old, kind: key.kind) { remove(key, old, old) }
  }

  // MARK: - Namespaces

  private func deleteNamespace(_ key: ObjectKey, _ old: Value) {
    var object = old
    if !old.isTerminating {
      object[.metadata] = object[.metadata].setting(.deletionTimestamp, timestamp)
      object[.status] = object[.status].setting(.phase, "Terminating")
    }
    if Deletion.isDue(object, kind: .namespace) {
      remove(key, old, object)
    } else if object != old {
      number(&object)
      commit(WatchEvent(.modified, key, old: old, object: object))
    }
  }

  /// The `namespaces/finalize` sub-resource: replaces `spec.finalizers`; with the last the namespace goes.
  @discardableResult
  public func finalizeNamespace(_ namespace: Value) throws(APIError) -> Value {
    let request = try updateRequest(namespace, .finalize)
    try Metadata.checkVersion(request)
    guard let old = request.old else { return namespace }
    let wanted = namespace[.spec, .finalizers]
    var object = old
    object[.spec].set(.finalizers, wanted.isEmpty ? nil : wanted)
    if object == old { return old }
    if Deletion.isDue(object, kind: .namespace) {
      remove(request.key, old, object)
    } else {
      number(&object)
      commit(WatchEvent(.modified, request.key, old: old, object: object))
    }
    return object
  }
}
