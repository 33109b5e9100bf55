import APIMachinery
import Basics
import Foundation
import Store

/// Commits and loads a state of pods: `store [PODS] [NAMESPACES] [FOLDER]`.
func benchStore(_ arguments: [String]) {
  let pods = arguments.first.flatMap { Int($0) } ?? 150_000
  let namespaces = max(1, arguments.dropFirst().first.flatMap { Int($0) } ?? 100)
  let parent = arguments.dropFirst(2).first ?? NSTemporaryDirectory()
  let path = parent + "/plimsoll-store-bench-\(ProcessInfo.processInfo.processIdentifier)"
  defer { try? FileManager.default.removeItem(atPath: path) }
  let request = LockRequest(command: "bench", now: Instant(seconds: 0))
  let note = CommitNote(command: "bench", time: Instant(seconds: 1_800_000_000))
  do {
    let directory = try StateDirectory.create(
      path, layout: BenchLayout(), request: request, seed: 1, now: note.time)
    let empty = try directory.load()
    let first = empty.store.overlay()
    for i in 0..<pods { first.put(benchPod(i, namespaces)) }
    var meta = empty.meta
    let lock = try directory.lock(request)
    meta = try timed("commit \(pods) pods in \(namespaces) namespaces") {
      try directory.commit(first, meta: meta, note: note, under: lock)
    }
    let before = residentMegabytes()
    let loaded = try timed("load") { try directory.load(under: lock) }
    print("  resident before the load \(before) MB, after \(residentMegabytes()) MB")
    let over = loaded.store.overlay()
    timed("list all, one namespace and one node") {
      _ = over.list(.pod)
      _ = over.list(.pod, namespace: "ns-0")
      _ = over.pods(onNode: "node-0")
    }
    timed("10000 writes, each with a list of its namespace") {
      for i in 0..<min(10_000, pods) {
        var pod = benchPod(i, namespaces)
        pod[.status] = ["phase": "Running"]
        over.put(pod)
        _ = over.list(.pod, namespace: pod.namespaceKey).count
      }
    }
    timed("changes") { print("  \(over.changes.count) of them") }
    let one = loaded.store.overlay()
    one.put(benchPod(0, namespaces).setting(.status, ["phase": "Failed"]))
    _ = try timed("commit one changed pod") {
      try directory.commit(one, meta: loaded.meta, note: note, under: lock)
    }
    lock.release()
    let problems = timed("verify") { directory.verify() }
    print("\(problems.count) problems")
  } catch {
    print("failed: \(error)")
  }
}

private struct BenchLayout: StateLayout {
  func resource(of kind: GroupKind) -> StateResource? { StateResource(plural: "pods", namespaced: true) }
}

/// A pod of the size that a running cluster stores; every hundredth has another template.
private func benchPod(_ i: Int, _ namespaces: Int) -> Value {
  let template = i / 100
  let padded = String(repeating: "0", count: max(0, 6 - String(i).count)) + String(i)
  let name = "web-\(template)-\(padded)"
  let variables: [Value] = (0..<20).map {
    ["name": .string("VARIABLE_\($0)"), "value": .string("v\(template)-\($0)")]
  }
  return [
    "apiVersion": "v1", "kind": "Pod",
    "metadata": [
      "name": .string(name), "namespace": .string("ns-\(i % namespaces)"), "uid": .string("uid-\(i)"),
      "labels": ["app": .string("web-\(template)"), "pod-template-hash": "6f7d8c9b"],
      "ownerReferences": [
        [
          "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": .string("web-\(template)"),
          "uid": .string("rs-\(template)"), "controller": true,
        ]
      ],
    ],
    "spec": [
      "nodeName": .string("node-\(i % 5000)"), "serviceAccountName": "default", "restartPolicy": "Always",
      "containers": [
        [
          "name": "web", "image": .string("registry.example.com/web:\(template)"), "env": .array(variables),
          "resources": ["requests": ["cpu": "100m", "memory": "128Mi"], "limits": ["memory": "256Mi"]],
          "readinessProbe": ["httpGet": ["path": "/ready", "port": 8080], "periodSeconds": 10],
        ]
      ],
      "tolerations": [
        ["key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute"],
        ["key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute"],
      ],
    ],
    "status": [
      "phase": "Running", "podIP": .string("10.\(i >> 16 & 255).\(i >> 8 & 255).\(i & 255)"),
      "startTime": "2026-01-02T03:04:05Z",
      "conditions": [
        ["type": "Ready", "status": "True", "lastTransitionTime": "2026-01-02T03:04:05Z"],
        ["type": "PodScheduled", "status": "True", "lastTransitionTime": "2026-01-02T03:04:05Z"],
      ],
    ],
  ]
}

private func timed<R>(_ what: String, _ body: () throws -> R) rethrows -> R {
  let start = DispatchTime.now().uptimeNanoseconds
  let result = try body()
  let milliseconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e6
  print("\(what): \(String(format: "%.1f", milliseconds)) ms")
  return result
}

/// From `/proc/self/status`; 0 elsewhere.
private func residentMegabytes() -> Int {
  let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
  return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
}
