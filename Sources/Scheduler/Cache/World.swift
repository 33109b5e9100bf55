import API
import APIMachinery

/// The scheduler's picture of the cluster: nodes and placed pods as numbers in columns, indexed by slot, and counts
/// that are kept up to date pod by pod (`scheduler/backend/cache`).
final class World {
  /// By slot. Between `refreshOrder` and the next change of a node, slots are the order of the snapshot and have no
  /// holes.
  private(set) var nodes: [NodeInfo?] = []
  private var nodeOf: [Key: NodeInfo] = [:]
  private var addition: [NodeInfo] = []
  private var orderIsStale = false
  let columns = NodeColumns()
  /// Changes of nodes that static filters see, and of what pods take of nodes.
  private(set) var nodeLog = ChangeLog()
  private(set) var podLog = ChangeLog()
  /// Counts all changes that can alter a decision.
  var version = 0
  private var domains: [Key: TopologyDomains] = [:]
  let matches = MatchIndex()
  private var counterOf: [Value.Name: SelectorCounter] = [:]
  private var termOf: [Value.Name: CarriedTerm] = [:]
  var index = ClassIndex()
  /// How many placed pods use a claim.
  private(set) var claimUses: [ObjectKey: Int] = [:]
  /// Images: size as first reported, and how many nodes have it.
  private(set) var images: [Key: (size: Int, nodes: Int)] = [:]
  /// Nodes that some pod was nominated to.
  private(set) var nominees: [NodeInfo] = []
  let promises = Promises()
  var profiles: [Profile]

  init(_ profiles: [Profile]) { self.profiles = profiles }

  var nodeCount: Int { nodeOf.count }

  func node(_ name: Key) -> NodeInfo? { nodeOf[name] }

  // MARK: Nodes

  func setNode(_ node: Value) {
    guard let info = nodeOf[node.nameKey] else {
      add(node)
      return
    }
    let (zone, images) = (info.zone, info.images)
    let same =
      info.labels == node.labels && info.taints == NodeInfo.taints(node)
      && info.unschedulable == (node.spec[.unschedulable].bool == true)
    info.read(node)
    if info.zone != zone {
      orderIsStale = true
      addition.removeAll { $0 === info }
      addition.append(info)
    }
    if images.map(\.name) != info.images.map(\.name) {
      forgetImages(images)
      learnImages(info.images)
      touchAll()
    }
    if !same {
      nodeLog.note(info.slot)
      version += 1
      for domain in domains.values { domain.read(info.slot, info.labels) }
    }
    setAllocatable(info, node)
  }

  private func add(_ node: Value) {
    let info = NodeInfo(node)
    info.slot = nodes.count
    nodes.append(info)
    columns.append()
    nodeOf[info.name] = info
    addition.append(info)
    orderIsStale = true
    version += 1
    learnImages(info.images)
    for domain in domains.values { domain.read(info.slot, info.labels) }
    setAllocatable(info, node)
  }

  private func setAllocatable(_ info: NodeInfo, _ node: Value) {
    let allocatable = node.status[.allocatable]
    let room = PodRequests(allocatable)
    let pods = allocatable.get(.pods).flatMap { Quantity($0)?.value } ?? 0
    let slot = info.slot
    func set(_ alloc: NodeColumns.Column, _ free: NodeColumns.Column, _ value: Int) {
      if alloc[slot] == value { return }
      free[slot] += value - alloc[slot]
      alloc[slot] = value
      touch(slot)
    }
    set(columns.allocCPU, columns.freeCPU, room.cpu)
    set(columns.allocMemory, columns.freeMemory, room.memory)
    set(columns.allocEphemeral, columns.freeEphemeral, room.ephemeral)
    set(columns.allocPods, columns.freePods, pods)
    if !info.scalars.isEmpty { touch(slot) }
  }

  /// What is taken or free on a node changed.
  private func touch(_ slot: Int) {
    stamp(slot)
    podLog.note(slot)
  }

  /// Something about the pods of a node changed that takes or frees nothing.
  func stamp(_ slot: Int) {
    version += 1
    columns.stamp[slot] = version
  }

  private func touchAll() {
    version += 1
    podLog.forgetAll()
    for slot in 0..<columns.count { columns.stamp[slot] = version }
  }

  func removeNode(_ name: Key) {
    guard let info = nodeOf.removeValue(forKey: name) else { return }
    for pod in info.pods { remove(pod) }
    forgetImages(info.images)
    for pod in info.nominated { pod.nominatedNode = .empty }
    nominees.removeAll { $0 === info }
    info.nominated = []
    promises.rebuild(nominees, of: columns.count)
    nodes[info.slot] = nil
    columns.clear(info.slot)
    for domain in domains.values { domain.forget(info.slot) }
    addition.removeAll { $0 === info }
    info.slot = -1
    orderIsStale = true
    version += 1
  }

  /// As `kubectl cordon` does, without the taint that follows.
  func cordon(_ node: NodeInfo, _ unschedulable: Bool) {
    if node.unschedulable == unschedulable { return }
    node.unschedulable = unschedulable
    nodeLog.note(node.slot)
    version += 1
  }

  private func learnImages(_ list: [(name: Key, size: Int)]) {
    let areFirst = images.isEmpty && !list.isEmpty
    for image in list {
      if let known = images[image.name] {
        images[image.name] = (known.size, known.nodes + 1)
      } else {
        images[image.name] = (image.size, 1)
      }
    }
    if areFirst { index.heedImages() }
    if !list.isEmpty { touchAll() }
  }

  private func forgetImages(_ list: [(name: Key, size: Int)]) {
    for image in list {
      guard let known = images[image.name] else { continue }
      images[image.name] = known.nodes == 1 ? nil : (known.size, known.nodes - 1)
    }
    if !list.isEmpty { touchAll() }
  }

  /// Puts the slots into the order of the snapshot where nodes came, went or changed zone (`nodeTree.list`): one
  /// node of each zone in turn.
  func refreshOrder() {
    guard orderIsStale else { return }
    orderIsStale = false
    var zones: [[NodeInfo]] = []
    var zoneOf: [String: Int] = [:]
    for info in addition {
      if let zone = zoneOf[info.zone] {
        zones[zone].append(info)
      } else {
        zoneOf[info.zone] = zones.count
        zones.append([info])
      }
    }
    var fresh = [Int32](repeating: -1, count: nodes.count)
    var ordered: [NodeInfo] = []
    let longest = zones.map(\.count).max() ?? 0
    for i in 0..<longest {
      for zone in zones where i < zone.count {
        fresh[zone[i].slot] = Int32(ordered.count)
        ordered.append(zone[i])
      }
    }
    for (slot, info) in ordered.enumerated() { info.slot = slot }
    nodes = ordered
    columns.renumber(fresh, ordered.count)
    for domain in domains.values { domain.renumber(fresh, ordered.count) }
    for counter in counterOf.values { counter.counts.renumber(fresh, ordered.count) }
    for term in termOf.values { term.counts.renumber(fresh, ordered.count) }
    promises.rebuild(nominees, of: ordered.count)
    nodeLog.forgetAll()
    podLog.forgetAll()
    if !images.isEmpty { touchAll() }
  }

  // MARK: Pods

  func place(_ pod: PodInfo, _ slot: Int) {
    guard let info = nodes[slot] else { return }
    pod.node = info
    pod.position = info.pods.count
    info.pods.append(pod)
    pod.podClass.add(pod)
    change(pod, info, 1)
  }

  func remove(_ pod: PodInfo) {
    guard let info = pod.node else { return }
    change(pod, info, -1)
    info.takeOut(pod)
    pod.podClass.remove(pod)
    pod.node = nil
  }

  /// Makes a placed pod one of another class, which differs in nothing but the labels. As any pod that is updated, it
  /// comes to stand last on its node (`cache.updatePod`).
  func relabel(_ pod: PodInfo, _ fresh: PodClass) {
    guard let info = pod.node else { return }
    if pod.position != info.pods.count - 1 {
      info.takeOut(pod)
      pod.position = info.pods.count
      info.pods.append(pod)
    }
    let old = pod.podClass
    old.remove(pod)
    pod.podClass = fresh
    fresh.add(pod)
    stamp(info.slot)
    if old.counters.elementsEqual(fresh.counters, by: ===) { return }
    count(pod, old.counters, -1, info.slot)
    count(pod, fresh.counters, 1, info.slot)
  }

  private func count(_ pod: PodInfo, _ counters: [SelectorCounter], _ sign: Int, _ slot: Int) {
    for counter in counters where counter.countsTerminating || !pod.terminating {
      counter.counts.add(sign, at: slot, of: columns.count)
    }
  }

  private func change(_ pod: PodInfo, _ info: NodeInfo, _ sign: Int) {
    let slot = info.slot
    let podClass = pod.podClass
    let requests = podClass.requests
    touch(slot)
    columns.freeCPU[slot] -= sign * requests.cpu
    columns.freeMemory[slot] -= sign * requests.memory
    columns.freeEphemeral[slot] -= sign * requests.ephemeral
    columns.freePods[slot] -= sign
    columns.nonZeroCPU[slot] += sign * podClass.placedCPU
    columns.nonZeroMemory[slot] += sign * podClass.placedMemory
    if !requests.scalars.isEmpty {
      if sign > 0 { info.usedScalars.add(requests) } else { info.usedScalars.subtract(requests) }
    }
    if !podClass.ports.isEmpty { changePorts(podClass.ports, info, sign) }
    for volume in podClass.volumes where !volume.claim.isEmpty && !volume.isEphemeral {
      let key = ObjectKey(.persistentVolumeClaim, podClass.namespace, volume.claim)
      let uses = claimUses[key, default: 0] + sign
      claimUses[key] = uses == 0 ? nil : uses
    }
    count(pod, podClass.counters, sign, slot)
    for term in podClass.carried { term.counts.add(sign, at: slot, of: columns.count) }
  }

  private func changePorts(_ ports: [PortUse], _ info: NodeInfo, _ sign: Int) {
    if sign > 0 {
      info.ports += ports
      return
    }
    for port in ports {
      if let i = info.ports.firstIndex(of: port) { info.ports.remove(at: i) }
    }
  }

  /// Marks a placed pod as going away.
  func terminate(_ pod: PodInfo) {
    guard !pod.terminating else { return }
    version += 1
    if let slot = pod.node?.slot {
      for counter in pod.podClass.counters where !counter.countsTerminating {
        counter.counts.add(-1, at: slot, of: columns.count)
      }
    }
    pod.terminating = true
  }

  /// Notes on which node a pod hopes for room; the empty name takes the note away.
  func nominate(_ pod: PodInfo, _ name: Key) {
    if let old = nodeOf[pod.nominatedNode], let at = old.nominated.firstIndex(where: { $0 === pod }) {
      old.nominated.remove(at: at)
      promises.change(pod, old.slot, -1, of: columns.count)
      if old.nominated.isEmpty { nominees.removeAll { $0 === old } }
      stamp(old.slot)
    }
    pod.nominatedNode = name
    guard let info = nodeOf[name] else { return }
    if info.nominated.isEmpty { nominees.append(info) }
    info.nominated.append(pod)
    promises.change(pod, info.slot, 1, of: columns.count)
    stamp(info.slot)
  }

  /// Shapes that keep points per node, and how many numbers all may keep together.
  private var lastKeeper: FitShape?
  private var keepers: [ObjectIdentifier: FitShape] = [:]
  private static let roomForPoints = 1 << 22

  /// Notes that a shape keeps points; where all together keep too much, all begin anew.
  func keepsPoints(_ shape: FitShape) {
    if shape === lastKeeper || keepers[ObjectIdentifier(shape)] != nil { return }
    if (keepers.count + 1) * columns.count > Self.roomForPoints {
      for other in keepers.values { other.forget() }
      keepers.removeAll()
    }
    keepers[ObjectIdentifier(shape)] = shape
    lastKeeper = shape
  }

  // MARK: Counters

  /// The counter of a spread constraint: pods of the namespace that match and are not going away.
  func counter(_ constraint: SpreadConstraint, namespace: Key) -> SelectorCounter {
    let name = Value.Name(value: ["spread", .string(namespace), constraint.selectorIdentity])
    if let known = counterOf[name] { return known }
    return enter(
      SelectorCounter(.selector(namespace, constraint.selector), countsTerminating: false), name)
  }

  /// The counter of pods that match all of some terms.
  func counter(_ terms: [PodAffinityTerm]) -> SelectorCounter {
    let name = Value.Name(value: .array(["terms"] + terms.map(\.matcherIdentity)))
    if let known = counterOf[name] { return known }
    return enter(SelectorCounter(.terms(terms.map(\.matcher)), countsTerminating: true), name)
  }

  private func enter(_ counter: SelectorCounter, _ name: Value.Name) -> SelectorCounter {
    counterOf[name] = counter
    for podClass in matches.add(counter) { countPlaced(podClass, counter) }
    return counter
  }

  private func countPlaced(_ podClass: PodClass, _ counter: SelectorCounter) {
    for pod in podClass.placed where counter.countsTerminating || !pod.terminating {
      counter.counts.add(1, at: pod.slot, of: columns.count)
    }
  }

  /// Labels of a namespace changed: what chooses namespaces by labels is counted anew.
  func setNamespace(_ name: Key, _ labels: Value) {
    if matches.namespaceLabels[name] == labels { return }
    matches.namespaceLabels[name] = labels
    version += 1
    for (matcher, found) in matches.rematch() {
      guard let counter = matcher as? SelectorCounter else { continue }
      counter.counts.removeAll()
      for podClass in found { countPlaced(podClass, counter) }
    }
  }

  func carriedTerms(_ affinity: PodAffinityTerms) -> [CarriedTerm] {
    guard affinity.any else { return [] }
    let lists: [(CarriedTerm.Kind, [PodAffinityTerm])] = [
      (.requiredAffinity, affinity.required), (.requiredAnti, affinity.requiredAnti),
      (.preferred, affinity.preferred), (.preferredAnti, affinity.preferredAnti),
    ]
    var all: [CarriedTerm] = []
    for (kind, list) in lists {
      for term in list {
        let name = Value.Name(value: [.int(kind.rawValue), term.identity])
        if let known = termOf[name] {
          all.append(known)
          continue
        }
        let made = CarriedTerm(kind, term)
        termOf[name] = made
        _ = matches.add(made)
        all.append(made)
      }
    }
    return all
  }

  func domains(of key: Key) -> TopologyDomains {
    if let known = domains[key] { return known }
    let made = TopologyDomains(key)
    for (slot, node) in nodes.enumerated() { made.read(slot, node?.labels ?? .null) }
    domains[key] = made
    return made
  }
}
