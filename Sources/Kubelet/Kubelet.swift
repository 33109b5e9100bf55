public import API
public import APIMachinery
public import Basics
public import ControllerRuntime

/// All simulated nodes as one component: registers nodes, admits, starts, restarts, ends and removes their pods.
///
/// Nothing but the present objects decides what comes next, so there is no memory between passes.
public final class Kubelet: Component, AssumptionsUser, PendingReporter {
  public let name = "kubelet"
  public let watches: Set<GroupKind>? = [.pod, .node]
  /// How long a pod takes from being bound to running.
  private let startLatency: (Value) -> Nanoseconds
  private var assumptions = Assumptions()
  private var nodes: [Key: NodeState] = [:]
  private var pods: [ObjectKey: Value] = [:]
  /// Pods bound to nodes that are not there (yet).
  private var strays: [Key: Set<ObjectKey>] = [:]
  let addresses = AddressBook()
  /// Pods, by node, of nodes on which nothing has happened yet.
  var resting = RestingPods()
  /// What those have of it.
  private var strayAddresses: [ObjectKey: UInt32] = [:]
  private var due = Agenda<ObjectKey>()
  private var readAhead = ReadAhead()
  private var dueAt: [ObjectKey: Instant] = [:]
  private var highestAddress: UInt32 = 0xAC12_0002
  private let written = OwnWrites()
  private var starts = StatusMemo()
  private var needs = NeedsMemo()
  private var isRecalling = false

  public init(startLatency: @escaping (Value) -> Nanoseconds = { _ in .zero }) {
    self.startLatency = startLatency
  }

  public func assume(_ assumptions: Assumptions, now: Instant) {
    self.assumptions = assumptions
    for name in nodes.keys.sorted() {
      guard let node = nodes[name] else { continue }
      judge(node)
      schedule(ObjectKey(.node, .empty, name), now)
      for key in node.pods.sorted() { schedule(key, now) }
    }
  }

  // MARK: Changes

  public func observe(_ event: WatchEvent, now: Instant) {
    if !resting.isEmpty && !isRecalling { wake(for: event) }
    switch event.key.kind {
    case .pod: observePod(event, now)
    case .node: observeNode(event, now)
    default: break
    }
  }

  /// What has nothing due stays as it is.
  public func recall(_ event: WatchEvent, _ start: Instant) {
    isRecalling = true
    observe(event, now: start)
    isRecalling = false
  }

  private func observeNode(_ event: WatchEvent, _ now: Instant) {
    let name = event.key.name
    if event.type == .deleted {
      guard let node = nodes.removeValue(forKey: name) else { return }
      strays[name] = node.pods
      strayAddresses.merge(node.dissolve()) { $1 }
      return
    }
    let isNew = nodes[name] == nil
    let node = nodes[name] ?? NodeState(event.object, addresses)
    let wasReady = node.isReady && node.works
    let old = node.object
    node.see(event.object)
    judge(node)
    nodes[name] = node
    if let ip = node.hostIP.flatMap({ IPv4.parse($0) }), ip >> 16 == 0xAC12 {
      highestAddress = max(highestAddress, ip)
    }
    if isNew || !written.isEcho(event) && concerns(old, node, wasReady) {
      // What is newly assumed of a node that was there before comes to pass after everybody has looked at what
      // was.
      let isKnown = isNew && event.object.condition("Ready") != nil
      schedule(event.key, isKnown ? now + .milliseconds(1) : now)
    }
    if isNew { adoptStrays(node, now) }
    if (node.isReady && node.works) != wasReady { for key in node.pods.sorted() { schedule(key, now) } }
  }

  /// Whether the kubelet has something to say to a change of its node.
  private func concerns(_ old: Value, _ node: NodeState, _ wasReady: Bool) -> Bool {
    (node.isReady && node.works) != wasReady || node.object.status != old.status
      || node.object.labels != old.labels || node.object.isTerminating
  }

  private func judge(_ node: NodeState) {
    node.works = assumptions.hasHeartbeat(node.object)
    node.isReady = assumptions.isReady(node.object)
    node.pressure = assumptions.pressure(on: node.object)
  }

  private func adoptStrays(_ node: NodeState, _ now: Instant) {
    guard let waiting = strays.removeValue(forKey: node.name) else { return }
    for key in waiting.sorted() {
      guard let pod = pods[key] else { continue }
      // The node takes it again with the pod.
      dropStray(key)
      take(key, pod, on: node, now)
    }
  }

  private func observePod(_ event: WatchEvent, _ now: Instant) {
    let key = event.key
    let pod = event.object
    let nodeName = pod[.spec, .nodeName].key
    if nodeName.isEmpty { return }
    if event.type == .deleted {
      pods[key] = nil
      dueAt[key] = nil
      strays[nodeName]?.remove(key)
      dropStray(key)
      if let node = nodes[nodeName] {
        node.pods.remove(key)
        node.release(key)
      }
      return
    }
    pods[key] = pod
    if let node = nodes[nodeName] {
      take(key, pod, on: node, now, isEcho: written.isEcho(event))
    } else {
      strays[nodeName, default: []].insert(key)
      if PodPhase.isTerminal(pod) {
        dropStray(key)
      } else if strayAddresses[key] == nil, let ip = NodeState.ownAddress(of: pod) {
        addresses.take(ip)
        strayAddresses[key] = ip
      }
    }
  }

  private func dropStray(_ key: ObjectKey) {
    if let ip = strayAddresses.removeValue(forKey: key) { addresses.free(ip) }
  }

  private func take(_ key: ObjectKey, _ pod: Value, on node: NodeState, _ now: Instant, isEcho: Bool = false)
  {
    let isNew = node.pods.insert(key).inserted
    let started = pod.status.has(.startTime)
    let over = PodPhase.isTerminal(pod)
    if over {
      node.release(key)
    } else if started {
      node.admit(key, pod, needs.needs(of: pod.spec))
    }
    if pod.isTerminating {
      schedule(key, Self.isHeld(pod) || Self.isLeft(pod) ? now + .milliseconds(10) : now)
    } else if over || isEcho {
      return
    } else if !started {
      if isNew { schedule(key, now + startLatency(pod)) }
    } else if !isSettled(pod) {
      schedule(key, now)
    }
  }

  /// Whether the pod runs, is ready and will stay so: nothing to do, without looking closer.
  private func isSettled(_ pod: Value) -> Bool {
    guard assumptions.pods.isEmpty, pod[.status, .phase].says("Running"),
      pod[.status, .observedGeneration].int == pod.generation, !pod.spec.has(.activeDeadlineSeconds),
      pod.condition("Ready")?[.status].says("True") ?? false,
      !(pod.controllerReference?[.kind].says("Job") ?? false)
    else { return false }
    return !pod[.spec, .containers].items.contains { $0.has(.readinessProbe) || $0.has(.startupProbe) }
  }

  // MARK: Work

  public var nextDue: Instant? {
    dropStale()
    return due.top?.instant
  }

  public var pendingWork: [(key: ObjectKey?, due: Instant)] {
    dueAt.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value < $1.value }.map { ($0.key, $0.value) }
  }

  private func schedule(_ key: ObjectKey, _ instant: Instant) {
    if isRecalling { return }
    if let known = dueAt[key], known <= instant { return }
    dueAt[key] = instant
    due.push(key, instant)
  }

  private func dropStale() {
    while let top = due.top, dueAt[top.element] != top.instant { due.pop() }
  }

  public func step(_ context: Context) {
    dropStale()
    guard let top = due.top, top.instant <= context.now else { return }
    readAhead.next { limit in
      let keys = due.upcoming(limit)
      return (keys.count > 1 ? keys.compactMap { pods[$0] } : [], keys.count)
    }
    due.pop()
    dueAt[top.element] = nil
    written.begin()
    do {
      if top.element.kind == .node {
        try syncNode(top.element, context)
      } else {
        try syncPod(top.element, context)
      }
    } catch {
      // As the kubelet's own loops do, try again a little later.
      if error.reason != .notFound { schedule(top.element, context.now + .seconds(1)) }
    }
  }

  private func syncNode(_ key: ObjectKey, _ context: Context) throws(APIError) {
    guard let state = nodes[key.name], let node = context.client.get(key), !node.isTerminating else { return }
    try NodeHeartbeat.sync(node, works: state.works, context)
    guard state.works else { return }
    var current = node
    let labelled = NodeStatus.labelled(node)
    if labelled != node {
      current = try context.client.update(labelled)
      written.note(key, current)
    }
    let address = state.hostIP ?? IPv4.text(nextAddress())
    let status = NodeStatus.report(
      current, ready: state.isReady, pressure: state.pressure, address: address, now: context.now)
    if status != current.status {
      current.status = status
      current = try context.client.updateStatus(current)
      written.note(key, current)
    }
    if !state.pressure.isEmpty { try relieve(current, state, context) }
  }

  /// Evicts a pod where it is time for that, and comes back while there are more.
  private func relieve(_ node: Value, _ state: NodeState, _ context: Context) throws(APIError) {
    let kinds = state.pressure.map { NodePressure.condition($0, true).type }
    guard
      let since = kinds.compactMap({ node.condition($0)?[.lastTransitionTime].string })
        .compactMap({ RFC3339.parse($0) }).max()
    else { return }
    let now = context.now
    let beats = (now.seconds - since.seconds) / Int64(NodePressure.period)
    let beat = since + .seconds(Int(beats) * NodePressure.period)
    if beats > 0, beat == now, state.lastEviction != now, let victim = victim(state) {
      state.lastEviction = now
      try evict(victim, state, context)
    }
    if victim(state) != nil {
      schedule(ObjectKey(of: node), beat + .seconds(NodePressure.period))
    }
  }

  private func victim(_ state: NodeState) -> NodePressure.Victim? {
    NodePressure.victim(state.pods.sorted().compactMap { pods[$0] }, state.pressure, assumptions)
  }

  private func evict(_ victim: NodePressure.Victim, _ node: NodeState, _ context: Context) throws(APIError) {
    let key = ObjectKey(of: victim.pod)
    guard var pod = context.client.get(key) else { return }
    let life = PodLifecycle(pod, assumptions, now: context.now)
    pod.status = PodStatus.evicted(
      life, message: victim.message, hostIP: node.hostIP ?? "", podIP: node.address(for: key, pod))
    pods[key] = try context.client.updateStatus(pod)
  }

  private func nextAddress() -> UInt32 {
    highestAddress += 1
    return highestAddress
  }

  /// A finalizer other than that of its Job keeps a deleted pod in sight after its containers have ended.
  private static func isHeld(_ pod: Value) -> Bool {
    pod[.metadata, .finalizers].items.contains { $0.string != "batch.kubernetes.io/job-tracking" }
  }

  /// The node is done with the pod, but its Job has not let it go.
  private static func isLeft(_ pod: Value) -> Bool {
    pod.metadata[.deletionGracePeriodSeconds].int == 0 && !pod.metadata[.finalizers].isEmpty
  }

  private func reportEnd(of pod: Value, on node: NodeState, _ key: ObjectKey, _ context: Context)
    throws(APIError)
  {
    guard Self.isHeld(pod) || Self.isLeft(pod), pod.status.has(.startTime), !PodPhase.isTerminal(pod) else {
      return
    }
    var life = PodLifecycle(pod, assumptions, now: context.now)
    // Work that is cut off has failed.
    life.stop(code: life.isJob ? 137 : 0)
    var next = pod
    next.status = PodStatus.make(life, hostIP: node.hostIP ?? "", podIP: node.address(for: key, pod))
    if next.status != pod.status { try context.client.updateStatus(canonical: next) }
  }

  private func syncPod(_ key: ObjectKey, _ context: Context) throws(APIError) {
    guard let pod = context.client.get(key), let node = nodes[pod[.spec, .nodeName].key], node.works else {
      return
    }
    if pod.isTerminating {
      try reportEnd(of: pod, on: node, key, context)
      try context.client.delete(key, DeleteOptions(uid: pod.uid, gracePeriodSeconds: 0))
      return
    }
    if PodPhase.isTerminal(pod) { return }
    guard let host = node.host else {
      schedule(key, context.now + .milliseconds(100))
      return
    }
    let isFresh = !pod.status.has(.startTime)
    if isFresh {
      let needs = needs.needs(of: pod.spec)
      if let rejection = PodAdmission.check(pod, needs, on: node) {
        var next = pod
        next.status = PodStatus.rejected(
          pod, reason: rejection.reason, message: rejection.message, now: context.now)
        try context.client.updateStatus(canonical: next)
        return
      }
      node.admit(key, pod, needs)
    }
    let podIP = node.address(for: key, pod)
    if isFresh, assumptions.pods.isEmpty,
      let alike = starts.status(of: pod, hostIP: host, podIP: podIP, now: context.now)
    {
      try write(key, pod, alike.status, nextDue: alike.nextDue, context)
      return
    }
    var life = PodLifecycle(pod, assumptions, now: context.now)
    life.advance()
    let status = PodStatus.make(life, hostIP: node.hostIP ?? "", podIP: podIP)
    if isFresh { starts.remember(pod, status, nextDue: life.nextDue, now: context.now) }
    try write(key, pod, status, nextDue: life.nextDue, context)
  }

  /// Writes what the pod has become; the kubelet comes back when something changes by itself.
  private func write(
    _ key: ObjectKey, _ pod: Value, _ status: Value, nextDue: Instant?, _ context: Context
  ) throws(APIError) {
    if status != pod.status {
      var next = pod
      next.status = status
      written.note(key, try context.client.updateStatus(canonical: next))
    }
    if let nextDue { schedule(key, nextDue) }
    // It may be one that a node under pressure does not keep.
    if let node = nodes[pod.spec[.nodeName].key], !node.pressure.isEmpty {
      schedule(ObjectKey(.node, .empty, node.name), context.now)
    }
  }
}
