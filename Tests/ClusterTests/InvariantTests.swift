import API
import APIMachinery
import APIServer
import Basics
import Cluster
import Store
import Testing

/// Each invariant is broken once, by events that no cluster should ever tell.
struct InvariantTests {
  private func monitor() -> InvariantMonitor {
    InvariantMonitor(
      APIServer(
        store: ObjectStore(), scheme: Scheme.builtin, clock: VirtualClock(Instant(seconds: 0)), seed: 1,
        resourceVersion: 1))
  }

  /// Tells the objects one after the other, each as the next state of the one of its name.
  private func checks(_ objects: [Value]) -> [String] {
    let monitor = monitor()
    var known: [ObjectKey: Value] = [:]
    for (i, object) in objects.enumerated() {
      var object = object
      let key = ObjectKey(of: object)
      if !object.metadata.has("resourceVersion") {
        object[.metadata]["resourceVersion"] = .string("\(i + 2)")
      }
      if !object.metadata.has("uid") { object[.metadata]["uid"] = .string("u-\(key.name)") }
      let type: WatchEvent.Kind = known[key] == nil ? .added : .modified
      monitor.observe([WatchEvent(type, key, old: known[key], object: object)])
      known[key] = object
    }
    return monitor.violations.map(\.check)
  }

  private func node(_ name: String, cpu: String = "1") -> Value {
    [
      "apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(name)],
      "status": ["allocatable": ["cpu": .string(cpu), "memory": "1Gi", "pods": "10"]],
    ]
  }

  private func pod(_ name: String, on node: String = "", status: Value = ["phase": "Running"]) -> Value {
    [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": ["name": .string(name), "namespace": "default", "labels": ["app": "web"]],
      "spec": [
        "nodeName": .string(node), "containers": [["name": "c", "resources": ["requests": ["cpu": "600m"]]]],
      ],
      "status": status,
    ]
  }

  @Test func binding() {
    #expect(checks([node("n1"), pod("a"), pod("a", on: "n1")]) == [])
    #expect(checks([pod("a"), pod("a", on: "n1")]) == ["bind-once"])
    #expect(
      checks([node("n1", cpu: "4"), node("n2"), pod("a"), pod("a", on: "n1"), pod("a", on: "n2")]) == [
        "bind-once"
      ])
  }

  @Test func roomOnNodes() {
    let objects = [node("n1"), pod("a"), pod("a", on: "n1"), pod("b"), pod("b", on: "n1")]
    #expect(checks(objects) == ["node-room"])
  }

  @Test func versions() {
    var second = pod("a")
    second[.metadata]["resourceVersion"] = "2"
    #expect(checks([pod("a"), second]) == ["version-order"])
    var ahead = pod("a")
    ahead[.metadata]["generation"] = 1
    ahead.status["observedGeneration"] = 2
    #expect(checks([ahead]) == ["observed-generation"])
  }

  @Test func quota() {
    func quota(_ used: String, hard: String = "3") -> Value {
      [
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": ["name": "q", "namespace": "default"],
        "spec": ["hard": ["pods": .string(hard)]],
        "status": ["hard": ["pods": .string(hard)], "used": ["pods": .string(used)]],
      ]
    }
    #expect(checks([quota("2"), quota("3")]) == [])
    #expect(checks([quota("3"), quota("4")]) == ["quota"])
    // A limit that was lowered leaves what is there.
    #expect(checks([quota("3"), quota("3", hard: "2"), quota("2", hard: "2")]) == [])
  }

  @Test func rollouts() {
    let deployment: Value = [
      "apiVersion": "apps/v1", "kind": "Deployment",
      "metadata": ["name": "web", "namespace": "default", "uid": "d"],
      "spec": [
        "replicas": 4,
        "strategy": ["type": "RollingUpdate", "rollingUpdate": ["maxSurge": 1, "maxUnavailable": 1]],
      ],
    ]
    func set(_ name: String, _ replicas: Int, available: Int) -> Value {
      [
        "apiVersion": "apps/v1", "kind": "ReplicaSet",
        "metadata": [
          "name": .string(name), "namespace": "default",
          "annotations": ["deployment.kubernetes.io/desired-replicas": "4"],
          "ownerReferences": [["kind": "Deployment", "uid": "d", "controller": true]],
        ],
        "spec": ["replicas": .int(replicas)], "status": ["availableReplicas": .int(available)],
      ]
    }
    let old = set("old", 4, available: 4)
    #expect(checks([deployment, old, set("new", 1, available: 0), set("old", 3, available: 4)]) == [])
    #expect(checks([deployment, old, set("new", 2, available: 0)]) == ["surge"])
    #expect(
      checks([deployment, old, set("new", 1, available: 0), set("old", 2, available: 4)]) == ["unavailable"])
  }

  @Test func budgets() {
    let ready: Value = ["phase": "Running", "conditions": [["type": "Ready", "status": "True"]]]
    var evicted = ready
    evicted["conditions"].append(
      ["type": "DisruptionTarget", "status": "True", "reason": "EvictionByEvictionAPI"])
    let budget: Value = [
      "apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
      "metadata": ["name": "b", "namespace": "default", "generation": 1],
      "spec": ["minAvailable": 1, "selector": ["matchLabels": ["app": "web"]]],
      "status": ["observedGeneration": 1, "desiredHealthy": 1],
    ]
    let pods = [pod("a", status: ready), pod("b", status: ready)]
    #expect(checks([budget] + pods + [pod("a", status: evicted)]) == [])
    #expect(checks([budget] + pods + [pod("a", status: evicted), pod("b", status: evicted)]) == ["budget"])
  }
}
