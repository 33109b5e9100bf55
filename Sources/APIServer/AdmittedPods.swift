import API
import APIMachinery
import Store

/// Pods that a controller makes from one template are equal but for their generated names. What defaulting,
/// admission and validation made of the first is kept and given to the others, until something changes that
/// it depends on.
struct AdmittedPods {
  struct Entry {
    let metadata: Value
    let spec: Value
    let epoch: Int
    /// The stored form of the first pod.
    let result: Value
  }

  private static let slots = 256
  private var entries = [Entry?](repeating: nil, count: slots)

  private static func slot(_ object: Value) -> Int {
    Int(truncatingIfNeeded: (object[.metadata].hash ^ object[.spec].hash) & UInt64(slots - 1))
  }

  /// Only pods whose name is still to be made and that have no node are alike.
  private static func isAlike(_ object: Value) -> Bool {
    guard object.count == 4, object.has(.metadata), object.has(.spec) else { return false }
    return !object[.metadata].has(.name) && object[.metadata].has(.generateName)
      && !object[.spec].has(.nodeName)
  }

  func find(_ object: Value, epoch: Int) -> Value? {
    guard Self.isAlike(object), let entry = entries[Self.slot(object)], entry.epoch == epoch,
      entry.spec == object[.spec], entry.metadata == object[.metadata]
    else { return nil }
    return entry.result
  }

  mutating func remember(_ object: Value, epoch: Int, result: Value) {
    guard Self.isAlike(object) else { return }
    entries[Self.slot(object)] = Entry(
      metadata: object[.metadata], spec: object[.spec], epoch: epoch, result: result)
  }
}

extension APIServer {
  /// Creates a pod like one that was created before: only what is its own is made anew.
  func createAlike(_ known: Value, _ entry: KindEntry) throws(APIError) -> Value {
    var request = WriteRequest(.create, .none, entry, known, old: nil)
    guard let name = Metadata.generatedName(self, request) else {
      throw APIError(.internalError, "a pod without a prefix for its name")
    }
    let key = ObjectKey(.pod, request.namespace, name.key)
    do { try ResourceQuotaAdmission.validate(self, &request) } catch {
      // The refusal names the pod that was to be made, not the one that it is like.
      request.object[.metadata] = known[.metadata].setting(.name, name)
      try ResourceQuotaAdmission.validate(self, &request)
    }
    if store.get(key) != nil { throw .alreadyExists(entry.resourceName, key.name.string) }
    try AdmissionChain.charge(self, request)
    resourceVersion &+= 1
    let meta = known[.metadata].merging([
      Field(.creationTimestamp, timestamp), Field(.name, name),
      Field(.resourceVersion, .digits(resourceVersion)), Field(.uid, identities.uid(key)),
    ])
    let pod = known.setting(.metadata, meta)
    commit(WatchEvent(.added, key, old: nil, object: pod))
    return pod
  }
}
