import API
import APIMachinery
import Basics
import Testing

@testable import Kubelet

@Suite struct PodLifecycleTests {
  static let start = Instant(seconds: 1_800_000_000)

  static func pod(policy: String = "Always", inits: [Value] = [], job: Bool = false) -> Value {
    var metadata: Value = ["name": "p", "namespace": "default", "uid": "u", "generation": 1]
    if job {
      metadata[.ownerReferences] = [
        ["apiVersion": "batch/v1", "kind": "Job", "name": "j", "uid": "j", "controller": true]
      ]
    }
    return [
      "apiVersion": "v1", "kind": "Pod", "metadata": metadata,
      "spec": [
        "restartPolicy": .string(policy), "nodeName": "n1", "initContainers": .array(inits),
        "containers": [["name": "c", "image": "nginx:1.25"]],
      ],
      "status": ["phase": "Pending"],
    ]
  }

  static func assume(_ fields: Value) -> Assumptions {
    var entry = fields
    entry[.namespace] = "default"
    let (read, findings) = Assumptions.read([
      "apiVersion": "plimsoll.dev/v1", "kind": "Assumptions", "pods": [entry],
    ])
    #expect(findings.isEmpty)
    return read
  }

  /// Follows the pod from one due instant to the next.
  static func run(_ pod: Value, _ assumptions: Assumptions, seconds: Int) -> (Value, [Int]) {
    var pod = pod
    var now = start
    var changes: [Int] = []
    while true {
      var life = PodLifecycle(pod, assumptions, now: now)
      life.advance()
      pod.status = PodStatus.make(life, hostIP: "172.18.0.3", podIP: "10.244.0.2")
      guard let next = life.nextDue, next <= start + .seconds(seconds), next > now else { break }
      now = next
      changes.append(Int((now - start).count / 1_000_000_000))
    }
    return (pod, changes)
  }

  @Test func startsReadyAtOnce() {
    let (pod, changes) = Self.run(Self.pod(), Assumptions(), seconds: 60)
    #expect(pod.status[.phase] == "Running")
    #expect(pod.condition("Ready")?[.status] == "True")
    #expect(pod.status[.containerStatuses][0][.image] == "docker.io/library/nginx:1.25")
    #expect(changes.isEmpty)
  }

  @Test func jobPodsSucceedAfterASecond() {
    let (pod, changes) = Self.run(Self.pod(policy: "Never", job: true), Assumptions(), seconds: 60)
    #expect(pod.status[.phase] == "Succeeded")
    #expect(pod.condition("Ready")?[.reason] == "PodCompleted")
    #expect(changes == [1])
  }

  /// Runs a second, waits 1 s, then 10, 20, 40 s.
  @Test func backsOffLongerAndLonger() {
    let (pod, changes) = Self.run(Self.pod(), Self.assume(["exitCode": 1]), seconds: 30)
    #expect(changes == [1, 2, 3, 13, 14])
    let status = pod.status[.containerStatuses][0]
    #expect(status[.restartCount] == 2)
    #expect(status[.state]["waiting"][.reason] == "CrashLoopBackOff")
    #expect(
      status[.state]["waiting"][.message]
        == "back-off 20s restarting failed container=c pod=p_default(u)")
    #expect(pod.condition("Ready")?[.message] == "containers with unready status: [c]")
  }

  @Test(arguments: [("Never", 0, "Succeeded"), ("Never", 1, "Failed"), ("OnFailure", 0, "Succeeded")])
  func ends(_ policy: String, _ code: Int, _ phase: String) {
    let (pod, _) = Self.run(Self.pod(policy: policy), Self.assume(["exitCode": .int(code)]), seconds: 60)
    #expect(pod.status[.phase].string == phase)
  }

  @Test func aFailingInitContainerHoldsUpTheRest() {
    let inits: [Value] = [["name": "i1", "image": "a"], ["name": "i2", "image": "a"]]
    let (pod, _) = Self.run(
      Self.pod(inits: inits), Self.assume(["container": "i2", "exitCode": 1]), seconds: 5)
    #expect(pod.status[.phase] == "Pending")
    #expect(pod.condition("Initialized")?[.message] == "containers with incomplete status: [i2]")
    #expect(pod.status[.initContainerStatuses][1][.restartCount] == 1)
  }

  @Test func sidecarsEndWithTheirPod() {
    let inits: [Value] = [["name": "s", "image": "a", "restartPolicy": "Always"]]
    let (pod, _) = Self.run(
      Self.pod(policy: "Never", inits: inits, job: true), Assumptions(), seconds: 5)
    #expect(pod.status[.phase] == "Succeeded")
    #expect(pod.status[.initContainerStatuses][0][.state]["terminated"][.exitCode] == 0)
  }

  @Test(arguments: [true, false]) func deadlinesEndPods(hasStarted: Bool) {
    var pod = Self.pod()
    pod[.spec][.activeDeadlineSeconds] = 3
    if hasStarted { pod[.status][.startTime] = .string(RFC3339.string(Self.start)) }
    let (ended, changes) = Self.run(pod, Assumptions(), seconds: 60)
    #expect(changes == [3])
    #expect(ended.status[.reason] == "DeadlineExceeded")
    #expect(ended.status[.containerStatuses][0][.state]["terminated"][.exitCode] == 137)
  }

  @Test(
    arguments: [
      (["initialDelaySeconds": 5], [5]),
      (["initialDelaySeconds": 5, "periodSeconds": 10, "successThreshold": 3], [25]),
      (["successThreshold": 2, "periodSeconds": 4], [4]), (["successThreshold": 1, "periodSeconds": 4], []),
    ] as [(Value, [Int])])
  func readyAfterItsProbe(probe: Value, at seconds: [Int]) {
    var pod = Self.pod()
    pod[.spec][.containers] = [["name": "c", "image": "x", "readinessProbe": probe]]
    let (ready, changes) = Self.run(pod, Assumptions(), seconds: 60)
    #expect(changes == seconds)
    #expect(ready.condition("Ready")?[.status] == "True")
  }

  /// A rule of the container comes before the pod's policy.
  @Test(arguments: [(42, "Running", 1), (1, "Failed", 0)])
  func restartsByRule(code: Int, phase: String, restarts: Int) {
    var pod = Self.pod(policy: "Never")
    pod[.spec][.containers] = [
      [
        "name": "c", "image": "x",
        "restartPolicyRules": [["action": "Restart", "exitCodes": ["operator": "In", "values": [42]]]],
      ]
    ]
    let (after, _) = Self.run(pod, Self.assume(["exitCode": .int(code), "runSeconds": 3]), seconds: 5)
    #expect(after.status[.phase].string == phase)
    #expect(after.status[.containerStatuses][0][.restartCount].int == restarts)
  }

  @Test(arguments: [
    ("nginx", "docker.io/library/nginx:latest"), ("a/b:1", "docker.io/a/b:1"),
    ("registry.example.org/app:latest", "registry.example.org/app:latest"),
    ("localhost/x", "localhost/x:latest"), ("r:5000/x", "r:5000/x:latest"),
    ("nginx@sha256:aa", "docker.io/library/nginx@sha256:aa"),
  ]) func imagesAreSpelledOut(_ image: String, _ whole: String) {
    #expect(ImageReference.spelledOut(image) == whole)
  }
}
