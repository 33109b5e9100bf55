import APIMachinery
import ControllerRuntime

/// The phase of a volume and what follows from it (`pv_controller.go`, `syncVolume`, `reclaimVolume`).
enum VolumePhase {
  static func set(_ volume: Value, _ phase: String, message: String? = nil, _ context: Context)
    throws(APIError)
  {
    if volume.status[.phase].string == phase && volume.status[.message].string == message { return }
    var next = volume
    if volume.status[.phase].string != phase {
      next[.status][.lastPhaseTransitionTime] = context.timestamp
    }
    next[.status][.phase] = .string(phase)
    next[.status].set(.message, message.map { .string($0) })
    try context.client.updateStatus(next)
  }
}

extension PersistentVolumeBinder {
  func syncVolume(_ volume: Value, _ context: Context) throws(APIError) {
    guard let key = VolumeIndex.claimKey(ofVolume: volume) else {
      try VolumePhase.set(volume, "Available", context)
      return
    }
    let reference = volume.spec[.claimRef]
    if reference[.uid].key.isEmpty {
      try VolumePhase.set(volume, "Available", context)
      return
    }
    guard let claim = context.client.get(key), claim.metadata[.uid] == reference[.uid] else {
      try release(volume, context)
      return
    }
    let named = claim.spec[.volumeName].string ?? ""
    if named == volume.name {
      try VolumePhase.set(volume, "Bound", context)
    } else if !named.isEmpty {
      if volume.annotations.has(Self.provisionedBy) && Self.policy(volume) == "Delete" {
        try release(volume, context)
      } else {
        try unbind(volume, context)
      }
    }
  }

  /// Makes the volume free again for others, or for the claim that its user meant it for.
  private func unbind(_ volume: Value, _ context: Context) throws(APIError) {
    var next = volume
    if volume.annotations.has(Self.boundByController) {
      next[.spec].set(.claimRef, nil)
      next.setAnnotation(Self.boundByController, nil)
    } else {
      next[.spec][.claimRef].set(.uid, nil)
    }
    next = try context.client.update(next)
    try VolumePhase.set(next, "Available", context)
  }

  private static func policy(_ volume: Value) -> String {
    volume.spec[.persistentVolumeReclaimPolicy].string ?? "Retain"
  }

  /// The claim is gone: what becomes of the volume is said by its reclaim policy.
  private func release(_ volume: Value, _ context: Context) throws(APIError) {
    let phase = volume.status[.phase].string
    if phase != "Released" && phase != "Failed" {
      // The change brings the volume back here.
      try VolumePhase.set(volume, "Released", context)
      return
    }
    if phase == "Failed" || Self.policy(volume) != "Delete" || volume.isTerminating { return }
    // What a provisioner has made it takes away itself.
    if volume.annotations.has(Self.provisionedBy) { return }
    if let failure = Self.deletionFailure(volume) {
      context.recorder.event(
        volume, type: "Warning", reason: "VolumeFailedDelete", message: failure, source: Self.source,
        now: context.now)
      try VolumePhase.set(volume, "Failed", message: failure, context)
      return
    }
    try context.client.delete(ObjectKey(of: volume), DeleteOptions(uid: volume.uid))
  }

  /// Why the volume cannot be deleted: only host paths below /tmp can, of those without a provisioner.
  private static func deletionFailure(_ volume: Value) -> String? {
    guard let path = volume.spec[.hostPath][.path].string else {
      return
        "error getting deleter volume plugin for volume \"\(volume.name)\": "
        + "no deletable volume plugin matched"
    }
    if path.hasPrefix("/tmp/") && path.utf8.count > 5 { return nil }
    return "host_path deleter only supports /tmp/.+ but received provided \(path)"
  }
}
