import API
import APIMachinery
import Basics
import ControllerRuntime
import Foundation
import Store
import Testing

/// What lines of a stored file tell of pods is what the pods themselves tell.
@Suite struct PodLinesTests {
  private struct Layout: StateLayout {
    func resource(of kind: GroupKind) -> StateResource? {
      Scheme.builtin.info(kind).map { StateResource(plural: $0.plural, namespaced: $0.namespaced) }
    }
  }

  private static let filler = String(repeating: "--flag=of-some-length ", count: 20)

  /// Pods of one owner, which differ as the case says.
  static let cases: [(String, @Sendable (Int, inout Value) -> Void)] = [
    ("alike", { _, _ in }),
    ("zones", { i, pod in pod[.metadata][.labels] = ["zone": .string("z\(i % 2)")] }),
    ("host", { _, pod in pod[.spec][.hostNetwork] = true }),
    ("some-host", { i, pod in pod[.spec][.hostNetwork] = .bool(i % 2 == 0) }),
    ("over", { _, pod in pod[.status][.phase] = "Succeeded" }),
    ("some-over", { i, pod in pod[.status][.phase] = i % 2 == 0 ? "Failed" : "Running" }),
    ("started", { i, pod in pod[.status][.startTime] = .string("2027-01-15T08:00:0\(i)Z") }),
    ("one-node", { _, pod in pod[.spec][.nodeName] = "n" }),
    ("no-node", { _, pod in pod[.spec].remove(.nodeName) }),
    ("no-address", { _, pod in pod[.status].remove(.podIP) }),
    ("escaped", { i, pod in pod[.metadata][.uid] = .string("u\"\(i)") }),
    ("numbers", { i, pod in pod[.spec][.priority] = .int(i % 3) }),
    ("ephemeral", { _, pod in pod[.spec][.volumes] = [["name": "v", "ephemeral": .emptyObject]] }),
  ]

  static func pod(_ owner: String, _ i: Int) -> Value {
    [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": [
        "name": .string("\(owner)-\(i)"), "namespace": "shop", "uid": .string("uid-\(owner)-\(i)"),
        "labels": ["app": .string(owner)],
        "ownerReferences": [
          ["apiVersion": "apps/v1", "kind": "ReplicaSet", "name": .string(owner), "controller": true]
        ],
      ],
      "spec": [
        "containers": [["name": "main", "image": "main:1", "args": [.string(filler)]]],
        "nodeName": .string("node-\(i % 3)"),
      ],
      "status": ["phase": "Running", "podIP": .string("10.0.0.\(i + 1)")],
    ]
  }

  /// The pod without what a line tells of it.
  private static func model(_ pod: Value) -> Value {
    var plain = pod
    for key in [Key.name, .uid] { plain[.metadata].remove(key) }
    plain[.spec].remove(.nodeName)
    plain[.status].remove(.podIP)
    return plain
  }

  @Test func linesTellWhatPodsTell() throws {
    let folder = NSTemporaryDirectory() + "plimsoll-lines-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let now = Instant(seconds: 1_800_000_000)
    let request = LockRequest(command: "test", now: now)
    let made = ObjectStore()
    for (owner, change) in Self.cases {
      for i in 0..<6 {
        var pod = Self.pod(owner, i)
        change(i, &pod)
        made.put(pod)
      }
    }
    made.put(Self.pod("lonely", 0))
    let first = try StateDirectory.create(folder, layout: Layout(), request: request, seed: 1, now: now)
    let lock = try first.lock(request)
    _ = try first.commit(
      made, meta: first.load(under: lock).meta, note: CommitNote(command: "test", time: now), under: lock)
    lock.release()
    let store = try StateDirectory.open(folder, layout: Layout(), request: request).load().store
    let parts = store.mapParts(.pod) { part in PodLines.read(part.namespace) { part.each($0) } }
    #expect(parts.count == 1)
    let pods = made.list(.pod, namespace: "shop")
    #expect(parts[0].lines.map(\.name) == pods.map(\.nameKey))
    for (i, pod) in pods.enumerated() where i < parts[0].lines.count {
      let line = parts[0].lines[i]
      #expect(line.uid == pod.metadata[.uid])
      #expect(line.node == pod.spec[.nodeName].key)
      let hasNone = pod.spec[.hostNetwork].bool == true || PodPhase.isTerminal(pod)
      #expect(line.address == (hasNone ? nil : pod.status[.podIP].string.flatMap { IPv4.parse($0) }))
      #expect(parts[0].pod(i) == pod)
      #expect(Self.model(parts[0].models[line.model]) == Self.model(pod))
    }
    // Like pods have one model: 6 "alike", of which the first stands for all.
    #expect(Set(parts[0].lines.filter { $0.name.string.hasPrefix("alike-") }.map(\.model)).count == 1)
    #expect(Set(parts[0].lines.filter { $0.name.string.hasPrefix("zones-") }.map(\.model)).count == 2)
  }
}
