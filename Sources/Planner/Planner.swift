import API
import APIMachinery
import APIServer
import Basics
import Cluster
import ManifestReader
import PlanReport
import Store

/// What a pass ended with.
public struct PassOutcome {
  public var report: PlanReport
  /// Refusals, with their places in the manifests.
  public var diagnostics: [Diagnostic]
  /// The stored cluster after the pass, as an overlay of the base.
  public var store: ObjectStore
  public var inventory: [ObjectKey]
  public var memory: Value
  public var resourceVersion: Int
  public var scheme: Scheme
}

/// Desired against stored: the change set through the API, then every controller until nothing is due.
public final class Planner {
  private let input: PassInput
  private let store: ObjectStore
  private let scheme: Scheme
  private let clock: VirtualClock
  private let server: APIServer
  private let cluster: Cluster
  private let recorder = PassRecorder()
  private var diagnostics: [Diagnostic] = []
  private var written: [Written] = []
  private var expired: ExpiredJobs
  /// A verb that watches the changes.
  private var watcher: (([WatchEvent]) -> Void)?
  private var alreadyRun: [DesiredSet.Entry] = []
  private var deleted: [(key: ObjectKey, before: Value)] = []
  private var refused: Set<ObjectKey> = []
  private var warnings: [String] = []
  /// Everything that follows from the changes was run.
  private var isSettled = false

  private init(_ input: PassInput, _ desired: DesiredSet) {
    self.input = input
    store = input.base.overlay()
    scheme = Planner.scheme(for: input.base)
    if input.isLast { _ = Unmanaged.passRetained(store) }
    clock = VirtualClock(input.now)
    server = APIServer(
      store: store, scheme: scheme, clock: clock, seed: input.seed, resourceVersion: input.resourceVersion)
    var assumptions = desired.assumptions
    assumptions.append(input.assumptions)
    cluster = Cluster(
      server: server, assumptions: assumptions, memory: input.memory, scheduler: input.scheduler)
    expired = ExpiredJobs(memory: input.memory)
    if input.isLast { _ = Unmanaged.passRetained(cluster) }
    cluster.loop.probe = input.probe
    input.probe?.components(cluster.loop.componentNames)
    diagnostics = desired.diagnostics
  }

  /// The built-in kinds and those that the stored definitions add.
  public static func scheme(for store: ObjectStore) -> Scheme {
    let scheme = Scheme.builtin.copy()
    for definition in store.list(.customResourceDefinition, namespace: nil) {
      _ = scheme.register(crd: definition)
    }
    return scheme
  }

  /// Runs one pass. Where documents are refused and `keepGoing` is off, nothing runs and the report is empty.
  public static func run(_ input: PassInput) -> PassOutcome {
    let known = Planner.scheme(for: input.base)
    let desired = DesiredSet(input.manifests, scheme: known, namespace: input.namespace)
    let planner = Planner(input, desired)
    planner.begin(desired)
    input.probe?.phase("begin")
    let ending = planner.carryOut(desired)
    input.probe?.phase("pass")
    return planner.outcome(desired, ending)
  }

  /// A pass without manifests: `verb` writes through the server and may let time pass; then everything runs as
  /// after an apply, unless the verb said that nothing is to follow.
  public static func run(_ input: PassInput, verb: (VerbPass) -> Void) -> PassOutcome {
    let desired = DesiredSet([], scheme: Scheme.builtin, namespace: nil)
    let planner = Planner(input, desired)
    planner.begin(desired)
    let pass = VerbPass(planner.cluster, end: input.now + input.horizon)
    planner.watcher = { events in pass.onEvents?(events) }
    verb(pass)
    let ending = pass.settles ? planner.cluster.run(until: pass.end) : .quiescent
    planner.isSettled = pass.settles
    return planner.outcome(desired, ending)
  }

  private func begin(_ desired: DesiredSet) {
    if input.isNewState {
      do { try Bootstrap.run(server) } catch {
        diagnostics.append(Diagnostic(.error, "bootstrap", error.message))
      }
    }
    if Rest.holds(input, desired) { cluster.rest(on: input.base) } else { cluster.sync() }
    recorder.isRecording = true
    cluster.loop.onEvents = { [unowned self, recorder, clock] events in
      for event in events {
        recorder.observe(event, now: clock.now)
        if event.key.kind == .job { expired.observe(event, now: clock.now) }
      }
      watcher?(events)
    }
  }

  private func carryOut(_ desired: DesiredSet) -> Convergence {
    if diagnostics.hasErrors && !input.keepGoing { return .quiescent }
    ExpectedMemory.announce(desired, input.base)
    for key in input.removals { remove(key) }
    let unchanged = unchanged(desired)
    let prepared =
      input.serverSide == nil ? server.prepare(desired.entries.map { ($0.key, $0.manifest.value) }) : []
    for wave in 0..<Waves.count {
      let entries = desired.entries.indices.filter { desired.entries[$0].wave == wave }
      for i in entries {
        write(desired.entries[i], unchanged: unchanged[i], prepared.isEmpty ? nil : prepared[i])
      }
      if wave <= 1 && !entries.isEmpty {
        // What later waves rely on (default service accounts, ready nodes) is made at the same instant.
        cluster.advance(until: clock.now)
      }
    }
    if diagnostics.hasErrors && !input.keepGoing { return .quiescent }
    if input.prune {
      // Deletions come after everything is applied: what can be done at once is done by then.
      cluster.advance(until: clock.now)
      prune(desired)
    }
    input.probe?.phase("change set")
    isSettled = true
    return cluster.run(until: input.now + input.horizon)
  }

  /// The stored objects of documents that change nothing.
  private func unchanged(_ desired: DesiredSet) -> [Value?] {
    if input.isNewState || input.serverSide != nil {
      return Array(repeating: nil, count: desired.entries.count)
    }
    return server.unchanged(desired.entries.map { ($0.key, $0.manifest.value) })
  }

  private func write(_ entry: DesiredSet.Entry, unchanged: Value?, _ prepared: PreparedManifest?) {
    // Deciding so again takes longer than seeing that nobody has written the object since.
    if let unchanged, let live = store.get(entry.key), live.identity == unchanged.identity {
      written.append(
        Written(
          key: entry.key, manifest: entry.manifest, wave: entry.wave, before: live, after: live,
          replaced: false))
      return
    }
    if expired.contains(entry.key, manifest: entry.manifest.value), store.get(entry.key) == nil {
      alreadyRun.append(entry)
      return
    }
    do {
      let result = try apply(entry, prepared)
      warnings += result.warnings
      written.append(
        Written(
          key: entry.key, manifest: entry.manifest, wave: entry.wave, before: result.before,
          after: result.after, replaced: false))
    } catch {
      if input.replaces, error.reason == .invalid, let before = store.get(entry.key), replace(entry, before) {
        return
      }
      refused.insert(entry.key)
      diagnostics += Refusals.diagnostics(error, entry.manifest, exists: store.get(entry.key) != nil)
    }
  }

  private func apply(_ entry: DesiredSet.Entry, _ prepared: PreparedManifest? = nil) throws(APIError)
    -> ApplyResult
  {
    guard let way = input.serverSide else {
      return try server.apply(manifest: entry.manifest.value, prepared: prepared)
    }
    return try server.apply(manifest: entry.manifest.value, way)
  }

  /// Deletes the object and creates it anew.
  private func replace(_ entry: DesiredSet.Entry, _ before: Value) -> Bool {
    do {
      try server.delete(entry.key, DeleteOptions(propagation: .background))
      cluster.advance(until: clock.now)
      let result = try apply(entry)
      written.append(
        Written(
          key: entry.key, manifest: entry.manifest, wave: entry.wave, before: before, after: result.after,
          replaced: true))
      return true
    } catch { return false }
  }

  /// Deletes what an earlier apply made and the manifests no longer hold, last waves first.
  private func prune(_ desired: DesiredSet) {
    let wanted = Set(desired.entries.map(\.key))
    let gone = input.inventory.filter { !wanted.contains($0) }.sorted { a, b in
      let (x, y) = (Waves.wave(of: a.kind), Waves.wave(of: b.kind))
      return x == y ? a < b : x > y
    }
    for key in gone { remove(key) }
  }

  private func remove(_ key: ObjectKey) {
    guard let before = store.get(key), !before.isTerminating else { return }
    do {
      try server.delete(key, DeleteOptions(propagation: .background))
      deleted.append((key, before))
    } catch {
      diagnostics.append(
        Diagnostic(
          .error, "delete-refused", error.message, remedy: "keep it in the manifests, or use --no-prune"))
    }
  }

  /// What components and the next pass are to remember.
  private func memory(_ desired: DesiredSet, _ ending: Convergence) -> Value {
    var isAtRest = isSettled
    if case .quiescent = ending {} else { isAtRest = false }
    let kept = expired.remembered(in: cluster.memory)
    return Rest.noted(in: kept, input, desired, isAtRest: isAtRest)
  }

  private func outcome(_ desired: DesiredSet, _ ending: Convergence) -> PassOutcome {
    let changes = store.changes
    recorder.sortPods(changes, input.base, store)
    let builder = ReportBuilder(
      input: input, scheme: server.scheme, store: store, changes: changes, written: written, deleted: deleted,
      alreadyRun: alreadyRun, recorder: recorder, ending: ending, end: clock.now,
      warnings: warnings + server.drainWarnings(),
      unscheduled: ReportBuilder.unscheduled(input.base, changes), podLines: cluster.loop.podLines)
    // What was refused now stays owned if an earlier apply made it.
    let owned = Set(input.inventory)
    var inventory = Set(written.map(\.key))
    for key in refused where owned.contains(key) { inventory.insert(key) }
    if !input.prune { inventory.formUnion(owned) }
    inventory.formUnion(alreadyRun.map(\.key))
    expired.keep(only: inventory)
    return PassOutcome(
      report: builder.build(), diagnostics: diagnostics, store: store, inventory: inventory.sorted(),
      memory: memory(desired, ending), resourceVersion: server.resourceVersion,
      scheme: server.scheme)
  }
}
