import APIMachinery
import Foundation
import Testing

@testable import Commands

@Suite struct SetVerbTests {
  private func container(_ bench: VerbBench) -> Value {
    bench.stored("Deployment")["web"]?.spec[.template][.spec][.containers][0] ?? .null
  }

  @Test func resources() {
    let bench = VerbBench()
    #expect(
      bench.run("set resources deploy/web --limits=cpu=200m,memory=512Mi --requests=cpu=0.1").out
        == "deployment.apps/web resource requirements updated\n")
    #expect(
      container(bench)[.resources]
        == ["limits": ["cpu": "200m", "memory": "512Mi"], "requests": ["cpu": "100m"]])
    _ = bench.run("set resources deploy/web --limits=cpu=0 -c c")
    #expect(container(bench)[.resources][.limits] == ["memory": "512Mi"])
    #expect(
      bench.run("set resources deploy/web").err.contains("you must specify an update to requests or limits"))
    #expect(bench.run("set resources deploy/web --limits=cpu=x").status == .failure)
    #expect(
      bench.run("set resources deploy/web -c d --limits=cpu=1").err.contains(
        "unable to find container named d"))
  }

  @Test func environment() {
    let bench = VerbBench()
    #expect(bench.run("set env deploy/web A=1 B=x=y").out == "deployment.apps/web env updated\n")
    #expect(container(bench)[.env] == [["name": "A", "value": "1"], ["name": "B", "value": "x=y"]])
    #expect(bench.run("set env deploy/web A- --from=configmap/m --prefix=M_").status == .success)
    #expect(
      container(bench)[.env] == [
        ["name": "B", "value": "x=y"],
        ["name": "M_A", "valueFrom": ["configMapKeyRef": ["name": "m", "key": "a"]]],
      ])
    #expect(
      bench.run("set env deploy/web --list").out
        == "# Deployment web\nB=x=y\n# M_A from configmap m, key a\n")
    #expect(bench.run("set env deploy/web B=2 --overwrite=false").err.contains("already has a value (x=y)"))
    #expect(
      bench.run("set env deploy/web").err.contains("at least one environment variable must be provided"))
  }

  @Test func serviceAccountAndSelector() {
    let more = """
      ---
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: robot}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 80}]}
      """
    let bench = VerbBench(more)
    #expect(
      bench.run("set serviceaccount deploy/web robot").out == "deployment.apps/web serviceaccount updated\n")
    #expect(bench.pods().allSatisfy { $0.spec[.serviceAccountName].string == "robot" })
    #expect(bench.run("set selector svc web app=none").out == "service/web selector updated\n")
    #expect(bench.stored("Service")["web"]?.spec[.selector] == ["app": "none"])
  }

  @Test func describeTellsWhatKubectlTells() {
    let bench = VerbBench()
    let deployment = bench.run("describe deploy web").out
    for line in [
      "Name:                   web\n",
      "Replicas:               2 desired | 2 updated | 2 total | 2 available | 0 unavailable\n",
      "  Containers:\n   c:\n    Image:         nginx:1.25\n", "OldReplicaSets:  <none>\n",
      "(2/2 replicas created)\nEvents:\n  Type    Reason             Age   From                   Message\n",
      "  Normal  ScalingReplicaSet  60s   deployment-controller  Scaled up replica set web-",
    ] { #expect(deployment.contains(line), "\(line)\n\(deployment)") }
    let pod = bench.run("describe pod web").out
    for line in [
      "Controlled By:  ReplicaSet/web-", "\n\n\nName:             web-", "QoS Class:", "Conditions:\n  Type",
    ] {
      #expect(pod.contains(line), "\(line)\n\(pod)")
    }
    #expect(bench.run("describe node n1").out.contains("Allocated resources:\n"))
    #expect(bench.run("describe pod x").err == "Error from server (NotFound): pods \"x\" not found\n")
    #expect(
      bench.run("describe cm m --show-events=false").out.hasSuffix("a:\n----\n1\n\n\nBinaryData\n====\n\n"))
  }

  @Test func describeKeepsSecrets() {
    let secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: hunter2}\n"
    let bench = VerbBench(secret)
    let text = bench.run("describe secret s").out
    #expect(text.contains("password:  7 bytes"))
    #expect(!text.contains("hunter2") && !text.contains("aHVudGVyMg"))
    let patched = bench.run(["patch", "secret", "s", "-o", "yaml", "-p", #"{"stringData":{"a":"hunter3"}}"#])
    #expect(patched.status == .success)
    #expect(!patched.out.contains("aHVudGVy"))
  }

  @Test func stateCommands() {
    let bench = VerbBench()
    let state = bench.folder.state
    #expect(EndToEndTests.run("state", "show", "cm/default/m", "--state", state).out.contains("name: m\n"))
    #expect(EndToEndTests.run("state", "show", "cm/m", "--state", state).status == .usage)
    #expect(
      EndToEndTests.run("state", "show", "cm/default/x", "--state", state).err.contains(
        "configmaps \"x\" not found"))
    #expect(
      EndToEndTests.run("state", "rm", "cm/default/m", "--state", state).out == "Forgot ConfigMap default/m\n"
    )
    #expect(bench.stored("ConfigMap")["m"] == nil)
    let history = EndToEndTests.run("state", "history", "--state", state).out
    #expect(history.contains("COMMAND\n"))
    #expect(history.contains("   apply\n") && history.contains("   state rm ConfigMap default/m\n"))
    #expect(EndToEndTests.run("state", "lock", "--reason", "freeze", "--state", state).status == .success)
    let locked = bench.run("scale deploy/web --replicas=1")
    #expect(locked.status == .stale)
    #expect(locked.err.contains("freeze"))
    #expect(EndToEndTests.run("state", "unlock", "--state", state).out.contains("The state is unlocked."))
    #expect(bench.run("scale deploy/web --replicas=1").status == .success)
  }
}
