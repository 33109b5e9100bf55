import APIMachinery
import APIServer
import Testing

@testable import API

/// What the server makes of the first pod of a template is not judged again where the template was.
@Suite struct FirstPodTests {
  private static let template: Value = [
    "metadata": ["labels": ["app": "first"]],
    "spec": ["containers": [["name": "c", "image": "first:1", "ports": [["containerPort": 80]]]]],
  ]

  private static func set(_ template: Value) -> Value {
    [
      "apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": ["name": "first", "namespace": "default"],
      "spec": ["selector": ["matchLabels": ["app": "first"]], "template": template],
    ]
  }

  private static func pod(of set: Value) -> Value {
    let template = set[.spec, .template]
    let owner: Value = [
      "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "first", "uid": set[.metadata, .uid],
      "controller": true, "blockOwnerDeletion": true,
    ]
    return .fields(
      (.apiVersion, "v1"), (.kind, "Pod"),
      (
        .metadata,
        .fields(
          (.generateName, "first-"), (.namespace, "default"), (.labels, template[.metadata, .labels]),
          (.ownerReferences, [owner]))
      ),
      (.spec, template[.spec]))
  }

  @Test("With all that admission and defaulting add to it")
  func plain() throws {
    let server = makeServer()
    let set = try server.create(Self.set(Self.template))
    let made = try server.create(Self.pod(of: set))
    #expect(made[.spec] != set[.spec, .template][.spec])
    #expect(SoundTemplates.ofPods.contains(made[.spec]))
  }

  @Test("In the host's network it is: its ports are the node's then")
  func host() throws {
    let server = makeServer()
    var template = Self.template
    template[.spec][.hostNetwork] = true
    let set = try server.create(Self.set(template))
    let made = try server.create(Self.pod(of: set))
    #expect(!SoundTemplates.ofPods.contains(made[.spec]))
  }
}
