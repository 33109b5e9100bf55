import APIMachinery
import Basics
import ControllerRuntime
import Foundation
import Scheduler

/// `schedule --nodes N --pods P [--deployments D] [--case spread|plain|anti|preempt]`: the scheduler alone, fed
/// with events and bound to nothing. One line a phase.
func benchSchedule(_ arguments: [String]) {
  func number(_ name: String, _ otherwise: Int) -> Int {
    guard let at = arguments.firstIndex(of: "--\(name)"), at + 1 < arguments.count else { return otherwise }
    return Int(arguments[at + 1]) ?? otherwise
  }
  let nodes = max(1, number("nodes", 5000))
  let pods = number("pods", nodes * 30)
  let deployments = max(1, number("deployments", max(1, pods / 20)))
  let at = arguments.firstIndex(of: "--case").map { $0 + 1 }
  let what = at.flatMap { $0 < arguments.count ? arguments[$0] : nil } ?? "spread"
  let objects = ScheduleObjects(what: what, nodes: nodes, pods: pods, deployments: deployments)
  print("\(what): \(nodes) nodes, \(pods) pods, \(deployments) deployments")
  ScheduleRun(objects).run()
}

/// A phase's wall and CPU time.
struct Phase {
  private let wall = DispatchTime.now().uptimeNanoseconds
  private let cpu = Phase.userMicroseconds()

  static func usage() -> rusage {
    var usage = rusage()
    _ = getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage
  }

  static func userMicroseconds() -> Int {
    let time = usage().ru_utime
    return Int(time.tv_sec) * 1_000_000 + Int(time.tv_usec)
  }

  func end(_ what: String, _ count: Int) {
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - wall) / 1e9
    let user = Double(Phase.userMicroseconds() - cpu) / 1e6
    let each = seconds * 1e6 / Double(max(count, 1))
    let line = String(
      format: "  %@ %8.3f s wall %8.3f s user %10.2f µs each %10.0f /s   %6.0f MiB peak",
      what.padding(toLength: 16, withPad: " ", startingAt: 0), seconds, user, each,
      Double(count) / max(seconds, 1e-9), Double(Phase.usage().ru_maxrss) / 1024)
    print(line)
  }
}

/// What a bench run is about.
struct ScheduleObjects {
  var nodes: [Value] = []
  var sets: [Value] = []
  /// Running on a node from the start.
  var placed: [Value] = []
  var pods: [Value] = []

  init(what: String, nodes count: Int, pods total: Int, deployments: Int) {
    for i in 0..<count {
      nodes.append(Self.node(i, cpu: what == "preempt" ? "4" : "32", pods: "110"))
    }
    if what == "preempt" {
      for i in 0..<count * 4 {
        placed.append(
          Self.pod(
            "low-\(i)", app: "low", cpu: "900m", memory: "500Mi", priority: 0, node: "node-\(i / 4)"))
      }
      for i in 0..<total {
        pods.append(Self.pod("high-\(i)", app: "high", cpu: "3", memory: "500Mi", priority: 10, node: nil))
      }
      return
    }
    for d in 0..<deployments {
      let app = "app-\(d)"
      if what == "spread" { sets += Self.set(app) }
      let mine = total * (d + 1) / deployments - total * d / deployments
      let size = (100 + d % 7 * 50, 128 + d % 5 * 64)
      var template = Self.pod(
        app, app: app, cpu: "\(size.0)m", memory: "\(size.1)Mi", priority: 0, node: nil)
      if what == "anti" { template = Self.antiAffinity(template, app) }
      for i in 0..<mine {
        var pod = template
        pod[.metadata] = pod[.metadata].setting(.name, .string("\(app)-\(i)"))
        pod[.metadata] = pod[.metadata].setting(.uid, .string("uid-\(app)-\(i)"))
        pods.append(pod)
      }
    }
  }

  private static func node(_ i: Int, cpu: String, pods: String) -> Value {
    [
      "apiVersion": "v1", "kind": "Node",
      "metadata": [
        "name": .string("node-\(i)"),
        "labels": [
          "kubernetes.io/hostname": .string("node-\(i)"),
          "topology.kubernetes.io/zone": .string("zone-\(i % 3)"),
          "topology.kubernetes.io/region": "one",
        ],
      ],
      "spec": .emptyObject,
      "status": [
        "allocatable": ["cpu": .string(cpu), "memory": "64Gi", "pods": .string(pods)]
      ],
    ]
  }

  private static func set(_ app: String) -> [Value] {
    let labels: Value = ["app": .string(app)]
    return [
      [
        "apiVersion": "v1", "kind": "Service", "metadata": ["name": .string(app), "namespace": "default"],
        "spec": ["selector": labels],
      ],
      [
        "apiVersion": "apps/v1", "kind": "ReplicaSet",
        "metadata": ["name": .string(app), "namespace": "default", "uid": .string("uid-\(app)")],
        "spec": ["selector": ["matchLabels": labels]],
      ],
    ]
  }

  private static func pod(
    _ name: String, app: String, cpu: String, memory: String, priority: Int, node: String?
  ) -> Value {
    var pod: Value = [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": [
        "name": .string(name), "namespace": "default", "uid": .string("uid-\(name)"),
        "labels": ["app": .string(app)],
        "ownerReferences": [
          [
            "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": .string(app), "controller": true,
            "uid": .string("uid-\(app)"),
          ]
        ],
      ],
      "spec": [
        "schedulerName": "default-scheduler", "priority": .int(priority),
        "containers": [
          [
            "name": "c", "image": "nginx:1.25",
            "resources": ["requests": ["cpu": .string(cpu), "memory": .string(memory)]],
          ]
        ],
      ],
      "status": ["phase": "Pending"],
    ]
    if let node { pod[.spec] = pod[.spec].setting(.nodeName, .string(node)) }
    return pod
  }

  private static func antiAffinity(_ pod: Value, _ app: String) -> Value {
    var pod = pod
    let term: Value = [
      "labelSelector": ["matchLabels": ["app": .string(app)]], "topologyKey": "kubernetes.io/hostname",
    ]
    pod[.spec][.affinity] = [
      "podAntiAffinity": ["requiredDuringSchedulingIgnoredDuringExecution": [term]]
    ]
    return pod
  }
}

/// Feeds a scheduler and lets it work until nothing waits.
final class ScheduleRun {
  private let objects: ScheduleObjects
  private let client = BenchClient()
  private let scheduler = Scheduler()
  private let now = Instant(seconds: 1_800_000_000)

  init(_ objects: ScheduleObjects) { self.objects = objects }

  func run() {
    feed("observe nodes", objects.nodes)
    feed("observe sets", objects.sets)
    if !objects.placed.isEmpty {
      for pod in objects.placed { client.objects[ObjectKey(of: pod)] = pod }
      feed("observe placed", objects.placed)
    }
    feed("observe pods", objects.pods)
    let context = Context(client: client, clock: VirtualClock(now), recorder: client, seed: 1)
    let phase = Phase()
    while scheduler.nextDue != nil {
      scheduler.step(context)
      if !client.gone.isEmpty {
        for key in client.gone {
          guard let pod = client.objects.removeValue(forKey: key) else { continue }
          scheduler.observe(WatchEvent(.deleted, key, old: pod, object: pod), now: now)
        }
        client.gone.removeAll()
      }
    }
    phase.end("schedule", objects.pods.count)
    print(
      "  bound \(client.bound), preempted \(client.preempted), digest \(String(client.digest, radix: 16))")
  }

  private func feed(_ what: String, _ list: [Value]) {
    if list.isEmpty { return }
    let events = list.map { WatchEvent(.added, ObjectKey(of: $0), old: nil, object: $0) }
    let phase = Phase()
    for event in events { scheduler.observe(event, now: now) }
    phase.end(what, list.count)
  }
}

/// An API that takes bindings and deletions and keeps nothing else.
final class BenchClient: ObjectWriter, EventSink {
  var objects: [ObjectKey: Value] = [:]
  var gone: [ObjectKey] = []
  private(set) var bound = 0
  private(set) var preempted = 0
  private(set) var digest: UInt64 = 0

  func get(_ key: ObjectKey) -> Value? { objects[key] }
  func list(_ kind: GroupKind, namespace: Key?) -> [Value] { [] }
  func owned(by uid: Key) -> [ObjectKey] { [] }
  func pods(onNode node: Key) -> [Value] { [] }
  func create(_ object: Value) throws(APIError) -> Value { object }
  func update(_ object: Value) throws(APIError) -> Value { object }
  func updateStatus(_ object: Value) throws(APIError) -> Value { object }
  func delete(_ key: ObjectKey, _ options: DeleteOptions) throws(APIError) {
    preempted += 1
    gone.append(key)
  }
  func bind(_ pod: ObjectKey, toNode node: Key) throws(APIError) {
    bound += 1
    digest = (digest ^ pod.name.textHash) &* 0x9E37_79B9_7F4A_7C15 &+ node.textHash
  }
  func evict(_ pod: ObjectKey, _ options: DeleteOptions) throws(APIError) {}
  func finalizeNamespace(_ namespace: Value) throws(APIError) -> Value { namespace }
  func event(
    _ object: Value, type: String, reason: String, message: String, source: String, now: Instant
  ) {}
}
