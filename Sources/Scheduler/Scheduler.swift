public import API
public import APIMachinery
public import Basics
public import ControllerRuntime

/// kube-scheduler's default profile as a component: one pod a step.
public final class Scheduler: Component, Memorable {
  public let name = "default-scheduler"
  public let watches: Set<GroupKind>? = [
    .pod, .node, .namespace, .podDisruptionBudget, .persistentVolumeClaim, .persistentVolume, .storageClass,
    .service, .replicaSet, .replicationController, .statefulSet, .csiNode, .volumeAttachment,
    VolumeView.csiDriver, VolumeView.csiStorageCapacity,
  ]
  let world: World
  let volumes = VolumeView()
  let schedule: ScheduleOne
  let preemption: Preemption
  private var queue = SchedulingQueue()
  private(set) var pods: [ObjectKey: PodInfo] = [:]
  /// Pods with a node whose claims are still being bound, with the node's name.
  private var binding: [ObjectKey: Key] = [:]
  var now = Instant(nanoseconds: .min)

  /// `configuration` is what a KubeSchedulerConfiguration says.
  public init(_ configuration: SchedulerConfiguration = .standard) {
    world = World(Profile.all(configuration))
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
      preemption.budgets.set(event.key, event.type == .deleted ? nil : event.object)
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
      // Pods stay bound until they are collected: a node that comes back still has them (`cache.RemoveNode`).
      let left = world.node(event.key.name)?.pods ?? []
      if !left.isEmpty { strays[event.key.name, default: []] += left }
      world.removeNode(event.key.name)
    } else {
      let before = world.version
      world.setNode(event.object)
      if before == world.version { return }
    }
    if event.type == .added {
      // Pods that were there before their node was seen.
      for pod in strays.removeValue(forKey: event.key.name) ?? [] where pods[pod.key] === pod {
        if pod.node == nil, let node = world.node(event.key.name) { world.place(pod, node.slot) }
      }
    }
    queue.retry(rejectedBy: QueueingHints.nodeChanged)
  }

  private var strays: [Key: [PodInfo]] = [:]

  private func observePod(_ event: WatchEvent) {
    let pod = event.object
    if event.type == .deleted || PodPhase.isTerminal(pod) {
      forget(event.key)
      return
    }
    let nodeName = pod[.spec, .nodeName].key
    if let known = pods[event.key], known.uid == pod[.metadata, .uid] {
      update(known, pod, event.old, nodeName)
      if known.node != nil || nodeName.isEmpty { return }
    }
    if let known = pods[event.key] { drop(known) }
    enter(PodInfo(pod, event.key, world.podClass(of: pod)), nodeName)
  }

  /// A pod that is new here: on its node, or in the queue.
  func enter(_ info: PodInfo, _ nodeName: Key) {
    pods[info.key] = info
    if !nodeName.isEmpty {
      if let node = world.node(nodeName) {
        world.place(info, node.slot)
        retryAfterPlacing(info)
      } else {
        strays[nodeName, default: []].append(info)
      }
      return
    }
    guard info.podClass.profile != nil, !info.terminating else { return }
    world.nominate(info, info.nominatedNode)
    if !info.hasGates { queue.add(info) }
  }

  private func update(_ info: PodInfo, _ pod: Value, _ old: Value?, _ nodeName: Key) {
    if !info.terminating && pod.isTerminating {
      world.terminate(info)
      if info.node == nil { queue.forget(info) }
    }
    let start = pod[.status, .startTime]
    if info.startTime != start {
      info.startTime = start
      if let node = info.node { world.stamp(node.slot) }
    }
    guard let old else { return }
    if old.labels != pod.labels || old.spec != pod.spec {
      if info.node != nil, ClassParts.differInLabelsOnly(old, pod),
        let fresh = world.podClass(like: info.podClass, pod)
      {
        if fresh !== info.podClass { relabel(info, pod, fresh) }
        return
      }
      let fresh = world.podClass(of: pod)
      if fresh !== info.podClass || (info.hasGates && pod[.spec, .schedulingGates].isEmpty) {
        replace(info, pod, fresh)
      }
    }
  }

  /// A placed pod with other labels, as each gets those of its node's zone.
  private func relabel(_ info: PodInfo, _ pod: Value, _ podClass: PodClass) {
    if !binding.isEmpty { binding[info.key] = nil }
    let status = pod[.status]
    if !info.nominatedNode.isEmpty { world.nominate(info, .empty) }
    info.nominatedNode = status[.nominatedNodeName].key
    info.isVictim = PodInfo.isVictim(status)
    world.relabel(info, podClass)
    queue.retry(rejectedBy: QueueingHints.podGone | QueueingHints.podPlaced)
  }

  /// A pod whose labels, gates or spec changed counts anew.
  private func replace(_ info: PodInfo, _ pod: Value, _ podClass: PodClass) {
    let node = info.node
    drop(info)
    let fresh = PodInfo(pod, info.key, podClass)
    pods[info.key] = fresh
    if let node {
      world.place(fresh, node.slot)
    } else if pod[.spec, .nodeName].key.isEmpty && !fresh.hasGates && !fresh.terminating
      && podClass.profile != nil
    {
      world.nominate(fresh, fresh.nominatedNode)
      queue.add(fresh)
    }
    queue.retry(rejectedBy: QueueingHints.podGone | QueueingHints.podPlaced)
  }

  private func drop(_ info: PodInfo) {
    queue.forget(info)
    if !info.nominatedNode.isEmpty { world.nominate(info, .empty) }
    binding[info.key] = nil
    if info.node != nil { world.remove(info) }
    pods[info.key] = nil
  }

  private func forget(_ key: ObjectKey) {
    guard let info = pods[key] else { return }
    let wasPlaced = info.node != nil
    drop(info)
    if wasPlaced { queue.retry(rejectedBy: QueueingHints.podGone) }
  }

  /// Tries pods again whose spread or affinity looks at pods like the one that was placed.
  private func retryAfterPlacing(_ info: PodInfo) {
    queue.retry(rejectedBy: QueueingHints.podPlaced) { waiting in
      let counters = waiting.podClass.hardCounters ?? []
      let required = waiting.podClass.affinityCounters?.required
      return info.podClass.counters.contains { mine in
        mine === required || counters.contains { $0 === mine }
      }
    }
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
    guard let info = queue.pop(), !info.terminating, !info.isUnschedulable, pods[info.key] === info,
      let profile = info.podClass.profile
    else { return }
    if !binding.isEmpty, let node = binding[info.key] {
      finishBinding(info, node, context)
      return
    }
    if info.node != nil { return }
    if let failure = info.podClass.failure, failure.version == world.version, info.nominatedNode.isEmpty {
      putAside(info, failure.message, failure.rejectors, context)
      return
    }
    switch schedule.run(info, profile) {
    case .node(let node, let cycle): bind(info, node, cycle, context)
    case .unschedulable(let message, let rejectors, let rejections, let cycle):
      fail(info, message, rejectors, rejections, cycle, context)
    }
  }

  private func bind(_ info: PodInfo, _ node: NodeInfo, _ cycle: Cycle, _ context: Context) {
    let plan = cycle.podClass.volumes.isEmpty ? VolumeBinding.Plan() : VolumeBinding.plan(cycle, node)
    if !info.nominatedNode.isEmpty { world.nominate(info, .empty) }
    world.place(info, node.slot)
    if !plan.matches.isEmpty || !plan.provisions.isEmpty {
      VolumeBinder.apply(plan, node.name, context)
      binding[info.key] = node.name
      queue.add(info)
      return
    }
    commit(info, node.name, context)
  }

  private func finishBinding(_ info: PodInfo, _ node: Key, _ context: Context) {
    guard info.node?.name == node else {
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
    commit(info, node, context)
  }

  /// `Successfully assigned NAMESPACE/NAME to NODE`, said of every pod.
  private static func assigned(_ pod: ObjectKey, _ node: Key) -> String {
    let (start, end): (StaticString, StaticString) = ("Successfully assigned ", " to ")
    let (namespace, name, node) = (pod.namespace.utf8, pod.name.utf8, node.utf8)
    let size = start.utf8CodeUnitCount + namespace.count + 1 + name.count + end.utf8CodeUnitCount + node.count
    return String(unsafeUninitializedCapacity: size) { out in
      var at = 0
      func append(_ bytes: UnsafePointer<UInt8>?, _ count: Int) {
        guard let bytes else { return }
        (out.baseAddress! + at).initialize(from: bytes, count: count)
        at += count
      }
      append(start.utf8Start, start.utf8CodeUnitCount)
      append(namespace.baseAddress, namespace.count)
      out.initializeElement(at: at, to: 0x2F)
      at += 1
      append(name.baseAddress, name.count)
      append(end.utf8Start, end.utf8CodeUnitCount)
      append(node.baseAddress, node.count)
      return at
    }
  }

  private func commit(_ info: PodInfo, _ node: Key, _ context: Context) {
    do {
      let pod = context.client.get(info.key)
      try context.client.bind(info.key, toNode: node)
      if let pod {
        context.recorder.event(
          pod, type: "Normal", reason: "Scheduled",
          message: Self.assigned(info.key, node),
          source: info.podClass.profile?.name ?? name, now: context.now)
      }
      retryAfterPlacing(info)
    } catch {
      world.remove(info)
      if error.reason != .notFound { queue.putAside(info) }
    }
  }

  private func fail(
    _ info: PodInfo, _ message: String, _ rejectors: UInt32, _ rejections: [Rejection], _ cycle: Cycle,
    _ context: Context
  ) {
    var text = message
    var rejectors = rejectors
    var chosen: Preemption.Candidate?
    if !rejections.isEmpty {
      var sayings: [String] = []
      if cycle.profile.asksClaims { sayings.append("no new claims to deallocate") }
      if cycle.profile.preempts {
        rejectors |= PluginID.defaultPreemption.bit
        switch preemption.run(cycle, rejections, now: context.now.seconds) {
        case .candidate(let candidate): chosen = candidate
        case .none(let why): sayings.append("preemption: \(why)")
        }
      }
      if chosen == nil, !sayings.isEmpty { text += " " + sayings.joined(separator: ", ") }
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
    let node = candidate.node
    for other in node.nominated where other.priority < info.priority { clearNomination(other, context) }
    world.nominate(info, node.name)
    putAside(info, text, rejectors, context, nominated: node.name)
    for victim in candidate.victims { VictimRemoval.run(victim.key, preemptor: info, node, context) }
  }

  private func clearNomination(_ info: PodInfo, _ context: Context) {
    world.nominate(info, .empty)
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
        pod, type: "Warning", reason: "FailedScheduling", message: message,
        source: info.podClass.profile?.name ?? name, now: context.now)
    }
    var conditions = pod[.status, .conditions]
    var condition = Condition.make(
      "PodScheduled", false, reason: "Unschedulable", message: message, observedGeneration: pod.generation)
    condition[.lastProbeTime] = .null
    let changed = Condition.set(condition, in: &conditions, now: context.now)
    if !changed && nominated == nil { return }
    pod[.status, .conditions] = conditions
    if let nominated { pod[.status, .nominatedNodeName] = .string(nominated) }
    _ = try? context.client.updateStatus(pod)
  }
}
