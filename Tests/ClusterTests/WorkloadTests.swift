import API
import APIMachinery
import APIServer
import Basics
import Cluster
import Store
import Testing

/// Workloads from their creation to rest, with what must hold on the way.
struct WorkloadTests {
  private func cluster(nodes: Int = 3) throws -> Cluster {
    let clock = VirtualClock(Instant(seconds: 1_800_000_000))
    let server = APIServer(
      store: ObjectStore(), scheme: Scheme.builtin, clock: clock, seed: 3, resourceVersion: 1)
    try Bootstrap.run(server)
    for i in 1...nodes {
      try server.create(["apiVersion": "v1", "kind": "Node", "metadata": ["name": .string("n\(i)")]])
    }
    let cluster = Cluster(server: server)
    cluster.sync()
    _ = cluster.run(until: clock.now + .seconds(30))
    return cluster
  }

  private func template(_ app: String, image: String = "nginx:1", restart: String = "Always") -> Value {
    [
      "metadata": ["labels": ["app": .string(app)]],
      "spec": [
        "restartPolicy": .string(restart), "containers": [["name": "c", "image": .string(image)]],
      ],
    ]
  }

  private func workload(_ kind: String, _ name: String, group: String = "apps/v1", _ spec: Value) -> Value {
    [
      "apiVersion": .string(group), "kind": .string(kind),
      "metadata": ["name": .string(name), "namespace": "default"], "spec": spec,
    ]
  }

  private func settle(_ cluster: Cluster, seconds: Int = 30) {
    let end = cluster.run(until: cluster.clock.now + .seconds(seconds))
    #expect(end.isStable)
  }

  @Test func rollingUpdateStaysWithinItsBounds() throws {
    let cluster = try cluster()
    let key = ObjectKey(.deployment, namespace: "default", name: "web")
    try cluster.server.create(
      workload(
        "Deployment", "web",
        ["replicas": 6, "selector": ["matchLabels": ["app": "web"]], "template": template("web")]))
    settle(cluster)
    let before = try #require(cluster.server.get(key))
    #expect(before.status[.availableReplicas].int == 6)
    var most = 0
    var least = 6
    cluster.loop.onEvents = { _ in
      let pods = cluster.server.list(.pod, namespace: "default").filter { !$0.isTerminating }
      most = max(most, pods.count)
      least = min(least, pods.count { $0.condition("Ready")?[.status].string == "True" })
    }
    var next = before
    next[.spec][.template] = template("web", image: "nginx:2")
    try cluster.server.update(next)
    settle(cluster)
    let after = try #require(cluster.server.get(key))
    #expect(after.status[.updatedReplicas].int == 6)
    #expect(after.condition("Progressing")?[.reason].string == "NewReplicaSetAvailable")
    #expect(most == 8)
    #expect(least == 5)
    #expect(
      cluster.server.list(.replicaSet, namespace: "default").map { $0.spec[.replicas].int }.sorted {
        ($0 ?? 0) < ($1 ?? 0)
      } == [0, 6])
  }

  @Test func orderedPodsComeOneAfterTheOther() throws {
    let cluster = try cluster()
    var births: [String] = []
    cluster.loop.onEvents = { events in
      for event in events where event.key.kind == .pod && event.type == .added {
        births.append(event.key.name.string)
        let others = cluster.server.list(.pod, namespace: "default").filter { $0.nameKey != event.key.name }
        #expect(others.allSatisfy { $0.condition("Ready")?[.status].string == "True" })
      }
    }
    try cluster.server.create(
      workload(
        "StatefulSet", "db",
        [
          "replicas": 3, "serviceName": "db", "selector": ["matchLabels": ["app": "db"]],
          "template": template("db"),
        ]))
    settle(cluster)
    #expect(births == ["db-0", "db-1", "db-2"])
    let set = try #require(cluster.server.get(ObjectKey(.statefulSet, namespace: "default", name: "db")))
    #expect(set.status[.currentRevision] == set.status[.updateRevision])
    #expect(set.status[.readyReplicas].int == 3)
  }

  @Test func daemonPodsFollowTheNodes() throws {
    let cluster = try cluster(nodes: 2)
    let key = ObjectKey(.daemonSet, namespace: "default", name: "agent")
    try cluster.server.create(
      workload(
        "DaemonSet", "agent", ["selector": ["matchLabels": ["app": "a"]], "template": template("a")]))
    settle(cluster)
    #expect(cluster.server.get(key)?.status[.numberReady].int == 2)
    try cluster.server.create(["apiVersion": "v1", "kind": "Node", "metadata": ["name": "n9"]])
    settle(cluster)
    #expect(cluster.server.get(key)?.status[.numberReady].int == 3)
    #expect(Set(cluster.server.list(.pod, namespace: "default").map { $0.spec[.nodeName].string }).count == 3)
  }

  @Test func indexedJobCompletesEachIndexOnce() throws {
    let cluster = try cluster()
    try cluster.server.create(
      workload(
        "Job", "idx", group: "batch/v1",
        [
          "completionMode": "Indexed", "completions": 5, "parallelism": 2,
          "template": template("idx", restart: "Never"),
        ]))
    settle(cluster)
    let job = try #require(cluster.server.get(ObjectKey(.job, namespace: "default", name: "idx")))
    #expect(job.status[.completedIndexes].string == "0-4")
    #expect(job.condition("Complete")?[.status].string == "True")
    let pods = cluster.server.list(.pod, namespace: "default")
    #expect(pods.count == 5)
    #expect(pods.allSatisfy { $0.metadata[.finalizers].isEmpty })
  }

  @Test func cronJobRunsEachMinute() throws {
    let cluster = try cluster()
    try cluster.server.create(
      workload(
        "CronJob", "tick", group: "batch/v1",
        [
          "schedule": "* * * * *",
          "jobTemplate": ["spec": ["template": template("tick", restart: "Never")]],
        ]))
    settle(cluster, seconds: 150)
    let jobs = cluster.server.list(.job, namespace: "default")
    #expect(jobs.count == 2)
    #expect(jobs.allSatisfy { $0.condition("Complete") != nil })
  }
}
