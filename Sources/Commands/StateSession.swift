import API
import APIMachinery
import APIServer
import Basics
import Foundation
import ManifestReader
import PlanReport
import Planner
import Store

/// Where the kinds' files stand, as the state directory asks.
struct SchemeLayout: StateLayout {
  let scheme: Scheme
  func resource(of kind: GroupKind) -> StateResource? {
    scheme.info(kind).map { StateResource(plural: $0.plural, namespaced: $0.namespaced) }
  }
}

/// The state that one command works on: loaded at the beginning, committed at most once at the end.
final class StateSession {
  let path: String
  /// Nil where there is no state yet.
  private var directory: StateDirectory?
  /// Held from before the load until the end by commands that write.
  private var lock: StateLock?
  private let request: LockRequest
  private(set) var meta: StateMeta
  let store: ObjectStore
  /// Nobody edited the state since the last commit.
  let isAsWritten: Bool
  let now: Instant

  var isNew: Bool { directory == nil }
  var serial: Int { meta.serial }
  /// How many objects manifests brought here.
  var stored: Int { meta.inventory.count }

  private init(
    _ path: String, _ directory: StateDirectory?, _ lock: consuming StateLock?, _ request: LockRequest,
    _ meta: StateMeta, _ store: ObjectStore, isAsWritten: Bool, now: Instant
  ) {
    self.path = path
    self.directory = directory
    self.lock = lock
    self.request = request
    self.meta = meta
    self.store = store
    self.isAsWritten = isAsWritten
    self.now = now
  }

  /// The machine's clock, in whole seconds.
  static func clock() -> Instant { Instant(seconds: Int64(Date().timeIntervalSince1970)) }

  static let seed: UInt64 = 1

  /// Loads the state, or begins a new one where there is none yet.
  static func open(
    _ path: String, now given: Instant?, writing: Bool = false, command: String = "plimsoll",
    timeout: Nanoseconds = .zero, isReplay: Bool = false
  ) throws -> StateSession {
    let wall = clock()
    let request = LockRequest(command: command, now: wall, timeout: timeout)
    let layout = SchemeLayout(scheme: Scheme.builtin)
    do {
      let directory: StateDirectory
      do { directory = try StateDirectory.open(path, layout: layout, request: request) } catch {
        guard error.code == .absent else { throw error }
        let now = given ?? wall
        return StateSession(
          path, nil, nil, request, StateMeta.new(seed: seed, now: now), ObjectStore(),
          isAsWritten: false, now: now)
      }
      var lock: StateLock?
      let loaded: LoadedState
      if writing {
        let taken = try directory.lock(request)
        loaded = try directory.load(under: taken)
        lock = consume taken
      } else {
        loaded = try directory.load()
      }
      if let given, given < loaded.meta.now.wholeSecond, !isReplay {
        throw CommandFailure(
          code: "clock-backwards",
          "--now \(RFC3339.string(given)) is before the state's clock \(RFC3339.string(loaded.meta.now))",
          remedy: "pass a later time, or none")
      }
      try complete(loaded)
      return StateSession(
        path, directory, lock, request, loaded.meta, loaded.store, isAsWritten: loaded.edited.isEmpty,
        now: max(given ?? wall, loaded.meta.now))
    } catch let error as StateError { throw failure(error) }
  }

  /// What somebody wrote into the state is taken as a server takes what it reads: with all defaults. What no
  /// server can hold is refused.
  private static func complete(_ loaded: LoadedState) throws {
    if loaded.editedShards.isEmpty { return }
    let scheme = Planner.scheme(for: loaded.store)
    var refusals: [Diagnostic] = []
    for shard in loaded.editedShards {
      guard let info = scheme.info(shard.kind) else { continue }
      for key in loaded.store.keys(shard.kind, namespace: shard.namespace) {
        guard let object = loaded.store.get(key) else { continue }
        if let refusal = StoredForm.refusal(object, info) {
          refusals.append(
            Diagnostic(
              .error, "state-content", "\(key): \(refusal.message)", at: Place(file: shard.path),
              remedy: "Correct the edit, or restore the file from version control."))
          continue
        }
        let stored = StoredForm.of(object, info)
        if stored.identity != object.identity { loaded.store.put(key, stored) }
      }
    }
    if !refusals.isEmpty { throw CommandFailure(.failure, refusals) }
  }

  static func open(_ path: String, writing: Bool, _ options: PassOptions) throws -> StateSession {
    try open(
      path, now: options.now, writing: writing, command: writing ? "plimsoll apply" : "plimsoll plan",
      timeout: options.lockTimeout, isReplay: options.isReplay)
  }

  static func failure(_ error: StateError) -> CommandFailure {
    CommandFailure(error.isConflict ? .stale : .failure, [error.diagnostic])
  }

  /// What a pass over this state starts from.
  func input(_ manifests: [Manifest], named name: String) -> PassInput {
    var input = PassInput(manifests: manifests, manifestsName: name, base: store, now: now)
    input.isNewState = isNew
    input.lineage = meta.lineage
    input.serial = meta.serial
    input.stateDigest = meta.digest
    input.seed = meta.seed
    input.resourceVersion = meta.resourceVersion
    input.inventory = meta.inventory
    input.memory = meta.components
    input.isAsWritten = isAsWritten && Environment.mayRest
    input.wantsDigests = false
    return input
  }

  /// Reads the manifests and runs the pass.
  func pass(
    _ options: PassOptions, _ console: Console, saved: SavedPlan? = nil, isToBeSaved: Bool = false
  ) throws -> PassOutcome {
    let progress = Progress(console)
    progress.begin("reading manifests")
    let manifests = try options.read(console)
    var input = input(manifests, named: options.manifestPaths.joined(separator: ", "))
    if let saved { input.now = saved.now }
    input.horizon = options.horizon
    input.assumptions = try options.assumptions(console)
    input.scheduler = try SchedulerConfigurationFile.read(options.schedulerFile)
    input.prune = options.prune
    input.keepGoing = options.keepGoing
    input.replaces = options.replaces
    input.serverSide = options.serverSide
    input.namespace = options.namespace
    try options.whatIf.change(&input)
    input.isLast = true
    input.wantsDigests = saved != nil || isToBeSaved || options.tellsDigests
    progress.begin("running the pass over \(manifests.count) documents")
    let outcome = Planner.run(input)
    progress.end()
    return outcome
  }

  /// What a pass that was stopped leaves is no state that a cluster comes to rest in: it is not written.
  static func requireEnd(of outcome: PassOutcome) throws {
    guard case .oscillating(let who) = outcome.report.ending else { return }
    throw CommandFailure(
      code: "not-settled", "the pass did not settle: \(who)",
      remedy: "change what works against it; the state stays as it was")
  }

  /// Writes what the pass changed; nothing if it changed nothing.
  func commit(_ outcome: PassOutcome, command: String) throws {
    try Self.requireEnd(of: outcome)
    if outcome.store.changes.isEmpty && !isNew && outcome.inventory == meta.inventory { return }
    var next = meta
    next.now = max(meta.now, outcome.report.end)
    next.resourceVersion = outcome.resourceVersion
    next.inventory = outcome.inventory
    next.components = outcome.memory
    try commit(outcome.store, next, scheme: outcome.scheme, command: command)
  }

  /// Writes an overlay of this session's objects.
  func commit(_ overlay: ObjectStore, _ next: StateMeta, scheme: Scheme, command: String) throws {
    do {
      let layout = SchemeLayout(scheme: scheme)
      let target =
        try directory
        ?? StateDirectory.create(path, layout: layout, request: request, seed: StateSession.seed, now: now)
      target.layout = layout
      let note = CommitNote(command: command, time: next.now)
      if lock == nil { lock = try target.lock(request) }
      meta = try target.commit(overlay, meta: next, note: note, under: lock!)
      directory = target
    } catch let error as StateError { throw StateSession.failure(error) }
  }
}

/// Tells on a terminal's standard error what takes longer than a second.
final class Progress {
  private let console: Console
  private var started = Date()
  private var what = ""

  init(_ console: Console) { self.console = console }

  func begin(_ what: String) {
    end()
    self.what = what
    started = Date()
  }

  func end() {
    let took = Date().timeIntervalSince(started)
    if !what.isEmpty, took > 1 { console.warn("\(what): \(String(format: "%.1f", took)) s") }
    what = ""
  }
}
