import APIMachinery

/// The kinds a cluster serves: the built-in ones and those of its CustomResourceDefinitions
/// (`apimachinery/pkg/runtime.Scheme` and `meta.RESTMapper` in one).
///
/// `Scheme.builtin` is shared and not to be changed; a cluster takes a `copy()` and registers its CRDs there.
public final class Scheme: @unchecked Sendable {
  private var infos: [GroupKind: KindInfo] = [:]
  /// Kinds by every word that may name them, best first.
  private var words: [String: [GroupKind]] = [:]

  /// The kinds of Kubernetes 1.36.
  public static let builtin = Scheme(BuiltinSchemas.kinds)

  private init() {}

  private init(_ table: String) {
    for line in table.split(separator: "\n") {
      let parts = line.split(separator: " ").map(String.init)
      guard parts.count >= 4 else { continue }
      let slash = parts[1].lastIndex(of: "/")
      let group = slash.map { String(parts[1][..<$0]) } ?? ""
      let versions = (slash.map { String(parts[1][parts[1].index(after: $0)...]) } ?? parts[1])
        .split(separator: ",").map(String.init)
      let flags = parts[4...]
      add(
        KindInfo(
          gvk: GroupVersionKind(group: group, version: versions[0], kind: parts[0]), versions: versions,
          plural: parts[2], singular: parts[0].lowercased(),
          shortNames: parts[3] == "-" ? [] : parts[3].split(separator: ",").map(String.init),
          categories: flags.contains("all") ? ["all"] : [], namespaced: flags.contains("namespaced"),
          hasStatus: flags.contains("status"), hasScale: flags.contains("scale"), isCustom: false,
          specReplicasPath: nil,
          types: .builtin))
    }
  }

  /// A scheme with the same kinds that may be changed.
  public func copy() -> Scheme {
    let copy = Scheme()
    copy.infos = infos
    copy.words = words
    return copy
  }

  /// Adds a kind, or replaces it.
  public func add(_ info: KindInfo) {
    remove(info.groupKind)
    infos[info.groupKind] = info
    for word in Self.words(of: info) { words[word, default: []].append(info.groupKind) }
  }

  /// Forgets a kind.
  public func remove(_ kind: GroupKind) {
    guard let old = infos.removeValue(forKey: kind) else { return }
    for word in Self.words(of: old) {
      words[word]?.removeAll { $0 == kind }
      if words[word]?.isEmpty == true { words[word] = nil }
    }
  }

  private static func words(of info: KindInfo) -> [String] {
    var names: [String] = []
    for name in [info.plural, info.singular, info.kind.lowercased()] + info.shortNames
    where !names.contains(name) {
      names.append(name)
    }
    return names
  }

  /// All kinds in order of group and kind.
  public var kinds: [KindInfo] {
    infos.keys.sorted().map { infos[$0]! }
  }

  public func info(_ kind: GroupKind) -> KindInfo? { infos[kind] }

  /// The kind if it is served in this version.
  public func info(apiVersion: String, kind: String) -> KindInfo? {
    let gvk = GroupVersionKind(apiVersion: apiVersion, kind: kind)
    guard let info = infos[gvk.groupKind], info.versions.contains(gvk.version) else { return nil }
    return info
  }

  /// The kind that a kubectl word means: `deploy`, `deployment`, `Deployments`, `deployments.apps`,
  /// `deployment.v1.apps`. Built-in kinds win over custom ones, the core group over others.
  public func info(named word: String) -> KindInfo? {
    let word = word.lowercased()
    if let found = best(words[word] ?? []) { return found }
    guard let dot = word.firstIndex(of: ".") else { return nil }
    let rest = String(word[word.index(after: dot)...])
    let candidates = (words[String(word[..<dot])] ?? []).compactMap { infos[$0] }
    if let found = candidates.first(where: { $0.group == rest }) { return found }
    if let second = rest.firstIndex(of: ".") {
      let version = String(rest[..<second])
      let group = String(rest[rest.index(after: second)...])
      return candidates.first { $0.group == group && $0.versions.contains(version) }
    }
    // `pods.v1.` names the core group, `pods.v1` too.
    if let core = candidates.first(where: { $0.group.isEmpty && $0.versions.contains(rest) }) { return core }
    let prefixed = candidates.filter { $0.group.hasPrefix(rest + ".") }
    return prefixed.count == 1 ? prefixed[0] : nil
  }

  private func best(_ kinds: [GroupKind]) -> KindInfo? {
    kinds.compactMap { infos[$0] }.min { a, b in
      if a.isCustom != b.isCustom { return !a.isCustom }
      return a.group < b.group
    }
  }
}

extension Scheme {
  /// Why an object's kind is not served, in kubectl's words, with the replacement if the version was removed.
  public func noMatch(apiVersion: String, kind: String) -> (message: String, replacement: String?) {
    (
      "no matches for kind \"\(kind)\" in version \"\(apiVersion)\"",
      RemovedVersions.replacement(apiVersion: apiVersion, kind: kind)
    )
  }
}
