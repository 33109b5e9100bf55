public import APIMachinery
public import Basics
public import ControllerRuntime

/// kube-scheduler's default profile as a component: one pod a step.
public final class Scheduler: Component, Memorable {
  public let name = "default-scheduler"
  public let watches: Set<GroupKind>? = [
    .pod, .node, .namespace, .podDisruptionBudget, .persistentVolumeClaim, .persistentVolume, .storageClass,
    .service, .replicaSet, .replicationController, .statefulSet,
  ]
  private let world = World()
  private let volumes = VolumeView()
  private let schedule: ScheduleOne
  private let preemption: Preemption
  private var queue = SchedulingQueue()
  private var pods: [ObjectKey: PodInfo] = [:]
  /// Pods with a node whose claims are still being bound.
  private var binding: [ObjectKey: Int] = [:]
  private var now = Instant(nanoseconds: .min)

  public init() {
    schedule = ScheduleOne(world, volumes)
    preemption = Preemption(schedule)
  }

  public var memory: Value {
    schedule.nextStart == 0 ? .null : ["nextStartNodeIndex": .int(schedule.nextStart)]
  }

  public func restore(_ memory: Value) {
    schedule.nextStart = max(0, memory["nextStartNodeIndex"].int ?? 0)
  }

  public var nextDue: Instant? { queue.isEmpty ? nil : now }

  // MARK: Changes

  public func observe(_ event: WatchEvent, now: Instant) {
    self.now = now
    switch event.key.kind {
    case .pod: observePod(event)
    case .node: observeNode(event)
    case .namespace: world.setNamespace(event.key.name, event.object.labels)
    case .podDisruptionBudget:
      preemption.budgets[event.key] = event.type == .deleted ? nil : event.object
    default:
      let plugins = volumes.observe(event)
      if plugins != 0 {
        world.version += 1
        if event.key.kind == .persistentVolumeClaim { wakeBinding(event.key) }
        queue.retry(rejectedBy: plugins)
      }
    }
  }

  private func observeNode(_ event: WatchEvent) {
    if event.type == .deleted {
      world.removeNode(event.key.name)
    } else {
      let before = world.version
      world.setNode(event.object)
      if before == world.version { return }
    }
    if event.type == .added {
      // Pods that were there before their node was seen.
      for pod in strays.removeValue(forKey: event.key.name) ?? [] where pods[pod.key] === pod {
        if pod.slot < 0, let slot = world.slotOf[event.key.name] { world.place(pod, slot) }
      }
    }
    queue.retry(rejectedBy: QueueingHints.nodeChanged)
  }

  private var strays: [Key: [PodInfo]] = [:]

  private func observePod(_ event: WatchEvent) {
    let pod = event.object
    let phase = pod.status[.phase].text
    let isOver = phase.map { $0.equals("Succeeded") || $0.equals("Failed") } ?? false
    if event.type == .deleted || isOver {
      forget(event.key)
      return
    }
    let nodeName = pod.spec[.nodeName].key
    if let known = pods[event.key], known.uid == pod.uid {
      update(known, pod, event.old, nodeName)
      if known.slot >= 0 || nodeName.isEmpty { return }
    }
    if let known = pods[event.key] { drop(known) }
    let info = PodInfo(pod, event.key, world.podClass(of: pod))
    pods[event.key] = info
    if !nodeName.isEmpty {
      if let slot = world.slotOf[nodeName] {
        world.place(info, slot)
        queue.retry(rejectedBy: QueueingHints.podPlaced)
      } else {
        strays[nodeName, default: []].append(info)
      }
      return
    }
    guard (pod.spec[.schedulerName].string ?? name) == name, !info.terminating else { return }
    nominate(info, info.nominatedNode)
    if !info.hasGates { queue.add(info) }
  }

  private func update(_ info: PodInfo, _ pod: Value, _ old: Value?, _ nodeName: Key) {
    if pod.isTerminating && !info.terminating {
      world.terminate(info)
      if info.slot < 0 { queue.forget(info) }
    }
    info.started = pod.status[.startTime].string.flatMap { RFC3339.parse($0)?.seconds }
    guard let old else { return }
    if old.labels != pod.labels || old.spec != pod.spec {
      let fresh = world.podClass(of: pod)
      if fresh !== info.podClass || (info.hasGates && pod.spec[.schedulingGates].isEmpty) {
        replace(info, pod, fresh)
      }
    }
  }

  /// A pod whose labels, gates or spec changed counts anew.
  private func replace(_ info: PodInfo, _ pod: Value, _ podClass: PodClass) {
    let slot = info.slot
    drop(info)
    let fresh = PodInfo(pod, info.key, podClass)
    pods[info.key] = fresh
    if slot >= 0 {
      world.place(fresh, slot)
    } else if pod.spec[.nodeName].key.isEmpty && !fresh.hasGates && !fresh.terminating {
      nominate(fresh, fresh.nominatedNode)
      queue.add(fresh)
    }
    queue.retry(rejectedBy: QueueingHints.podGone | QueueingHints.podPlaced)
  }

  private func drop(_ info: PodInfo) {
    queue.forget(info)
    nominate(info, .empty)
    binding[info.key] = nil
    if info.slot >= 0 { world.remove(info) }
    pods[info.key] = nil
  }

  private func forget(_ key: ObjectKey) {
    guard let info = pods[key] else { return }
    let wasPlaced = info.slot >= 0
    drop(info)
    if wasPlaced { queue.retry(rejectedBy: QueueingHints.podGone) }
  }

  /// Notes on which node a pod hopes for room; the empty name takes the note away.
  private func nominate(_ info: PodInfo, _ node: Key) {
    if let slot = world.slotOf[info.nominatedNode] { world.nodes[slot]?.nominated.removeAll { $0 === info } }
    info.nominatedNode = node
    if let slot = world.slotOf[node] { world.nodes[slot]?.nominated.append(info) }
    world.version += 1
  }

  private func wakeBinding(_ claim: ObjectKey) {
    guard !binding.isEmpty else { return }
    for key in binding.keys.sorted() where key.namespace == claim.namespace {
      guard let info = pods[key], info.podClass.volumes.contains(where: { $0.claim == claim.name }) else {
        continue
      }
      queue.add(info)
    }
  }

  // MARK: Work

  public func step(_ context: Context) {
    now = context.now
    guard let info = queue.pop(), pods[info.key] === info, !info.terminating, !info.isUnschedulable else {
      return
    }
    if let slot = binding[info.key] {
      finishBinding(info, slot, context)
      return
    }
    if info.slot >= 0 { return }
    if let failure = info.podClass.failure, failure.version == world.version, info.nominatedNode.isEmpty {
      putAside(info, failure.message, failure.rejectors, context)
      return
    }
    switch schedule.run(info) {
    case .node(let slot, let cycle): bind(info, slot, cycle, context)
    case .unschedulable(let message, let rejectors, let codes, let cycle):
      fail(info, message, rejectors, codes, cycle, context)
    }
  }

  private func bind(_ info: PodInfo, _ slot: Int, _ cycle: Cycle, _ context: Context) {
    guard let node = world.nodes[slot] else { return }
    let plan = VolumeBinding.plan(cycle, node)
    nominate(info, .empty)
    world.place(info, slot)
    if !plan.matches.isEmpty || !plan.provisions.isEmpty {
      VolumeBinder.apply(plan, node.name, context)
      binding[info.key] = slot
      queue.add(info)
      return
    }
    commit(info, node.name, context)
  }

  private func finishBinding(_ info: PodInfo, _ slot: Int, _ context: Context) {
    guard let node = world.nodes[slot], info.slot == slot else {
      binding[info.key] = nil
      return
    }
    let ready = info.podClass.volumes.allSatisfy { volume in
      if volume.claim.isEmpty { return true }
      let key = ObjectKey(.persistentVolumeClaim, info.key.namespace, volume.claim)
      return volumes.claims[key]?.annotation(VolumeBinding.bindCompleted) != nil
    }
    if !ready { return }
    binding[info.key] = nil
    commit(info, node.name, context)
  }

  private func commit(_ info: PodInfo, _ node: Key, _ context: Context) {
    do {
      let pod = context.client.get(info.key)
      try context.client.bind(info.key, toNode: node)
      if let pod {
        context.recorder.event(
          pod, type: "Normal", reason: "Scheduled",
          message: "Successfully assigned \(info.key.namespace)/\(info.key.name) to \(node)", source: name,
          now: context.now)
      }
      queue.retry(rejectedBy: QueueingHints.podPlaced)
    } catch {
      world.remove(info)
      if error.reason != .notFound { queue.putAside(info) }
    }
  }

  private func fail(
    _ info: PodInfo, _ message: String, _ rejectors: UInt32, _ codes: [UInt16], _ cycle: Cycle,
    _ context: Context
  ) {
    var text = message
    var rejectors = rejectors
    var chosen: Preemption.Candidate?
    if !codes.isEmpty {
      rejectors |= PluginID.defaultPreemption.bit
      switch preemption.run(cycle, codes, now: context.now.seconds) {
      case .candidate(let candidate): chosen = candidate
      case .none(let why): text += " no new claims to deallocate, preemption: \(why)"
      }
    }
    if let chosen {
      preempt(info, chosen, text, rejectors, context)
      return
    }
    if info.nominatedNode.isEmpty {
      info.podClass.failure = (world.version, text, rejectors)
    }
    putAside(info, text, rejectors, context)
  }

  private func preempt(
    _ info: PodInfo, _ candidate: Preemption.Candidate, _ text: String, _ rejectors: UInt32,
    _ context: Context
  ) {
    guard let node = world.nodes[candidate.slot] else { return }
    for other in node.nominated where other.priority < info.priority { clearNomination(other, context) }
    nominate(info, node.name)
    putAside(info, text, rejectors, context, nominated: node.name)
    for victim in candidate.victims { VictimRemoval.run(victim.key, preemptor: info, node, context) }
  }

  private func clearNomination(_ info: PodInfo, _ context: Context) {
    nominate(info, .empty)
    guard var pod = context.client.get(info.key), pod.status.has(.nominatedNodeName) else { return }
    pod[.status].remove(.nominatedNodeName)
    _ = try? context.client.updateStatus(pod)
  }

  /// Says why the pod waits, once (`handleSchedulingFailure`).
  private func putAside(
    _ info: PodInfo, _ message: String, _ rejectors: UInt32, _ context: Context, nominated: Key? = nil
  ) {
    info.rejectors = rejectors
    queue.putAside(info)
    guard var pod = context.client.get(info.key) else { return }
    if info.lastMessage != message {
      info.lastMessage = message
      context.recorder.event(
        pod, type: "Warning", reason: "FailedScheduling", message: message, source: name, now: context.now)
    }
    var conditions = pod.status[.conditions]
    var condition = Condition.make(
      "PodScheduled", false, reason: "Unschedulable", message: message, observedGeneration: pod.generation)
    condition[.lastProbeTime] = .null
    let changed = Condition.set(condition, in: &conditions, now: context.now)
    if !changed && nominated == nil { return }
    pod[.status][.conditions] = conditions
    if let nominated { pod[.status][.nominatedNodeName] = .string(nominated) }
    _ = try? context.client.updateStatus(pod)
  }
}
