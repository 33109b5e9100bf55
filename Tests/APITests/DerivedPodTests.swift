import API
import APIMachinery
import Testing

/// Pods of judged templates are not judged again, unless there is more in them than admission adds to every pod.
@Suite struct DerivedPodTests {
  private static func template(_ image: String) -> Value {
    let pod: Value = [
      "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "p", "namespace": "d"],
      "spec": ["containers": [["name": "c", "image": .string(image)]]],
    ]
    return Scheme.builtin.info(.pod)!.decoded(pod)[.spec]
  }

  /// Judges the template as a part of its ReplicaSet.
  private static func judge(_ spec: Value) -> [APIError.Cause] {
    var set: Value = [
      "apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": ["name": "web", "namespace": "d"],
      "spec": [
        "selector": ["matchLabels": ["app": "web"]], "template": ["metadata": ["labels": ["app": "web"]]],
      ],
    ]
    set[.spec][.replicas] = 1
    set[.spec][.template][.spec] = spec
    return StrategyRegistry.strategy(for: .replicaSet).validateCreate(set)
  }

  private static func causes(_ spec: Value) -> [APIError.Cause] {
    StrategyRegistry.strategy(for: .pod).validateCreate([
      "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "web-1", "namespace": "d"], "spec": spec,
    ])
  }

  /// What the service account's admission does, but with a volume that would be refused.
  private static func mountToken(_ spec: inout Value) {
    spec[.serviceAccountName] = "default"
    spec[.serviceAccount] = "default"
    var container = spec[.containers][0]
    container[.volumeMounts] = [
      ["name": "kube-api-access-abcde", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"]
    ]
    spec[.containers] = .array([container])
    spec[.volumes] = [["name": "kube-api-access-abcde", "projected": ["defaultMode": 9999, "sources": []]]]
  }

  private static func tolerate(_ spec: inout Value) {
    let lists = ["not-ready", "unreachable"].map { name -> Value in
      ["key": .string("node.kubernetes.io/\(name)"), "operator": "Exists", "effect": "NoExecute"]
    }
    spec[.tolerations] = .array(lists)
  }

  @Test("What admission adds is taken as it is")
  func sound() {
    let spec = Self.template("derived/sound:1")
    #expect(Self.judge(spec).isEmpty)
    var pod = spec
    Self.mountToken(&pod)
    Self.tolerate(&pod)
    pod[.priority] = 0
    pod[.preemptionPolicy] = "PreemptLowerPriority"
    pod[.enableServiceLinks] = true
    #expect(!Self.causes(pod).isEmpty, "the volume is refused where the pod is judged")
    DerivedPod.note(pod, of: spec)
    #expect(Self.causes(pod).isEmpty)
  }

  @Test("Whatever else differs is judged", arguments: 0..<8)
  func judged(which: Int) {
    let spec = Self.template("derived/judged-\(which):1")
    #expect(Self.judge(spec).isEmpty)
    var pod = spec
    switch which {
    case 0: pod[.hostname] = "Not_A_Label"
    case 1: pod[.containers] = .array([pod[.containers][0].setting(.image, "")])
    case 2: pod[.containers] = .array([pod[.containers][0], pod[.containers][0]])
    case 3: pod[.tolerations] = [["key": "mine", "operator": "Wrong"]]
    case 4: pod[.serviceAccountName] = "Not_An_Account"
    case 5: pod[.volumes] = [["name": "kube-api-access-abcde", "emptyDir": ["sizeLimit": "-1"]]]
    case 6: pod.remove(.restartPolicy)
    default:
      Self.mountToken(&pod)
      pod[.volumes].append(["name": "NOT", "emptyDir": [:]])
    }
    DerivedPod.note(pod, of: spec)
    #expect(!Self.causes(pod).isEmpty)
  }

  @Test("A pod of a template that nobody has judged is judged; so is one in the host's network")
  func unknown() {
    let spec = Self.template("derived/unknown:1")
    var pod = spec
    Self.mountToken(&pod)
    DerivedPod.note(pod, of: spec)
    #expect(!Self.causes(pod).isEmpty)
    let host = Self.template("derived/host:1").setting(.hostNetwork, true)
    #expect(Self.judge(host).isEmpty)
    var derived = host
    Self.mountToken(&derived)
    DerivedPod.note(derived, of: host)
    #expect(!Self.causes(derived).isEmpty)
  }
}
