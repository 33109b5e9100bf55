public import APIMachinery
public import Basics

/// What controllers ask about a pod, in a few bytes: read once for each change of the pod.
public struct PodFacts: Equatable, Sendable {
  public enum Phase: UInt8, Sendable { case pending, running, succeeded, failed, unknown }

  public var phase: Phase
  /// Deletion has been requested.
  public var isTerminating: Bool
  public var isReady: Bool
  /// Since when the pod is ready; meaningless if it is not, or if nobody wrote it.
  public var readySince: Instant

  public init(_ pod: Value) {
    let status = pod[.status]
    phase = Self.phase(status[.phase].text)
    isTerminating = pod[.metadata].has(.deletionTimestamp)
    isReady = false
    readySince = Instant(nanoseconds: .max)
    for condition in status[.conditions].items where condition[.type].says("Ready") {
      guard condition[.status].says("True") else { break }
      isReady = true
      if let since = PodState.time(condition[.lastTransitionTime]) { readySince = since }
      break
    }
  }

  private static func phase(_ text: Text?) -> Phase {
    guard let text else { return .unknown }
    if text.equals("Running") { return .running }
    if text.equals("Pending") { return .pending }
    if text.equals("Succeeded") { return .succeeded }
    return text.equals("Failed") ? .failed : .unknown
  }

  public var isTerminal: Bool { phase == .succeeded || phase == .failed }
  /// Neither over nor being deleted.
  public var isActive: Bool { !isTerminal && !isTerminating }
  /// Being deleted and not yet over.
  public var isLeaving: Bool { !isTerminal && isTerminating }

  /// Whether the pod has been ready for `seconds`.
  public func isAvailable(after seconds: Int, now: Instant) -> Bool {
    isReady && (seconds == 0 || readySince + .seconds(seconds) <= now)
  }

  /// When a ready pod becomes (or became) available; nil if it is not ready.
  public func availableAt(after seconds: Int) -> Instant? {
    isReady && readySince.nanoseconds != .max ? readySince + .seconds(seconds) : nil
  }
}

/// One pod as controllers see it: the object and what has been read from it.
public final class PodRecord {
  public let key: ObjectKey
  public internal(set) var object: Value
  public internal(set) var facts: PodFacts
  /// The node that the pod is bound to; empty as long as there is none.
  public internal(set) var node: Key = .empty
  /// The pods of the same controller, this one among them; nil without a controller.
  public internal(set) var owned: OwnedPods?
  /// The pods of the namespace with equal labels.
  public internal(set) var group: PodGroup
  /// What somebody made of the object and wants to keep as long as it stays the same.
  public var derived: AnyObject?
  var placeInOwned = 0
  var placeInGroup = 0

  init(_ key: ObjectKey, _ object: Value, _ group: PodGroup) {
    self.key = key
    self.object = object
    self.group = group
    facts = PodFacts(object)
  }
}

/// The pods of one controller.
public final class OwnedPods {
  /// The controller, as its pods name it.
  public let key: ObjectKey
  public let uid: Key
  public private(set) var pods: [PodRecord] = []

  init(_ key: ObjectKey, _ uid: Key) {
    self.key = key
    self.uid = uid
  }

  func insert(_ pod: PodRecord) {
    pod.placeInOwned = pods.count
    pods.append(pod)
  }

  func remove(_ pod: PodRecord) {
    let last = pods.removeLast()
    if last === pod { return }
    last.placeInOwned = pod.placeInOwned
    pods[pod.placeInOwned] = last
  }
}

/// The pods of one namespace with the same labels: what a selector says of one it says of all.
public final class PodGroup {
  public let namespace: Key
  public let labels: Value
  public private(set) var pods: [PodRecord] = []
  /// Who selects these pods, in the order of the keys.
  public internal(set) var selections: [PodSelection] = []
  private var isSorted = true

  init(_ namespace: Key, _ labels: Value) {
    self.namespace = namespace
    self.labels = labels
  }

  func insert(_ pod: PodRecord) {
    for selection in selections { selection.changes(by: 1) }
    if let last = pods.last, !(last.key.name < pod.key.name) { isSorted = false }
    pod.placeInGroup = pods.count
    pods.append(pod)
  }

  func remove(_ pod: PodRecord) {
    for selection in selections { selection.changes(by: -1) }
    let last = pods.removeLast()
    if last === pod { return }
    last.placeInGroup = pod.placeInGroup
    pods[pod.placeInGroup] = last
    isSorted = false
  }

  /// The pods in the order of their names.
  var sortedPods: [PodRecord] {
    if !isSorted {
      pods.sort { $0.key.name < $1.key.name }
      for (i, pod) in pods.enumerated() { pod.placeInGroup = i }
      isSorted = true
    }
    return pods
  }
}

/// One selector over pods and what it finds.
public final class PodSelection {
  public let key: ObjectKey
  public let source: Value
  public let selector: LabelSelector
  /// How many pods are selected.
  public private(set) var count = 0
  private var groups: [ObjectIdentifier: PodGroup] = [:]
  /// The pods in order, as long as none comes or goes.
  private var inOrder: [PodRecord]?

  init(_ key: ObjectKey, _ source: Value, _ selector: LabelSelector) {
    self.key = key
    self.source = source
    self.selector = selector
  }

  /// Pods of one of the groups come (1 for each) or go (-1). Told before it happens: what was handed out is let go.
  func changes(by difference: Int) {
    count += difference
    inOrder = nil
  }

  func add(_ group: PodGroup) {
    groups[ObjectIdentifier(group)] = group
    changes(by: group.pods.count)
  }

  /// Takes out a group that has lost its last pod.
  func drop(_ group: PodGroup) { groups[ObjectIdentifier(group)] = nil }

  /// Parts with all groups.
  func dissolve() {
    for group in groups.values { group.selections.removeAll { $0 === self } }
    groups = [:]
  }

  /// The pods in the order of their names.
  public var pods: [PodRecord] {
    if let inOrder { return inOrder }
    let found = sorted()
    inOrder = found
    return found
  }

  private func sorted() -> [PodRecord] {
    if groups.count == 1, let only = groups.first?.value { return only.sortedPods }
    // The pods of a Deployment are in a group for each zone; those of a StatefulSet in one each.
    if groups.count <= 4 { return groups.values.reduce([]) { Self.merged($0, $1.sortedPods) } }
    var all: [PodRecord] = []
    all.reserveCapacity(count)
    for group in groups.values { all += group.pods }
    return all.sorted { $0.key.name < $1.key.name }
  }

  private static func merged(_ a: [PodRecord], _ b: [PodRecord]) -> [PodRecord] {
    if a.isEmpty { return b }
    var all: [PodRecord] = []
    all.reserveCapacity(a.count + b.count)
    var i = 0
    for pod in b {
      while i < a.count, a[i].key.name < pod.key.name {
        all.append(a[i])
        i += 1
      }
      all.append(pod)
    }
    return all + a[i...]
  }
}
