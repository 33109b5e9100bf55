import API
import APIMachinery

/// Makes room for a pod by removing less important ones (`plugins/defaultpreemption`, `framework/preemption`).
final class Preemption {
  struct Candidate {
    var slot: Int
    var victims: [PodInfo]
    var violations: Int
  }
  enum Outcome {
    case candidate(Candidate)
    case none(message: String)
  }

  let schedule: ScheduleOne
  var budgets: [ObjectKey: Value] = [:]
  private var world: World { schedule.world }

  init(_ schedule: ScheduleOne) { self.schedule = schedule }

  func run(_ cycle: Cycle, _ codes: [UInt16], now: Int64) -> Outcome {
    let pod = cycle.pod
    if pod.neverPreempts {
      return .none(message: "not eligible due to preemptionPolicy=Never.")
    }
    if let slot = world.slotOf[pod.nominatedNode], slot < codes.count,
      !FilterCode.all[Int(codes[slot])].unresolvable, let node = world.nodes[slot],
      node.pods.contains(where: { $0.isVictim && $0.terminating && $0.priority < pod.priority })
    {
      return .none(message: "not eligible due to a terminating pod on the nominated node.")
    }
    let total = world.nodeCount
    var reasons: [String: Int] = [:]
    var potential: [Int] = []
    for slot in world.order {
      if FilterCode.all[Int(codes[Int(slot)])].unresolvable {
        reasons["Preemption is not helpful for scheduling", default: 0] += 1
      } else {
        potential.append(Int(slot))
      }
    }
    let wanted = min(max(potential.count / 10, 100), potential.count)
    var candidates: [Candidate] = []
    var clean = false
    for slot in potential {
      switch dryRun(cycle, slot, now) {
      case .success(let candidate):
        candidates.append(candidate)
        if candidate.violations == 0 { clean = true }
      case .failure(let failure):
        for reason in failure.reasons { reasons[reason, default: 0] += 1 }
      }
      if clean && candidates.count >= wanted { break }
    }
    guard let best = choose(candidates, now) else {
      return .none(message: "0/\(total) nodes are available: \(ScheduleOne.joined(reasons)).")
    }
    return .candidate(best)
  }

  private struct Failure: Error { var reasons: [String] }

  private func dryRun(_ cycle: Cycle, _ slot: Int, _ now: Int64) -> Result<Candidate, Failure> {
    guard let node = world.nodes[slot] else { return .failure(Failure(reasons: [])) }
    let original = node.pods
    let lower = original.filter { $0.priority < cycle.pod.priority }
    if lower.isEmpty {
      return .failure(Failure(reasons: ["No preemption victims found for incoming pod"]))
    }
    defer { restore(node, slot, original) }
    for pod in lower { world.remove(pod) }
    let code = recheck(cycle, slot)
    if code != 0 {
      let reasons =
        code == FilterCode.fit || code == FilterCode.neverFits
        ? NodeResourcesFit.reasons(cycle.podClass.requests, world, slot)
        : [FilterCode.all[Int(code)].reason]
      return .failure(Failure(reasons: reasons))
    }
    let sorted = lower.enumerated().sorted { a, b in
      if a.element.priority != b.element.priority { return a.element.priority > b.element.priority }
      let (x, y) = (a.element.started ?? now, b.element.started ?? now)
      return x == y ? a.offset < b.offset : x < y
    }.map(\.element)
    let (violating, others) = splitByBudget(sorted)
    var victims: [PodInfo] = []
    var violations = 0
    for (list, counts) in [(violating, true), (others, false)] {
      for pod in list {
        world.place(pod, slot)
        if recheck(cycle, slot) != 0 {
          world.remove(pod)
          victims.append(pod)
          if counts { violations += 1 }
        }
      }
    }
    victims = sorted.filter { pod in victims.contains { $0 === pod } }
    return .success(Candidate(slot: slot, victims: victims, violations: violations))
  }

  private func recheck(_ cycle: Cycle, _ slot: Int) -> UInt16 {
    if schedule.prepare(cycle) != nil { return FilterCode.fit }
    return schedule.check(cycle, slot)
  }

  /// Puts the node's pods back, in the order in which they were.
  private func restore(_ node: NodeInfo, _ slot: Int, _ original: [PodInfo]) {
    for pod in original where pod.slot < 0 { world.place(pod, slot) }
    node.pods = original
    for (i, pod) in original.enumerated() { pod.position = i }
  }

  /// Pods whose going would break a disruption budget, and the rest.
  private func splitByBudget(_ pods: [PodInfo]) -> ([PodInfo], [PodInfo]) {
    if budgets.isEmpty { return ([], pods) }
    let all = budgets.sorted { $0.key < $1.key }.map { key, value in
      (
        namespace: key.namespace, selector: LabelSelector(value.spec.get(.selector)),
        disrupted: value.status[.disruptedPods]
      )
    }
    var allowed = budgets.sorted { $0.key < $1.key }.map { $0.value.status[.disruptionsAllowed].int ?? 0 }
    var violating: [PodInfo] = []
    var others: [PodInfo] = []
    for pod in pods {
      var breaks = false
      for (i, budget) in all.enumerated() where budget.namespace == pod.key.namespace {
        if budget.selector.isEverything || pod.podClass.labels.isEmpty { continue }
        if !budget.selector.matches(labels: pod.podClass.labels) { continue }
        if budget.disrupted.has(pod.key.name) { continue }
        allowed[i] -= 1
        if allowed[i] < 0 { breaks = true }
      }
      if breaks { violating.append(pod) } else { others.append(pod) }
    }
    return (violating, others)
  }

  /// `pickOneNodeForPreemption`.
  private func choose(_ candidates: [Candidate], _ now: Int64) -> Candidate? {
    func rank(_ candidate: Candidate) -> [Int] {
      let highest = candidate.victims.map(\.priority).max() ?? Int(Int32.min)
      let sum = candidate.victims.reduce(0) { $0 + $1.priority + Int(Int32.max) + 1 }
      let start = candidate.victims.filter { $0.priority == highest }.map { $0.started ?? now }.min() ?? now
      return [candidate.violations, highest, sum, candidate.victims.count, -Int(start)]
    }
    var best: (candidate: Candidate, rank: [Int])?
    for candidate in candidates {
      let rank = rank(candidate)
      if best == nil || rank.lexicographicallyPrecedes(best!.rank) { best = (candidate, rank) }
    }
    return best?.candidate
  }
}
