public import APIMachinery

/// The ControllerRevisions of a StatefulSet or DaemonSet (`pkg/controller/history`).
public struct RevisionHistory {
  let owner: Value
  let client: any ObjectWriter
  let hashes: TemplateHash
  let hashLabel: Key
  let isNamedByData: Bool

  /// `isNamedByData`: the hash in a revision's name is that of its data (StatefulSets), not of the template
  /// (DaemonSets).
  public init(
    _ owner: Value, _ client: any ObjectWriter, _ hashes: TemplateHash, hashLabel: Key, isNamedByData: Bool
  ) {
    self.owner = owner
    self.client = client
    self.hashes = hashes
    self.hashLabel = hashLabel
    self.isNamedByData = isNamedByData
  }

  /// All revisions of the owner, the oldest first; orphans that match are adopted.
  public func list(_ selector: LabelSelector, orphans: OrphanIndex) throws(APIError) -> [Value] {
    let manager = ControllerRefManager(owner, selector, client)
    return Self.sorted(try manager.claim(.controllerRevision, orphans: orphans))
  }

  public static func sorted(_ revisions: [Value]) -> [Value] {
    if revisions.count <= 1 { return revisions }
    return revisions.sorted { a, b in
      let (x, y) = (a[.revision].int ?? 0, b[.revision].int ?? 0)
      if x != y { return x < y }
      let (s, t) = (PodState.created(a), PodState.created(b))
      return s == t ? a.nameKey < b.nameKey : s < t
    }
  }

  /// The patch that a revision keeps of its owner: the whole template.
  public static func data(_ template: Value) -> Value {
    var template = template
    template["$patch"] = "replace"
    return ["spec": ["template": template]]
  }

  /// What a revision keeps of the owner's present template.
  public var data: Value { hashes.revisionData(owner.spec[.template]) }

  /// A revision of the owner's present template, not yet stored.
  public func make(_ number: Int, collisions: Int, labels: Value, annotations: Value?) -> Value {
    let data = data
    let hash =
      isNamedByData
      ? hashes.revisionHash(owner.spec[.template], collisions: collisions)
      : hashes.hash(owner.spec[.template], collisions: collisions == 0 ? nil : collisions)
    var meta = Value.fields(
      (.name, .string("\(owner.name)-\(hash)")), (.namespace, .string(owner.namespace)),
      (.annotations, annotations), (.ownerReferences, [OwnerReferences.controller(owner)]))
    meta[.labels] = labels.setting(hashLabel, .string(hash))
    return .fields(
      (.apiVersion, "apps/v1"), (.kind, "ControllerRevision"), (.metadata, meta), (.data, data),
      (.revision, .int(number)))
  }

  /// Stores a new revision; on a name that is taken by another content counts one collision more and tries
  /// again.
  public func create(_ number: Int, collisions: inout Int, labels: Value, annotations: Value?)
    throws(APIError) -> Value
  {
    for _ in 0..<64 {
      let revision = make(number, collisions: collisions, labels: labels, annotations: annotations)
      do {
        return try client.create(revision)
      } catch  where error.reason == .alreadyExists {
        if let there = client.get(ObjectKey(of: revision)), there[.data] == revision[.data],
          OwnerReferences.isController(owner, of: there)
        {
          return there
        }
        collisions += 1
      }
    }
    throw APIError(.alreadyExists, "no free name for a revision of \(owner.name)")
  }

  /// Gives an old revision the highest number, as an undo does.
  public func renumber(_ revision: Value, _ number: Int) throws(APIError) -> Value {
    if revision[.revision].int == number { return revision }
    var next = revision
    next[.revision] = .int(number)
    return try client.update(next)
  }

  /// Deletes the oldest of the revisions that nobody uses, down to the limit.
  public func truncate(_ revisions: [Value], live: Set<String>, limit: Int) throws(APIError) {
    let unused = revisions.filter { !live.contains($0.name) }
    for revision in unused.prefix(max(0, unused.count - limit)) {
      do {
        try client.delete(ObjectKey(of: revision), DeleteOptions())
      } catch  where error.reason == .notFound {
        continue
      }
    }
  }
}
