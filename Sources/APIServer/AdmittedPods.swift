import API
import APIMachinery
import Store

/// Pods that a controller makes from one template are equal but for what names them and pins them. What
/// defaulting, admission and validation made of the first is kept and given to the others, until something
/// changes that it depends on.
struct AdmittedPods {
  struct Entry {
    /// The pod as it was given.
    let given: Value
    let epoch: Int
    /// The stored form of that pod.
    let result: Value
  }

  /// How many are kept; beyond that all are forgotten, and each template is judged once more.
  private static let limit = 16_384
  private var entries: [HashKey: Entry] = [:]

  /// What pods of one template and owner share.
  private static func place(_ object: Value) -> HashKey {
    let owner = object[.metadata, .ownerReferences][0][.uid].text?.hash ?? 0
    return HashKey(owner ^ object[.spec, .containers].hash)
  }

  /// Only pods of controllers that have no node yet are alike.
  private static func isAlike(_ object: Value) -> Bool {
    guard object.count == 4, object.has(.metadata), object.has(.spec) else { return false }
    let meta = object[.metadata]
    return meta.has(.generateName) && !meta[.ownerReferences].isEmpty && !object[.spec].has(.nodeName)
  }

  /// The pod as it will be stored but for number, time and uid, and a name that is to be made.
  func find(_ object: Value, epoch: Int) -> Value? {
    guard Self.isAlike(object), let entry = entries[Self.place(object)], entry.epoch == epoch else {
      return nil
    }
    return AlikePod(given: entry.given, result: entry.result).made(of: object)
  }

  mutating func remember(_ object: Value, epoch: Int, result: Value) {
    guard Self.isAlike(object) else { return }
    if entries.count == Self.limit { entries.removeAll(keepingCapacity: true) }
    entries[Self.place(object)] = Entry(given: object, epoch: epoch, result: result)
  }
}

/// A pod that was admitted, as the measure of others of the same template: they may differ by name, ordinal, node
/// pin and claims (`stateful_set_utils.go`, `daemonset_util.go`).
struct AlikePod {
  let given: Value
  let result: Value

  private static let nameLabel: Key = "statefulset.kubernetes.io/pod-name"
  private static let indexLabel: Key = "apps.kubernetes.io/pod-index"

  /// What the server makes of `pod`; nil if it differs in more.
  func made(of pod: Value) -> Value? {
    var made = result
    let (was, now) = (given[.metadata], pod[.metadata])
    if was != now {
      guard was.count == now.count else { return nil }
      for (a, b) in zip(was.fields, now.fields) where a.value != b.value {
        guard a.key == b.key, take(b, a, &made) else { return nil }
      }
    }
    let (before, after) = (given[.spec], pod[.spec])
    if before == after { return made }
    guard before.count == after.count else { return nil }
    var spec = made[.spec]
    for (a, b) in zip(before.fields, after.fields) where a.value != b.value {
      guard a.key == b.key, takeSpec(b, a, &spec) else { return nil }
    }
    made[.spec] = spec
    return made
  }

  /// A field of metadata that differs.
  private func take(_ new: Field, _ old: Field, _ made: inout Value) -> Bool {
    switch new.key {
    case .name:
      guard Self.isPlain(new.value), Self.isPlain(old.value) else { return false }
    case .labels:
      guard result[.metadata, .labels] == old.value, old.value.count == new.value.count else { return false }
      for (a, b) in zip(old.value.fields, new.value.fields) where a.value != b.value {
        guard a.key == b.key, a.key == Self.nameLabel || a.key == Self.indexLabel, Self.isPlain(b.value)
        else {
          return false
        }
      }
    default: return false
    }
    made[.metadata][new.key] = new.value
    return true
  }

  private func takeSpec(_ new: Field, _ old: Field, _ spec: inout Value) -> Bool {
    switch new.key {
    case .hostname:
      guard Self.isPlain(new.value), Self.isPlain(old.value), spec[.hostname] == old.value else {
        return false
      }
      spec[.hostname] = new.value
    case .affinity:
      guard spec[.affinity] == old.value, Self.differByPin(old.value, new.value) else { return false }
      spec[.affinity] = new.value
    case .volumes:
      guard let volumes = volumes(new.value, old.value, spec[.volumes]) else { return false }
      spec[.volumes] = volumes
    default: return false
    }
    return true
  }

  /// The volumes as they are stored: those given, with claims of their own, and what admission put behind them.
  private func volumes(_ new: Value, _ old: Value, _ stored: Value) -> Value? {
    guard new.count == old.count, stored.count >= old.count else { return nil }
    var all: [Value] = []
    all.reserveCapacity(stored.count)
    for i in 0..<new.count {
      let (a, b) = (old[i], new[i])
      guard stored[i] == a else { return nil }
      if a != b {
        let (claim, other) = (a[.persistentVolumeClaim], b[.persistentVolumeClaim])
        guard a.count == 2, b.count == 2, a[.name] == b[.name], claim.count == 1, other.count == 1,
          claim.has(.claimName), other[.claimName].text?.count ?? 0 > 0
        else { return nil }
      }
      all.append(b)
    }
    for i in new.count..<stored.count { all.append(stored[i]) }
    return .array(all)
  }

  /// A text that is a valid name, label value and host name alike: small letters, digits and dashes, 63 at most.
  private static func isPlain(_ value: Value) -> Bool {
    guard let text = value.text, text.count > 0, text.count <= 63 else { return false }
    let utf8 = text.utf8
    func isAlphanumeric(_ byte: UInt8) -> Bool { byte >= 97 && byte <= 122 || byte >= 48 && byte <= 57 }
    guard isAlphanumeric(utf8[0]), isAlphanumeric(utf8[utf8.count - 1]) else { return false }
    return utf8.allSatisfy { isAlphanumeric($0) || $0 == 45 }
  }

  /// Whether two affinities are equal but for the one node that both are pinned to by its name.
  private static func differByPin(_ a: Value, _ b: Value) -> Bool {
    differOnly(a, b, in: .nodeAffinity) { x, y in
      differOnly(x, y, in: .requiredDuringSchedulingIgnoredDuringExecution) { isPin($0) && isPin($1) }
    }
  }

  private static func differOnly(_ a: Value, _ b: Value, in key: Key, _ rest: (Value, Value) -> Bool) -> Bool
  {
    guard a.count == b.count else { return false }
    for (x, y) in zip(a.fields, b.fields) where x.value != y.value {
      guard x.key == y.key, x.key == key, rest(x.value, y.value) else { return false }
    }
    return true
  }

  private static func isPin(_ required: Value) -> Bool {
    let terms = required[.nodeSelectorTerms]
    let fields = terms[0][.matchFields]
    guard required.count == 1, terms.count == 1, terms[0].count == 1, fields.count == 1 else { return false }
    return fields[0].count == 3 && fields[0][.key] == "metadata.name" && fields[0][.operator] == "In"
      && fields[0][.values].count == 1 && isPlain(fields[0][.values][0])
  }
}

extension APIServer {
  /// Creates a pod like one that was created before: only what is its own is made anew.
  func createAlike(_ known: Value, isNamed: Bool, _ entry: KindEntry) throws(APIError) -> Value {
    var request = WriteRequest(.create, .none, entry, known, old: nil)
    guard let name = isNamed ? known[.metadata, .name] : Metadata.generatedName(self, request) else {
      throw APIError(.internalError, "a pod without a prefix for its name")
    }
    let key = ObjectKey(.pod, request.namespace, name.key)
    // Refusals name the pod.
    if !inNamespace(.resourceQuota, request.namespace).isEmpty {
      request.object[.metadata] = request.object[.metadata].setting(.name, name)
    }
    try ResourceQuotaAdmission.validate(self, &request)
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

  /// Whether what becomes of a pod is decided by its template alone: no rule of the user's looks at the whole.
  var judgesPodsByTemplate: Bool {
    inNamespace(ValidatingAdmissionPolicy.bindingKind, .empty).isEmpty
      && inNamespace(MutatingAdmissionPolicy.bindingKind, .empty).isEmpty
  }
}
