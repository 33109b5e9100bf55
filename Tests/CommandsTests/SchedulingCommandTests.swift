import Testing

@testable import Commands

/// `explain pod`, `capacity`, the what-if flags of `plan` and `--scheduler-config`, on a small cluster.
@Suite struct SchedulingCommandTests {
  typealias Tool = EndToEndTests

  private static let manifests = """
    apiVersion: v1
    kind: Node
    metadata: {name: n1, labels: {kubernetes.io/hostname: n1}}
    status: {allocatable: {cpu: "2", memory: 4Gi, pods: "20"}, capacity: {cpu: "2", memory: 4Gi, pods: "20"}}
    ---
    apiVersion: v1
    kind: Node
    metadata: {name: n2, labels: {kubernetes.io/hostname: n2}}
    status: {allocatable: {cpu: "1", memory: 4Gi, pods: "20"}, capacity: {cpu: "1", memory: 4Gi, pods: "20"}}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      replicas: 3
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          containers: [{name: c, image: "nginx:1.25", resources: {requests: {cpu: 500m}}}]
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: big}
    spec: {containers: [{name: c, image: "nginx:1.25", resources: {requests: {cpu: 2500m}}}]}

    """

  private func applied(_ folder: Tool.Folder) -> String {
    let file = folder.write("all.yaml", Self.manifests)
    let done = Tool.run("apply", "-f", file, "--state", folder.state, "--yes", "--now", Tool.now)
    #expect(done.status == .success, "\(done.err)")
    return file
  }

  @Test func aPendingPodIsExplained() {
    let folder = Tool.Folder()
    _ = applied(folder)
    let result = Tool.run("explain", "pod", "default/big", "--state", folder.state)
    #expect(result.status == .success, "\(result.err)")
    #expect(result.out.hasPrefix("pod default/big: no node\n"))
    #expect(result.out.contains("more cpu on node n1, or ask for that much less"))
    #expect(result.out.contains("NodeResourcesFit"))
    let json = Tool.run("explain", "pod", "big", "-n", "default", "-o", "json", "--state", folder.state)
    #expect(json.out.contains("\"remedies\""))
    #expect(Tool.run("explain", "pod", "none", "--state", folder.state).status == .failure)
    #expect(Tool.run("explain", "pod", "none", "--state", folder.path + "/no").status == .failure)
  }

  @Test func capacityIsCountedAndDrainsAreTried() {
    let folder = Tool.Folder()
    _ = applied(folder)
    let one = Tool.run("capacity", "deployment/web", "--state", folder.state)
    #expect(one.status == .success, "\(one.err)")
    #expect(one.out.hasPrefix("deployment/web (default): 3 more replicas fit\n"), "\(one.out)")
    #expect(one.out.contains("runs out first: Insufficient cpu (2 nodes)"))
    #expect(Tool.run("capacity", "--state", folder.state).out.contains("deployment/web"))
    let drain = Tool.run("capacity", "--drain", "--state", folder.state)
    #expect(drain.out.hasPrefix("NODE"))
    #expect(Tool.run("capacity", "service/x", "--state", folder.state).status == .usage)
    #expect(Tool.run("capacity", "deployment/none", "--state", folder.state).status == .failure)
  }

  @Test func nodesThatGoAndCome() {
    let folder = Tool.Folder()
    let file = applied(folder)
    func plan(_ more: String...) -> (status: Status, out: String, err: String) {
      Tool.run(["plan", "-f", file, "--state", folder.state, "--now", "2026-11-24T09:00:00Z"] + more)
    }
    let without = plan("--without-node", "n1")
    #expect(without.status == .success, "\(without.err)")
    #expect(without.out.contains("- node/n1"))
    #expect(without.out.contains("Insufficient cpu"))
    #expect(plan("--node-down", "n1").out.contains("1 node(s) had untolerated taint(s)"))
    let more = folder.write(
      "more.yaml",
      "apiVersion: v1\nkind: Node\nmetadata: {name: extra}\n"
        + "status: {allocatable: {cpu: \"4\", memory: 4Gi, pods: \"20\"}, capacity: {cpu: \"4\", memory: 4Gi}}\n"
    )
    let added = plan("--add-node", "\(more)*2")
    #expect(added.out.contains("+ node/extra-1") && added.out.contains("+ node/extra-2"), "\(added.out)")
    #expect(added.out.contains("0 unschedulable"))
    #expect(plan("--without-node", "nobody").status == .failure)
    #expect(plan("--add-node", file).status == .failure)
    #expect(plan("--add-node", "\(more)*0").status == .usage)
    #expect(plan("--node-down", "n1", "--out", folder.path + "/p").status == .usage)
  }

  @Test func theSchedulersConfigurationIsReadStrictly() {
    let folder = Tool.Folder()
    let file = applied(folder)
    let head = "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\nprofiles:\n"
    let wrong = folder.write(
      "wrong.yaml", head + "- plugins:\n    score:\n      enabled: [{name: Nope}]\n  pluginConf: []\n")
    let refused = Tool.run("plan", "-f", file, "--state", folder.state, "--scheduler-config", wrong)
    #expect(refused.status == .failure)
    #expect(refused.err.contains("wrong.yaml:7:3"), "\(refused.err)")
    #expect(refused.err.contains("pluginConfig"))
    let right = folder.write(
      "right.yaml", head + "- plugins:\n    filter:\n      disabled: [{name: NodeResourcesFit}]\n")
    let free = Tool.run(
      "explain", "pod", "big", "--state", folder.state, "--scheduler-config", right)
    #expect(free.status == .success, "\(free.err)")
    #expect(free.out.contains("a cycle now chooses node"), "\(free.out)")
  }
}
