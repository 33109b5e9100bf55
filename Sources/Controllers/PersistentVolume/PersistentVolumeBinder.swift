import API
public import APIMachinery
public import Basics
public import ControllerRuntime

/// Binds claims and volumes to each other (`pkg/controller/volume/persistentvolume/pv_controller.go`).
public final class PersistentVolumeBinder: Controller {
  public let name = "persistentvolume-binder-controller"
  public let watches: Set<GroupKind>? = [
    .persistentVolume, .persistentVolumeClaim, .storageClass,
  ]
  static let source = "persistentvolume-controller"
  static let bindCompleted: Key = "pv.kubernetes.io/bind-completed"
  static let boundByController: Key = "pv.kubernetes.io/bound-by-controller"
  static let provisionedBy: Key = "pv.kubernetes.io/provisioned-by"
  static let selectedNode: Key = "volume.kubernetes.io/selected-node"
  private static let provisioners: [Key] = [
    "volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner",
  ]

  var index = VolumeIndex()
  /// Claims that are not bound, by class; those without a class under the empty name.
  private var unbound: [Key: Set<ObjectKey>] = [:]
  private var classOf: [ObjectKey: Key] = [:]

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    switch event.key.kind {
    case .persistentVolume:
      let isNewlyFree = index.observe(event)
      if let claim = VolumeIndex.claimKey(ofVolume: event.object) { queue.add(claim) }
      if event.type != .deleted { queue.add(event.key) }
      if isNewlyFree { wake(event.object.storageClassName, queue) }
    case .persistentVolumeClaim:
      note(event)
      if event.type != .deleted { queue.add(event.key) }
      let volume = event.object.spec[.volumeName].key
      if !volume.isEmpty { queue.add(ObjectKey(.persistentVolume, .empty, volume)) }
      for volume in index.reserved(for: event.key) { queue.add(volume) }
    case .storageClass where event.type != .deleted:
      wake(event.key.name, queue)
      if StorageClasses.isDefault(event.object) { wake(.empty, queue) }
    default: break
    }
  }

  private func note(_ event: WatchEvent) {
    if let name = classOf.removeValue(forKey: event.key) {
      unbound[name]?.remove(event.key)
      if unbound[name]?.isEmpty ?? false { unbound[name] = nil }
    }
    if event.type == .deleted || event.object.annotations.has(Self.bindCompleted) { return }
    let name = event.object.storageClassName
    classOf[event.key] = name
    unbound[name, default: []].insert(event.key)
  }

  /// Looks again at the claims of a class.
  private func wake(_ name: Key, _ queue: WorkQueue) {
    for claim in unbound[name, default: []].sorted() { queue.add(claim) }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let object = context.client.get(key) else { return }
    if key.kind == .persistentVolume {
      try syncVolume(object, context)
    } else if object.annotations.has(Self.bindCompleted) {
      try syncBound(object, context)
    } else {
      try syncUnbound(key, object, context)
    }
  }

  // MARK: - Claims

  private func syncUnbound(_ key: ObjectKey, _ claim: Value, _ context: Context) throws(APIError) {
    let named = claim.spec[.volumeName].key
    if !named.isEmpty {
      try syncNamed(claim, ObjectKey(.persistentVolume, .empty, named), context)
      return
    }
    var claim = claim
    if !claim.hasStorageClass, let name = StorageClasses.defaultName(context.client) {
      claim[.spec][.storageClassName] = .string(name)
      claim = try context.client.update(claim)
    }
    let storageClass = StorageClasses.named(claim.storageClassName, context.client)
    let waits =
      storageClass?[.volumeBindingMode].string == "WaitForFirstConsumer"
      && !claim.annotations.has(Self.selectedNode)
    if let volume = bestMatch(key, claim, waits: waits, context) {
      try bind(volume, claim, context)
      return
    }
    if waits {
      event(claim, "Normal", "WaitForFirstConsumer", Self.waitsText, context)
    } else if !claim.storageClassName.isEmpty {
      if claim.isTerminating { return }
      try provision(claim, storageClass, context)
    } else {
      event(claim, "Normal", "FailedBinding", Self.noClassText, context)
    }
    try setPhase(claim, "Pending", volume: nil, context)
  }

  private static let waitsText = "waiting for first consumer to be created before binding"
  private static let noClassText =
    "no persistent volumes available for this claim and no storage class is set"

  /// A volume that is meant for the claim before the smallest free one that fits.
  private func bestMatch(_ key: ObjectKey, _ claim: Value, waits: Bool, _ context: Context) -> Value? {
    let size = Quantity(claim.spec[.resources][.requests][.storage]) ?? .zero
    for reserved in index.reserved(for: key) {
      guard let volume = context.client.get(reserved), Self.isMeant(volume, for: claim),
        Self.mode(volume) == Self.mode(claim),
        !((Quantity(volume.spec[.capacity][.storage]) ?? .zero) < size),
        AccessModes(volume.spec[.accessModes]).isSuperset(of: AccessModes(claim.spec[.accessModes]))
      else { continue }
      return volume
    }
    if waits { return nil }
    return index.match(claim).flatMap { context.client.get($0) }
  }

  /// A claim whose user or whose binding names a volume.
  private func syncNamed(_ claim: Value, _ key: ObjectKey, _ context: Context) throws(APIError) {
    guard let volume = context.client.get(key) else {
      try setPhase(claim, "Pending", volume: nil, context)
      return
    }
    if !volume.spec[.claimRef].isObject {
      if let mismatch = Self.mismatch(volume, claim) {
        event(claim, "Warning", "VolumeMismatch", mismatch, context)
        try setPhase(claim, "Pending", volume: nil, context)
      } else {
        try bind(volume, claim, context)
      }
    } else if Self.isMeant(volume, for: claim) {
      try bind(volume, claim, context)
    } else if !claim.annotations.has(Self.boundByController) {
      event(
        claim, "Warning", "FailedBinding",
        "volume \"\(volume.name)\" already bound to a different claim.", context)
      try setPhase(claim, "Pending", volume: nil, context)
    }
  }

  /// Keeps a bound claim bound, or finds it lost.
  private func syncBound(_ claim: Value, _ context: Context) throws(APIError) {
    let named = claim.spec[.volumeName].key
    if named.isEmpty {
      try lose(
        claim, "ClaimLost", "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!",
        context)
      return
    }
    guard let volume = context.client.get(ObjectKey(.persistentVolume, .empty, named)) else {
      try lose(
        claim, "ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!", context)
      return
    }
    let reference = volume.spec[.claimRef]
    if !reference.isObject || reference[.uid] == claim.metadata[.uid] {
      try bind(volume, claim, context)
    } else {
      try lose(
        claim, "ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly",
        context)
    }
  }

  private func lose(_ claim: Value, _ reason: String, _ message: String, _ context: Context) throws(APIError)
  {
    if claim.status[.phase].says("Lost") { return }
    event(claim, "Warning", reason, message, context)
    try setPhase(claim, "Lost", volume: nil, context)
  }

  /// Sends the claim to the provisioner of its class (`provisionClaimOperationExternal`).
  private func provision(_ claim: Value, _ storageClass: Value?, _ context: Context) throws(APIError) {
    guard let storageClass else {
      let name = claim.storageClassName.string
      event(
        claim, "Warning", "ProvisioningFailed", "storageclass.storage.k8s.io \"\(name)\" not found", context)
      return
    }
    let named = storageClass[.provisioner].string ?? ""
    guard let provisioner = CSITranslation.provisioner(named) else {
      if named == "kubernetes.io/no-provisioner" { return }
      event(
        claim, "Warning", "ProvisioningFailed", "no volume plugin matched name: \(named)", context)
      return
    }
    var next = claim
    for annotation in Self.provisioners { next.setAnnotation(annotation, provisioner) }
    if next == claim { return }
    event(
      claim, "Normal", "ExternalProvisioning",
      "Waiting for a volume to be created either by the external provisioner '\(provisioner)' or manually "
        + "by the system administrator. If volume creation is delayed, please verify that the provisioner "
        + "is running and correctly registered.", context)
    try context.client.update(next)
  }

  // MARK: - Binding

  /// Writes both sides of a binding, as far as they are not written yet.
  private func bind(_ volume: Value, _ claim: Value, _ context: Context) throws(APIError) {
    var volume = volume
    let reference = volume.spec[.claimRef]
    if reference[.uid] != claim.metadata[.uid] {
      if !Self.isMeant(volume, for: claim) { volume.setAnnotation(Self.boundByController, "yes") }
      volume[.spec][.claimRef] = [
        "apiVersion": "v1", "kind": "PersistentVolumeClaim", "name": .string(claim.name),
        "namespace": .string(claim.namespace), "resourceVersion": .string(claim.resourceVersion),
        "uid": .string(claim.uid),
      ]
      volume = try context.client.update(volume)
    }
    try VolumePhase.set(volume, "Bound", context)
    var claim = claim
    let before = claim
    if claim.spec[.volumeName].string ?? "" != volume.name {
      claim[.spec][.volumeName] = .string(volume.name)
      claim.setAnnotation(Self.boundByController, "yes")
    }
    claim.setAnnotation(Self.bindCompleted, "yes")
    if claim != before { claim = try context.client.update(claim) }
    try setPhase(claim, "Bound", volume: volume, context)
  }

  private func setPhase(_ claim: Value, _ phase: String, volume: Value?, _ context: Context) throws(APIError)
  {
    var next = claim
    next[.status][.phase] = .string(phase)
    if let volume {
      next[.status][.accessModes] = volume.spec[.accessModes]
      if claim.status[.phase].string != phase || !claim.status.has(.capacity) {
        next[.status][.capacity] = volume.spec[.capacity]
      }
    } else {
      next[.status].set(.accessModes, nil)
      next[.status].set(.capacity, nil)
    }
    if next != claim { try context.client.updateStatus(next) }
  }

  /// Whether the volume's `claimRef` is the claim, its uid given or not (`IsVolumeBoundToClaim`).
  static func isMeant(_ volume: Value, for claim: Value) -> Bool {
    let reference = volume.spec[.claimRef]
    guard reference.isObject, reference[.name] == claim.metadata[.name],
      reference[.namespace] == claim.metadata[.namespace]
    else { return false }
    return reference[.uid].text.map { $0.count == 0 || reference[.uid] == claim.metadata[.uid] } ?? true
  }

  private static func mode(_ object: Value) -> String { object.spec[.volumeMode].string ?? "Filesystem" }

  /// Why a free volume cannot be had by the claim that names it (`checkVolumeSatisfyClaim`).
  private static func mismatch(_ volume: Value, _ claim: Value) -> String? {
    let wanted = Quantity(claim.spec[.resources][.requests][.storage]) ?? .zero
    let prefix = "Cannot bind to requested volume \"\(volume.name)\": "
    if (Quantity(volume.spec[.capacity][.storage]) ?? .zero) < wanted {
      return prefix + "requested PV is too small"
    }
    if volume.storageClassName != claim.storageClassName {
      return prefix + "storageClassName does not match"
    }
    if mode(volume) != mode(claim) { return prefix + "incompatible volumeMode" }
    if !AccessModes(volume.spec[.accessModes]).isSuperset(of: AccessModes(claim.spec[.accessModes])) {
      return prefix + "incompatible accessMode"
    }
    return nil
  }

  private func event(
    _ claim: Value, _ type: String, _ reason: String, _ message: String, _ context: Context
  ) {
    context.recorder.event(
      claim, type: type, reason: reason, message: message, source: Self.source, now: context.now)
  }
}
