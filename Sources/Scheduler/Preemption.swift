import API
import APIMachinery

/// Makes room for a pod by removing less important ones (`plugins/defaultpreemption`, `framework/preemption`).
final class Preemption {
  struct Candidate {
    var node: NodeInfo
    var victims: [PodInfo]
    var violations: Int
  }
  enum Outcome {
    case candidate(Candidate)
    case none(message: String)
  }

  let schedule: ScheduleOne
  let budgets = DisruptionBudgets()
  private var kept = PreemptionRanks()
  /// As the cycle was with all pods there: while pods are away, filters may have nothing to say.
  private var isPlain = false
  private var world: World { schedule.world }

  init(_ schedule: ScheduleOne) { self.schedule = schedule }

  func run(_ cycle: Cycle, _ rejections: [Rejection], now: Int64) -> Outcome {
    let pod = cycle.pod
    if pod.podClass.neverPreempts {
      return .none(message: "not eligible due to preemptionPolicy=Never.")
    }
    if let node = world.node(pod.nominatedNode), node.slot < rejections.count,
      !rejections[node.slot].meaning.unresolvable,
      node.pods.contains(where: { $0.isVictim && $0.terminating && $0.priority < pod.priority })
    {
      return .none(message: "not eligible due to a terminating pod on the nominated node.")
    }
    let unresolvable = FilterCode.unresolvable
    let potential = rejections.indices.filter { !unresolvable[Int(rejections[$0].code)] }
    let arguments = cycle.profile.arguments
    let share = potential.count * arguments.minCandidateNodesPercentage / 100
    let wanted = min(max(share, arguments.minCandidateNodesAbsolute), potential.count)
    isPlain = cycle.isPlain
    let plain = isPlain
    if plain { kept.begin(cycle.podClass, budgets.version, world.columns.count) }
    var best: (slot: Int, rank: PreemptionRank)?
    var count = 0
    var clean = false
    for slot in potential {
      guard let rank = plain ? plainRank(cycle, slot) : dryRun(cycle, slot).map({ rank($0) }) else {
        continue
      }
      count += 1
      if rank.violations == 0 { clean = true }
      if best == nil || rank < best!.rank { best = (slot, rank) }
      if clean && count >= wanted { break }
    }
    if let best, let candidate = dryRun(cycle, best.slot) { return .candidate(candidate) }
    return .none(message: refusal(cycle, potential, world.nodeCount))
  }

  /// Why no node can be made to do.
  private func refusal(_ cycle: Cycle, _ potential: [Int], _ total: Int) -> String {
    var reasons: [String: Int] = [:]
    if potential.count < total {
      reasons["Preemption is not helpful for scheduling"] = total - potential.count
    }
    for slot in potential {
      for reason in dryRunReasons(cycle, slot) { reasons[reason, default: 0] += 1 }
    }
    return "0/\(total) nodes are available: \(ScheduleOne.joined(reasons))."
  }

  // MARK: Dry run

  private func dryRunReasons(_ cycle: Cycle, _ slot: Int) -> [String] {
    guard let node = world.nodes[slot] else { return [] }
    let original = node.pods
    let lower = original.filter { $0.priority < cycle.pod.priority }
    if lower.isEmpty { return ["No preemption victims found for incoming pod"] }
    for pod in lower { world.remove(pod) }
    defer { restore(node, original) }
    return recheck(cycle, slot).reasons(cycle.podClass.requests)
  }

  /// The pods that would have to go; nil where the node cannot be made to do.
  private func dryRun(_ cycle: Cycle, _ slot: Int) -> Candidate? {
    guard let node = world.nodes[slot] else { return nil }
    let original = node.pods
    let lower = original.filter { $0.priority < cycle.pod.priority }
    if lower.isEmpty { return nil }
    defer { restore(node, original) }
    for pod in lower { world.remove(pod) }
    if !recheck(cycle, slot).isNone { return nil }
    let sorted = NodeInfo.byImportance(lower)
    let (violating, others) = budgets.split(sorted)
    var isVictim = Set<ObjectIdentifier>()
    var violations = 0
    for (list, counts) in [(violating, true), (others, false)] {
      for pod in list {
        world.place(pod, slot)
        if !recheck(cycle, slot).isNone {
          world.remove(pod)
          isVictim.insert(ObjectIdentifier(pod))
          if counts { violations += 1 }
        }
      }
    }
    return Candidate(
      node: node, victims: sorted.filter { isVictim.contains(ObjectIdentifier($0)) }, violations: violations)
  }

  private func recheck(_ cycle: Cycle, _ slot: Int) -> Rejection {
    if !isPlain, schedule.prepare(cycle) != nil { return Rejection(code: FilterCode.fit) }
    return schedule.check(cycle, slot)
  }

  /// Puts the node's pods back, in the order in which they were.
  private func restore(_ node: NodeInfo, _ original: [PodInfo]) {
    for pod in original where pod.node == nil { world.place(pod, node.slot) }
    node.pods = original
    for (i, pod) in original.enumerated() { pod.position = i }
  }

  private func rank(_ candidate: Candidate) -> PreemptionRank {
    var rank = PreemptionRank(violations: candidate.violations)
    for victim in candidate.victims { rank.add(victim.priority, victim.started) }
    return rank
  }

  // MARK: Amounts only

  /// What `dryRun` and `rank` give where only amounts decide, without touching the world; kept per node.
  private func plainRank(_ cycle: Cycle, _ slot: Int) -> PreemptionRank? {
    guard let node = world.nodes[slot] else { return nil }
    let stamp = world.columns.stamp[slot]
    if let known = kept.find(slot, stamp) { return known.exists ? known : nil }
    let plain = node.nominated.allSatisfy { $0.podClass.isPlain }
    let rank = plain ? computeRank(cycle, node) : dryRun(cycle, slot).map { self.rank($0) }
    kept.keep(slot, world.columns.stamp[slot], rank)
    return rank
  }

  private func computeRank(_ cycle: Cycle, _ node: NodeInfo) -> PreemptionRank? {
    let slot = node.slot
    let columns = world.columns
    let priority = cycle.pod.priority
    let sorted = node.sorted(stamp: columns.stamp[slot])
    guard let first = sorted.firstIndex(where: { $0.priority < priority }) else { return nil }
    var room = Room(columns, slot)
    for pod in node.nominated where pod !== cycle.pod && pod.priority >= priority && pod.node == nil {
      room.take(pod.podClass.requests)
    }
    for i in first..<sorted.count { room.give(sorted[i].podClass.requests) }
    let wanted = cycle.podClass.requests
    if !room.has(wanted) { return nil }
    var rank = PreemptionRank(violations: 0)
    func reprieve(_ pod: PodInfo) -> Bool {
      room.take(pod.podClass.requests)
      if room.has(wanted) { return true }
      room.give(pod.podClass.requests)
      rank.add(pod.priority, pod.started)
      return false
    }
    if budgets.isEmpty {
      for i in first..<sorted.count { _ = reprieve(sorted[i]) }
      return rank
    }
    let (violating, others) = budgets.split(Array(sorted[first...]))
    for pod in violating where !reprieve(pod) { rank.violations += 1 }
    for pod in others { _ = reprieve(pod) }
    return rank
  }

  /// What is free on a node.
  private struct Room {
    private var cpu, memory, ephemeral, pods: Int

    init(_ columns: NodeColumns, _ slot: Int) {
      cpu = columns.freeCPU[slot]
      memory = columns.freeMemory[slot]
      ephemeral = columns.freeEphemeral[slot]
      pods = columns.freePods[slot]
    }

    mutating func take(_ requests: PodRequests) { change(requests, -1) }
    mutating func give(_ requests: PodRequests) { change(requests, 1) }

    private mutating func change(_ requests: PodRequests, _ sign: Int) {
      cpu += sign * requests.cpu
      memory += sign * requests.memory
      ephemeral += sign * requests.ephemeral
      pods += sign
    }

    func has(_ wanted: PodRequests) -> Bool {
      pods > 0 && (wanted.cpu == 0 || wanted.cpu <= cpu) && (wanted.memory == 0 || wanted.memory <= memory)
        && (wanted.ephemeral == 0 || wanted.ephemeral <= ephemeral)
    }
  }
}
