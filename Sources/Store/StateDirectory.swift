import APIMachinery
import Basics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What `StateDirectory.load` gives.
public struct LoadedState {
  /// The objects; read-only as soon as there is an overlay.
  public let store: ObjectStore
  public let meta: StateMeta
  /// Files whose content is not what the last commit wrote: somebody edited them.
  public let edited: [String]
  /// Kinds and namespaces of the edited files that hold objects.
  public var editedShards: [EditedShard] = []

  /// A file of objects that somebody edited.
  public struct EditedShard: Sendable {
    public let kind: GroupKind
    public let namespace: Key
    /// The file as diagnostics name it.
    public let path: String
  }

  public var position: StateLineage { meta.position }
}

/// The directory `state/`: objects in JSON Lines by resource and namespace, `cluster.json` beside them. The
/// format is described in `state/README.md`.
///
/// A commit stages all new files, then names them in a journal, then renames them: whenever the process or the
/// machine stops, what is found afterwards is the old state or the new one.
public final class StateDirectory {
  /// As the user named it.
  public let path: String
  public var layout: any StateLayout
  var files: StateFiles
  /// How `load` and `verify` wait for a writer.
  let request: LockRequest
  private var found: [GroupKind: StateResource] = [:]
  /// What was read or written last, with the digests of the files as they are.
  private var known: ClusterFile?
  private var fresh: StateMeta?
  var segmentSize = ShardReader.segmentSize

  private init(path: String, root: String, layout: any StateLayout, request: LockRequest) {
    self.path = path
    self.layout = layout
    self.request = request
    files = StateFiles(shown: path, root: root)
  }

  // MARK: Opening

  /// An existing state; `state-absent` if there is none.
  public static func open(
    _ path: String, layout: any StateLayout, request: LockRequest
  ) throws(StateError) -> StateDirectory {
    let directory = try at(path, layout, request)
    if directory.hasState { return directory }
    if case .directory? = directory.files.entry(ShardPath.root),
      try !directory.shards(stray: { _ in }).isEmpty
    {
      throw StateError(
        .malformed, "is missing, though there are objects", path: directory.files.show(ClusterFile.name),
        remedy: StateError.restore)
    }
    throw absent(path)
  }

  /// A state that is to be made: nothing but the directory itself is written before the first commit.
  public static func create(
    _ path: String, layout: any StateLayout, request: LockRequest, seed: UInt64, now: Instant
  ) throws(StateError) -> StateDirectory {
    var partial = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: false) {
      partial += part
      if !partial.isEmpty, StateFiles.entry(at: partial) == nil, mkdir(partial, 0o777) != 0, errno != EEXIST {
        throw StateFiles(shown: partial, root: partial).failure(.unwritable, "cannot be created", "")
      }
      partial += "/"
    }
    let directory = try at(path, layout, request)
    if directory.hasState {
      throw StateError(
        .exists, "there is a state already", path: path, remedy: "Remove it first or name another directory.")
    }
    directory.fresh = .new(seed: seed, now: now)
    return directory
  }

  private static func at(
    _ path: String, _ layout: any StateLayout, _ request: LockRequest
  ) throws(StateError) -> StateDirectory {
    guard let entry = StateFiles.entry(at: path), let resolved = realpath(path, nil) else {
      if errno == ENOENT { throw absent(path) }
      throw StateFiles(shown: path, root: path).failure(.unreadable, "cannot be read", "")
    }
    defer { free(resolved) }
    guard case .directory = entry else {
      throw StateError(.notADirectory, "is no directory", path: path)
    }
    return StateDirectory(path: path, root: String(cString: resolved), layout: layout, request: request)
  }

  private static func absent(_ path: String) -> StateError {
    StateError(.absent, "there is no state here yet", path: path)
  }

  /// Whether there is a state, or one whose first commit is journalled.
  private var hasState: Bool {
    files.entry(ClusterFile.name) != nil || files.entry(StateJournal.name) != nil
  }

  // MARK: Locking

  /// The right to write. A commit that broke off is completed or undone first.
  public func lock(_ request: LockRequest) throws(StateError) -> StateLock {
    let lock = try StateLock.exclusive(files, request)
    if let holder = try hold() {
      throw StateError(
        .lockHeld, "the state is locked: held by \(holder.described(at: request.now))", path: path,
        remedy: "`plimsoll state unlock` takes this lock away.")
    }
    try StateJournal.recover(files)
    return lock
  }

  /// Locks the state beyond the life of this process, until `release`.
  public func hold(_ request: LockRequest) throws(StateError) {
    let lock = try self.lock(request)
    let holder = StateHolder(pid: Int(getpid()), request)
    try files.append(StateLock.holdFile, at: 0, CanonicalJSON.bytes(holder.value) + [0x0A])
    lock.release()
  }

  /// Takes a lasting lock away; gives its holder, or nil if there was none.
  @discardableResult public func release() throws(StateError) -> StateHolder? {
    let holder = try hold()
    try files.remove(StateLock.holdFile)
    return holder
  }

  /// Who holds the lasting lock.
  public func hold() throws(StateError) -> StateHolder? {
    guard let bytes = try files.read(StateLock.holdFile) else { return nil }
    if case .success(let value) = JSON.parse(bytes), let holder = StateHolder(value) { return holder }
    return StateHolder(pid: 0, LockRequest(command: "somebody", now: Instant(seconds: 0)))
  }

  /// Runs `body` while no writer can change the state.
  func reading<R>(_ body: () throws(StateError) -> R) throws(StateError) -> R {
    for _ in 0..<8 {
      let shared = try StateLock.shared(files, request)
      if !StateJournal.isPending(files) {
        let result = try body()
        shared.release()
        return result
      }
      shared.release()
      let lock = try StateLock.exclusive(files, request)
      try StateJournal.recover(files)
      lock.release()
    }
    throw StateError(
      .lockHeld, "the state is being written by other processes again and again", path: path,
      remedy: "Run the command again.")
  }

  // MARK: Loading

  /// Reads the state. Malformed content is an error with its file and line.
  public func load() throws(StateError) -> LoadedState {
    try reading { () throws(StateError) in try read() }
  }

  /// Reads the state under a lock that is held already.
  public func load(under lock: borrowing StateLock) throws(StateError) -> LoadedState {
    try StateJournal.recover(files)
    return try read()
  }

  private func read() throws(StateError) -> LoadedState {
    guard let bytes = try files.read(ClusterFile.name) else {
      if let fresh { return LoadedState(store: ObjectStore(), meta: fresh, edited: []) }
      throw Self.absent(path)
    }
    var (file, clusterEdited) = try ClusterFile.read(bytes, path: files.show(ClusterFile.name))
    let paths = try shards { _ in }
    let present = Set(paths.map(\.relative))
    for shard in file.shards.keys.sorted() where !present.contains(shard) {
      throw Self.missing(files.show(shard))
    }
    let opener = ShardOpener(files, layout, segmentSize)
    let lazies = LazyShard.scan(paths, known: clusterEdited ? [:] : file.shards, opener)
    let others = paths.indices.filter { lazies[$0] == nil }.map { paths[$0] }
    let contents = ShardReader.read(others, files: files, layout: layout, segmentSize: segmentSize)
    if let problem = contents.lazy.flatMap(\.problems).first { throw problem }
    let store = try assemble(lazies.compactMap { $0 }, contents)
    var edited = clusterEdited ? [files.show(ClusterFile.name)] : []
    var editedShards: [LoadedState.EditedShard] = []
    var actual: [String: String] = [:]
    for case let shard? in lazies { actual[shard.path.relative] = shard.digest.hex }
    for content in contents {
      let relative = content.path.relative
      actual[relative] = content.digest.hex
      guard file.shards[relative] != content.digest.hex else { continue }
      edited.append(files.show(relative))
      guard let kind = content.kind else { continue }
      editedShards.append(
        .init(kind: kind, namespace: Key(content.path.namespace), path: files.show(relative)))
    }
    file.shards = actual
    file.seal()
    known = file
    return LoadedState(store: store, meta: file.meta, edited: edited, editedShards: editedShards)
  }

  static func missing(_ shown: String) -> StateError {
    StateError(
      .missingShard, "is missing, though \(ClusterFile.name) names it", path: shown,
      remedy: StateError.restore)
  }

  private func assemble(
    _ lazies: [LazyShard], _ contents: [ShardContent]
  ) throws(StateError) -> ObjectStore {
    let store = ObjectStore()
    var contents = contents
    for shard in lazies {
      let namespace = Key(shard.path.namespace)
      found[shard.kind] = StateResource(
        plural: shard.path.plural, namespaced: !shard.path.namespace.isEmpty)
      if store.count(shard.kind, namespace: namespace) == 0 {
        store.load(shard.kind, namespace, shard)
      } else {
        contents += LazyShard.open([shard])
      }
    }
    for content in contents {
      guard let kind = content.kind else { continue }
      let namespace = Key(content.path.namespace)
      found[kind] = StateResource(
        plural: content.path.plural, namespaced: !content.path.namespace.isEmpty)
      if store.count(kind, namespace: namespace) == 0 {
        store.load(kind, namespace, names: content.names, values: content.values)
        continue
      }
      // The same kind in another version: an object may be in one of them only.
      for (i, value) in content.values.enumerated() {
        let key = ObjectKey(kind, namespace, content.names[i])
        if store.contains(key) {
          throw StateError(
            .order, "\(key) stands in a file of another version too", path: files.show(content.path.relative),
            line: i + 1, remedy: StateError.restore)
        }
        store.put(key, value)
      }
    }
    return store
  }

  /// The files of objects in order of their paths; what else lies there is told to `stray`.
  func shards(stray: (String) -> Void) throws(StateError) -> [ShardPath] {
    var level = [ShardPath.root]
    for _ in 0..<3 {
      var next: [String] = []
      for directory in level {
        for name in try files.names(in: directory) ?? [] {
          let path = directory + "/" + name
          if case .directory? = files.entry(path) { next.append(path) } else { stray(path) }
        }
      }
      level = next
    }
    var paths: [ShardPath] = []
    for directory in level {
      for name in try files.names(in: directory) ?? [] {
        if let path = ShardPath(relative: directory + "/" + name), case .file? = files.entry(path.relative) {
          paths.append(path)
        } else {
          stray(directory + "/" + name)
        }
      }
    }
    return paths.sorted { $0.relative < $1.relative }
  }

  // MARK: Committing

  /// Writes what `store` changed over the loaded one, and `meta` with the next serial, which it gives back. The
  /// state must be where `meta` says; an error leaves it as it was, but for `state-incomplete-commit`.
  public func commit(
    _ store: ObjectStore, meta: StateMeta, note: CommitNote, under lock: borrowing StateLock
  ) throws(StateError) -> StateMeta {
    try StateJournal.recover(files)
    let base = try checkedBase(meta)
    let changes = store.changes
    if changes.isEmpty, let base, base.meta == meta { return meta }
    do {
      var file = ClusterFile(meta: meta, shards: base?.shards ?? [:])
      file.meta.serial += 1
      let journal = try stage(&file, changes, store, note)
      try publish(journal)
      known = file
      fresh = nil
      return file.meta
    } catch {
      if error.code == .killed || error.code == .incomplete { throw error }
      try? StateJournal.removeStaging(files)
      throw error
    }
  }

  /// What is on the disk, which must be what `meta` was read from.
  private func checkedBase(_ meta: StateMeta) throws(StateError) -> ClusterFile? {
    guard let bytes = try files.read(ClusterFile.name) else {
      if meta.serial == 0 { return nil }
      throw StateError(
        .stale, "the state is gone since it was read", path: path, remedy: "Run the command again.")
    }
    let (disk, _) = try ClusterFile.read(bytes, path: files.show(ClusterFile.name))
    let position = StateLineage(lineage: meta.lineage, serial: meta.serial, digest: "")
    try position.check(
      against: StateLineage(lineage: disk.meta.lineage, serial: disk.meta.serial, digest: ""), path: path)
    if let known, known.meta.serial == disk.meta.serial { return known }
    return disk
  }

  /// Writes all new files to `.staging` and makes the journal that puts them in place.
  private func stage(
    _ file: inout ClusterFile, _ changes: [ObjectChange], _ store: ObjectStore, _ note: CommitNote
  ) throws(StateError) -> StateJournal {
    let writer = ShardWriter(layout: layout, found: found, shown: path)
    let dirty = try writer.dirty(changes, store)
    try files.makeDirectories(StateJournal.staging)
    var steps: [StateJournal.Step] = []
    var full: [(shard: DirtyShard, staged: String)] = []
    for shard in dirty {
      let relative = shard.path.relative
      if shard.values.isEmpty {
        steps.append(.delete(target: relative))
        file.shards[relative] = nil
      } else {
        full.append((shard, "\(StateJournal.staging)/\(full.count)"))
        try files.makeDirectories(shard.path.directory)
      }
    }
    let digests = try ShardWriter.stage(full, files)
    for (i, entry) in full.enumerated() {
      let relative = entry.shard.path.relative
      file.shards[relative] = digests[i]
      steps.append(.replace(staged: "\(i)", target: relative, digest: digests[i]))
    }
    file.seal()
    let cluster = file.bytes
    try write(cluster, to: "\(StateJournal.staging)/\(ClusterFile.name)")
    steps.append(
      .replace(
        staged: ClusterFile.name, target: ClusterFile.name, digest: StateJournal.digest(of: cluster)))
    try files.syncEach(full.map(\.staged) + ["\(StateJournal.staging)/\(ClusterFile.name)"])
    return try StateJournal(
      serial: file.meta.serial, steps: steps,
      historyLine: StateHistory(serial: file.meta.serial, note: note, changes: changes).line,
      historySize: historySize())
  }

  private func historySize() throws(StateError) -> Int {
    if case .file(let size)? = files.entry(StateHistory.file) { return size }
    return 0
  }

  private func write(_ bytes: [UInt8], to relative: String) throws(StateError) {
    var file = try files.create(relative)
    defer { file.close() }
    try file.write(bytes)
  }

  /// The journal takes its name: from here on the new state holds.
  private func publish(_ journal: StateJournal) throws(StateError) {
    let staged = "\(StateJournal.staging)/\(StateJournal.name)"
    try write(journal.bytes, to: staged)
    try files.syncEach([staged, StateJournal.staging])
    try files.rename(staged, to: StateJournal.name)
    do {
      try files.syncEach([""])
      try journal.finish(files)
    } catch {
      if error.code == .killed { throw error }
      throw StateError(
        .incomplete, "the new state is written but not all in place: \(error.message)", path: error.path,
        remedy: "Repair the cause; the next run of plimsoll completes the commit.")
    }
  }

  // MARK: History

  /// The commits, oldest first.
  public func history() throws(StateError) -> [StateHistory] {
    try reading { () throws(StateError) in try StateHistory.read(files) }
  }
}
