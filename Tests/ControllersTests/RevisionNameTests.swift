import APIMachinery
import ControllerRuntime
import Testing

/// The revisions of StatefulSets have the names that a real cluster gives them.
@Suite struct RevisionNameTests {
  /// As it was recorded of a real cluster.
  @Test func recorded() {
    let template: Value = [
      "metadata": ["labels": ["app": "db"]],
      "spec": [
        "containers": [
          [
            "image": "nginx:1.25", "imagePullPolicy": "IfNotPresent", "name": "c", "resources": .emptyObject,
            "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
          ]
        ],
        "dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler",
        "securityContext": .emptyObject, "terminationGracePeriodSeconds": 30,
      ],
    ]
    #expect(TemplateHash().revisionHash(template, collisions: 0) == "697c9cbb96")
  }

  /// What Go's encoder writes by numbers, and other text beside it; collisions count.
  @Test func escapedTextAndCollisions() {
    let template: Value = [
      "metadata": ["labels": ["app": "db"]],
      "spec": ["containers": [["args": ["a<b && c>d \u{2028} ü"], "name": "c"]]],
    ]
    let hashes = TemplateHash()
    #expect(hashes.revisionHash(template, collisions: 0) == "5479b5bf55")
    #expect(hashes.revisionHash(template, collisions: 1) == "5479b5bf54")
  }
}
