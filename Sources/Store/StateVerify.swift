import APIMachinery

extension StateDirectory {
  /// Everything that is wrong with the state, in order of files and lines: what `load` would refuse, content
  /// that is not what the last commit wrote, files that do not belong there, and counters out of step.
  public func verify() -> [StateError] {
    do {
      return try reading { () throws(StateError) in try findProblems() }
    } catch {
      return [error]
    }
  }

  private func findProblems() throws(StateError) -> [StateError] {
    var problems: [StateError] = []
    guard let bytes = try files.read(ClusterFile.name) else {
      return [StateError(.absent, "there is no state here yet", path: path)]
    }
    let shown = files.show(ClusterFile.name)
    let (cluster, edited) = try ClusterFile.read(bytes, path: shown)
    if edited { problems.append(Self.edited(shown)) }
    let paths = try shards { relative in
      problems.append(
        StateError(
          .strayFile, "does not belong into the state", path: files.show(relative), remedy: "Remove it."))
    }
    let present = Set(paths.map(\.relative))
    for shard in cluster.shards.keys.sorted() where !present.contains(shard) {
      problems.append(Self.missing(files.show(shard)))
    }
    var uids: [Key: ObjectKey] = [:]
    for content in ShardReader.read(paths, files: files, layout: layout, segmentSize: segmentSize) {
      problems += content.problems
      if content.problems.isEmpty, cluster.shards[content.path.relative] != content.digest.hex {
        problems.append(Self.edited(files.show(content.path.relative)))
      }
      problems += check(content, cluster.meta, &uids)
    }
    problems += historyProblems(cluster.meta)
    return problems.sorted { ($0.path, $0.line) < ($1.path, $1.line) }
  }

  private static func edited(_ shown: String) -> StateError {
    StateError(
      .digest, "is not what the last commit wrote: it was edited or damaged", path: shown,
      remedy: "Restore the file from version control; the next apply makes an edit part of the state.")
  }

  /// No uid stands twice and no resourceVersion is ahead of the counter.
  private func check(
    _ content: ShardContent, _ meta: StateMeta, _ uids: inout [Key: ObjectKey]
  ) -> [StateError] {
    guard let kind = content.kind, content.problems.isEmpty else { return [] }
    var problems: [StateError] = []
    let shown = files.show(content.path.relative)
    let namespace = Key(content.path.namespace)
    for (i, value) in content.values.enumerated() {
      let key = ObjectKey(kind, namespace, content.names[i])
      let uid = value.uidKey
      if !uid.isEmpty, let other = uids.updateValue(key, forKey: uid) {
        problems.append(
          StateError(
            .order, "\(key) has the uid of \(other)", path: shown, line: i + 1, remedy: StateError.restore))
      }
      if let version = Int(value.resourceVersion), version > meta.resourceVersion {
        problems.append(
          StateError(
            .order, "\(key) has resourceVersion \(version), the counter is at \(meta.resourceVersion)",
            path: shown, line: i + 1, remedy: StateError.restore))
      }
    }
    return problems
  }

  /// The history must be readable and end at the state's serial.
  private func historyProblems(_ meta: StateMeta) -> [StateError] {
    let shown = files.show(StateHistory.file)
    do {
      let entries = try StateHistory.read(files)
      guard let last = entries.last, last.serial != meta.serial else { return [] }
      return [
        StateError(
          .order, "ends at serial \(last.serial), the state is at \(meta.serial)", path: shown,
          line: entries.count, remedy: StateError.restore)
      ]
    } catch {
      return [error]
    }
  }
}
