import Foundation
import Testing

@testable import Commands

/// A pass that would go on without end is stopped, shown and not written.
@Suite struct UnsettledPassTests {
  typealias End = EndToEndTests

  /// The policy changes the pods of every new ReplicaSet: the Deployment never finds the one that it made.
  static let manifests = """
    apiVersion: admissionregistration.k8s.io/v1
    kind: MutatingAdmissionPolicy
    metadata: {name: critical}
    spec:
      matchConstraints:
        resourceRules:
          - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [replicasets]}
      failurePolicy: Fail
      reinvocationPolicy: Never
      mutations:
        - patchType: ApplyConfiguration
          applyConfiguration:
            expression: >-
              Object{spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{
              priorityClassName: "system-node-critical"}}}}
    ---
    apiVersion: admissionregistration.k8s.io/v1
    kind: MutatingAdmissionPolicyBinding
    metadata: {name: critical}
    spec: {policyName: critical}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      replicas: 1
      strategy: {type: Recreate}
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          containers: [{name: c, image: "nginx:1"}]

    """

  @Test(.timeLimit(.minutes(3))) func aDeploymentThatNeverFindsItsReplicaSet() {
    let folder = End.Folder()
    let file = folder.write("loop.yaml", Self.manifests)
    let words = ["-f", file, "--state", folder.state, "--now", End.now]
    let apply = End.run(["apply", "--yes"] + words)
    #expect(apply.status == .failure)
    #expect(apply.out.contains("The pass did not settle: Deployment.apps default/web"), "\(apply.out)")
    #expect(apply.err.contains("error[not-settled]") && apply.err.contains("the state stays as it was"))
    #expect(!FileManager.default.fileExists(atPath: folder.state + "/cluster.json"))
  }
}
