import API
import APIMachinery
import Basics
import ControllerRuntime
import Foundation
import Testing

@testable import Scheduler

/// Verdicts, scores, remedies, capacity and drains over small clusters.
@Suite struct ExplainTests {
  private func scheduler(_ objects: [String], _ configuration: SchedulerConfiguration = .standard) throws
    -> Scheduler
  {
    let scheduler = Scheduler(configuration)
    for text in objects {
      let object = try JSON.parse(text).get()
      scheduler.observe(
        WatchEvent(.added, ObjectKey(of: object), old: nil, object: object), now: Instant(seconds: 0))
    }
    return scheduler
  }

  private func node(
    _ name: String, cpu: String = "2", labels: String = "", spec: String = "{}", extra: String = ""
  ) -> String {
    """
    {"apiVersion":"v1","kind":"Node","metadata":{"name":"\(name)","labels":{"kubernetes.io/hostname":"\(name)"\
    \(labels)}},"spec":\(spec),"status":{"allocatable":{"cpu":"\(cpu)","memory":"4Gi","pods":"10"\(extra)}}}
    """
  }

  private func pod(
    _ name: String, cpu: String = "1", spec: String = "", owner: String = "ReplicaSet", labels: String = "{}"
  ) -> String {
    """
    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"\(name)","namespace":"a","labels":\(labels),
    "ownerReferences":[{"apiVersion":"apps/v1","kind":"\(owner)","name":"o","controller":true}]},
    "spec":{"containers":[{"name":"c","image":"i","resources":{"requests":{"cpu":"\(cpu)"}}}]\(spec)},
    "status":{"phase":"Pending"}}
    """
  }

  private func explain(_ scheduler: Scheduler, _ name: String) throws -> PodExplanation {
    try #require(scheduler.explain(ObjectKey(.pod, namespace: "a", name: name)))
  }

  @Test(arguments: [
    ("{}", "", "1500m", "free or add 500m more cpu on node n1, or ask for that much less"),
    (#"{"unschedulable":true}"#, "", "500m", "uncordon the node"),
    (
      #"{"taints":[{"key":"gpu","value":"yes","effect":"NoSchedule"}]}"#, "", "500m",
      "add a toleration for the taint gpu=yes:NoSchedule, or remove the taint"
    ),
    (
      "{}", #","nodeSelector":{"disk":"ssd"}"#, "500m",
      "drop disk=ssd from the nodeSelector, or label a node with it"
    ),
    (
      "{}", #","nodeSelector":{"disk":"ssd"}"#, "1500m",
      "drop disk=ssd from the nodeSelector, or label a node with it; and free or add cpu: 500m more"
    ),
  ]) func remedies(_ nodeSpec: String, _ podSpec: String, _ cpu: String, _ remedy: String) throws {
    let scheduler = try scheduler([node("n1", cpu: "1", spec: nodeSpec), pod("p", cpu: cpu, spec: podSpec)])
    let result = try explain(scheduler, "p")
    #expect(result.remedies.map(\.text) == [remedy])
    #expect(result.remedies.first?.nodes == ["n1"])
    #expect(result.chosen.isEmpty && result.message.hasPrefix("0/1 nodes are available: "))
  }

  @Test func theNodeThatLacksLeastIsNamed() throws {
    let scheduler = try scheduler([node("n1", cpu: "1"), node("n2", cpu: "3"), pod("p", cpu: "3500m")])
    let text = try explain(scheduler, "p").remedies.first?.text
    #expect(text == "free or add 500m more cpu on node n2, or ask for that much less")
  }

  @Test func aPlacedPodIsJudgedAnewAndStays() throws {
    let placed = pod("p", spec: #","nodeName":"n1""#)
    let scheduler = try scheduler([node("n1"), node("n2", cpu: "8"), placed])
    let result = try explain(scheduler, "p")
    #expect(result.assigned == "n1" && result.chosen == "n2")
    let totals = result.nodes.map(\.total)
    #expect(totals.count == 2 && totals[1] > totals[0])
    #expect(result.nodes.allSatisfy { $0.scores.reduce(0, +) == $0.total })
    #expect(scheduler.world.node("n1")?.pods.count == 1 && scheduler.schedule.nextStart == 0)
  }

  @Test func capacityCountsAndForgets() throws {
    let scheduler = try scheduler([node("n1"), node("n2"), pod("p", spec: #","nodeName":"n1""#)])
    let more = try JSON.parse(pod("more", cpu: "500m")).get()
    let answer = scheduler.capacity(of: more, limit: 100)
    #expect(answer.count == 6 && !answer.isCapped)
    #expect(answer.nodes.map { "\($0.name) \($0.count)" } == ["n1 2", "n2 4"])
    #expect(answer.runsOut.map { "\($0.reason) \($0.nodes)" } == ["Insufficient cpu 2"])
    #expect(scheduler.capacity(of: more, limit: 4).isCapped)
    #expect(scheduler.world.columns.freeCPU[0] + scheduler.world.columns.freeCPU[1] == 3000)
  }

  @Test func aDrainMovesWhatFits() throws {
    let budget = """
      {"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"b","namespace":"a"},
      "spec":{"selector":{"matchLabels":{"x":"y"}}},"status":{"disruptionsAllowed":0}}
      """
    let scheduler = try scheduler([
      node("n1"), node("n2", cpu: "1"), budget,
      pod("p1", cpu: "800m", spec: #","nodeName":"n1""#, labels: #"{"x":"y"}"#),
      pod("p2", cpu: "800m", spec: #","nodeName":"n1""#),
      pod("d", cpu: "100m", spec: #","nodeName":"n1""#, owner: "DaemonSet"),
    ])
    let answer = try #require(scheduler.drain("n1"))
    #expect(answer.moves.map { "\($0.pod.name) \($0.to)" } == ["p1 n2", "p2 "])
    #expect(answer.pending == 1 && answer.stays == 1 && answer.lost.isEmpty)
    #expect(answer.blocked.map { "\($0.pod.name) \($0.budget)" } == ["p1 b"])
    #expect(
      answer.moves[1].message
        == "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable.")
    #expect(scheduler.world.node("n1")?.pods.map(\.key.name.string) == ["p1", "p2", "d"])
    #expect(scheduler.world.node("n1")?.unschedulable == false)
    #expect(scheduler.drain("none") == nil)
  }

  @Test func profilesDifferByName() throws {
    var packer = SchedulerConfiguration.Profile()
    packer.schedulerName = "packer"
    packer.arguments.scoringStrategy.type = .mostAllocated
    packer.scores = [.init("NodeResourcesFit", weight: 2)]
    let objects = [
      node("n1"), node("n2"), pod("here", cpu: "500m", spec: #","nodeName":"n1""#), pod("p", cpu: "500m"),
      pod("q", cpu: "500m", spec: #","schedulerName":"packer""#),
      pod("r", cpu: "500m", spec: #","schedulerName":"nobody""#),
    ]
    let scheduler = try scheduler(objects, SchedulerConfiguration(profiles: [.init(), packer]))
    #expect(try explain(scheduler, "p").chosen == "n2")
    let packed = try explain(scheduler, "q")
    #expect(packed.chosen == "n1" && packed.plugins.map(\.name) == ["NodeResourcesFit"])
    // Half of the cpu; of the memory twice 200 MiB in 4 GiB: (50 + 9) / 2, twice.
    #expect(packed.nodes.map(\.total) == [58, 28])
    #expect(try explain(scheduler, "r").message.contains("no scheduler profile"))
  }

  @Test func aCurveScoresAndAnAddedAffinityRejects() throws {
    var profile = SchedulerConfiguration.Profile()
    profile.arguments.scoringStrategy.type = .requestedToCapacityRatio
    profile.arguments.scoringStrategy.resources = [.init(.cpu, weight: 1)]
    profile.arguments.scoringStrategy.shape = [
      .init(utilization: 0, score: 0), .init(utilization: 100, score: 10),
    ]
    profile.scores = [.init("NodeResourcesFit")]
    profile.arguments.addedAffinity = [
      "requiredDuringSchedulingIgnoredDuringExecution": [
        "nodeSelectorTerms": [["matchExpressions": [["key": "pool", "operator": "Exists"]]]]
      ]
    ]
    let objects = [node("n1", labels: #","pool":"x""#), node("n2"), pod("p", cpu: "500m")]
    let result = try explain(try scheduler(objects, SchedulerConfiguration(profiles: [profile])), "p")
    #expect(result.nodes.map(\.total) == [25, 0])
    #expect(result.nodes[1].reasons == ["node(s) didn't match scheduler-enforced node affinity"])
  }

  /// Pods that were alike as long as no node had images are no longer.
  @Test func imagesCountOnceNodesHaveThem() throws {
    let images = #"},"images":[{"names":["other:latest"],"sizeBytes":900000000}],"capacity":{"pods":"10""#
    let other = pod("other").replacingOccurrences(of: #""image":"i""#, with: #""image":"other""#)
    let scheduler = try scheduler([
      node("n1"), pod("plain"), other, node("n2"), node("n3", extra: images), node("n4"),
    ])
    #expect(try explain(scheduler, "plain").chosen == "n1")
    #expect(try explain(scheduler, "other").chosen == "n3")
  }
}
