public import APIMachinery
import Basics

/// The short hash of a pod template in names and labels of ReplicaSets and ControllerRevisions
/// (`controller.ComputeHash`, `rand.SafeEncodeString`). Kubernetes hashes a dump of its Go structure, and so is
/// done here (`GoDump`), once for each distinct template: the names are those of a real cluster. Where the dump of
/// something rare is not known the canonical JSON is hashed.
public final class TemplateHash {
  private var known: [UInt64: [(template: Value, state: FNV1a32)]] = [:]
  private var revisions: [UInt64: (template: Value, data: Value, state: FNV1x32)] = [:]

  public init() {}

  public func hash(_ template: Value, collisions: Int? = nil) -> String {
    var state = base(template)
    if let collisions {
      let n = UInt32(truncatingIfNeeded: collisions)
      for shift: UInt32 in [0, 8, 16, 24] { state.add(UInt8(truncatingIfNeeded: n >> shift)) }
      for _ in 0..<4 { state.add(0) }
    }
    return Self.encode(state.value)
  }

  private func base(_ template: Value) -> FNV1a32 {
    let bucket = known[template.hash] ?? []
    if let hit = bucket.first(where: { $0.template == template }) { return hit.state }
    var state = FNV1a32()
    state.add(GoDump.podTemplate(template) ?? CanonicalJSON.bytes(template))
    known[template.hash, default: []].append((template, state))
    return state
  }

  /// What a ControllerRevision keeps of a template; made once for each.
  func revisionData(_ template: Value) -> Value { revision(template).data }

  /// The hash in the name of a StatefulSet's revision, which is that of a real cluster
  /// (`history.HashControllerRevision`): of the revision's data as Go's `encoding/json` writes it, and of the
  /// number of collisions in digits.
  public func revisionHash(_ template: Value, collisions: Int) -> String {
    var state = revision(template).state
    state.add(String(collisions).utf8)
    return Self.encode(state.value)
  }

  private func revision(_ template: Value) -> (template: Value, data: Value, state: FNV1x32) {
    if let known = revisions[template.hash], known.template == template { return known }
    let data = RevisionHistory.data(template)
    var state = FNV1x32()
    state.add(GoJSON.bytes(data))
    revisions[template.hash] = (template, data, state)
    return (template, data, state)
  }

  /// The number's decimal digits in the alphabet of generated names.
  public static func encode(_ number: UInt32) -> String {
    let bytes = RandomStream.alphabet.withUTF8Buffer { alphabet in
      String(number).utf8.map { alphabet[Int($0) % alphabet.count] }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
