import API
import APIMachinery

/// The scheduler's picture of the cluster: nodes and placed pods as numbers in arrays, indexed by slot, and counts
/// per node that are kept up to date pod by pod (`scheduler/backend/cache`).
final class World {
  var nodes: [NodeInfo?] = []
  var slotOf: [Key: Int] = [:]
  /// Slots in the order of the snapshot: zones in turn.
  private(set) var order: [Int32] = []
  private var addition: [Int] = []
  private var orderIsStale = false
  /// Counts changes of nodes that matter to static filters.
  private(set) var staticEpoch = 0
  /// Counts all changes that can alter a decision.
  var version = 0

  var allocCPU: [Int] = []
  var allocMemory: [Int] = []
  var allocEphemeral: [Int] = []
  var allocPods: [Int] = []
  var usedCPU: [Int] = []
  var usedMemory: [Int] = []
  var usedEphemeral: [Int] = []
  var nonZeroCPU: [Int] = []
  var nonZeroMemory: [Int] = []
  var podCount: [Int] = []

  var domains: [Key: TopologyDomains] = [:]
  private var localCounters: [Key: [SelectorCounter]] = [:]
  private var globalCounters: [SelectorCounter] = []
  private var counterOf: [Value.Name: SelectorCounter] = [:]
  private(set) var terms: [CarriedTerm] = []
  private var termOf: [Value.Name: CarriedTerm] = [:]
  /// Placed pods that carry a required affinity term or an anti-affinity, by kind of term.
  var placed: [ObjectKey: PodInfo] = [:]
  private var classesIn: [Key: [PodClass]] = [:]
  var namespaceLabels: [Key: Value] = [:]
  /// Images: size as first reported, and how many nodes have it.
  private(set) var images: [Key: (size: Int, nodes: Int)] = [:]
  var classes: [ClassKey: PodClass] = [:]

  var nodeCount: Int { slotOf.count }

  // MARK: Nodes

  func setNode(_ node: Value) {
    let name = node.nameKey
    if let slot = slotOf[name], let info = nodes[slot] {
      let oldZone = info.zone
      let same =
        info.labels == node.labels && info.taints == node.spec[.taints].items.map { TaintView($0) }
        && info.unschedulable == (node.spec[.unschedulable].bool == true)
      let oldImages = info.images
      info.read(node)
      if info.zone != oldZone {
        orderIsStale = true
        addition.removeAll { $0 == slot }
        addition.append(slot)
      }
      if oldImages.map(\.name) != info.images.map(\.name) {
        forgetImages(oldImages)
        learnImages(info.images)
        staticEpoch += 1
      }
      if !same {
        staticEpoch += 1
        for domain in domains.values { domain.read(slot, info.labels) }
      }
      setAllocatable(slot, node)
      return
    }
    let info = NodeInfo(node)
    let slot = nodes.firstIndex { $0 == nil } ?? nodes.count
    if slot == nodes.count { grow() }
    nodes[slot] = info
    slotOf[name] = slot
    addition.append(slot)
    orderIsStale = true
    staticEpoch += 1
    version += 1
    learnImages(info.images)
    for domain in domains.values { domain.read(slot, info.labels) }
    setAllocatable(slot, node)
  }

  private func grow() {
    nodes.append(nil)
    for path in [
      \World.allocCPU, \.allocMemory, \.allocEphemeral, \.allocPods, \.usedCPU, \.usedMemory,
      \.usedEphemeral, \.nonZeroCPU, \.nonZeroMemory, \.podCount,
    ] { self[keyPath: path].append(0) }
    for counter in counterOf.values { counter.counts.append(0) }
    for term in terms { term.counts.append(0) }
  }

  private func setAllocatable(_ slot: Int, _ node: Value) {
    let allocatable = node.status[.allocatable]
    let room = PodRequests(allocatable)
    let pods = allocatable.get(.pods).flatMap { Quantity($0)?.value } ?? 0
    if room.cpu != allocCPU[slot] || room.memory != allocMemory[slot]
      || room.ephemeral != allocEphemeral[slot] || pods != allocPods[slot]
    {
      version += 1
    }
    allocCPU[slot] = room.cpu
    allocMemory[slot] = room.memory
    allocEphemeral[slot] = room.ephemeral
    allocPods[slot] = pods
    version += 1
  }

  func removeNode(_ name: Key) {
    guard let slot = slotOf.removeValue(forKey: name), let info = nodes[slot] else { return }
    for pod in info.pods { remove(pod) }
    forgetImages(info.images)
    nodes[slot] = nil
    for path in [
      \World.allocCPU, \.allocMemory, \.allocEphemeral, \.allocPods, \.usedCPU, \.usedMemory,
      \.usedEphemeral, \.nonZeroCPU, \.nonZeroMemory, \.podCount,
    ] { self[keyPath: path][slot] = 0 }
    addition.removeAll { $0 == slot }
    for domain in domains.values where slot < domain.ids.count { domain.ids[slot] = -1 }
    orderIsStale = true
    staticEpoch += 1
    version += 1
  }

  private func learnImages(_ list: [(name: Key, size: Int)]) {
    for image in list {
      if let known = images[image.name] {
        images[image.name] = (known.size, known.nodes + 1)
      } else {
        images[image.name] = (image.size, 1)
      }
    }
  }

  private func forgetImages(_ list: [(name: Key, size: Int)]) {
    for image in list {
      guard let known = images[image.name] else { continue }
      images[image.name] = known.nodes == 1 ? nil : (known.size, known.nodes - 1)
    }
  }

  /// Rebuilds the order where nodes came, went or changed zone (`nodeTree.list`).
  func refreshOrder() {
    guard orderIsStale else { return }
    orderIsStale = false
    var zones: [[Int]] = []
    var zoneOf: [String: Int] = [:]
    for slot in addition {
      guard let info = nodes[slot] else { continue }
      if let zone = zoneOf[info.zone] {
        zones[zone].append(slot)
      } else {
        zoneOf[info.zone] = zones.count
        zones.append([slot])
      }
    }
    order.removeAll(keepingCapacity: true)
    let longest = zones.map(\.count).max() ?? 0
    for i in 0..<longest { for zone in zones where i < zone.count { order.append(Int32(zone[i])) } }
  }

  /// Node names in the order they were added; what a later pass needs to go on in the same order.
  var additionOrder: [Key] { addition.compactMap { nodes[$0]?.name } }

  // MARK: Pods

  func place(_ pod: PodInfo, _ slot: Int) {
    guard let info = nodes[slot] else { return }
    pod.slot = slot
    pod.position = info.pods.count
    info.pods.append(pod)
    placed[pod.key] = pod
    pod.podClass.placed[pod.key] = pod
    change(pod, 1)
  }

  func remove(_ pod: PodInfo) {
    guard pod.slot >= 0, let info = nodes[pod.slot] else { return }
    change(pod, -1)
    let last = info.pods.removeLast()
    if last !== pod {
      info.pods[pod.position] = last
      last.position = pod.position
    }
    placed[pod.key] = nil
    pod.podClass.placed[pod.key] = nil
    pod.slot = -1
  }

  private func change(_ pod: PodInfo, _ sign: Int) {
    let slot = pod.slot
    let podClass = pod.podClass
    version += 1
    usedCPU[slot] += sign * podClass.requests.cpu
    usedMemory[slot] += sign * podClass.requests.memory
    usedEphemeral[slot] += sign * podClass.requests.ephemeral
    nonZeroCPU[slot] += sign * podClass.placedCPU
    nonZeroMemory[slot] += sign * podClass.placedMemory
    podCount[slot] += sign
    if !podClass.requests.scalars.isEmpty, let info = nodes[slot] {
      if sign > 0 {
        info.usedScalars.add(podClass.requests)
      } else {
        info.usedScalars.subtract(podClass.requests)
      }
    }
    if !podClass.ports.isEmpty, let info = nodes[slot] {
      if sign > 0 {
        info.ports += podClass.ports
      } else {
        for port in podClass.ports {
          if let i = info.ports.firstIndex(of: port) { info.ports.remove(at: i) }
        }
      }
    }
    refreshCounters(podClass)
    for counter in podClass.counters where counter.countsTerminating || !pod.terminating {
      counter.counts[slot] += Int32(sign)
      counter.total += sign
    }
    for term in carriedTerms(podClass) {
      term.counts[slot] += Int32(sign)
      term.total += sign
    }
  }

  /// Marks a placed pod as going away.
  func terminate(_ pod: PodInfo) {
    guard !pod.terminating else { return }
    version += 1
    if pod.slot >= 0 {
      refreshCounters(pod.podClass)
      for counter in pod.podClass.counters where !counter.countsTerminating {
        counter.counts[pod.slot] -= 1
        counter.total -= 1
      }
    }
    pod.terminating = true
  }

  func podClass(of pod: Value) -> PodClass {
    let key = PodClass.key(of: pod)
    if let known = classes[key] { return known }
    let made = PodClass(pod)
    classes[key] = made
    classesIn[made.namespace, default: []].append(made)
    return made
  }

  // MARK: Counters

  private func refreshCounters(_ podClass: PodClass) {
    let local = localCounters[podClass.namespace] ?? []
    while podClass.seenLocal < local.count {
      consider(local[podClass.seenLocal], podClass)
      podClass.seenLocal += 1
    }
    while podClass.seenGlobal < globalCounters.count {
      consider(globalCounters[podClass.seenGlobal], podClass)
      podClass.seenGlobal += 1
    }
  }

  private func consider(_ counter: SelectorCounter, _ podClass: PodClass) {
    let matches = counter.matches(
      namespace: podClass.namespace, labels: podClass.labels, { self.namespaceLabels[$0] ?? .emptyObject })
    if matches { podClass.counters.append(counter) }
  }

  /// The counter of a spread constraint: pods of the namespace that match and are not going away.
  func counter(_ constraint: SpreadConstraint, namespace: Key) -> SelectorCounter {
    let name = Value.Name(value: ["spread", .string(namespace), constraint.selectorIdentity])
    if let known = counterOf[name] { return known }
    let counter = SelectorCounter(
      .selector(namespace, constraint.selector), countsTerminating: false, slots: nodes.count)
    return enter(counter, name, namespace)
  }

  /// The counter of pods that match all of some terms.
  func counter(_ terms: [PodAffinityTerm]) -> SelectorCounter {
    let name = Value.Name(value: .array(["terms"] + terms.map { $0.identity[0...2] }))
    if let known = counterOf[name] { return known }
    let matchers = terms.map(\.matcher)
    let counter = SelectorCounter(.terms(matchers), countsTerminating: true, slots: nodes.count)
    return enter(counter, name, matchers.compactMap(\.onlyNamespace).first)
  }

  private func enter(_ counter: SelectorCounter, _ name: Value.Name, _ namespace: Key?) -> SelectorCounter {
    // The first look of each class must find the pods that are there already, so they are counted here.
    counterOf[name] = counter
    for podClass in namespace.map({ classesIn[$0] ?? [] }) ?? Array(classes.values) {
      if !podClass.placed.isEmpty { countPlaced(podClass, counter) }
    }
    if let namespace {
      localCounters[namespace, default: []].append(counter)
    } else {
      globalCounters.append(counter)
    }
    return counter
  }

  private func countPlaced(_ podClass: PodClass, _ counter: SelectorCounter) {
    let matches = counter.matches(
      namespace: podClass.namespace, labels: podClass.labels, { self.namespaceLabels[$0] ?? .emptyObject })
    guard matches else { return }
    for pod in podClass.placed.values where counter.countsTerminating || !pod.terminating {
      counter.counts[pod.slot] += 1
      counter.total += 1
    }
  }

  /// Labels of a namespace changed: everything that chose namespaces by labels is counted anew.
  func setNamespace(_ name: Key, _ labels: Value) {
    if namespaceLabels[name] == labels { return }
    let isNew = namespaceLabels[name] == nil
    namespaceLabels[name] = labels
    version += 1
    if isNew && classesIn[name] == nil {
      return
    }
    for podClass in classes.values {
      podClass.counters.removeAll()
      podClass.seenLocal = 0
      podClass.seenGlobal = 0
      podClass.matchingTerms.removeAll()
      podClass.seenTerms = 0
    }
    for counter in globalCounters {
      for i in counter.counts.indices { counter.counts[i] = 0 }
      counter.total = 0
      for podClass in classes.values { countPlaced(podClass, counter) }
    }
  }

  // MARK: Terms

  func carriedTerms(_ podClass: PodClass) -> [CarriedTerm] {
    if let known = podClass.carried { return known }
    var all: [CarriedTerm] = []
    func carry(_ kind: CarriedTerm.Kind, _ list: [PodAffinityTerm]) {
      for term in list {
        let name = Value.Name(value: [.int(kind.rawValue), term.identity])
        if let known = termOf[name] {
          all.append(known)
          continue
        }
        let made = CarriedTerm(kind, term, slots: nodes.count)
        termOf[name] = made
        terms.append(made)
        all.append(made)
      }
    }
    if podClass.affinity.any {
      carry(.requiredAffinity, podClass.affinity.required)
      carry(.requiredAnti, podClass.affinity.requiredAnti)
      carry(.preferred, podClass.affinity.preferred)
      carry(.preferredAnti, podClass.affinity.preferredAnti)
    }
    podClass.carried = all
    return all
  }

  /// The carried terms that match pods of the class.
  func termsMatching(_ podClass: PodClass) -> [CarriedTerm] {
    while podClass.seenTerms < terms.count {
      let term = terms[podClass.seenTerms]
      podClass.seenTerms += 1
      let matches = term.term.matcher.matches(
        namespace: podClass.namespace, labels: podClass.labels,
        { self.namespaceLabels[$0] ?? .emptyObject })
      if matches { podClass.matchingTerms.append(term) }
    }
    return podClass.matchingTerms
  }

  func domains(of key: Key) -> TopologyDomains {
    if let known = domains[key] { return known }
    let made = TopologyDomains(key)
    for (slot, node) in nodes.enumerated() { made.read(slot, node?.labels ?? .null) }
    domains[key] = made
    return made
  }
}

extension Value {
  /// Some of an array's items as an array.
  fileprivate subscript(_ range: ClosedRange<Int>) -> Value {
    .array(range.map { self[$0] })
  }
}
