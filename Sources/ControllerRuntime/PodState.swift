import API
public import APIMachinery
public import Basics

/// What controllers ask about a pod (`pkg/api/v1/pod/util.go`, `pkg/controller/controller_utils.go`).
public enum PodState {
  /// Neither over nor being deleted.
  public static func isActive(_ pod: Value) -> Bool { !PodPhase.isTerminal(pod) && !pod.isTerminating }

  /// Being deleted and not yet over.
  public static func isLeaving(_ pod: Value) -> Bool { !PodPhase.isTerminal(pod) && pod.isTerminating }

  public static func readyCondition(_ pod: Value) -> Value? { pod.condition("Ready") }

  public static func isReady(_ pod: Value) -> Bool {
    readyCondition(pod)?[.status].says("True") ?? false
  }

  /// Since when the pod is ready; nil if it is not.
  public static func readySince(_ pod: Value) -> Instant? {
    guard let condition = readyCondition(pod), condition[.status].says("True") else {
      return nil
    }
    return time(condition[.lastTransitionTime])
  }

  /// Whether the pod has been ready for `seconds`.
  public static func isAvailable(_ pod: Value, after seconds: Int, now: Instant) -> Bool {
    if seconds == 0 { return isReady(pod) }
    return availableAt(pod, after: seconds).map { $0 <= now } ?? false
  }

  /// When a ready pod becomes (or became) available; nil if it is not ready.
  public static func availableAt(_ pod: Value, after seconds: Int) -> Instant? {
    readySince(pod).map { $0 + .seconds(seconds) }
  }

  public static func time(_ value: Value) -> Instant? {
    guard let text = value.text else { return nil }
    return RFC3339.parseWhole(text.utf8) ?? RFC3339.parse(text.string)
  }

  public static func created(_ object: Value) -> Instant {
    time(object.metadata[.creationTimestamp]) ?? Instant(seconds: 0)
  }

  /// The highest number of restarts of a main container.
  static func restarts(_ pod: Value) -> Int {
    pod.status[.containerStatuses].items.map { $0[.restartCount].int ?? 0 }.max() ?? 0
  }
}

/// The order in which surplus pods go: the first goes first (`controller.ActivePodsWithRanks`).
public struct DeletionOrder {
  private static let costKey: Key = "controller.kubernetes.io/pod-deletion-cost"

  /// `rank`: how many related pods share the pod's node.
  public static func sorted(_ pods: [PodRecord], now: Instant, rank: (PodRecord) -> Int) -> [PodRecord] {
    var entries: [Entry] = []
    entries.reserveCapacity(pods.count)
    for (i, pod) in pods.enumerated() { entries.append(Entry(pod, i, rank(pod), now)) }
    entries.sort(by: less)
    return entries.map { pods[$0.place] }
  }

  private struct Entry {
    /// Where the pod stands among those given.
    let place: Int
    let uid: Key
    let assigned: Bool
    let phase: Int
    let ready: Bool
    let cost: Int
    let rank: Int
    /// Order of magnitude of the time since the pod got ready, and since it was made.
    let readyAge: Int
    let age: Int
    let restarts: Int
    let readySince: Instant?
    let created: Instant

    init(_ pod: PodRecord, _ place: Int, _ rank: Int, _ now: Instant) {
      self.place = place
      self.rank = rank
      let object = pod.object
      uid = object.uidKey
      assigned = !pod.node.isEmpty
      switch pod.facts.phase {
      case .pending: phase = 0
      case .unknown where object.status[.phase].says("Unknown"): phase = 1
      default: phase = 2
      }
      readySince = pod.facts.availableAt(after: 0)
      ready = readySince != nil
      cost = object.annotation(DeletionOrder.costKey).flatMap { Int32($0) }.map { Int($0) } ?? 0
      created = PodState.created(object)
      readyAge = readySince.map { DeletionOrder.magnitude(now - $0) } ?? -1
      age = DeletionOrder.magnitude(now - created)
      restarts = PodState.restarts(object)
    }
  }

  private static func less(_ a: Entry, _ b: Entry) -> Bool {
    if a.assigned != b.assigned { return !a.assigned }
    if a.phase != b.phase { return a.phase < b.phase }
    if a.ready != b.ready { return !a.ready }
    if a.cost != b.cost { return a.cost < b.cost }
    if a.rank != b.rank { return a.rank > b.rank }
    if a.ready && a.readySince != b.readySince {
      return a.readyAge == b.readyAge ? a.uid < b.uid : a.readyAge < b.readyAge
    }
    if a.restarts != b.restarts { return a.restarts > b.restarts }
    if a.created != b.created {
      return a.age == b.age ? a.uid < b.uid : a.age < b.age
    }
    return a.uid < b.uid
  }

  private static func magnitude(_ d: Nanoseconds) -> Int {
    d.count > 0 ? 63 - d.count.leadingZeroBitCount : -1
  }
}
