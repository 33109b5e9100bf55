public import APIMachinery

/// The class of a volume or claim: the annotation that came before the field wins over it
/// (`component-helpers/storage/volume/helpers.go`, GetPersistentVolumeClaimClass).
extension Value {
  private static let betaClass: Key = "volume.beta.kubernetes.io/storage-class"

  /// The class's name; empty where there is none.
  public var storageClassName: Key {
    let old = metadata[.annotations][Self.betaClass]
    return old.text == nil ? spec[.storageClassName].key : old.key
  }

  /// Whether the claim says a class, be it the empty one (PersistentVolumeClaimHasClass).
  public var hasStorageClass: Bool {
    metadata[.annotations].has(Self.betaClass) || spec.has(.storageClassName)
  }
}
