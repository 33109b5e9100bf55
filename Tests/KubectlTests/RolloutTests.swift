import APIMachinery
import Basics
import Testing

@testable import Kubectl

@Suite struct RolloutTests {
  static func deployment(_ spec: Value, _ status: Value, generation: Int = 1) -> Value {
    [
      "apiVersion": "apps/v1", "kind": "Deployment",
      "metadata": ["name": "web", "generation": .int(generation)], "spec": spec, "status": status,
    ]
  }

  static let statuses: [(Value, Value, String)] = [
    (["replicas": 2], ["observedGeneration": 0], "Waiting for deployment spec update to be observed..."),
    (
      ["replicas": 2], ["observedGeneration": 1, "updatedReplicas": 1],
      "Waiting for deployment \"web\" rollout to finish: 1 out of 2 new replicas have been updated..."
    ),
    (
      ["replicas": 2], ["observedGeneration": 1, "updatedReplicas": 2, "replicas": 3],
      "Waiting for deployment \"web\" rollout to finish: 1 old replicas are pending termination..."
    ),
    (
      ["replicas": 2],
      ["observedGeneration": 1, "updatedReplicas": 2, "replicas": 2, "availableReplicas": 1],
      "Waiting for deployment \"web\" rollout to finish: 1 of 2 updated replicas are available..."
    ),
    (
      ["replicas": 2],
      ["observedGeneration": 1, "updatedReplicas": 2, "replicas": 2, "availableReplicas": 2],
      "deployment \"web\" successfully rolled out"
    ),
    (
      ["replicas": 2],
      [
        "observedGeneration": 1,
        "conditions": [["type": "Progressing", "reason": "ProgressDeadlineExceeded"]],
      ],
      "error: deployment \"web\" exceeded its progress deadline"
    ),
  ]

  @Test(arguments: 0..<statuses.count) func deploymentStatus(_ i: Int) {
    let (spec, status, expected) = Self.statuses[i]
    do throws(KubectlError) {
      #expect(try RolloutStatus.of(Self.deployment(spec, status)).text == expected)
    } catch { #expect(error.text == expected) }
  }

  static func set(_ kind: String, _ spec: Value, _ status: Value) -> Value {
    [
      "apiVersion": "apps/v1", "kind": .string(kind), "metadata": ["name": "db", "generation": 1],
      "spec": spec, "status": status.setting("observedGeneration", 1),
    ]
  }

  static let sets: [(String, Value, Value, String)] = [
    (
      "StatefulSet", ["replicas": 2, "updateStrategy": ["type": "RollingUpdate"]], ["readyReplicas": 1],
      "Waiting for 1 pods to be ready..."
    ),
    (
      "StatefulSet",
      ["replicas": 2, "updateStrategy": ["type": "RollingUpdate", "rollingUpdate": ["partition": 1]]],
      ["readyReplicas": 2, "updatedReplicas": 1],
      "partitioned roll out complete: 1 new pods have been updated..."
    ),
    (
      "StatefulSet", ["replicas": 2, "updateStrategy": ["type": "RollingUpdate"]],
      ["readyReplicas": 2, "updatedReplicas": 1, "updateRevision": "b", "currentRevision": "a"],
      "waiting for statefulset rolling update to complete 1 pods at revision b..."
    ),
    (
      "StatefulSet", ["replicas": 2, "updateStrategy": ["type": "OnDelete"]], [:],
      "error: rollout status is only available for RollingUpdate strategy type"
    ),
    (
      "DaemonSet", ["updateStrategy": ["type": "RollingUpdate"]],
      ["updatedNumberScheduled": 1, "desiredNumberScheduled": 2],
      "Waiting for daemon set \"db\" rollout to finish: 1 out of 2 new pods have been updated..."
    ),
    (
      "DaemonSet", ["updateStrategy": ["type": "RollingUpdate"]],
      ["updatedNumberScheduled": 2, "desiredNumberScheduled": 2, "numberAvailable": 2],
      "daemon set \"db\" successfully rolled out"
    ),
  ]

  @Test(arguments: 0..<sets.count) func setStatus(_ i: Int) {
    let (kind, spec, status, expected) = Self.sets[i]
    do throws(KubectlError) {
      #expect(try RolloutStatus.of(Self.set(kind, spec, status)).text == expected)
    } catch { #expect(error.text == expected) }
  }

  /// A client that holds a few objects.
  final class Shelf: ObjectReader {
    var objects: [Value]
    init(_ objects: [Value]) { self.objects = objects }
    func get(_ key: ObjectKey) -> Value? { objects.first { ObjectKey(of: $0) == key } }
    func list(_ kind: GroupKind, namespace: Key?) -> [Value] {
      objects.filter { ObjectKey(of: $0).kind == kind && (namespace == nil || $0.namespaceKey == namespace) }
    }
    func owned(by uid: Key) -> [ObjectKey] { [] }
    func pods(onNode node: Key) -> [Value] {
      list(.pod, namespace: nil).filter { $0.spec[.nodeName].key == node }
    }
  }

  static let owner: Value = [
    "apiVersion": "apps/v1", "kind": "Deployment",
    "metadata": [
      "name": "web", "namespace": "d", "uid": "u",
      "annotations": ["deployment.kubernetes.io/revision": "3", "mine": "new"],
    ],
    "spec": [
      "selector": ["matchLabels": ["app": "web"]],
      "template": ["spec": ["containers": [["name": "c", "image": "3"]]]],
    ],
  ]

  static func replicaSet(_ revision: Int) -> Value {
    [
      "apiVersion": "apps/v1", "kind": "ReplicaSet",
      "metadata": [
        "name": .string("web-\(revision)"), "namespace": "d", "labels": ["app": "web"],
        "annotations": [
          "deployment.kubernetes.io/revision": .string(String(revision)), "mine": .string("old\(revision)"),
        ],
        "ownerReferences": [["uid": "u", "controller": true]],
      ],
      "spec": [
        "template": [
          "metadata": ["labels": ["pod-template-hash": "x"]],
          "spec": ["containers": [["name": "c", "image": .string(String(revision))]]],
        ]
      ],
    ]
  }

  @Test func undoTakesTheRevisionBeforeTheLast() throws {
    let shelf = Shelf([Self.replicaSet(3), Self.replicaSet(1), Self.replicaSet(2)])
    guard case .patch(let patch) = try RolloutUndo.plan(Self.owner, to: 0, shelf) else {
      Issue.record("no patch")
      return
    }
    #expect(patch[0][.value][.spec][.containers][0][.image].string == "2")
    #expect(patch[0][.value][.metadata][.labels].isEmpty)
    #expect(patch[1][.value] == ["deployment.kubernetes.io/revision": "3", "mine": "old2"])
    guard case .patch(let first) = try RolloutUndo.plan(Self.owner, to: 1, shelf) else {
      Issue.record("no patch")
      return
    }
    #expect(first[0][.value][.spec][.containers][0][.image].string == "1")
    #expect(throws: KubectlError.self) { try RolloutUndo.plan(Self.owner, to: 9, shelf) }
    #expect(throws: KubectlError.self) {
      try RolloutUndo.plan(Self.owner, to: 0, Shelf([Self.replicaSet(3)]))
    }
  }

  @Test func undoOfARevisionThatIsTheTemplateIsSkipped() throws {
    var set = Self.replicaSet(3)
    set[.spec][.template] = Self.owner.spec[.template]
    guard case .skipped(let why) = try RolloutUndo.plan(Self.owner, to: 3, Shelf([set])) else {
      Issue.record("not skipped")
      return
    }
    #expect(why == "skipped rollback (current template already matches revision 3)")
  }

  static func pod(_ name: String, _ more: Value, owner: String? = nil) -> Value {
    var pod: Value = [
      "apiVersion": "v1", "kind": "Pod", "metadata": ["name": .string(name), "namespace": "d"],
      "spec": ["nodeName": "n1"], "status": ["phase": "Running"],
    ]
    for field in more.fields { pod[field.key] = JSONMergePatch.apply(field.value, to: pod[field.key]) }
    if let owner {
      pod[.metadata][.ownerReferences] = [["kind": .string(owner), "name": "o", "controller": true]]
    }
    return pod
  }

  @Test(arguments: [
    (
      "plain", false, false, false, "",
      "cannot delete Pods that declare no controller (use --force to override): d/plain"
    ),
    ("plain", true, false, false, "plain", "deleting Pods that declare no controller: d/plain"),
    ("owned", false, false, false, "owned", ""),
    (
      "daemon", false, false, false, "",
      "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): d/daemon"
    ),
    ("daemon", false, true, false, "", "ignoring DaemonSet-managed Pods: d/daemon"),
    (
      "local", false, false, false, "",
      "cannot delete Pods with local storage (use --delete-emptydir-data to override): d/local"
    ),
    ("local", false, false, true, "local", ""), ("mirror", false, false, false, "", ""),
    ("done", false, false, false, "done", ""),
  ])
  func drainFilter(
    _ name: String, _ force: Bool, _ daemons: Bool, _ empty: Bool, _ taken: String, _ said: String
  ) {
    let pods = [
      Self.pod("plain", [:]), Self.pod("owned", [:], owner: "ReplicaSet"),
      Self.pod("daemon", [:], owner: "DaemonSet"),
      Self.pod("local", ["spec": ["volumes": [["emptyDir": [:]]]]], owner: "ReplicaSet"),
      Self.pod("mirror", ["metadata": ["annotations": ["kubernetes.io/config.mirror": "x"]]]),
      Self.pod("done", ["status": ["phase": "Succeeded"]]),
    ]
    var filter = DrainFilter()
    filter.force = force
    filter.ignoresDaemonSets = daemons
    filter.deletesEmptyDirs = empty
    let daemonSet: Value = [
      "apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": ["name": "o", "namespace": "d"],
    ]
    let list = filter.list(
      node: "n1", Shelf(pods.filter { $0.name == name } + [daemonSet]), now: Instant(seconds: 0))
    #expect(list.pods.map(\.name).joined() == taken)
    #expect((list.errors.first?.message ?? list.warning) == said)
  }
}
