import API
import APIMachinery

/// The classes of the pods seen so far, and the shapes that they share.
struct ClassIndex {
  fileprivate struct FitKey: Hashable {
    let statics: ObjectIdentifier
    let asked: PodRequests
    let score: [Int]
    let ports: [PortUse]
    let images: [Key]
  }
  private var classes: [UInt64: [PodClass]] = [:]
  private var staticShapes: [Value.Name: StaticShape] = [:]
  private var fitShapes: [FitKey: FitShape] = [:]
  /// Whether some node has images; without, a pod's images make no difference.
  private var readsImages = false
  fileprivate var last: LastClass?

  fileprivate func find(_ hash: UInt64, _ matches: (PodClass) -> Bool) -> PodClass? {
    classes[hash]?.first(where: matches)
  }

  fileprivate mutating func enter(_ podClass: PodClass, _ hash: UInt64) {
    classes[hash, default: []].append(podClass)
  }

  private mutating func staticShape(_ spec: Value, _ profile: Profile?) -> StaticShape {
    let name = Value.Name(value: [
      .string(profile?.name ?? ""), spec[.tolerations], spec[.nodeSelector],
      spec[.affinity][.nodeAffinity],
    ])
    if let known = staticShapes[name] { return known }
    var unnamed: StaticShape?
    if RequiredNodes(spec).namedNodes != nil {
      var free = spec
      free[.affinity][.nodeAffinity].remove(.requiredDuringSchedulingIgnoredDuringExecution)
      unnamed = staticShape(free, profile)
    }
    let made = StaticShape(profile, spec, unnamed: unnamed)
    staticShapes[name] = made
    return made
  }

  fileprivate mutating func fitShape(_ spec: Value, _ profile: Profile?, _ requests: RequestViews) -> FitShape
  {
    let statics = staticShape(spec, profile)
    return fitShape(
      statics, requests.asked, [requests.score.cpu, requests.score.memory], PortUse.of(spec),
      readsImages ? PodClass.images(spec) : [])
  }

  private mutating func fitShape(
    _ statics: StaticShape, _ asked: PodRequests, _ score: [Int], _ ports: [PortUse], _ images: [Key]
  ) -> FitShape {
    let key = FitKey(
      statics: ObjectIdentifier(statics), asked: asked, score: score, ports: ports, images: images)
    if let known = fitShapes[key] { return known }
    let made = FitShape(statics, asked, ports)
    fitShapes[key] = made
    return made
  }

  /// From now on pods with other images are not alike for the scores.
  mutating func heedImages() {
    if readsImages { return }
    readsImages = true
    for list in classes.values {
      for one in list {
        one.fit = fitShape(
          one.statics, one.requests, [one.scoreCPU, one.scoreMemory], one.ports, one.images)
      }
    }
  }
}

/// The class that was looked for last, and the trees that tell it: pods of one template come one after the other.
private final class LastClass {
  private let spec: Value
  private let labels: Value
  private let owners: Value
  private let namespace: Value
  let found: PodClass
  /// It depends on the pod's name as well.
  private let isOwn: Bool

  init(_ pod: Value, _ found: PodClass) {
    let metadata = pod[.metadata]
    spec = pod[.spec]
    labels = metadata[.labels]
    owners = metadata[.ownerReferences]
    namespace = metadata[.namespace]
    self.found = found
    isOwn = found.volumes.contains(where: \.isEphemeral)
  }

  func isOne(of pod: Value) -> Bool {
    guard !isOwn, let id = pod[.spec].identity, spec.identity == id else { return false }
    let metadata = pod[.metadata]
    return labels.identity == metadata[.labels].identity
      && owners.identity == metadata[.ownerReferences].identity && namespace == metadata[.namespace]
  }
}

/// What a pod asks for, counted for each use.
struct RequestViews {
  let asked: PodRequests
  /// With defaults where nothing is asked for: as placed pods count, and as the incoming one does.
  let placed: PodRequests
  let score: PodRequests

  init(_ spec: Value) {
    asked = PodRequests.of(spec)
    let isPodLevel = !spec[.resources][.requests].isEmpty
    if !isPodLevel && Self.asksAll(spec[.containers]) && Self.asksAll(spec[.initContainers]) {
      (placed, score) = (asked, asked)
      return
    }
    placed = PodRequests.of(spec, .init(defaults: true))
    score = isPodLevel ? PodRequests.of(spec, .init(defaults: true, ignorePodLevel: true)) : placed
  }

  /// Nothing is left to defaults.
  private static func asksAll(_ containers: Value) -> Bool {
    containers.items.allSatisfy { container in
      let list = container[.resources][.requests]
      return list.has(.cpu) && list.has(.memory)
    }
  }
}

extension World {
  func podClass(of pod: Value) -> PodClass {
    if let last = index.last, last.isOne(of: pod) { return last.found }
    let hash = ClassParts.hash(pod)
    let found = index.find(hash) { ClassParts.are($0.parts, of: pod) } ?? makeClass(pod, hash)
    index.last = LastClass(pod, found)
    return found
  }

  private func makeClass(_ pod: Value, _ hash: UInt64) -> PodClass {
    let spec = pod.spec
    let scheduler = spec[.schedulerName].string ?? Profile.defaultName
    let profile = profiles.first { $0.name == scheduler }
    let requests = RequestViews(spec)
    let made = PodClass(
      pod, ClassParts.list(pod), profile, index.fitShape(spec, profile, requests), requests)
    index.enter(made, hash)
    made.carried = carriedTerms(made.affinity)
    matches.add(made)
    return made
  }

  /// The class of a pod that differs from those of `old` in its labels alone; nil where more than the labels' own
  /// place hangs on them.
  func podClass(like old: PodClass, _ pod: Value) -> PodClass? {
    let labels = pod[.metadata, .labels]
    if let known = old.relabelled.first(where: { $0.labels == labels }) { return known.podClass }
    // Their constraints and terms may take values of the pod's own labels (`matchLabelKeys`).
    if old.hasSpread || old.affinity.any { return nil }
    let parts = ClassParts.list(old.parts, labels: labels)
    let hash = ClassParts.hash(parts)
    var found = index.find(hash) { $0.parts == parts }
    if found == nil {
      let made = PodClass(old, parts, labels: pod.labels)
      index.enter(made, hash)
      matches.add(made)
      found = made
    }
    if let found, old.relabelled.count < 64 { old.relabelled.append((labels, found)) }
    return found
  }
}
