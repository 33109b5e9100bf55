import API
import APIMachinery
import APIServer
import Basics
import Foundation
import Store
import Testing

/// Pods of one template are judged once. Whatever two pods differ in, the second is stored as if it were the first.
@Suite struct AlikePodTests {
  struct Pair: CustomTestStringConvertible, Sendable {
    let what: String
    let first: Value
    let second: Value
    var testDescription: String { what }
    init(_ what: String, _ first: Value, _ second: Value) {
      self.what = what
      self.first = first
      self.second = second
    }
  }

  private static func pod(_ owner: String, _ change: (inout Value) -> Void = { _ in }) -> Value {
    var pod: Value = [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": [
        "namespace": "default", "generateName": "web-", "labels": ["app": "web"],
        "ownerReferences": [
          [
            "apiVersion": "apps/v1", "kind": .string(owner), "name": "web", "uid": "u-1", "controller": true,
            "blockOwnerDeletion": true,
          ]
        ],
      ],
      "spec": ["containers": [["name": "c", "image": "nginx:1.27"]]],
    ]
    change(&pod)
    return pod
  }

  private static func numbered(_ ordinal: Int, labels: Value = [:]) -> Value {
    pod("StatefulSet") { pod in
      let name = "web-\(ordinal)"
      pod[.metadata][.name] = .string(name)
      pod.setLabel("statefulset.kubernetes.io/pod-name", name)
      pod.setLabel("apps.kubernetes.io/pod-index", String(ordinal))
      for field in labels.fields { pod.setLabel(field.key, field.value.string) }
      pod[.spec][.hostname] = .string(name)
      pod[.spec][.volumes] = [
        ["name": "data", "persistentVolumeClaim": ["claimName": .string("data-\(name)")]],
        ["name": "tmp", "emptyDir": [:]],
      ]
    }
  }

  private static func pinned(_ node: String, operator verb: String = "In") -> Value {
    pod("DaemonSet") { pod in
      let field: Value = ["key": "metadata.name", "operator": .string(verb), "values": [.string(node)]]
      pod[.spec][.affinity] = [
        "nodeAffinity": [
          "requiredDuringSchedulingIgnoredDuringExecution": ["nodeSelectorTerms": [["matchFields": [field]]]]
        ]
      ]
    }
  }

  static let pairs: [Pair] = [
    Pair("the same", pod("ReplicaSet"), pod("ReplicaSet")),
    Pair("ordinals", numbered(0), numbered(1)),
    Pair("an ordinal with a label more", numbered(0), numbered(1, labels: ["x": "y"])),
    Pair("another label", numbered(0, labels: ["x": "y"]), numbered(1, labels: ["x": "z"])),
    Pair("pins", pinned("n1"), pinned("n2")),
    Pair("a pin that is none", pinned("n1"), pinned("n2", operator: "NotIn")),
    Pair(
      "another image", pod("ReplicaSet"),
      pod("ReplicaSet") { $0[.spec][.containers][0][.image] = "nginx:latest" }),
    Pair(
      "an annotation", pod("ReplicaSet"), pod("ReplicaSet") { $0.setAnnotation("a", "b") }),
    Pair(
      "another volume", numbered(0),
      {
        var pod = numbered(1)
        pod[.spec][.volumes][1][.emptyDir] = ["medium": "Memory"]
        return pod
      }()),
  ]

  /// What must be equal: all but uid, number, drawn name and the drawn end of the token volume's name.
  private func essence(_ pod: Value) throws -> String {
    var pod = pod
    for key in [Key.uid, .resourceVersion] { pod[.metadata].remove(key) }
    if pod.name.hasPrefix("web-"), pod.name.count > 6 { pod[.metadata].remove(.name) }
    return CanonicalJSON.string(pod).replacing(try Regex("kube-api-access-[a-z0-9]{5}"), with: "token")
  }

  @Test(arguments: pairs) func secondIsAsIfItWereTheFirst(_ pair: Pair) throws {
    let both = makeServer()
    try both.create(pair.first)
    let second = try both.create(pair.second)
    let alone = try makeServer().create(pair.second)
    #expect(try essence(second) == essence(alone))
  }

  @Test func policiesLookAtEveryPod() throws {
    let server = makeServer()
    let group = "admissionregistration.k8s.io/v1"
    try server.create([
      "apiVersion": .string(group), "kind": "MutatingAdmissionPolicy", "metadata": ["name": "p"],
      "spec": [
        "reinvocationPolicy": "Never",
        "matchConstraints": [
          "resourceRules": [
            [
              "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"], "operations": ["CREATE"],
            ]
          ]
        ],
        "mutations": [
          [
            "patchType": "ApplyConfiguration",
            "applyConfiguration": [
              "expression": "Object{metadata: Object.metadata{annotations: {'own': object.metadata.name}}}"
            ],
          ]
        ],
      ],
    ])
    try server.create([
      "apiVersion": .string(group), "kind": "MutatingAdmissionPolicyBinding", "metadata": ["name": "b"],
      "spec": ["policyName": "p"],
    ])
    for ordinal in 0...1 {
      #expect(try server.create(Self.numbered(ordinal)).annotation("own") == "web-\(ordinal)")
    }
  }

  @Test func aNameThatIsNoneIsRefusedAfterOneThatIs() throws {
    let server = makeServer()
    try server.create(Self.numbered(0))
    var pod = Self.numbered(1)
    pod[.metadata][.name] = "Web_1"
    #expect(throws: APIError.self) { try server.create(pod) }
  }
}
