import API
import APIMachinery

/// All that pods of one template, namespace and owner have in common for scheduling, with results that hold for
/// all of them.
final class PodClass {
  /// What tells it from other classes, in the order of `ClassParts`.
  let parts: [Value]
  let namespace: Key
  let labels: Value
  let owner: ObjectKey?
  let profile: Profile?
  let priority: Int
  let neverPreempts: Bool
  let requests: PodRequests
  /// With 100m and 200 MiB where nothing is asked for: as placed pods count, and as the incoming one does.
  let placedCPU: Int
  let placedMemory: Int
  let scoreCPU: Int
  let scoreMemory: Int
  var fit: FitShape
  let images: [Key]
  let containerCount: Int
  let hardSpread: [SpreadConstraint]
  let softSpread: [SpreadConstraint]
  let hasSpread: Bool
  let affinity: PodAffinityTerms
  let volumes: [PodVolume]
  /// It asks for devices by resource claims, which are not simulated.
  let hasClaims: Bool

  var statics: StaticShape { fit.statics }
  var nodes: RequiredNodes { fit.statics.nodes }
  var tolerations: [TolerationView] { fit.statics.tolerations }
  var ports: [PortUse] { fit.ports }

  /// Its pods take amounts only: no ports, no scalar resources, no terms that others must heed.
  var isPlain: Bool { ports.isEmpty && requests.scalars.isEmpty && !affinity.any && volumes.isEmpty }

  /// The pods of this class that have a node.
  private(set) var placed: [PodInfo] = []
  /// Classes that differ in the labels alone, as far as they were asked for.
  var relabelled: [(labels: Value, podClass: PodClass)] = []
  /// Counters that this class's pods count in.
  var counters: [SelectorCounter] = []
  /// Carried terms that match this class's pods.
  var matchingTerms: [CarriedTerm] = []
  /// Terms that this class's pods carry.
  var carried: [CarriedTerm] = []
  /// The counters that its own constraints and terms ask, found when first needed.
  var hardCounters: [SelectorCounter]?
  var softCounters: [SelectorCounter]?
  var affinityCounters: AffinityCounters?
  var defaultSpread: [SpreadConstraint] = []
  var defaultHardSpread: [SpreadConstraint] = []
  var defaultSpreadEpoch = -1
  var defaultSpreadChanges = -1
  /// The values of the labels over which it would rather be spread, beside `softCounters`.
  var softDomains: [TopologyDomains] = []
  /// The filters of its profile that may have something to say.
  private(set) lazy var filters: [any FilterPlugin] =
    profile?.filters.filter { $0.concerns(self) } ?? []
  var failure: (version: Int, message: String, rejectors: UInt32)?

  /// One that differs from `other` in the labels alone.
  init(_ other: PodClass, _ parts: [Value], labels: Value) {
    self.parts = parts
    self.labels = labels
    (namespace, owner, profile) = (other.namespace, other.owner, other.profile)
    (priority, neverPreempts) = (other.priority, other.neverPreempts)
    (requests, fit) = (other.requests, other.fit)
    (placedCPU, placedMemory) = (other.placedCPU, other.placedMemory)
    (scoreCPU, scoreMemory) = (other.scoreCPU, other.scoreMemory)
    (images, containerCount) = (other.images, other.containerCount)
    (hardSpread, softSpread, hasSpread) = (other.hardSpread, other.softSpread, other.hasSpread)
    (affinity, volumes, hasClaims) = (other.affinity, other.volumes, other.hasClaims)
  }

  init(_ pod: Value, _ parts: [Value], _ profile: Profile?, _ fit: FitShape, _ views: RequestViews) {
    let spec = pod.spec
    self.parts = parts
    self.profile = profile
    self.fit = fit
    namespace = pod.namespaceKey
    labels = pod.labels
    owner = pod.controllerReference.map { reference in
      ObjectKey(
        GroupKind(apiVersion: reference[.apiVersion].string ?? "", kind: reference[.kind].string ?? ""),
        pod.namespaceKey, reference[.name].key)
    }
    priority = spec[.priority].int ?? 0
    neverPreempts = spec[.preemptionPolicy].says("Never")
    requests = fit.requests
    (placedCPU, placedMemory) = (views.placed.cpu, views.placed.memory)
    (scoreCPU, scoreMemory) = (views.score.cpu, views.score.memory)
    images = Self.images(spec)
    containerCount = spec[.initContainers].count + spec[.containers].count
    let constraints = spec[.topologySpreadConstraints].items
    hasSpread = !constraints.isEmpty
    hardSpread = constraints.filter { $0[.whenUnsatisfiable].says("DoNotSchedule") }
      .map { SpreadConstraint($0, pod) }
    softSpread = constraints.filter { $0[.whenUnsatisfiable].says("ScheduleAnyway") }
      .map { SpreadConstraint($0, pod) }
    affinity = PodAffinityTerms(pod)
    volumes = PodVolume.of(pod)
    hasClaims = !spec[.resourceClaims].isEmpty
  }

  /// Notes a pod that got a node.
  func add(_ pod: PodInfo) {
    pod.classPosition = placed.count
    placed.append(pod)
  }

  func remove(_ pod: PodInfo) {
    let last = placed.removeLast()
    if last === pod { return }
    placed[pod.classPosition] = last
    last.classPosition = pod.classPosition
  }

  static func images(_ spec: Value) -> [Key] {
    (Array(spec[.initContainers].items) + Array(spec[.containers].items)).map {
      ImageLocality.normalized($0[.image].string ?? "")
    }
  }
}

/// The parts of a pod that tell its class; looked at in the same order each time.
enum ClassParts {
  /// Calls `visit` with each part until it says false.
  @inline(__always)
  static func walk(_ pod: Value, _ visit: (Value) -> Bool) -> Bool {
    let metadata = pod[.metadata]
    let spec = pod[.spec]
    guard visit(metadata[.namespace]), visit(metadata[.labels]), visit(metadata[.ownerReferences]) else {
      return false
    }
    for list in [spec[.containers], spec[.initContainers]] {
      guard visit(.small(Int32(truncatingIfNeeded: list.count))) else { return false }
      for container in list.items {
        guard visit(container[.image]), visit(container[.resources]), visit(container[.ports]),
          visit(container[.restartPolicy])
        else { return false }
      }
    }
    for name in names where !visit(spec[name]) { return false }
    for volume in spec[.volumes].items {
      if volume.has(.projected) || volume.has(.configMap) || volume.has(.secret) || volume.has(.emptyDir) {
        continue
      }
      if !visit(volume) { return false }
      if volume.has(.ephemeral), !visit(metadata[.name]) { return false }
    }
    return true
  }

  private static let names: [Key] = [
    .affinity, .nodeSelector, .tolerations, .topologySpreadConstraints, .overhead, .resources, .priority,
    .preemptionPolicy, .schedulerName, .resourceClaims,
  ]

  static func hash(_ pod: Value) -> UInt64 {
    var h: UInt64 = 0x9E37_79B9_7F4A_7C15
    _ = walk(pod) { part in
      add(part, &h)
      return true
    }
    return h
  }

  /// The same of parts that are known.
  static func hash(_ parts: [Value]) -> UInt64 {
    var h: UInt64 = 0x9E37_79B9_7F4A_7C15
    for part in parts { add(part, &h) }
    return h
  }

  @inline(__always)
  private static func add(_ part: Value, _ h: inout UInt64) {
    h = (h ^ part.hash) &* 0x9FB2_1C65_1E98_DF25
    h ^= h >> 32
  }

  /// The parts with other labels, which come second.
  static func list(_ parts: [Value], labels: Value) -> [Value] {
    var parts = parts
    parts[1] = labels
    return parts
  }

  /// Whether two states of a pod differ in nothing that tells classes apart but the labels, since only its node was
  /// written into its spec.
  static func differInLabelsOnly(_ old: Value, _ new: Value) -> Bool {
    guard old[.metadata, .ownerReferences] == new[.metadata, .ownerReferences] else { return false }
    let (a, b) = (old[.spec].fields, new[.spec].fields)
    var (i, j) = (0, 0)
    while true {
      if i < a.count, a[i].key == .nodeName { i += 1 }
      if j < b.count, b[j].key == .nodeName { j += 1 }
      if i == a.count || j == b.count { return i == a.count && j == b.count }
      guard a[i].key == b[j].key, a[i].value == b[j].value else { return false }
      i += 1
      j += 1
    }
  }

  static func list(_ pod: Value) -> [Value] {
    var all: [Value] = []
    _ = walk(pod) { part in
      all.append(part)
      return true
    }
    return all
  }

  static func are(_ parts: [Value], of pod: Value) -> Bool {
    var i = 0
    let same = walk(pod) { part in
      guard i < parts.count, parts[i] == part else { return false }
      i += 1
      return true
    }
    return same && i == parts.count
  }
}
