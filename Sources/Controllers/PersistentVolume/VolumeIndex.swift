import API
import APIMachinery

/// The volumes that claims can be bound to: free ones by class, and those that are meant for a claim
/// (`pkg/controller/volume/persistentvolume/index.go`).
struct VolumeIndex {
  /// What of a volume counts for a match, without the object.
  private struct Free {
    let key: ObjectKey
    let modes: AccessModes
    let size: Quantity
    let isBlock: Bool
    let labels: Value

    /// Few access modes before many, small before large.
    static func < (a: Free, b: Free) -> Bool {
      if a.modes.count != b.modes.count { return a.modes.count < b.modes.count }
      if a.size != b.size { return a.size < b.size }
      return a.key < b.key
    }
  }

  private var free: [Key: [Free]] = [:]
  private var known: [ObjectKey: (class: Key, entry: Free)] = [:]
  /// Volumes whose `claimRef` names a claim.
  private var reserved: [ObjectKey: Set<ObjectKey>] = [:]

  /// Notes a change; true if the volume is free now and was not before.
  mutating func observe(_ event: WatchEvent) -> Bool {
    if let claim = event.old.flatMap({ Self.claimKey(ofVolume: $0) }) {
      reserved[claim]?.remove(event.key)
      if reserved[claim]?.isEmpty ?? false { reserved[claim] = nil }
    }
    let was = known[event.key] != nil
    forget(event.key)
    let volume = event.object
    if event.type == .deleted { return false }
    if let claim = Self.claimKey(ofVolume: volume) {
      reserved[claim, default: []].insert(event.key)
      return false
    }
    guard volume.status[.phase].says("Available"), !volume.isTerminating else {
      return false
    }
    let entry = Free(
      key: event.key, modes: AccessModes(volume.spec[.accessModes]),
      size: Quantity(volume.spec[.capacity][.storage]) ?? .zero,
      isBlock: volume.spec[.volumeMode].says("Block"), labels: volume.labels)
    let name = volume.storageClassName
    let place = Self.place(of: entry, in: free[name, default: []])
    free[name, default: []].insert(entry, at: place)
    known[event.key] = (name, entry)
    return !was
  }

  private mutating func forget(_ key: ObjectKey) {
    guard let (name, entry) = known.removeValue(forKey: key) else { return }
    let place = Self.place(of: entry, in: free[name, default: []])
    if place < free[name, default: []].count, free[name]?[place].key == key { free[name]?.remove(at: place) }
    if free[name]?.isEmpty ?? false { free[name] = nil }
  }

  private static func place(of entry: Free, in all: [Free]) -> Int {
    var low = 0
    var high = all.count
    while low < high {
      let middle = (low + high) / 2
      if all[middle] < entry { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The volumes that name the claim, in the order of their names.
  func reserved(for claim: ObjectKey) -> [ObjectKey] { reserved[claim]?.sorted() ?? [] }

  /// The free volume that fits the claim best (`volume.FindMatchingVolume`).
  func match(_ claim: Value) -> ObjectKey? {
    guard let candidates = free[claim.storageClassName] else { return nil }
    let modes = AccessModes(claim.spec[.accessModes])
    let size = Quantity(claim.spec[.resources][.requests][.storage]) ?? .zero
    let isBlock = claim.spec[.volumeMode].says("Block")
    let selector = claim.spec.has(.selector) ? LabelSelector(claim.spec[.selector]) : LabelSelector.everything
    return candidates.first {
      $0.modes.isSuperset(of: modes) && $0.isBlock == isBlock && !($0.size < size)
        && selector.matches(labels: $0.labels)
    }?.key
  }

  /// The claim that a volume's `claimRef` names.
  static func claimKey(ofVolume volume: Value) -> ObjectKey? {
    let reference = volume.spec[.claimRef]
    guard reference.isObject else { return nil }
    return ObjectKey(.persistentVolumeClaim, reference[.namespace].key, reference[.name].key)
  }
}

/// A set of `PersistentVolumeAccessMode`.
struct AccessModes: OptionSet {
  let rawValue: Int

  init(rawValue: Int) { self.rawValue = rawValue }

  init(_ modes: Value) {
    var bits = 0
    for mode in modes.items {
      switch mode.string {
      case "ReadWriteOnce": bits |= 1
      case "ReadOnlyMany": bits |= 2
      case "ReadWriteMany": bits |= 4
      case "ReadWriteOncePod": bits |= 8
      default: break
      }
    }
    rawValue = bits
  }

  var count: Int { rawValue.nonzeroBitCount }
}
