import API
public import APIMachinery
import Basics
import Store

/// A manifest made ready to be created, as far as that depends on the manifest alone.
public struct PreparedManifest: @unchecked Sendable {
  /// The manifest as kubectl sends it.
  let desired: Value
  /// The write after the steps of `WritePath.preparation`.
  var request: WriteRequest
  /// What refused it on the way.
  var refusal: APIError?
}

extension APIServer {
  /// Makes manifests ready on several cores, in their order; nil where there is an object already or the kind is a
  /// custom one, whose definition may change before the manifest's turn comes.
  public func prepare(_ manifests: [(key: ObjectKey, value: Value)]) -> [PreparedManifest?] {
    let width = 64
    let raw = manifests.map { key, value in store.contains(key) ? nil : beginning(value) }
    let chunks = stride(from: 0, to: raw.count, by: width).map { raw[$0..<min($0 + width, raw.count)] }
    return Parallel.map(chunks) { chunk in chunk.map { $0.flatMap(Self.prepared) } }.flatMap { $0 }
  }

  private func beginning(_ manifest: Value) -> PreparedManifest? {
    guard let entry = try? entry(of: manifest), !entry.info.isCustom else { return nil }
    return PreparedManifest(desired: manifest, request: WriteRequest(applied: manifest, entry), refusal: nil)
  }

  /// Nil where kubectl sends nothing: it is told why when the manifest's turn comes.
  private static func prepared(_ raw: PreparedManifest) -> PreparedManifest? {
    let entry = raw.request.entry
    guard let desired = try? desired(raw.desired, entry) else { return nil }
    var made = PreparedManifest(
      desired: desired, request: WriteRequest(applied: desired, entry), refusal: nil)
    do {
      for step in WritePath.preparation { try step.run(&made.request) }
    } catch { made.refusal = error }
    return made
  }
}
