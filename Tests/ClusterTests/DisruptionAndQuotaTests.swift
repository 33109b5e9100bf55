import API
import APIMachinery
import APIServer
import Basics
import Cluster
import Store
import Testing

@Suite struct DisruptionAndQuotaTests {
  typealias World = GarbageCollectionTests.World

  static func deployment(_ name: String, _ replicas: Int) -> Value {
    [
      "apiVersion": "apps/v1", "kind": "Deployment",
      "metadata": ["name": .string(name), "namespace": "default"],
      "spec": [
        "replicas": .int(replicas), "selector": ["matchLabels": ["app": .string(name)]],
        "template": [
          "metadata": ["labels": ["app": .string(name)]],
          "spec": ["containers": [["name": "c", "image": "nginx:1.25"]]],
        ],
      ],
    ]
  }

  static func budget(_ app: String, _ field: Key, _ value: Value) -> Value {
    [
      "apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
      "metadata": ["name": .string(app), "namespace": "default"],
      "spec": .fields((field, value), (.selector, ["matchLabels": ["app": .string(app)]])),
    ]
  }

  @Test(
    arguments: [
      ("minAvailable", Value.int(2), 2, 1), ("minAvailable", "50%", 2, 1), ("maxUnavailable", 1, 2, 1),
      ("maxUnavailable", "50%", 1, 2), ("minAvailable", 5, 5, 0),
    ])
  func budgetsCountHealthyPods(_ field: String, _ value: Value, _ desired: Int, _ allowed: Int) throws {
    let w = try World()
    try w.server.create(["apiVersion": "v1", "kind": "Node", "metadata": ["name": "n1"]])
    try w.server.create(Self.deployment("a", 3))
    try w.server.create(Self.budget("a", Key(field), value))
    w.run(10)
    let key = ObjectKey(.podDisruptionBudget, namespace: "default", name: "a")
    let status = w.server.get(key)?.status ?? .null
    #expect(status[.expectedPods] == 3)
    #expect(status[.currentHealthy] == 3)
    #expect(status[.desiredHealthy].int == desired)
    #expect(status[.disruptionsAllowed].int == allowed)
    #expect(Condition.isTrue(status[.conditions], "DisruptionAllowed") == (allowed > 0))
  }

  @Test func aFinishedJobGoesWhenItsTimeIsOver() throws {
    let w = try World()
    try w.server.create(["apiVersion": "v1", "kind": "Node", "metadata": ["name": "n1"]])
    try w.server.create([
      "apiVersion": "batch/v1", "kind": "Job", "metadata": ["name": "j", "namespace": "default"],
      "spec": [
        "ttlSecondsAfterFinished": 20,
        "template": [
          "spec": ["restartPolicy": "Never", "containers": [["name": "c", "image": "busybox:1"]]]
        ],
      ],
    ])
    let key = ObjectKey(.job, namespace: "default", name: "j")
    w.run(15)
    #expect(w.server.get(key)?.condition("Complete")?[.status] == "True")
    w.run(30)
    #expect(w.server.get(key) == nil)
    #expect(w.server.list(.pod, namespace: "default").isEmpty)
  }

  @Test func quotasCountWhatIsThereAndWhatGoes() throws {
    let w = try World()
    let config: (String) -> Value = {
      ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string($0), "namespace": "default"]]
    }
    try w.server.create([
      "apiVersion": "v1", "kind": "ResourceQuota", "metadata": ["name": "q", "namespace": "default"],
      "spec": ["hard": ["count/configmaps": "3", "pods": "1", "requests.cpu": "1"]],
    ])
    w.run(1)
    let key = ObjectKey(.resourceQuota, namespace: "default", name: "q")
    let used = { w.server.get(key)?.status[.used] ?? .null }
    #expect(w.server.get(key)?.status[.hard][.pods] == "1")
    let before = used()["count/configmaps"].string.flatMap { Int($0) } ?? -1
    try w.server.create(config("a"))
    #expect(used()["count/configmaps"].string == String(before + 1))
    try w.server.create(ClusterTests.pod("p", cpu: "250m"))
    #expect(used()["requests.cpu"] == "250m")
    #expect(throws: APIError.self) { try w.server.create(ClusterTests.pod("q", cpu: "250m")) }
    try w.server.delete(ObjectKey(.configMap, namespace: "default", name: "a"))
    try w.server.delete(ObjectKey(.pod, namespace: "default", name: "p"))
    w.run(1)
    #expect(used()["count/configmaps"].string == String(before))
    #expect(used()[.pods] == "0")
    #expect(used()["requests.cpu"] == "0")
  }
}
