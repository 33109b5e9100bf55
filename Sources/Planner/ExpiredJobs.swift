import API
import APIMachinery
import Basics

/// Jobs of the manifests that finished and were then deleted by their own `ttlSecondsAfterFinished`.
///
/// The document is still desired and its work is done: it is not run a second time while it stays as it is.
/// (`kubectl apply` would create it again each time, and no plan would ever be empty.)
struct ExpiredJobs {
  /// The place in the state's memory.
  private static let name: Key = "expired-jobs"
  private static let manifestKey: Key = "manifest"

  /// Digest of the manifest that ran, by Job.
  private var digests: [ObjectKey: String] = [:]

  init(memory: Value) {
    for item in memory[Self.name].items {
      let key = ObjectKey(.job, item[.namespace].key, item[.name].key)
      digests[key] = item[Self.manifestKey].string ?? ""
    }
  }

  /// Whether just this document ran to its end and expired.
  func contains(_ key: ObjectKey, manifest: Value) -> Bool {
    key.kind == .job && digests[key] == Self.digest(manifest: manifest)
  }

  /// Takes note of a Job that appeared or went.
  mutating func observe(_ event: WatchEvent, now: Instant) {
    guard event.key.kind == .job else { return }
    guard event.type == .deleted, let due = Self.expiry(event.object), due <= now,
      let digest = Self.digest(stored: event.object)
    else {
      digests[event.key] = nil
      return
    }
    digests[event.key] = digest
  }

  /// Forgets Jobs that are no longer desired.
  mutating func keep(only desired: Set<ObjectKey>) {
    digests = digests.filter { desired.contains($0.key) }
  }

  /// `memory` with what is known here.
  func remembered(in memory: Value) -> Value {
    if digests.isEmpty { return memory }
    let items = digests.keys.sorted().map { key in
      Value.fields(
        (.name, .string(key.name)), (.namespace, .string(key.namespace)),
        (Self.manifestKey, .string(digests[key] ?? "")))
    }
    return memory.setting(Self.name, .array(items))
  }

  /// When a finished Job is due to be deleted (`pkg/controller/ttlafterfinished`); one that somebody deletes
  /// before that is meant to run again.
  private static func expiry(_ job: Value) -> Instant? {
    guard let seconds = job.spec[.ttlSecondsAfterFinished].int else { return nil }
    for type in ["Complete", "Failed"] {
      guard let condition = job.condition(type), condition[.status].says("True"),
        let finished = condition[.lastTransitionTime].string.flatMap({ RFC3339.parse($0) })
      else { continue }
      return finished + .seconds(seconds)
    }
    return nil
  }

  private static func digest(manifest: Value) -> String {
    var plain = manifest
    let kept = plain[.metadata][.annotations].removing(ThreeWayMerge.lastAppliedAnnotation)
    plain[.metadata][.annotations] = kept.isObject ? kept : .emptyObject
    return SHA256.hex(CanonicalJSON.bytes(plain))
  }

  /// The digest of the manifest that the object was applied from; nil if it came otherwise.
  private static func digest(stored: Value) -> String? {
    guard let text = stored.annotation(ThreeWayMerge.lastAppliedAnnotation),
      case .success(let manifest) = JSON.parse(text)
    else { return nil }
    return SHA256.hex(CanonicalJSON.bytes(manifest))
  }
}
