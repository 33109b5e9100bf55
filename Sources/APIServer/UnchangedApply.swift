import API
public import APIMachinery
import Basics
import Store

extension APIServer {
  /// The stored objects that applying these manifests would leave as they are, told for all of them at once on several
  /// cores; nil where the manifest has to be applied to know. The manifests carry their namespaces.
  public func unchanged(_ manifests: [(key: ObjectKey, value: Value)]) -> [Value?] {
    var kinds: [GroupKind] = []
    for (key, _) in manifests where kinds.last != key.kind && !kinds.contains(key.kind) {
      kinds.append(key.kind)
    }
    store.open(kinds)
    let questions = manifests.map { key, value in question(key, value) }
    let width = 128
    let chunks = stride(from: 0, to: questions.count, by: width).map { from in
      questions[from..<min(from + width, questions.count)]
    }
    let answers = Parallel.map(chunks) { chunk in
      chunk.map { question in question.flatMap { UnchangedApply.isPlain($0) ? $0.live : nil } }
    }
    return answers.flatMap { $0 }
  }

  private func question(_ key: ObjectKey, _ manifest: Value) -> UnchangedApply.Question? {
    // A warning comes with every Endpoints.
    guard key.kind != .endpoints, let live = store.get(key), live[.apiVersion] == manifest[.apiVersion],
      let entry = try? entry(of: manifest), entry.kind == key.kind,
      entry.info.namespaced == manifest.metadata.has(.namespace)
    else { return nil }
    let facts: (any MergeFacts)? =
      entry.info.isCustom ? nil : entry.info.type(version: manifest.groupVersionKind.version)
    return UnchangedApply.Question(live: live, manifest: manifest, facts: facts)
  }
}

/// Whether applying a manifest again changes nothing, told without reading what was applied last: the annotation
/// says the same, and the stored object has everything that the manifest asks for. Where this is not plain to see
/// the three-way merge decides.
enum UnchangedApply {
  struct Question: Sendable {
    var live: Value
    var manifest: Value
    var facts: (any MergeFacts)?
  }

  /// As `holds`, for a manifest that does not carry the annotation.
  static func isPlain(_ question: Question) -> Bool {
    let annotation = ThreeWayMerge.lastAppliedAnnotation
    guard let text = question.live[.metadata][.annotations][annotation].text else { return false }
    let plain = LastApplied.plain(question.manifest)
    guard LastApplied.bytes(plain).elementsEqual(text.utf8) else { return false }
    return covers(question.live, plain, question.facts)
  }

  /// `desired` carries the annotation; both are in the same version.
  static func holds(_ live: Value, _ desired: Value, _ facts: (any MergeFacts)?) -> Bool {
    let annotation = ThreeWayMerge.lastAppliedAnnotation
    guard let new = desired[.metadata][.annotations][annotation].text,
      let old = live[.metadata][.annotations][annotation].text, old == new
    else { return false }
    return covers(live, desired, facts)
  }

  /// Whether an object has all fields of the other, so that a patch adds nothing.
  private static func covers(_ live: Value, _ desired: Value, _ facts: (any MergeFacts)?) -> Bool {
    for field in desired.fields {
      guard let there = live.get(field.key) else { return false }
      if field.value.isNull { return false }
      if there == field.value { continue }
      let known = facts?.mergeField(field.key)
      if there.isObject && field.value.isObject {
        if let known, known.strategy == .replace || known.retainKeys { return false }
        guard covers(there, field.value, known?.type) else { return false }
      } else {
        guard let known, known.strategy == .merge, let key = known.mergeKey,
          coversItems(there, field.value, key, known.type?.itemFacts)
        else { return false }
      }
    }
    return true
  }

  /// The same items in the same order, each with all that is asked for.
  private static func coversItems(
    _ live: Value, _ desired: Value, _ mergeKey: Key, _ facts: (any MergeFacts)?
  ) -> Bool {
    guard live.isArray, desired.isArray, live.count == desired.count else { return false }
    let (there, wanted) = (live.items, desired.items)
    for i in 0..<wanted.count {
      guard wanted[i].has(mergeKey), covers(there[i], wanted[i], facts) else { return false }
    }
    return true
  }
}
