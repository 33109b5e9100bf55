import APIMachinery
import Basics
import Foundation

/// `json [megabytes]`: reads and writes lines of pods as they stand in `state/`, and prints MB per CPU-second.
/// "shared" pods come from a few templates, "unique" ones share next to nothing.
func benchJSON(_ arguments: [String]) {
  let megabytes = arguments.first.flatMap { Int($0) } ?? 64
  print("lines            MB    pods   read MB/s   write MB/s   bytes/pod kept   round trip")
  for templates in [200, 0] {
    let lines = podLines(bytes: megabytes << 20, templates: templates)
    let size = lines.reduce(0) { $0 + $1.count }
    var values: [Value] = []
    var readTimes: [Double] = []
    var writeTimes: [Double] = []
    var kept = 0
    var same = true
    for _ in 0..<3 {
      values = []
      values.reserveCapacity(lines.count)
      let before = residentBytes()
      let builder = ValueBuilder()
      var start = cpuSeconds()
      for line in lines {
        if case .success(let value) = JSON.parse(line, builder: builder) { values.append(value) }
      }
      readTimes.append(cpuSeconds() - start)
      kept = max(kept, residentBytes() - before)
      var out: [UInt8] = []
      out.reserveCapacity(size + lines.count)
      start = cpuSeconds()
      for value in values { CanonicalJSON.append(value, to: &out) }
      writeTimes.append(cpuSeconds() - start)
      same = out.count == size && zip(values, lines).allSatisfy { CanonicalJSON.bytes($0) == $1 }
    }
    let mb = Double(size) / 1e6
    let name = templates > 0 ? "\(templates) templates" : "unique"
    print(
      name.padding(toLength: 14, withPad: " ", startingAt: 0), right(mb, 4), right(Double(lines.count), 7),
      right(mb / (readTimes.min() ?? 1), 11), right(mb / (writeTimes.min() ?? 1), 12),
      right(Double(kept) / Double(max(lines.count, 1)), 16), same ? "     equal" : "     DIFFERS")
  }
}

/// CPU seconds of this process.
private func cpuSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

private func right(_ number: Double, _ width: Int) -> String {
  let text = String(Int(number.rounded()))
  return String(repeating: " ", count: max(0, width - text.count)) + text
}

/// Resident memory of this process.
private func residentBytes() -> Int {
  guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
  let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
  return pages * 4096
}

/// Pods of about 2.5 KB in canonical form. With no templates every pod has a template of its own.
private func podLines(bytes: Int, templates: Int) -> [[UInt8]] {
  var stream = RandomStream(seed: 7, label: "json-bench")
  let fixed = (0..<templates).map { podTemplate($0, &stream) }
  var lines: [[UInt8]] = []
  var total = 0
  while total < bytes {
    let i = lines.count
    let template = templates > 0 ? fixed[i % templates] : podTemplate(i, &stream)
    let line = CanonicalJSON.bytes(pod(i, template, &stream))
    total += line.count
    lines.append(line)
  }
  return lines
}

private func podTemplate(_ n: Int, _ stream: inout RandomStream) -> Value {
  let name = "app-\(stream.suffix(8))-\(n)"
  var containers: [Value] = []
  for c in 0..<(1 + Int(stream.below(2))) {
    let env: [Value] = (0..<6).map {
      ["name": .string("VAR_\($0)_\(stream.suffix())"), "value": .string("value-\(stream.suffix(12))")]
    }
    containers.append(
      .fields(
        (.name, .string("\(name)-\(c)")),
        (.image, .string("registry.example.com/\(name):1.\(stream.below(90))")),
        (.imagePullPolicy, "IfNotPresent"), (.env, .array(env)),
        (
          .ports, [["containerPort": .int(8000 + Int(stream.below(999))), "name": "http", "protocol": "TCP"]]
        ),
        (
          .resources,
          [
            "limits": ["cpu": .string("\(1 + stream.below(9))00m"), "memory": "256Mi"],
            "requests": ["cpu": .string("\(1 + stream.below(9))0m"), "memory": "128Mi"],
          ]
        ), (.terminationMessagePath, "/dev/termination-log"), (.terminationMessagePolicy, "File")))
  }
  return [
    "labels": ["app.kubernetes.io/name": .string(name), "pod-template-hash": .string(stream.suffix(10))],
    "spec": [
      "containers": .array(containers), "dnsPolicy": "ClusterFirst", "enableServiceLinks": true,
      "priority": 0,
      "restartPolicy": "Always", "schedulerName": "default-scheduler", "serviceAccountName": "default",
      "terminationGracePeriodSeconds": 30,
      "tolerations": [
        [
          "effect": "NoExecute", "key": "node.kubernetes.io/not-ready", "operator": "Exists",
          "tolerationSeconds": 300,
        ],
        [
          "effect": "NoExecute", "key": "node.kubernetes.io/unreachable", "operator": "Exists",
          "tolerationSeconds": 300,
        ],
      ],
    ],
  ]
}

private func pod(_ i: Int, _ template: Value, _ stream: inout RandomStream) -> Value {
  var spec = template[.spec]
  spec[.nodeName] = .string("node-\(stream.below(400))")
  let statuses: [Value] = spec[.containers].items.map {
    [
      "containerID": .string("containerd://\(stream.uuid())"), "image": $0[.image], "name": $0[.name],
      "ready": true,
      "restartCount": 0, "started": true, "state": ["running": ["startedAt": "2026-11-24T07:00:00Z"]],
    ]
  }
  let conditions: [Value] = [
    "PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled",
  ].map {
    [
      "lastProbeTime": .null, "lastTransitionTime": "2026-11-24T07:00:00Z", "status": "True",
      "type": .string($0),
    ]
  }
  let ip = "10.\(i >> 16 & 255).\(i >> 8 & 255).\(i & 255)"
  return [
    "apiVersion": "v1", "kind": "Pod",
    "metadata": [
      "creationTimestamp": "2026-11-24T07:00:00Z", "labels": template[.labels],
      "name": .string("pod-\(i)-\(stream.suffix())"), "namespace": .string("team-\(i % 50)"),
      "ownerReferences": [
        [
          "apiVersion": "apps/v1", "blockOwnerDeletion": true, "controller": true, "kind": "ReplicaSet",
          "name": .string("rs-\(i / 5)"), "uid": .string(stream.uuid()),
        ]
      ], "resourceVersion": .string("\(1000 + i)"), "uid": .string(stream.uuid()),
    ], "spec": spec,
    "status": [
      "conditions": .array(conditions), "containerStatuses": .array(statuses), "hostIP": "192.168.0.1",
      "phase": "Running", "podIP": .string(ip), "podIPs": [["ip": .string(ip)]], "qosClass": "Burstable",
      "startTime": "2026-11-24T07:00:00Z",
    ],
  ]
}
