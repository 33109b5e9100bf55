import APIMachinery
import Foundation
import Testing

@testable import Commands

/// A small cluster in a state directory, and verbs that run on it one second after each other.
final class VerbBench {
  let folder = EndToEndTests.Folder()
  private var seconds = 0

  static let manifests = """
    apiVersion: v1
    kind: Node
    metadata: {name: n1}
    ---
    apiVersion: v1
    kind: Node
    metadata: {name: n2}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      replicas: 2
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: c, image: "nginx:1.25"}]}
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: m, labels: {app: web}}
    data: {a: "1"}
    """

  init(_ more: String = "") {
    let file = folder.write("all.yaml", Self.manifests + "\n" + more)
    let result = run(["apply", "-f", file, "--yes"])
    #expect(result.status == .success, "\(result.err)")
  }

  /// Runs the words of a verb; the clock goes on by a minute each time.
  @discardableResult
  func run(_ words: [String], horizon: String = "40s") -> (status: Status, out: String, err: String) {
    seconds += 60
    let time = String(format: "2026-11-24T08:%02d:00Z", seconds / 60)
    let console = Console(buffered: true, environment: [:])
    // What stands behind a double dash is no flag.
    let end = words.firstIndex(of: "--") ?? words.endIndex
    let flags = ["--state", folder.state, "--now", time, "--horizon", horizon]
    let status = Commands.run(words[..<end] + flags + words[end...], console)
    return (
      status, String(decoding: console.out, as: UTF8.self), String(decoding: console.err, as: UTF8.self)
    )
  }

  func run(_ words: String) -> (status: Status, out: String, err: String) {
    run(words.split(separator: " ").map(String.init))
  }

  /// Stored objects of a kind, by name.
  func stored(_ kind: String) -> [String: Value] {
    let text = EndToEndTests.run("export", "--state", folder.state).out
    guard case .success(let list) = JSON.parse(Array(text.utf8)) else { return [:] }
    var found: [String: Value] = [:]
    for item in list[.items].items where item.kindName == kind { found[item.name] = item }
    return found
  }

  func pods() -> [Value] { stored("Pod").sorted { $0.key < $1.key }.map(\.value) }
}

@Suite struct VerbTests {
  @Test func scale() {
    let bench = VerbBench()
    #expect(bench.run("scale deployment/web --replicas=3").out == "deployment.apps/web scaled\n")
    #expect(bench.pods().count == 3)
    let refused = bench.run("scale deploy web --replicas=1 --current-replicas=2")
    #expect(refused.status == .failure)
    #expect(refused.err == "error: Expected replicas to be 2, was 3\n")
    #expect(bench.run("scale deploy web --replicas=99999999999").err.contains("of type int32"))
    #expect(
      bench.run("scale cm m --replicas=1").err
        == "Error from server (NotFound): the server could not find the requested resource\n")
    #expect(
      bench.run("scale deploy/x --replicas=1").err
        == "Error from server (NotFound): deployments.apps \"x\" not found\n")
    #expect(bench.run("scale deploy --all --replicas=0 -o name").out == "deployment.apps/web\n")
    #expect(bench.pods().isEmpty)
  }

  @Test func aDryRunWritesNothing() {
    let bench = VerbBench()
    let before = EndToEndTests.run("export", "--state", bench.folder.state).out
    #expect(
      bench.run("scale deploy/web --replicas=5 --dry-run=server").out
        == "deployment.apps/web scaled (server dry run)\n")
    #expect(EndToEndTests.run("export", "--state", bench.folder.state).out == before)
  }

  @Test func labelAndAnnotate() {
    let bench = VerbBench()
    #expect(bench.run("label cm m tier=front").out == "configmap/m labeled\n")
    #expect(bench.run("label cm m tier=front --overwrite").out == "configmap/m not labeled\n")
    let refused = bench.run("label cm m tier=back")
    #expect(refused.status == .failure)
    #expect(refused.err == "error: 'tier' already has a value (front), and --overwrite is false\n")
    #expect(bench.run("label cm m tier- gone-").out == "label \"gone\" not found.\nconfigmap/m unlabeled\n")
    #expect(bench.run("label pods -l app=web tier=x").out.split(separator: "\n").count == 2)
    #expect(bench.run("annotate cm/m note=a=b").out == "configmap/m annotated\n")
    #expect(bench.stored("ConfigMap")["m"]?.annotation("note") == "a=b")
    #expect(bench.run("annotate cm/m note=c").err.contains("'note' already has a value (a=b)"))
  }

  @Test func taint() {
    let bench = VerbBench()
    #expect(bench.run("taint node n1 k=v:NoExecute").out == "node/n1 tainted\n")
    #expect(bench.pods().allSatisfy { $0.spec[.nodeName].string == "n2" })
    #expect(bench.run("taint nodes n1 k=v:NoExecute-").out == "node/n1 untainted\n")
    #expect(bench.run("taint pod x k=v:NoExecute").err.contains("only node types are supported"))
  }

  @Test func patch() {
    let bench = VerbBench()
    #expect(
      bench.run(["patch", "cm", "m", "--type=merge", "-p", #"{"data":{"a":null,"b":"2"}}"#]).out
        == "configmap/m patched\n")
    #expect(bench.stored("ConfigMap")["m"]?[.data] == ["b": "2"])
    #expect(
      bench.run(["patch", "cm", "m", "-p", "data: {b: '2'}"]).out == "configmap/m patched (no change)\n")
    let json = #"[{"op":"replace","path":"/spec/replicas","value":3}]"#
    #expect(bench.run(["patch", "deploy/web", "--type", "json", "-p", json]).status == .success)
    #expect(bench.pods().count == 3)
    let side = #"{"spec":{"template":{"spec":{"containers":[{"name":"s","image":"busybox"}]}}}}"#
    #expect(bench.run(["patch", "deploy/web", "-p", side]).status == .success)
    #expect(bench.stored("Deployment")["web"]?.spec[.template][.spec][.containers].count == 2)
    let invalid = bench.run(["patch", "deploy/web", "-p", #"{"spec":{"replicas":-1}}"#])
    #expect(invalid.status == .failure)
    #expect(
      invalid.err
        == "The Deployment \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0\n"
    )
    #expect(
      bench.run([
        "patch", "deploy/web", "--subresource=scale", "--type=merge", "-p", #"{"spec":{"replicas":1}}"#,
      ]).status == .success)
    #expect(bench.pods().count == 1)
    #expect(bench.run(["patch", "cm", "m", "-p", "{"]).err.hasPrefix("error: unable to parse \"{\""))
  }

  @Test func delete() {
    let bench = VerbBench()
    let name = bench.pods()[0].name
    #expect(
      bench.run("delete pod \(name)").out == "pod \"\(name)\" deleted from default namespace\n")
    #expect(bench.pods().count == 2)
    #expect(!bench.pods().contains { $0.name == name })
    #expect(
      bench.run("delete pod \(name)").err == "Error from server (NotFound): pods \"\(name)\" not found\n")
    #expect(bench.run("delete pod \(name) --ignore-not-found").status == .success)
    #expect(bench.run("delete deploy web --cascade=orphan").status == .success)
    #expect(bench.stored("ReplicaSet").count == 1)
    #expect(bench.run("delete rs --all --now").out.hasPrefix("replicaset.apps \"web-"))
    #expect(bench.pods().isEmpty)
    #expect(bench.run("delete cm -l app=none").out == "No resources found\n")
    let held = #"{"metadata":{"finalizers":["example.org/hold"]}}"#
    _ = bench.run(["patch", "cm", "m", "--type=merge", "-p", held])
    #expect(
      bench.run("delete cm m").err
        == "ConfigMap \"m\" is still there when the pass ends, held by the finalizers example.org/hold\n")
    #expect(bench.run("delete cm m --wait=false").err.isEmpty)
    #expect(bench.run("delete node n2 -n x").err.contains("deleting cluster-scoped resources"))
  }

  @Test func rollout() {
    let bench = VerbBench()
    #expect(bench.run("set image deployment/web c=nginx:1.26").out == "deployment.apps/web image updated\n")
    #expect(bench.run("set image deployment/web d=x").err == "error: unable to find container named \"d\"\n")
    #expect(bench.run("rollout status deploy/web").out == "deployment \"web\" successfully rolled out\n")
    #expect(
      bench.run("rollout history deploy/web").out
        == "deployment.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n\n")
    #expect(bench.run("rollout history deploy/web --revision=1").out.contains("    Image:\tnginx:1.25\n"))
    let undo = bench.run("rollout undo deploy/web")
    #expect(undo.out == "deployment.apps/web rolled back\n")
    #expect(undo.err.contains("was previously managed with 'kubectl apply'"))
    #expect(
      bench.pods().allSatisfy { $0.spec[.containers][0][.image].string == "nginx:1.25" })
    #expect(
      bench.run("rollout undo deploy/web --to-revision=7").err.contains("unable to find specified revision 7")
    )
    #expect(bench.run("rollout pause deploy/web").out == "deployment.apps/web paused\n")
    #expect(
      bench.run("rollout pause deploy/web").err == "error: deployments.apps \"web\" is already paused\n")
    #expect(bench.run("rollout restart deploy/web").err.contains("can't restart paused deployment"))
    #expect(bench.run("rollout resume deploy/web").out == "deployment.apps/web resumed\n")
    let before = bench.pods().map(\.name)
    #expect(bench.run("rollout restart deploy/web").out == "deployment.apps/web restarted\n")
    #expect(Set(before).isDisjoint(with: bench.pods().map(\.name)))
  }

  @Test func rolloutStatusFollowsTheVirtualClock() {
    let bench = VerbBench()
    // The rollout is cut off by a horizon of no time at all; status lets the rest pass and writes nothing.
    #expect(bench.run(["set", "image", "deploy/web", "c=nginx:1.26"], horizon: "0s").status == .success)
    let before = EndToEndTests.run("export", "--state", bench.folder.state).out
    let status = bench.run("rollout status deploy/web")
    #expect(status.out.hasPrefix("Waiting for deployment \"web\" rollout to finish:"))
    #expect(status.out.hasSuffix("deployment \"web\" successfully rolled out\n"))
    #expect(EndToEndTests.run("export", "--state", bench.folder.state).out == before)
    #expect(bench.run("rollout status deploy/web --watch=false").out.hasPrefix("Waiting"))
    #expect(bench.run("rollout status cm/m").status == .failure)
  }

  @Test func cordonAndDrain() {
    let budget = """
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web}
      spec: {minAvailable: 2, selector: {matchLabels: {app: web}}}
      """
    let bench = VerbBench(budget)
    #expect(bench.run("cordon n2").out == "node/n2 cordoned\n")
    #expect(bench.run("cordon node/n2").out == "node/n2 already cordoned\n")
    #expect(bench.run("uncordon n2").out == "node/n2 uncordoned\n")
    #expect(bench.run("cordon n9").err == "Error from server (NotFound): nodes \"n9\" not found\n")
    let blocked = bench.run("drain n1 --timeout=7s")
    #expect(blocked.status == .failure)
    #expect(blocked.out.hasPrefix("node/n1 cordoned\nevicting pod default/web-"))
    #expect(
      blocked.err.components(separatedBy: "(will retry after 5s): Cannot evict pod as it would violate").count
        == 3)
    #expect(blocked.err.hasSuffix("global timeout reached: 7s\n"))
    #expect(bench.run("delete pdb web").status == .success)
    let drained = bench.run("drain n1")
    #expect(drained.status == .success, "\(drained.err)")
    #expect(drained.out.hasSuffix(" evicted\nnode/n1 drained\n"))
    #expect(bench.pods().allSatisfy { $0.spec[.nodeName].string == "n2" })
  }

  @Test func wordsThatAreWrongExitWithOne() {
    let bench = VerbBench()
    for words in ["scale --replicas=1", "label cm m", "patch cm m", "delete pods", "rollout undo cm/m"] {
      #expect(bench.run(words).status == .failure, "\(words)")
    }
    #expect(bench.run("cordon").status == .usage)
  }

  @Test func aVerbIsInTheHistory() {
    let bench = VerbBench()
    let serial = bench.stored("Deployment").count
    #expect(serial == 1)
    _ = bench.run("scale deploy/web --replicas=1")
    let history = (try? String(contentsOfFile: bench.folder.state + "/history.jsonl", encoding: .utf8)) ?? ""
    #expect(history.contains("\"command\":\"scale deployment.apps/web\""))
    // What the verb left is stable: a pass on it changes nothing.
    let before = EndToEndTests.run("export", "--state", bench.folder.state).out
    _ = bench.run("label cm m app=web --overwrite")
    #expect(EndToEndTests.run("export", "--state", bench.folder.state).out == before)
  }
}
