import APIMachinery
import Basics
import Testing

@testable import Controllers

/// What measured usage asks for; the numbers follow the rules of `replica_calculator.go`.
struct ReplicaCalculatorTests {
  typealias Group = ReplicaCalculator.Group

  struct Row: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var target: Int
    var current: Int
    /// Group, request and usage of each pod.
    var pods: [(Group, Int, Int?)]
    var replicas: Int
    var utilization: Int
  }

  static let rows: [Row] = [
    Row(
      testDescription: "doubled usage doubles", target: 50, current: 2,
      pods: [(.ready, 100, 100), (.ready, 100, 100)], replicas: 4, utilization: 100),
    Row(
      testDescription: "rounded up", target: 50, current: 2, pods: [(.ready, 100, 90), (.ready, 100, 90)],
      replicas: 4, utilization: 90),
    Row(
      testDescription: "within the tolerance", target: 50, current: 2,
      pods: [(.ready, 100, 54), (.ready, 100, 55)], replicas: 2, utilization: 54),
    Row(
      testDescription: "just outside", target: 50, current: 2, pods: [(.ready, 100, 56), (.ready, 100, 56)],
      replicas: 3, utilization: 56),
    Row(
      testDescription: "a missing pod uses nothing on the way up", target: 50, current: 3,
      pods: [(.ready, 100, 100), (.ready, 100, 100), (.missing, 100, nil)], replicas: 4, utilization: 100),
    Row(
      testDescription: "a missing pod uses its request on the way down", target: 50, current: 3,
      pods: [(.ready, 100, 10), (.ready, 100, 10), (.missing, 100, nil)], replicas: 3, utilization: 10),
    Row(
      testDescription: "an unready pod uses nothing on the way up", target: 50, current: 3,
      pods: [(.ready, 100, 100), (.ready, 100, 100), (.unready, 100, 100)], replicas: 4, utilization: 100),
    Row(
      testDescription: "an unready pod does not count on the way down", target: 50, current: 3,
      pods: [(.ready, 100, 10), (.ready, 100, 10), (.unready, 100, 10)], replicas: 1, utilization: 10),
    Row(
      testDescription: "never a change of direction", target: 50, current: 4,
      pods: [(.ready, 100, 60), (.missing, 100, nil), (.missing, 100, nil), (.missing, 100, nil)],
      replicas: 4, utilization: 60),
    Row(
      testDescription: "failed pods are left out", target: 50, current: 2,
      pods: [(.ready, 100, 100), (.ignored, 100, 100)], replicas: 2, utilization: 100),
  ]

  @Test(arguments: rows) func utilization(_ row: Row) throws {
    var pods: [ReplicaCalculator.Pod] = []
    var metrics: [String: Int] = [:]
    for (i, pod) in row.pods.enumerated() {
      pods.append(.init(name: "p\(i)", group: pod.0, request: pod.1))
      metrics["p\(i)"] = pod.2
    }
    let result = try ReplicaCalculator().replicas(
      utilization: row.target, current: row.current, pods: pods, metrics: metrics)
    #expect(result.replicas == row.replicas)
    #expect(result.utilization == row.utilization)
  }

  @Test func amounts() throws {
    let pods = (0..<4).map { ReplicaCalculator.Pod(name: "p\($0)", group: .ready) }
    let metrics = Dictionary(uniqueKeysWithValues: pods.map { ($0.name, 150) })
    let result = try ReplicaCalculator().replicas(
      averageValue: 60, current: 4, pods: pods, metrics: metrics)
    #expect(result == .init(replicas: 10, utilization: nil, average: 150))
  }

  @Test func ownTolerances() throws {
    var calculator = ReplicaCalculator()
    calculator.tolerances = .init(scaleDown: 0.5, scaleUp: 0)
    let pods = [ReplicaCalculator.Pod(name: "p", group: .ready, request: 100)]
    let up = try calculator.replicas(utilization: 50, current: 1, pods: pods, metrics: ["p": 51])
    #expect(up.replicas == 2)
    let same = try calculator.replicas(utilization: 50, current: 1, pods: pods, metrics: ["p": 25])
    #expect(same.replicas == 1)
  }

  @Test func whyThereIsNoAnswer() {
    let calculator = ReplicaCalculator()
    #expect(
      throws: ReplicaCalculator.Failure(
        message: "no pods returned by selector while calculating replica count")
    ) { try calculator.replicas(averageValue: 1, current: 1, pods: [], metrics: ["p": 1]) }
    let unready = [ReplicaCalculator.Pod(name: "p", group: .unready, request: 1)]
    #expect(
      throws: ReplicaCalculator.Failure(
        message: "did not receive metrics for targeted pods (pods might be unready)")
    ) { try calculator.replicas(utilization: 1, current: 1, pods: unready, metrics: ["p": 1]) }
  }

  @Test func whichPodsCount() {
    func pod(_ phase: String, ready: String, started: Int, changed: Int) -> Value {
      [
        "metadata": ["name": "p"],
        "status": [
          "phase": .string(phase), "startTime": .string(RFC3339.string(Instant(seconds: Int64(started)))),
          "conditions": [
            [
              "type": "Ready", "status": .string(ready),
              "lastTransitionTime": .string(RFC3339.string(Instant(seconds: Int64(changed)))),
            ]
          ],
        ],
      ]
    }
    func group(_ pod: Value, measured: Bool = true, cpu: Bool = true, now: Int64) -> Group {
      ReplicaCalculator.group(pod, isMeasured: measured, isCPU: cpu, now: Instant(seconds: now)).0
    }
    #expect(group(pod("Pending", ready: "False", started: 0, changed: 0), now: 10) == .unready)
    #expect(group(pod("Failed", ready: "False", started: 0, changed: 0), now: 10) == .ignored)
    #expect(
      group(pod("Running", ready: "True", started: 0, changed: 0), measured: false, now: 10) == .missing)
    #expect(group(pod("Running", ready: "True", started: 0, changed: 5), now: 10) == .ready)
    #expect(group(pod("Running", ready: "False", started: 0, changed: 5), now: 10) == .unready)
    #expect(group(pod("Running", ready: "False", started: 0, changed: 5), cpu: false, now: 10) == .ready)
    // After five minutes a pod counts unless it was never ready at all.
    #expect(group(pod("Running", ready: "False", started: 0, changed: 5), now: 301) == .unready)
    #expect(group(pod("Running", ready: "False", started: 0, changed: 200), now: 301) == .ready)
  }
}

struct ScalingRulesTests {
  private func at(_ seconds: Int) -> Instant { Instant(seconds: Int64(1_000_000 + seconds)) }

  @Test func theHighestOfFiveMinutesCounts() {
    var rules = ScalingRules()
    #expect(rules.stabilize(8, now: at(0)) == 8)
    #expect(rules.stabilize(2, now: at(15)) == 8)
    #expect(rules.stabilize(2, now: at(300)) == 8)
    #expect(rules.stabilize(2, now: at(301)) == 2)
    // Outdated entries are used again.
    #expect(rules.recommendations.count == 3)
  }

  @Test(arguments: [
    (wanted: 9, current: 2, least: 1, most: 10, size: 4, reason: "ScaleUpLimit"),
    (wanted: 9, current: 6, least: 1, most: 8, size: 8, reason: "TooManyReplicas"),
    (wanted: 1, current: 6, least: 2, most: 8, size: 2, reason: "TooFewReplicas"),
    (wanted: 5, current: 6, least: 2, most: 8, size: 5, reason: "DesiredWithinRange"),
  ]) func bounds(_ row: (wanted: Int, current: Int, least: Int, most: Int, size: Int, reason: String)) {
    let limited = ScalingRules.limit(row.wanted, current: row.current, least: row.least, most: row.most)
    #expect(limited.replicas == row.size)
    #expect(limited.reason == row.reason)
  }

  @Test func ratesCountWhatTheirPeriodSaw() {
    let rules: Value = [
      "policies": [
        ["type": "Pods", "value": 4, "periodSeconds": 60],
        ["type": "Percent", "value": 100, "periodSeconds": 60],
      ]
    ]
    var past = ScalingRules()
    #expect(past.upLimit(3, rules, at(0)) == 7)
    past.noteStep(from: 3, to: 7, behavior: ["scaleUp": rules], now: at(0))
    #expect(past.upLimit(7, rules, at(30)) == 7)
    #expect(past.upLimit(7, rules, at(60)) == 14)
    #expect(past.upLimit(7, rules.setting("selectPolicy", "Min"), at(60)) == 11)
    #expect(past.upLimit(7, rules.setting("selectPolicy", "Disabled"), at(60)) == 7)
    #expect(
      past.downLimit(10, ["policies": [["type": "Percent", "value": 25, "periodSeconds": 60]]], at(60)) == 7)
  }

  @Test func windowsHoldBothDirections() {
    let behavior: Value = [
      "scaleUp": ["stabilizationWindowSeconds": 60], "scaleDown": ["stabilizationWindowSeconds": 30],
    ]
    var rules = ScalingRules()
    _ = rules.stabilize(3, current: 3, behavior: behavior, now: at(0))
    let up = rules.stabilize(6, current: 3, behavior: behavior, now: at(15))
    #expect(up.replicas == 3)
    #expect(up.reason == "ScaleUpStabilized")
    let down = rules.stabilize(1, current: 3, behavior: behavior, now: at(20))
    #expect(down.replicas == 3)
    #expect(down.reason == "ScaleDownStabilized")
    #expect(rules.stabilize(1, current: 3, behavior: behavior, now: at(60)).replicas == 1)
  }
}
