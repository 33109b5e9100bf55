import APIMachinery
import Foundation
import Testing

@testable import Commands

/// What is taken from a cluster or written by hand stands in the state as a server would have stored it.
@Suite struct ImportTests {
  typealias End = EndToEndTests

  /// Written by hand: nothing but what a person must say.
  static let bare = """
    apiVersion: v1
    kind: Namespace
    metadata: {name: default}
    ---
    apiVersion: v1
    kind: Node
    metadata: {name: n1}
    status: {capacity: {cpu: "4", memory: 8Gi, pods: "110"}, allocatable: {cpu: "4", memory: 8Gi, pods: "110"}}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, uid: 11111111-1111-1111-1111-111111111111}
    spec:
      replicas: 2
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          containers: [{name: c, image: "nginx:1", resources: {limits: {cpu: 1000m}}}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec: {selector: {app: web}, ports: [{port: 80}]}
    ---
    apiVersion: autoscaling/v1
    kind: HorizontalPodAutoscaler
    metadata: {name: web}
    spec:
      maxReplicas: 3
      targetCPUUtilizationPercentage: 50
      scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}

    """

  static let change = """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: c}

    """

  private func imported(_ text: String) -> (End.Folder, (status: Status, out: String, err: String)) {
    let folder = End.Folder()
    let dump = folder.write("dump.yaml", text)
    return (folder, End.run("import", dump, "--state", folder.state, "--now", End.now))
  }

  @Test func missingDefaultsAreFilledIn() {
    let (folder, output) = imported(Self.bare)
    #expect(output.status == .success)
    let shown = End.run("get", "deployment", "web", "--state", folder.state, "-o", "yaml").out
    for text in [
      "type: RollingUpdate", "maxSurge: \"25%\"", "progressDeadlineSeconds: 600", "dnsPolicy: ClusterFirst",
      "cpu: \"1\"", "imagePullPolicy: IfNotPresent",
    ] { #expect(shown.contains(text), "\(text) is missing") }
    let scaler = End.run("get", "hpa", "web", "--state", folder.state, "-o", "yaml").out
    #expect(scaler.contains("apiVersion: autoscaling/v2") && scaler.contains("averageUtilization: 50"))
  }

  @Test(.timeLimit(.minutes(2))) func aPlanOverBareObjectsEnds() {
    let (folder, _) = imported(Self.bare)
    let file = folder.write("change.yaml", Self.change)
    let words = ["-f", file, "--state", folder.state, "--now", End.now]
    let plan = End.run(["plan"] + words)
    #expect(plan.status != .failure && plan.err.isEmpty)
    #expect(plan.out.contains("2 pods created"), "\(plan.out)")
    #expect(End.run(["apply", "--yes"] + words).status == .success)
    let second = End.run("plan", "-f", file, "--state", folder.state)
    #expect(second.out.contains("No changes."), "\(second)")
  }

  /// `kubectl get deployments,pods -A -o yaml` names neither namespaces nor nodes.
  @Test func whatADumpTakesForGrantedIsAdded() {
    let (folder, output) = imported(
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: c, image: "nginx:1"}], priorityClassName: system-cluster-critical}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: lost, namespace: shop}
      spec: {nodeName: elsewhere, containers: [{name: c, image: "nginx:1"}]}

      """)
    #expect(output.status == .success)
    #expect(output.out.contains("Imported 2 objects.") && output.out.contains("kube-system, shop;"))
    #expect(
      output.err.contains("warning[missing-nodes]: a pod runs on nodes that are not in the state: elsewhere"))
    let file = folder.write("change.yaml", Self.change)
    let words = ["-f", file, "--state", folder.state, "--now", End.now]
    let applied = End.run(["apply", "--yes"] + words)
    #expect(applied.status == .success && applied.err.isEmpty, "\(applied.err)")
    #expect(applied.out.contains("1 pods created, 1 terminated"), "\(applied.out)")
    let second = End.run("plan", "-f", file, "--state", folder.state)
    #expect(second.out.contains("No changes."), "\(second)")
    // What is there stays, and nothing is added twice.
    let again = End.run("import", folder.path + "/change.yaml", "--state", folder.state)
    #expect(again.status == .success && !again.out.contains("Added"), "\(again.out)")
  }

  @Test func missingOwnersAreWarnedOf() {
    let (_, output) = imported(
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web-1
        namespace: shop
        ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web, uid: "u2", controller: true}]
      spec: {containers: [{name: c, image: x}]}

      """)
    #expect(output.status == .success, "\(output.err)")
    let text = "missing-owners]: an object belongs to owners that are not in the state: ReplicaSet shop/web"
    #expect(output.err.contains(text), "\(output.err)")
  }

  /// The authority of a real cluster is known by what its config maps say.
  @Test func theAuthorityOfTheClusterStands() {
    let map = { (namespace: String, text: String) in
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: kube-root-ca.crt, namespace: \(namespace)}
      data: {ca.crt: \(text)}
      ---

      """
    }
    let (folder, output) = imported(map("kube-system", "real") + map("shop", "real") + map("bent", "other"))
    #expect(output.status == .success, "\(output.err)")
    let file = folder.write(
      "change.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: fresh}\n")
    let words = ["-f", file, "--state", folder.state, "--now", End.now]
    #expect(End.run(["apply", "--yes"] + words).status == .success)
    for namespace in ["kube-system", "shop", "bent", "fresh", "default"] {
      let shown = End.run(
        "get", "configmap", "kube-root-ca.crt", "-n", namespace, "--state", folder.state, "-o", "yaml")
      #expect(shown.out.contains("ca.crt: real"), "\(namespace): \(shown.out)")
    }
    // What somebody changes is put back.
    let bent = folder.write("bent.yaml", map("kube-system", "bent"))
    let again = ["-f", bent, "--state", folder.state, "--now", End.now, "--no-prune"]
    #expect(End.run(["apply", "--yes"] + again).status == .success)
    let shown = End.run(
      "get", "configmap", "kube-root-ca.crt", "-n", "kube-system", "--state", folder.state, "-o", "yaml")
    #expect(shown.out.contains("ca.crt: real"), "\(shown.out)")
  }

  @Test func everyRefusedObjectIsNamedAndNothingIsTaken() {
    let (folder, output) = imported(
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: good}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: many
      ---
      apiVersion: example.com/v1
      kind: Unknown
      metadata: {name: x}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {}

      """)
    #expect(output.status == .failure)
    for text in ["dump.yaml:9:", "dump.yaml:11:", "resource name may not be empty", "Unknown"] {
      #expect(output.err.contains(text), "\(text) is missing in \(output.err)")
    }
    #expect(End.run("get", "configmap", "good", "--state", folder.state).status == .failure)
  }

  /// A state with a Deployment whose line in the state somebody changes.
  private func edited(_ edit: (String) -> String) throws -> End.Folder {
    let (folder, output) = imported(Self.bare)
    #expect(output.status == .success)
    let path = folder.state + "/objects/apps/v1/deployments/default.jsonl"
    let before = try String(contentsOfFile: path, encoding: .utf8)
    let after = edit(before)
    #expect(after != before)
    try after.write(toFile: path, atomically: true, encoding: .utf8)
    return folder
  }

  @Test(.timeLimit(.minutes(2))) func anEditThatTakesDefaultsAwayIsCompleted() throws {
    let folder = try edited { text in
      text.replacingOccurrences(of: #""dnsPolicy":"ClusterFirst","#, with: "")
        .replacingOccurrences(of: #""imagePullPolicy":"IfNotPresent","#, with: "")
        .replacingOccurrences(of: #""type":"RollingUpdate""#, with: #""type":"Recreate""#)
    }
    let file = folder.write("change.yaml", Self.change)
    let words = ["-f", file, "--state", folder.state, "--now", End.now]
    #expect(End.run(["apply", "--yes"] + words).status == .success)
    #expect(End.run("plan", "-f", file, "--state", folder.state).out.contains("No changes."))
    #expect(End.run("get", "rs", "--state", folder.state).out.split(separator: "\n").count == 2)
    let shown = End.run("get", "deployment", "web", "--state", folder.state, "-o", "yaml").out
    #expect(shown.contains("dnsPolicy: ClusterFirst") && shown.contains("type: Recreate"))
  }

  @Test func anEditThatNoServerHoldsIsRefused() throws {
    let folder = try edited { $0.replacingOccurrences(of: #""replicas":2"#, with: #""replicas":"two""#) }
    let file = folder.write("change.yaml", Self.change)
    let plan = End.run("plan", "-f", file, "--state", folder.state, "--now", End.now)
    #expect(plan.status == .failure)
    #expect(plan.err.contains("deployments/default.jsonl") && plan.err.contains("replicas"), "\(plan.err)")
  }

  @Test func objectsOfKindsThatTheDumpDefines() {
    let (folder, output) = imported(
      """
      apiVersion: example.com/v1
      kind: Thing
      metadata: {name: a}
      spec: {size: 3}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: default}
      ---
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: things.example.com}
      spec:
        group: example.com
        names: {kind: Thing, plural: things}
        scope: Namespaced
        versions:
          - name: v1
            served: true
            storage: true
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    properties: {size: {type: integer}, colour: {type: string, default: red}}

      """)
    #expect(output.status == .success, "\(output.err)")
    let shown = End.run("get", "things", "a", "--state", folder.state, "-o", "yaml").out
    #expect(shown.contains("size: 3") && shown.contains("colour: red"), "\(shown)")
    let file = folder.write("change.yaml", Self.change)
    #expect(End.run("plan", "-f", file, "--state", folder.state).status == .success)
  }

  @Test(
    "The values of a Secret that is refused are not shown",
    arguments: [
      #"data: {k: "hunter2 no base64"}"#, "data: {k: 123, l: hunter2}",
      "stringData: {k: hunter2, k: hunter2}",
      "stringData: {k: hunter2", #"stringData: {k: "hunter2", l: [1]}"#,
    ])
  func refusedSecrets(field: String) {
    for kind in ["Secret", #""Secret""#] {
      let (folder, output) = imported("apiVersion: v1\nkind: \(kind)\nmetadata: {name: s}\n\(field)\n")
      #expect(output.status == .failure && output.err.contains("dump.yaml:4:"), "\(output.err)")
      #expect(!(output.err + output.out).contains("hunter2"))
      let plan = End.run("plan", "-f", folder.path + "/dump.yaml", "--state", folder.state, "--now", End.now)
      #expect(plan.status == .failure && !plan.err.isEmpty)
      #expect(!(plan.err + plan.out).contains("hunter2"))
    }
  }
}
