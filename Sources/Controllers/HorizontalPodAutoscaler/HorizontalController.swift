public import API
public import APIMachinery
public import Basics
public import ControllerRuntime

/// Scales workloads by their measured usage (`pkg/controller/podautoscaler/horizontal.go`).
///
/// Each autoscaler is looked at every 15 s, counted from its creation. As long as nothing that it depends on
/// changes, and nothing can change by the passing of time alone, the looks that would see the same are left
/// out; their recommendations are made up for at the next one.
public final class HorizontalController: Controller, AssumptionsUser, Memorable {
  public let name = "horizontal-pod-autoscaler-controller"
  static let source = "horizontal-pod-autoscaler"
  private static let period = 15

  /// What is kept of one autoscaler between its looks.
  struct Track {
    var created: Instant
    var rules = ScalingRules()
    /// The last look that asked the metrics, and what they asked for.
    var last: Instant?
    var proposal: Int?
    var size = 0
    var selector: LabelSelector?
    var isIdle = false
  }

  private var metrics = ResourceMetrics(assumptions: Assumptions())
  private var tracks: [ObjectKey: Track] = [:]
  /// The autoscalers of a namespace, and those of them that wait for a change.
  private var byNamespace: [Key: Set<ObjectKey>] = [:]
  private var idle: [Key: Set<ObjectKey>] = [:]
  private var remembered: Value = .null

  public init() {}

  public func assume(_ assumptions: Assumptions, now: Instant) {
    metrics = ResourceMetrics(assumptions: assumptions)
  }

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    if event.key.kind == .horizontalPodAutoscaler {
      observeAutoscaler(event, queue, now)
    } else if let waiting = idle[event.key.namespace], !waiting.isEmpty, event.key.kind != .event {
      for key in waiting.sorted() { wake(key, queue, now) }
    }
  }

  private func observeAutoscaler(_ event: WatchEvent, _ queue: WorkQueue, _ now: Instant) {
    let (key, namespace) = (event.key, event.key.namespace)
    if event.type == .deleted {
      tracks[key] = nil
      byNamespace[namespace]?.remove(key)
      idle[namespace]?.remove(key)
      return
    }
    if tracks[key] == nil {
      var track = Track(created: PodState.created(event.object))
      HorizontalMemory.restore(&track, remembered[Self.memoryKey(key)])
      tracks[key] = track
      byNamespace[namespace, default: []].insert(key)
    } else if event.old?.spec == event.object.spec {
      return
    }
    wake(key, queue, now)
  }

  /// The next look falls on the autoscaler's own beat.
  private func wake(_ key: ObjectKey, _ queue: WorkQueue, _ now: Instant) {
    guard let track = tracks[key] else { return }
    idle[key.namespace]?.remove(key)
    tracks[key]!.isIdle = false
    queue.add(key, at: Self.beat(after: now, since: track.created))
  }

  /// The first beat after `now`, which is never the creation itself.
  static func beat(after now: Instant, since created: Instant) -> Instant {
    let passed = max(0, now.seconds - created.seconds)
    return Instant(seconds: created.seconds + (passed / Int64(period) + 1) * Int64(period))
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let hpa = context.client.get(key), var track = tracks[key] else { return }
    Self.makeUp(&track, hpa.spec[.behavior], now: context.now)
    let others = (byNamespace[key.namespace] ?? []).sorted().compactMap { other in
      other == key ? nil : tracks[other]?.selector.map { (other, $0) }
    }
    var sync = HorizontalSync(hpa, track.rules, metrics, others: others, context)
    defer { queue.forget(key) }
    do {
      try sync.run()
    } catch {
      queue.add(key, at: Self.beat(after: context.now, since: track.created))
      return
    }
    track.rules = sync.rules
    track.last = context.now
    track.proposal = sync.outcome.proposal
    track.size = sync.hpa.status[.desiredReplicas].int ?? 0
    track.selector = sync.outcome.selector ?? track.selector
    track.isIdle = !sync.outcome.mayChange
    tracks[key] = track
    if track.isIdle {
      idle[key.namespace, default: []].insert(key)
    } else {
      queue.add(key, at: Self.beat(after: context.now, since: track.created))
    }
  }

  /// Records what the looks since the last one would have recommended, had they been made.
  private static func makeUp(_ track: inout Track, _ behavior: Value, now: Instant) {
    guard let last = track.last, let proposal = track.proposal else { return }
    let window = max(
      ScalingRules.downscaleWindow, ScalingRules.window(behavior[.scaleUp], default: 0),
      ScalingRules.window(behavior[.scaleDown], default: ScalingRules.downscaleWindow))
    var at = beat(after: max(last, now + .seconds(-window - 2 * period)), since: track.created)
    while at < now {
      if behavior.isObject {
        _ = track.rules.stabilize(proposal, current: track.size, behavior: behavior, now: at)
      } else {
        _ = track.rules.stabilize(proposal, now: at)
      }
      at = at + .seconds(period)
    }
  }

  // MARK: - Memory

  private static func memoryKey(_ key: ObjectKey) -> Key { Key("\(key.namespace)/\(key.name)") }

  public var memory: Value {
    var all = Value.emptyObject
    for (key, track) in tracks.sorted(by: { $0.key < $1.key }) {
      if let kept = HorizontalMemory.value(of: track) { all[Self.memoryKey(key)] = kept }
    }
    return all.isEmpty ? .null : all
  }

  public func restore(_ memory: Value) { remembered = memory }
}

/// What is kept of an autoscaler with the state: only what a fresh start would not recommend anyway.
enum HorizontalMemory {
  static func value(of track: HorizontalController.Track) -> Value? {
    guard let last = track.last else { return nil }
    let rules = track.rules
    let isPlain =
      rules.recommendations.allSatisfy { $0.replicas == track.size } && rules.ups.isEmpty
      && rules.downs.isEmpty && (track.proposal ?? track.size) == track.size
    if isPlain { return nil }
    return .fields(
      ("last", .string(RFC3339.string(last))), ("proposal", track.proposal.map { .int($0) }),
      ("size", .int(track.size)),
      ("recommendations", list(rules.recommendations.map { ($0.replicas, $0.time) })),
      ("scaleUps", rules.ups.isEmpty ? nil : list(rules.ups.map { ($0.change, $0.time) })),
      ("scaleDowns", rules.downs.isEmpty ? nil : list(rules.downs.map { ($0.change, $0.time) })))
  }

  private static func list(_ entries: [(Int, Instant)]) -> Value {
    .array(entries.map { [.int($0.0), .string(RFC3339.string($0.1))] })
  }

  private static func entries(_ list: Value) -> [(Int, Instant)] {
    list.items.compactMap { entry in
      guard let n = entry[0].int, let time = PodState.time(entry[1]) else { return nil }
      return (n, time)
    }
  }

  static func restore(_ track: inout HorizontalController.Track, _ kept: Value) {
    guard kept.isObject else { return }
    track.last = PodState.time(kept["last"])
    track.proposal = kept["proposal"].int
    track.size = kept["size"].int ?? 0
    track.rules.recommendations = entries(kept["recommendations"]).map { .init(replicas: $0.0, time: $0.1) }
    track.rules.ups = entries(kept["scaleUps"]).map { .init(change: $0.0, time: $0.1) }
    track.rules.downs = entries(kept["scaleDowns"]).map { .init(change: $0.0, time: $0.1) }
  }
}
