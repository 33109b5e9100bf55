import API
import APIMachinery
import Basics
import Foundation
import ManifestReader
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
  let directory: StateDirectory
  let isNew: Bool
  private(set) var meta: StateMeta
  let store: ObjectStore
  let now: Instant
  let wallClock: Instant

  var serial: Int { meta.serial }
  /// How many objects manifests brought here.
  var stored: Int { meta.inventory.count }

  private init(
    _ path: String, _ directory: StateDirectory, _ meta: StateMeta, _ store: ObjectStore, isNew: Bool,
    now: Instant, wallClock: Instant
  ) {
    self.path = path
    self.directory = directory
    self.meta = meta
    self.store = store
    self.isNew = isNew
    self.now = now
    self.wallClock = wallClock
  }

  /// The machine's clock, in whole seconds.
  static func clock() -> Instant { Instant(seconds: Int64(Date().timeIntervalSince1970)) }

  /// Loads the state, or begins a new one where there is none yet.
  static func open(_ path: String, now given: Instant?) throws -> StateSession {
    let wall = clock()
    let directory = StateDirectory(path: path, layout: SchemeLayout(scheme: Scheme.builtin))
    do {
      guard directory.exists else {
        let now = given ?? wall
        return StateSession(
          path, directory, StateMeta.new(seed: 1, now: now), ObjectStore(), isNew: true, now: now, wallClock: wall)
      }
      let loaded = try directory.load()
      if let given, given < loaded.meta.now.wholeSecond {
        throw CommandFailure(
          code: "clock-backwards",
          "--now \(RFC3339.string(given)) is before the state's clock \(RFC3339.string(loaded.meta.now))",
          remedy: "pass a later time, or none")
      }
      let now = max(given ?? wall, loaded.meta.now)
      return StateSession(
        path, directory, loaded.meta, loaded.store, isNew: false, now: now, wallClock: wall)
    } catch let error as StateError { throw failure(error) }
  }

  static func open(_ path: String, writing: Bool, _ options: PassOptions) throws -> StateSession {
    try open(path, now: options.now)
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
    return input
  }

  /// Reads the manifests and runs the pass.
  func pass(_ options: PassOptions, _ console: Console, saved: SavedPlan? = nil) throws -> PassOutcome {
    let progress = Progress(console)
    progress.begin("reading manifests")
    let manifests = try options.read(console)
    var input = input(manifests, named: options.manifestPaths.joined(separator: ", "))
    if let saved { input.now = saved.now }
    input.horizon = options.horizon
    input.assumptions = try options.assumptions(console)
    input.prune = options.prune
    input.keepGoing = options.keepGoing
    input.replaces = options.replaces
    input.namespace = options.namespace
    progress.begin("running the pass over \(manifests.count) documents")
    let outcome = Planner.run(input)
    progress.end()
    return outcome
  }

  /// Writes what the pass changed; nothing if it changed nothing.
  func commit(_ outcome: PassOutcome, command: String) throws {
    let changes = outcome.store.changes
    if changes.isEmpty && !isNew && outcome.inventory == meta.inventory { return }
    var next = meta
    next.serial += 1
    next.now = max(meta.now, outcome.report.end)
    next.resourceVersion = outcome.resourceVersion
    next.inventory = outcome.inventory
    next.components = outcome.memory
    do {
      try directory.commit(
        changes, meta: next, base: isNew ? nil : meta.position, layout: SchemeLayout(scheme: outcome.scheme),
        command: command)
    } catch let error as StateError { throw StateSession.failure(error) }
    meta = next
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
