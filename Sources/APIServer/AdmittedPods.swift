import API
import APIMachinery

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
  /// Creates a pod like one that was created before.
  func createAlike(_ known: Value, _ entry: KindEntry) throws(APIError) -> Value {
    var request = WriteRequest(.create, .none, entry, known, old: nil)
    let own: [Key] = [.name, .uid, .creationTimestamp, .resourceVersion]
    request.object[.metadata] = .object(known[.metadata].fields.filter { !own.contains($0.key) })
    Metadata.identify(self, &request)
    try ResourceQuotaAdmission.validate(self, &request)
    try storeNew(&request)
    return request.object
  }
}
