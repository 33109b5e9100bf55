import APIMachinery
import Testing

@testable import Commands

@Suite struct GetTests {
  @Test func tables() {
    let bench = VerbBench()
    let pods = bench.run("get pods").out.split(separator: "\n").map(String.init)
    #expect(pods.count == 3)
    #expect(pods[0].split(separator: " ").joined(separator: " ") == "NAME READY STATUS RESTARTS AGE")
    #expect(pods[1].contains("1/1     Running   0          60s"))
    #expect(bench.run("get pods -o wide").out.contains("NOMINATED NODE   READINESS GATES\n"))
    #expect(bench.run("get deploy web --no-headers").out == "web   2/2   2   2   3m\n")
    #expect(bench.run("get cm m --show-labels -L app").out.contains("AGE   APP   LABELS\n"))
    #expect(bench.run("get nodes").out.contains("VERSION\n"))
    #expect(bench.run("get po,rs -n default").out.contains("\n\nNAME "))
    #expect(bench.run("get pods -n none").err == "No resources found in none namespace.\n")
    #expect(bench.run("get pods -Ao name").out.hasPrefix("pod/web-"))
    let missing = bench.run("get pods x")
    #expect(missing.status == .failure)
    #expect(missing.err == "Error from server (NotFound): pods \"x\" not found\n")
    #expect(bench.run("get pods x --ignore-not-found").status == .success)
    #expect(bench.run("get foo").err == "error: the server doesn't have a resource type \"foo\"\n")
  }

  @Test func formats() {
    let bench = VerbBench()
    #expect(bench.run("get cm m -o jsonpath={.data.a}").out == "1")
    #expect(bench.run("get node -o jsonpath={.items[*].metadata.name}").out == "n1 n2")
    #expect(
      bench.run("get node -o custom-columns=NAME:.metadata.name,CPU:.status.capacity.cpu,X:.spec.none").out
        == "NAME   CPU   X\nn1     4     <none>\nn2     4     <none>\n")
    #expect(bench.run("get cm -l app=web -o name").out == "configmap/m\n")
    #expect(bench.run("get cm/m -o yaml").out.hasPrefix("apiVersion: v1\ndata:\n"))
    #expect(
      bench.run("get nodes --sort-by=.metadata.name --field-selector metadata.name!=n1 -o name").out
        == "node/n2\n")
    #expect(
      bench.run("get cm m -o xml").err.contains("unable to match a printer suitable for the output format"))
    #expect(bench.run("get cm m -o jsonpath={.a").status == .failure)
  }

  @Test func customColumns() {
    let definition = """
      ---
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: boats.example.org}
      spec:
        group: example.org
        scope: Namespaced
        names: {kind: Boat, plural: boats, singular: boat}
        versions:
        - name: v1
          served: true
          storage: true
          schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
          subresources: {scale: {specReplicasPath: .spec.crew, statusReplicasPath: .status.crew}}
          additionalPrinterColumns:
          - {name: Crew, type: integer, jsonPath: .spec.crew}
          - {name: Port, type: string, jsonPath: .spec.port, priority: 1}
      ---
      apiVersion: example.org/v1
      kind: Boat
      metadata: {name: ok}
      spec: {crew: 3, port: north}
      """
    let bench = VerbBench(definition)
    #expect(bench.run("get boats").out == "NAME   CREW\nok     3\n")
    #expect(bench.run("get boats -o wide").out == "NAME   CREW   PORT\nok     3      north\n")
    #expect(bench.run("scale boat/ok --replicas=7").out == "boat.example.org/ok scaled\n")
    #expect(bench.run("get boat ok -o jsonpath={.spec.crew}").out == "7")
    #expect(
      bench.run(["patch", "boat", "ok", "-p", #"{"spec":{"crew":1}}"#]).err.contains("UnsupportedMediaType"))
  }
}
