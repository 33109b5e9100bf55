public import APIMachinery

/// How many more pods of one kind fit.
public struct CapacityAnswer: Sendable {
  public var count: Int
  /// The search ended at the limit, not because nothing fits any more.
  public var isCapped: Bool
  /// How many more each node takes; nodes that take none are left out.
  public var nodes: [(name: String, count: Int)]
  /// Why the next one does not fit, as kube-scheduler says it.
  public var message: String
  /// The reasons for the next one, with the number of nodes, the commonest first.
  public var runsOut: [(reason: String, nodes: Int)]
}

/// What draining one node would do.
public struct DrainAnswer: Sendable {
  public struct Move: Sendable {
    public var pod: ObjectKey
    /// Where a replacement would run; empty where it stays pending.
    public var to: String
    /// Why it stays pending.
    public var message: String
  }
  public var node: String
  public var moves: [Move]
  /// Pods that a drain leaves alone: those of DaemonSets and static ones.
  public var stays: Int
  /// Pods without a controller, which nothing brings back.
  public var lost: [ObjectKey]
  /// Pods whose eviction a budget refuses at first, with the budget's name.
  public var blocked: [(pod: ObjectKey, budget: String)]
  public var pending: Int { moves.count { $0.to.isEmpty } }
}

extension Scheduler {
  /// Places like pods one after the other until none fits or there are `limit`; nothing is preempted and everything
  /// is as before at the end.
  public func capacity(of pod: Value, limit: Int) -> CapacityAnswer {
    var answer = CapacityAnswer(count: 0, isCapped: false, nodes: [], message: "", runsOut: [])
    let podClass = world.podClass(of: pod)
    guard let profile = podClass.profile else {
      answer.message = "no scheduler profile of this name"
      return answer
    }
    let start = schedule.nextStart
    var placed: [PodInfo] = []
    search: while placed.count < limit {
      let key = ObjectKey(.pod, podClass.namespace, Key("plimsoll-capacity-\(placed.count)"))
      let info = PodInfo(pod, key, podClass)
      switch schedule.run(info, profile) {
      case .node(let node, _):
        world.place(info, node.slot)
        placed.append(info)
      case .unschedulable(let message, _, let rejections, _):
        answer.message = message
        answer.runsOut = ScheduleOne.histogram(ScheduleOne.kinds(rejections), podClass.requests)
          .map { (reason: $0.key, nodes: $0.value) }
          .sorted { $0.nodes == $1.nodes ? $0.reason < $1.reason : $0.nodes > $1.nodes }
        break search
      }
    }
    answer.count = placed.count
    answer.isCapped = placed.count == limit
    var perNode: [Key: Int] = [:]
    for info in placed { if let node = info.node { perNode[node.name, default: 0] += 1 } }
    answer.nodes = perNode.sorted { $0.key < $1.key }.map { ($0.key.string, $0.value) }
    for info in placed.reversed() { world.remove(info) }
    schedule.nextStart = start
    return answer
  }

  /// The names of the nodes, in byte order.
  public var nodeNames: [String] { world.nodes.compactMap { $0?.name }.sorted().map(\.string) }

  /// Cordons a node, takes its pods away and places their replacements elsewhere, the most important first; all is as
  /// before at the end. Nil where there is no such node.
  public func drain(_ name: Key) -> DrainAnswer? {
    world.refreshOrder()
    guard let node = world.node(name) else { return nil }
    var answer = DrainAnswer(node: name.string, moves: [], stays: 0, lost: [], blocked: [])
    let (original, start, cordoned) = (node.pods, schedule.nextStart, node.unschedulable)
    var leaving: [PodInfo] = []
    for info in original where !info.terminating {
      if info.podClass.owner?.kind == .daemonSet || info.podClass.owner?.kind == .node {
        answer.stays += 1
      } else {
        leaving.append(info)
      }
    }
    world.cordon(node, true)
    for info in leaving { world.remove(info) }
    answer.blocked = preemption.budgets.refusals(leaving)
    var moved: [PodInfo] = []
    for info in NodeInfo.byImportance(leaving) {
      guard info.podClass.owner != nil else {
        answer.lost.append(info.key)
        continue
      }
      guard let profile = info.podClass.profile else { continue }
      let replacement = PodInfo(replacing: info)
      switch schedule.run(replacement, profile) {
      case .node(let target, _):
        world.place(replacement, target.slot)
        moved.append(replacement)
        answer.moves.append(.init(pod: info.key, to: target.name.string, message: ""))
      case .unschedulable(let message, _, _, _):
        answer.moves.append(.init(pod: info.key, to: "", message: message))
      }
    }
    for info in moved.reversed() { world.remove(info) }
    for info in leaving { world.place(info, node.slot) }
    node.pods = original
    for (i, info) in original.enumerated() { info.position = i }
    world.cordon(node, cordoned)
    schedule.nextStart = start
    return answer
  }
}
