import API
import APIMachinery
import Basics
import Foundation
import ManifestReader
import PlanReport
import Planner
import Store
import Testing

/// A pass over a cluster at rest, which looks only at what the change set touches, comes to the same end as one that
/// looks at everything.
@Suite struct RestTests {
  private struct Layout: StateLayout {
    func resource(of kind: GroupKind) -> StateResource? {
      Scheme.builtin.info(kind).map { StateResource(plural: $0.plural, namespaced: $0.namespaced) }
    }
  }

  private static let start = Instant(seconds: 1_800_000_000)

  private static func workload(_ kind: String, _ name: String, _ namespace: String, _ more: String) -> String
  {
    """
    ---
    apiVersion: apps/v1
    kind: \(kind)
    metadata: {name: \(name), namespace: \(namespace)}
    spec:
      selector: {matchLabels: {app: \(name)}}
      template:
        metadata: {labels: {app: \(name)}}
        spec:
          containers:
          - {name: main, image: "\(name):1", resources: {requests: {cpu: 300m, memory: 64Mi}}}
      \(more)
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: \(name), namespace: \(namespace)}
    spec: {selector: {app: \(name)}, ports: [{port: 80}]}

    """
  }

  private static let world: String = {
    var text = ""
    for i in 0..<4 {
      text += """
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: n\(i), labels: {pool: p\(i % 2), topology.kubernetes.io/zone: z\(i % 2)}}
        spec: {podCIDR: 10.8.\(i).0/24}
        status: {capacity: {cpu: "4", memory: 8Gi, pods: "20"}, allocatable: {cpu: "4", memory: 8Gi, pods: "20"}}

        """
    }
    for namespace in ["a", "b"] {
      text += "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: \(namespace)}\n"
      text += workload("Deployment", "web", namespace, "replicas: 6")
      text += workload("StatefulSet", "db", namespace, "replicas: 3\n  serviceName: db")
    }
    text += workload("DaemonSet", "agent", "a", "updateStrategy: {type: RollingUpdate}")
    text += "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web, namespace: b}\n"
    text += "spec: {minAvailable: 4, selector: {matchLabels: {app: web}}}\n"
    return text
  }()

  /// What is replaced in the manifests, and by what.
  static let changes: [(from: String, to: String)] = [
    ("", ""),
    ("web:1", "web:2"), ("db:1", "db:2"), ("agent:1", "agent:2"),
    ("replicas: 6", "replicas: 9"), ("replicas: 6", "replicas: 1"), ("replicas: 3", "replicas: 60"),
    ("{app: web}, ports", "{app: db}, ports"), ("minAvailable: 4", "minAvailable: 2"),
    ("labels: {pool: p0,", "labels: {pool: p7,"), ("cpu: 300m", "cpu: 1700m"),
    ("kind: DaemonSet\nmetadata: {name: agent,", "kind: DaemonSet\nmetadata: {name: agent2,"),
    ("spec: {podCIDR: 10.8.3.0/24}", "spec: {podCIDR: 10.8.3.0/24, unschedulable: true}"),
    (
      "spec: {podCIDR: 10.8.2.0/24}",
      "spec: {podCIDR: 10.8.2.0/24, taints: [{key: out, effect: NoExecute}]}"
    ),
  ]

  private let folder: String
  private let directory: StateDirectory

  init() throws {
    folder = NSTemporaryDirectory() + "plimsoll-rest-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let request = LockRequest(command: "test", now: Instant(seconds: 0))
    directory = try StateDirectory.create(
      folder + "/state", layout: Layout(), request: request, seed: 1, now: Self.start)
    var meta = try directory.load().meta
    let input = PassInput(
      manifests: try manifests(Self.world), manifestsName: "m", base: ObjectStore(), now: Self.start)
    let outcome = Planner.run(input)
    try #require(outcome.diagnostics.isEmpty)
    meta.now = outcome.report.end
    meta.resourceVersion = outcome.resourceVersion
    meta.inventory = outcome.inventory
    meta.components = outcome.memory
    let lock = try directory.lock(request)
    _ = try directory.commit(
      outcome.store, meta: meta, note: CommitNote(command: "test", time: Self.start), under: lock)
    lock.release()
  }

  private func manifests(_ text: String) throws -> [Manifest] {
    let file = "\(folder)/\(UUID().uuidString).yaml"
    try text.write(toFile: file, atomically: false, encoding: .utf8)
    return ManifestReader.read([file]).manifests
  }

  /// The outcome of a plan, and how many steps it took.
  private func plan(_ text: String, atRest: Bool, without: String? = nil) throws -> (PassOutcome, Int) {
    let loaded = try directory.load()
    #expect(loaded.edited.isEmpty)
    var input = PassInput(
      manifests: try manifests(text), manifestsName: "m", base: loaded.store,
      now: loaded.meta.now + .seconds(60))
    input.isNewState = false
    input.lineage = loaded.meta.lineage
    input.serial = loaded.meta.serial
    input.resourceVersion = loaded.meta.resourceVersion
    input.inventory = loaded.meta.inventory
    input.memory = loaded.meta.components
    input.isAsWritten = atRest
    if let without { input.removals = [ObjectKey(.node, name: without)] }
    let probe = StepCounter()
    input.probe = probe
    return (Planner.run(input), probe.steps)
  }

  private func expectSame(_ one: PassOutcome, _ other: PassOutcome) {
    let (a, b) = (one.store.changes, other.store.changes)
    #expect(a.map(\.key) == b.map(\.key))
    for (x, y) in zip(a, b) { #expect(x.new == y.new, "\(x.key)") }
    #expect(one.report.digest == other.report.digest)
    #expect(one.resourceVersion == other.resourceVersion)
    for (x, y) in zip(one.report.nodes, other.report.nodes) {
      #expect("\(x.name) \(x.cpu) \(x.memory) \(x.pods)" == "\(y.name) \(y.cpu) \(y.memory) \(y.pods)")
    }
    #expect(one.report.consequences.podsUnschedulable == other.report.consequences.podsUnschedulable)
    #expect(one.report.findings.map(\.message) == other.report.findings.map(\.message))
    #expect(one.memory == other.memory)
  }

  @Test(arguments: changes) func endsTheSame(_ change: (from: String, to: String)) throws {
    let text = Self.world.replacingOccurrences(of: change.from, with: change.to)
    let (rested, few) = try plan(text, atRest: true)
    let (full, many) = try plan(text, atRest: false)
    expectSame(rested, full)
    #expect(few < many)
    #expect(change.from.isEmpty ? rested.store.changes.isEmpty : !rested.store.changes.isEmpty)
    if change.from.isEmpty { #expect(few == 0) }
  }

  /// Only the versions differ: one who looks at everything after the node is gone writes endpoints twice.
  @Test func endsTheSameWithoutANode() throws {
    let nodes = Self.world.components(separatedBy: "---\n").filter { !$0.contains("name: n1,") }
    let text = nodes.joined(separator: "---\n")
    let rested = try plan(text, atRest: true, without: "n1").0
    let full = try plan(text, atRest: false, without: "n1").0
    #expect(rested.store.changes.map(\.key) == full.store.changes.map(\.key))
    #expect(rested.store.changes.contains { $0.key.kind == .pod })
  }

  @Test func aPassThatWaitsLeavesNoNote() throws {
    let cron = """
      ---
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: tick, namespace: a}
      spec:
        schedule: "0 0 1 1 *"
        jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: c}]}}}}
      """
    #expect(try plan(Self.world, atRest: true).0.memory["rest"].isObject)
    #expect(try !plan(Self.world + cron, atRest: true).0.memory["rest"].isObject)
  }
}

private final class StepCounter: PassProbe {
  var steps = 0
  func components(_ names: [String]) {}
  func phase(_ name: String) {}
  func begins(_ component: Int) { steps += 1 }
  func ends(_ component: Int) {}
  func delivered(_ events: [WatchEvent]) {}
}
