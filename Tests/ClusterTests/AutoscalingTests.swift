import API
import APIMachinery
import APIServer
import Basics
import Cluster
import Store
import Testing

/// Autoscalers on a whole cluster: what they scale, when they rest, what they say.
struct AutoscalingTests {
  private let key = ObjectKey(.horizontalPodAutoscaler, namespace: "default", name: "web")
  private let target = ObjectKey(.deployment, namespace: "default", name: "web")

  private func cluster(usage: Value?, metric: Value, kind: String = "Deployment") throws -> Cluster {
    let clock = VirtualClock(Instant(seconds: 1_800_000_000))
    let server = APIServer(
      store: ObjectStore(), scheme: Scheme.builtin.copy(), clock: clock, seed: 3, resourceVersion: 1)
    try Bootstrap.run(server)
    try server.create(["apiVersion": "v1", "kind": "Node", "metadata": ["name": "n1"]])
    let cluster = Cluster(server: server, assumptions: assumptions(usage))
    cluster.sync()
    try server.create([
      "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web", "namespace": "default"],
      "spec": [
        "replicas": 2, "selector": ["matchLabels": ["app": "web"]],
        "template": [
          "metadata": ["labels": ["app": "web"]],
          "spec": [
            "containers": [
              ["name": "c", "image": "nginx:1", "resources": ["requests": ["cpu": "100m"]]],
              ["name": "side", "image": "nginx:1", "resources": ["requests": ["cpu": "100m"]]],
            ]
          ],
        ],
      ],
    ])
    try server.create([
      "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
      "metadata": ["name": "web", "namespace": "default"],
      "spec": [
        "scaleTargetRef": ["apiVersion": "apps/v1", "kind": .string(kind), "name": "web"],
        "minReplicas": 1, "maxReplicas": 9, "metrics": [metric],
      ],
    ])
    return cluster
  }

  private func assumptions(_ usage: Value?) -> Assumptions {
    guard let usage else { return Assumptions() }
    let document: Value = [
      "apiVersion": "plimsoll.dev/v1", "kind": "Assumptions",
      "pods": [["selector": ["app": "web"], "container": "c", "usage": usage]],
    ]
    return Assumptions.read(document).0
  }

  private func resource(_ target: Value, container: String? = nil) -> Value {
    let field = container == nil ? "resource" : "containerResource"
    return [
      "type": .string(container == nil ? "Resource" : "ContainerResource"),
      Key(field): .fields(
        ("name", "cpu"), ("container", container.map { .string($0) }), ("target", target)),
    ]
  }

  @Test func growsToWhatIsAskedAndRests() throws {
    let metric = resource(["type": "Utilization", "averageUtilization": 50], container: "c")
    let cluster = try cluster(usage: ["cpu": "150m"], metric: metric)
    let end = cluster.run(until: cluster.clock.now + .seconds(900))
    #expect(end.isStable)
    if case .horizon(let pending) = end {
      #expect(!pending.contains { $0.component.hasPrefix("horizontal") })
    }
    #expect(cluster.server.get(target)?.spec[.replicas].int == 9)
    let hpa = try #require(cluster.server.get(key))
    #expect(hpa.condition("ScalingLimited")?[.reason].string == "TooManyReplicas")
    #expect(hpa.condition("AbleToScale")?[.reason].string == "ReadyForNewScale")
    let current = hpa.status[.currentMetrics][0][.containerResource]
    #expect(current[.container].string == "c")
    #expect(current[.current][.averageUtilization].int == 150)
    #expect(ClusterChecker.run(cluster.server).isEmpty)
  }

  @Test func theLoadOfTheLastPassHoldsFiveMinutes() throws {
    let metric = resource(["type": "AverageValue", "averageValue": "50m"])
    let first = try cluster(usage: ["cpu": "100m"], metric: metric)
    _ = first.run(until: first.clock.now + .seconds(120))
    #expect(first.server.get(target)?.spec[.replicas].int == 9)
    let second = Cluster(
      server: first.server, assumptions: assumptions(["cpu": "10m"]), memory: first.memory)
    second.sync()
    let begin = second.clock.now
    _ = second.run(until: begin + .seconds(240))
    #expect(second.server.get(key)?.condition("AbleToScale")?[.reason].string == "ScaleDownStabilized")
    #expect(second.server.get(target)?.spec[.replicas].int == 9)
    _ = second.run(until: begin + .seconds(400))
    #expect(second.server.get(target)?.spec[.replicas].int == 2)
  }

  private static let pods: Value = [
    "type": "Pods",
    "pods": ["metric": ["name": "rps"], "target": ["type": "AverageValue", "averageValue": "1"]],
  ]
  private static let external: Value = [
    "type": "External",
    "external": [
      "metric": ["name": "queue", "selector": ["matchLabels": ["q": "a"]]],
      "target": ["type": "AverageValue", "averageValue": "30"],
    ],
  ]

  @Test(arguments: [
    (pods, "FailedGetPodsMetric", "no custom metrics API (custom.metrics.k8s.io) registered"),
    (
      external, "FailedGetExternalMetric",
      "the server could not find the requested resource (get queue.external.metrics.k8s.io)"
    ),
  ]) func metricsThatNobodyServes(metric: Value, reason: String, end: String) throws {
    let cluster = try cluster(usage: nil, metric: metric)
    _ = cluster.run(until: cluster.clock.now + .seconds(60))
    let condition = try #require(cluster.server.get(key)?.condition("ScalingActive"))
    #expect(condition[.reason].string == reason)
    #expect(condition[.message].string?.hasSuffix(end) ?? false)
  }

  @Test func aKindWithoutScale() throws {
    let metric = resource(["type": "Utilization", "averageUtilization": 50])
    let cluster = try cluster(usage: nil, metric: metric, kind: "DaemonSet")
    _ = cluster.run(until: cluster.clock.now + .seconds(60))
    #expect(
      cluster.server.get(key)?.condition("AbleToScale")?[.message].string
        == "the HPA controller was unable to get the target's current scale: "
        + "the server could not find the requested resource")
  }
}
