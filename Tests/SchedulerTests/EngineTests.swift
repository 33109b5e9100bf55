import API
import APIMachinery
import Basics
import Foundation
import Testing

@testable import Scheduler

/// The engine against `SlowScheduler`: decision by decision, in random worlds in which pods come and go, nodes
/// change, and labels of namespaces move.
@Suite struct EngineTests {
  /// `SCHEDULER_SEEDS=A..B` runs others.
  static let seeds: [UInt64] = {
    let text = ProcessInfo.processInfo.environment["SCHEDULER_SEEDS"] ?? "1..12"
    let ends = text.split(separator: ".").compactMap { UInt64($0) }
    return ends.count == 2 && ends[0] <= ends[1] ? Array(ends[0]...ends[1]) : []
  }()

  @Test(arguments: seeds) func decidesAsTheSlowScheduler(_ seed: UInt64) {
    let run = PairedRun(seed: seed)
    run.go()
    #expect(run.differences.isEmpty, "seed \(seed): \(run.differences.prefix(3).joined(separator: "\n"))")
    #expect(run.decisions > 50, "seed \(seed) decided \(run.decisions) times only")
  }
}

/// Both schedulers over one random world.
final class PairedRun {
  private var world: RandomWorld
  private let scheduler = Scheduler()
  private var slow = SlowScheduler()
  private var placed: [(info: PodInfo, pod: Value, node: SlowScheduler.Node)] = []
  private var pending: [PodInfo] = []
  private var nominated: [(info: PodInfo, pod: Value)] = []
  private(set) var differences: [String] = []
  private(set) var decisions = 0
  private let preemption: Preemption
  private var nextNode = 0

  init(seed: UInt64) {
    world = RandomWorld(seed: seed)
    preemption = Preemption(scheduler.schedule)
  }

  private func tell(_ type: WatchEvent.Kind, _ object: Value) {
    scheduler.observe(
      WatchEvent(type, ObjectKey(of: object), old: nil, object: object), now: Instant(seconds: 1))
  }

  private func addNode() {
    let node = world.node(nextNode)
    nextNode += 1
    slow.added.append(.init(node))
    tell(.added, node)
  }

  func go() {
    for name in RandomWorld.namespaces { label(name, world.pick(["x", "y"])) }
    for _ in 0..<(world.chance(30) ? 110 + world.number(60) : 3 + world.number(30)) { addNode() }
    let templates = (0..<8).map { world.template($0) }
    for (i, template) in templates.enumerated() where world.chance(50) { addOwner(template, i) }
    for i in 0..<(slow.added.count > 100 ? 60 : 120) {
      if world.chance(8) { disturb(i) }
      let t = world.number(templates.count)
      var pod = templates[t]
      pod[.metadata][.name] = .string("p\(i)")
      pod[.metadata][.uid] = .string("u\(i)")
      if world.chance(60) {
        pod[.metadata][.ownerReferences] = [
          ["apiVersion": "apps/v1", "kind": "ReplicaSet", "name": .string("app\(t)"), "controller": true]
        ]
      }
      decide(pod)
    }
  }

  private func label(_ namespace: String, _ team: String) {
    slow.namespaces[Key(namespace)] = ["team": .string(team)]
    tell(
      .added,
      [
        "apiVersion": "v1", "kind": "Namespace",
        "metadata": ["name": .string(namespace), "labels": ["team": .string(team)]],
      ])
  }

  private func addOwner(_ template: Value, _ i: Int) {
    let labels: Value = ["app": template.labels["app"]]
    let meta: Value = ["name": .string("app\(i)"), "namespace": template[.metadata][.namespace]]
    let service: Value = [
      "apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": ["selector": labels],
    ]
    slow.services.append(service)
    tell(.added, service)
    if world.chance(50) {
      let set: Value = [
        "apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": meta,
        "spec": ["selector": ["matchLabels": labels]],
      ]
      slow.sets.append(set)
      tell(.added, set)
    }
    if world.chance(40) {
      let budget: Value = [
        "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": meta,
        "spec": ["selector": ["matchLabels": labels]],
        "status": ["disruptionsAllowed": .int(world.number(2))],
      ]
      slow.budgets.append(budget)
      preemption.budgets.set(ObjectKey(of: budget), budget)
    }
  }

  /// Something other than a new pod happens.
  private func disturb(_ i: Int) {
    switch world.number(8) {
    case 0, 1:
      if placed.isEmpty { return }
      remove(world.number(placed.count))
    case 2: label(world.pick(RandomWorld.namespaces), world.pick(["x", "y"]))
    case 3: addNode()
    case 4:
      // A node is written anew, with other labels, taints and amounts.
      let node = world.pick(slow.added)
      let number = Int(node.name.string.dropFirst()) ?? 0
      let zone = node.labels["topology.kubernetes.io/zone"]
      var fresh = world.node(number)
      fresh[.metadata][.labels].set("topology.kubernetes.io/zone", zone.isNull ? nil : zone)
      fresh[.status].remove(.images)
      if !node.value.status[.images].isNull { fresh[.status][.images] = node.value.status[.images] }
      node.value = fresh
      tell(.modified, fresh)
    case 5, 6: relabel()
    default:
      guard !placed.isEmpty else { return }
      let at = world.number(placed.count)
      if placed[at].pod.isTerminating { return }
      placed[at].pod[.metadata][.deletionTimestamp] = "2026-01-01T00:00:00Z"
      let pod = placed[at].pod
      if let i = placed[at].node.pods.firstIndex(where: { $0.name == pod.name }) {
        placed[at].node.pods[i] = pod
      }
      scheduler.world.terminate(placed[at].info)
    }
  }

  /// A placed pod gets other labels; it then stands last on its node.
  private func relabel() {
    guard !placed.isEmpty else { return }
    let at = world.number(placed.count)
    let (info, old, node) = placed[at]
    var pod = old
    pod[.metadata][.labels]["app"] = .string("app\(world.number(8))")
    if world.chance(50) { pod[.metadata][.labels]["zone"] = .string("z\(world.number(3))") }
    placed[at].pod = pod
    if let i = node.pods.firstIndex(where: { $0.name == pod.name }) {
      let last = node.pods.removeLast()
      if i < node.pods.count { node.pods[i] = last }
      node.pods.append(pod)
    }
    let engine = scheduler.world
    if ClassParts.differInLabelsOnly(old, pod), let fresh = engine.podClass(like: info.podClass, pod) {
      if engine.podClass(of: pod) !== fresh { differences.append("\(pod.name): another class") }
      if fresh !== info.podClass { engine.relabel(info, fresh) }
      return
    }
    let slot = info.slot
    engine.remove(info)
    placed[at].info = PodInfo(pod, info.key, engine.podClass(of: pod))
    engine.place(placed[at].info, slot)
  }

  private func remove(_ i: Int) {
    let (info, pod, node) = placed.remove(at: i)
    scheduler.world.remove(info)
    guard let at = node.pods.firstIndex(where: { $0.name == pod.name }) else { return }
    let last = node.pods.removeLast()
    if at < node.pods.count { node.pods[at] = last }
  }

  private func decide(_ pod: Value) {
    let info = PodInfo(pod, ObjectKey(of: pod), scheduler.world.podClass(of: pod))
    let wanted = slow.decide(pod)
    let got = engine(info)
    decisions += 1
    if got != wanted { differences.append("\(pod.name): \(got), not \(wanted)") }
    switch wanted {
    case .node(let name): place(info, pod, name)
    case .preempts(let name, let victims):
      for victim in victims {
        if let i = placed.firstIndex(where: { "\($0.pod.namespace)/\($0.pod.name)" == victim }) { remove(i) }
      }
      // Sometimes the room stays promised for a while.
      if world.chance(50) {
        place(info, pod, name)
      } else if let node = slow.added.first(where: { $0.name == Key(name) }) {
        node.nominated.append(pod)
        scheduler.world.nominate(info, node.name)
      }
    case .pending: break
    }
    if scheduler.schedule.nextStart != slow.nextStart {
      differences.append("\(pod.name): next \(scheduler.schedule.nextStart), not \(slow.nextStart)")
    }
  }

  private func place(_ info: PodInfo, _ pod: Value, _ name: String) {
    guard let node = slow.added.first(where: { $0.name == Key(name) }),
      let slot = scheduler.world.node(node.name)?.slot
    else { return }
    node.pods.append(pod)
    scheduler.world.place(info, slot)
    placed.append((info, pod, node))
  }

  private func engine(_ info: PodInfo) -> SlowScheduler.Decision {
    guard let profile = info.podClass.profile else { return .pending("no profile") }
    switch scheduler.schedule.run(info, profile) {
    case .node(let node, _): return .node(node.name.string)
    case .unschedulable(let message, _, let rejections, let cycle):
      if rejections.isEmpty { return .pending(message) }
      switch preemption.run(cycle, rejections, now: 1) {
      case .none(let why): return .pending("\(message) no new claims to deallocate, preemption: \(why)")
      case .candidate(let candidate):
        let victims = candidate.victims.map { "\($0.key.namespace)/\($0.key.name)" }.sorted()
        return .preempts(candidate.node.name.string, victims: victims)
      }
    }
  }
}
