import API
public import APIMachinery
import APIServer
public import Basics
import Store

/// Runs small random clusters through random changes and faults; everything follows from the seed.
///
/// After the last fault a run has to come to rest, hold every invariant at every instant, and change nothing
/// when it is looked at again.
public struct Simulation {
  /// What a run came to; no failures: it is green.
  public struct Outcome: Sendable {
    public var seed: UInt64
    public var failures: [String] = []
    /// A hash of every object at the end.
    public var digest = ""
    /// Steps of components.
    public var steps = 0
  }

  private let seed: UInt64
  private let server: APIServer
  private let client: ConflictingClient
  private let monitor: InvariantMonitor
  private var memory = Value.null
  private var outcome: Outcome
  private var trace: ((WatchEvent, Instant) -> Void)?

  private static let start = Instant(seconds: 1_800_000_000)
  /// How long the world stays quiet at the end, and how long nothing may have been written by then.
  private static let calm: Nanoseconds = .seconds(7200)
  private static let rest: Nanoseconds = .seconds(1800)

  private init(_ seed: UInt64) {
    self.seed = seed
    server = APIServer(
      store: ObjectStore(), scheme: Scheme.builtin, clock: VirtualClock(Self.start), seed: seed,
      resourceVersion: 1)
    client = ConflictingClient(server, seed: seed)
    monitor = InvariantMonitor(server)
    outcome = Outcome(seed: seed)
  }

  /// One run; `trace` is told of every committed change.
  public static func run(seed: UInt64, trace: ((WatchEvent, Instant) -> Void)? = nil) -> Outcome {
    var simulation = Simulation(seed)
    simulation.trace = trace
    simulation.run()
    return simulation.outcome
  }

  private mutating func run() {
    var draw = Drawing(stream: RandomStream(seed: seed, label: "simulation"))
    let nodes = draw.number(1...5)
    let workloads = draw.number(1...4)
    let kinds = FaultPlan.Kinds(&draw)
    var user = SimulatedUser(server, draw, nodes: nodes, workloads: workloads)
    do {
      try Bootstrap.run(server)
      for i in 0..<nodes { try server.create(user.node(i)) }
    } catch {
      outcome.failures.append("set-up: \(error.message)")
      return
    }
    if !stage(.none, seconds: 5) { return }
    var isFirst = true
    for _ in 0..<user.draw.number(2...6) {
      let faults = FaultPlan(&user.draw, kinds, nodes: nodes, workloads: workloads)
      let seconds = user.draw.number(1...(user.draw.chance(30) ? 500 : 60))
      let isGreen = stage(faults, seconds: seconds) {
        if isFirst { user.fill() } else { for _ in 0..<user.draw.number(1...3) { user.change() } }
      }
      isFirst = false
      if !isGreen { return }
    }
    comeToRest()
    digest()
  }

  /// Lets the world go on under some faults; false when it does not hold.
  private mutating func stage(
    _ faults: FaultPlan, seconds: Int, writes: Writes? = nil, change: () -> Void = {}
  ) -> Bool {
    client.rate = faults.conflictRate
    let cluster = Cluster(
      server: server, assumptions: faults.assumptions, memory: memory, client: client, writeLimit: 2000)
    cluster.loop.onEvents = { [monitor, server, trace] events in
      if let trace { for event in events { trace(event, server.clock.now) } }
      monitor.observe(events)
      writes?.observe(events, now: server.clock.now)
    }
    cluster.sync()
    change()
    let end = cluster.run(until: server.clock.now + .seconds(seconds))
    outcome.steps += cluster.loop.steps
    memory = cluster.memory
    if case .oscillating(let a, let b) = end {
      outcome.failures.append("oscillating: \(a)\(b.map { " and \($0)" } ?? "") without time passing")
    }
    if case .spinning(let component, let key) = end {
      outcome.failures.append("spinning: \(component)\(key.map { " at \($0)" } ?? "") without time passing")
    }
    let atRest = ClusterChecker.run(server, memory: memory)
    outcome.failures += (monitor.violations + atRest).prefix(5).map(\.description)
    return outcome.failures.isEmpty
  }

  private mutating func comeToRest() {
    let writes = Writes()
    let end = server.clock.now + Self.calm
    if !stage(.none, seconds: Int(Self.calm.inSeconds), writes: writes) { return }
    let late = writes.since(end - Self.rest)
    if !late.isEmpty {
      outcome.failures.append(
        "still changing: " + late.prefix(3).map { "\($0.key) (\($0.count) writes)" }.joined(separator: ", "))
      return
    }
    let again = Writes()
    if !stage(.none, seconds: 900, writes: again) { return }
    let changed = again.since(Instant(seconds: 0))
    if !changed.isEmpty {
      outcome.failures.append(
        "a second pass changes " + changed.prefix(3).map(\.key.description).joined(separator: ", "))
    }
  }

  private mutating func digest() {
    var hash = SHA256()
    for object in ClusterChecker.objects(server) { hash.add(CanonicalJSON.bytes(object)) }
    outcome.digest = hash.hex()
  }
}

/// When objects were last written, events and leases aside.
private final class Writes {
  private var last: [ObjectKey: (time: Instant, count: Int)] = [:]

  func observe(_ events: [WatchEvent], now: Instant) {
    for event in events where event.key.kind != .event && event.key.kind != .lease {
      last[event.key] = (now, (last[event.key]?.count ?? 0) + 1)
    }
  }

  /// What was written at or after an instant, most often first.
  func since(_ instant: Instant) -> [(key: ObjectKey, count: Int)] {
    last.filter { $0.value.time >= instant }.map { (key: $0.key, count: $0.value.count) }
      .sorted { $0.count == $1.count ? $0.key < $1.key : $0.count > $1.count }
  }
}

extension Instant {
  fileprivate static func - (a: Instant, d: Nanoseconds) -> Instant { a + Nanoseconds(count: -d.count) }
}
