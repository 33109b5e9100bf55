import APIMachinery
import Basics
import Foundation
import Store

/// Commits and loads a state of pods: `store [PODS] [NAMESPACES] [FOLDER]`. Another process (`store-write`) makes
/// the state, so that the memory told is that of the loaded one.
func benchStore(_ arguments: [String]) {
  let pods = arguments.first.flatMap { Int($0) } ?? 150_000
  let namespaces = max(1, arguments.dropFirst().first.flatMap { Int($0) } ?? 100)
  let parent = arguments.dropFirst(2).first ?? NSTemporaryDirectory()
  let path = parent + "/plimsoll-store-bench-\(ProcessInfo.processInfo.processIdentifier)"
  defer { try? FileManager.default.removeItem(atPath: path) }
  do {
    let writer = Process()
    writer.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
    writer.arguments = ["store-write", "\(pods)", "\(namespaces)", path]
    try writer.run()
    writer.waitUntilExit()
    try benchLoaded(StateDirectory.open(path, layout: BenchLayout(), request: request), pods, namespaces)
  } catch {
    print("failed: \(error)")
  }
}

private let request = LockRequest(command: "bench", now: Instant(seconds: 0))
private let note = CommitNote(command: "bench", time: Instant(seconds: 1_800_000_000))

/// Makes the state: `store-write PODS NAMESPACES PATH`.
func benchStoreWrite(_ arguments: [String]) {
  guard arguments.count == 3, let pods = Int(arguments[0]), let namespaces = Int(arguments[1]) else { return }
  do {
    let directory = try StateDirectory.create(
      arguments[2], layout: BenchLayout(), request: request, seed: 1, now: note.time)
    let empty = try directory.load()
    let first = empty.store.overlay()
    for i in 0..<pods { first.put(benchPod(i, namespaces)) }
    let lock = try directory.lock(request)
    var meta = empty.meta
    meta.resourceVersion = 1000 + pods
    _ = try timed("commit \(pods) pods in \(namespaces) namespaces") {
      try directory.commit(first, meta: meta, note: note, under: lock)
    }
    lock.release()
  } catch {
    print("failed: \(error)")
  }
}

private func benchLoaded(_ directory: StateDirectory, _ pods: Int, _ namespaces: Int) throws {
  let lock = try directory.lock(request)
  let loaded = try timed("load") { try directory.load(under: lock) }
  print("  resident \(residentMegabytes()) MB")
  let over = loaded.store.overlay()
  timed("list all and one namespace") {
    _ = over.list(.pod)
    _ = over.list(.pod, namespace: "ns-0")
  }
  timed("first look-up by node") { _ = over.pods(onNode: "node-0") }
  let changed = (0..<min(10_000, pods)).map { benchPod($0, namespaces).setting(.status, ["phase": "Failed"]) }
  timed("\(changed.count) writes, each with a list of its namespace") {
    for pod in changed {
      over.put(pod)
      _ = over.list(.pod, namespace: pod.namespaceKey).count
    }
  }
  timed("changes") { print("  \(over.changes.count) of them") }
  let one = loaded.store.overlay()
  one.put(changed[0])
  _ = try timed("commit one changed pod") {
    try directory.commit(one, meta: loaded.meta, note: note, under: lock)
  }
  lock.release()
  let problems = timed("verify") { directory.verify() }
  print("\(problems.count) problems")
}

private struct BenchLayout: StateLayout {
  func resource(of kind: GroupKind) -> StateResource? { StateResource(plural: "pods", namespaced: true) }
}

/// A pod as a running cluster stores it; every twentieth has another template.
private func benchPod(_ i: Int, _ namespaces: Int) -> Value {
  let template = i / 20
  let padded = String(repeating: "0", count: max(0, 6 - String(i).count)) + String(i)
  let name = "web-\(template)-\(padded)"
  let ip = "10.\(i >> 16 & 255).\(i >> 8 & 255).\(i & 255)"
  let uid = "00000000-0000-4000-8000-000000\(padded)"
  return [
    "apiVersion": "v1", "kind": "Pod",
    "metadata": [
      "name": .string(name), "namespace": .string("ns-\(template % namespaces)"), "uid": .string(uid),
      "resourceVersion": .string("\(1000 + i)"), "creationTimestamp": "2026-01-02T03:04:00Z",
      "labels": ["app": .string("web-\(template)"), "pod-template-hash": "6f7d8c9b"],
      "ownerReferences": [
        [
          "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": .string("web-\(template)"),
          "uid": .string("11111111-0000-4000-8000-\(template)"), "controller": true,
        ]
      ],
    ],
    "spec": benchSpec(template, "kube-api-access-\(padded)", "node-\(i % 5000)"),
    "status": [
      "phase": "Running", "podIP": .string(ip), "podIPs": [["ip": .string(ip)]],
      "hostIP": .string("192.168.\(i % 5000 / 250).\(i % 250)"), "startTime": "2026-01-02T03:04:05Z",
      "conditions": .array(
        ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"].map {
          ["type": .string($0), "status": "True", "lastTransitionTime": "2026-01-02T03:04:05Z"]
        }),
      "containerStatuses": [
        [
          "name": "web", "ready": true, "restartCount": 0, "started": true,
          "image": .string("registry.example.com/web:\(template)"),
          "containerID": .string("containerd://\(uid)\(uid)"),
          "state": ["running": ["startedAt": "2026-01-02T03:04:06Z"]],
        ]
      ],
    ],
  ]
}

private func benchSpec(_ template: Int, _ token: String, _ node: String) -> Value {
  let variables: [Value] = (0..<8).map {
    ["name": .string("VARIABLE_\($0)"), "value": .string("v\(template)-\($0)")]
  }
  return [
    "nodeName": .string(node), "serviceAccountName": "default", "restartPolicy": "Always",
    "containers": [
      [
        "name": "web", "image": .string("registry.example.com/web:\(template)"), "env": .array(variables),
        "resources": ["requests": ["cpu": "100m", "memory": "128Mi"], "limits": ["memory": "256Mi"]],
        "readinessProbe": ["httpGet": ["path": "/ready", "port": 8080], "periodSeconds": 10],
        "volumeMounts": [
          [
            "name": .string(token), "readOnly": true,
            "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
          ]
        ],
      ]
    ],
    "volumes": [["name": .string(token), "projected": ["defaultMode": 420]]],
    "tolerations": [
      ["key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute"],
      ["key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute"],
    ],
  ]
}

private func timed<R>(_ what: String, _ body: () throws -> R) rethrows -> R {
  let start = DispatchTime.now().uptimeNanoseconds
  let cpu = clock()
  let result = try body()
  let milliseconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e6
  let cpuMilliseconds = Double(clock() - cpu) * 1000 / Double(CLOCKS_PER_SEC)
  print("\(what): \(String(format: "%.1f ms, CPU %.1f ms", milliseconds, cpuMilliseconds))")
  return result
}

/// From `/proc/self/status`; 0 elsewhere.
private func residentMegabytes() -> Int {
  let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
  return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
}
