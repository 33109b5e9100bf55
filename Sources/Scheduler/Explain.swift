public import API
public import APIMachinery
import Basics
import ControllerRuntime

extension Scheduler {
  /// A scheduler that has seen all objects of a cluster and decided nothing; `memory` is what it kept in mind.
  public static func looking(
    at reader: any ObjectReader, kinds: [GroupKind], _ configuration: SchedulerConfiguration = .standard,
    memory: Value = .null
  ) -> Scheduler {
    let scheduler = Scheduler(configuration)
    scheduler.restore(memory)
    for kind in kinds {
      for object in reader.list(kind) {
        scheduler.observe(
          WatchEvent(.added, ObjectKey(of: object), old: nil, object: object), now: Instant(seconds: 0))
      }
    }
    scheduler.world.refreshOrder()
    return scheduler
  }

  /// What it thinks of a pod; one that has a node is judged as if it were still to be placed. Nil where there is no
  /// such pod.
  public func explain(_ key: ObjectKey) -> PodExplanation? {
    guard let info = pods[key] else { return nil }
    var result = PodExplanation(
      pod: key, assigned: info.node?.name.string ?? "", chosen: "", scheduler: "", plugins: [], nodes: [],
      message: "", victims: [], remedies: [])
    guard let profile = info.podClass.profile else {
      result.message = "no scheduler profile of this name: nobody places the pod"
      return result
    }
    result.scheduler = profile.name
    result.plugins = profile.scores.map { ($0.plugin.id.name, $0.weight) }
    world.refreshOrder()
    let home = info.node
    if home != nil { world.remove(info) }
    defer { if let home { world.place(info, home.slot) } }
    let start = schedule.nextStart
    defer { schedule.nextStart = start }
    judge(info, profile, &result)
    if info.hasGates && home == nil {
      let gates = "the pod has scheduling gates: it is not looked at until they are gone"
      result.message = result.message.isEmpty ? gates : gates + "; " + result.message
    }
    return result
  }

  private func judge(_ info: PodInfo, _ profile: Profile, _ result: inout PodExplanation) {
    let cycle = schedule.cycle(info, profile)
    if let (message, plugin) = schedule.prepare(cycle) {
      result.message = "0/\(world.nodeCount) nodes are available: \(message)."
      result.nodes = world.nodes.compactMap { $0 }.map {
        .init(name: $0.name.string, plugin: plugin.name, reasons: [message], scores: [], total: 0)
      }
      result.remedies = [.init(text: "put right what the pod's volumes lack: \(message)", nodes: [])]
      return
    }
    let rejections = schedule.rejections(cycle)
    let feasible = rejections.indices.filter { rejections[$0].isNone }.map { Int32($0) }
    var points: [[Int]] = []
    for score in profile.scores where feasible.count > 0 {
      var totals = [Int](repeating: 0, count: feasible.count)
      score.plugin.score(cycle, feasible, score.weight, &totals)
      points.append(totals)
    }
    for (slot, rejection) in rejections.enumerated() {
      guard let node = world.nodes[slot] else { continue }
      let at = rejection.isNone ? feasible.firstIndex(of: Int32(slot)) : nil
      let scores = at.map { i in points.map { $0[i] } } ?? []
      result.nodes.append(
        .init(
          name: node.name.string, plugin: rejection.isNone ? "" : rejection.meaning.plugin.name,
          reasons: rejection.isNone ? [] : rejection.reasons(info.podClass.requests), scores: scores,
          total: scores.reduce(0, +)))
    }
    if feasible.isEmpty { result.remedies = Remedies(self, cycle).find() }
    decide(info, profile, &result)
  }

  /// What a cycle decides, without doing it.
  private func decide(_ info: PodInfo, _ profile: Profile, _ result: inout PodExplanation) {
    switch schedule.run(info, profile) {
    case .node(let node, _): result.chosen = node.name.string
    case .unschedulable(let message, _, let rejections, let cycle):
      result.message = message
      guard !rejections.isEmpty, profile.preempts else { return }
      switch preemption.run(cycle, rejections, now: 0) {
      case .candidate(let candidate):
        result.chosen = candidate.node.name.string
        result.victims = candidate.victims.map { "\($0.key.namespace)/\($0.key.name)" }
      case .none(let why): result.message += " preemption: \(why)"
      }
    }
  }
}
