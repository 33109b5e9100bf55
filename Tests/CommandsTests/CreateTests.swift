import APIMachinery
import Testing

@testable import Commands

@Suite struct CreateTests {
  @Test func ofAFewWords() {
    let bench = VerbBench()
    #expect(bench.run("create ns shop").out == "namespace/shop created\n")
    #expect(
      bench.run("create deployment api --image=team/api:1.2 --replicas=2 -n shop").out
        == "deployment.apps/api created\n")
    let pods = bench.pods().filter { $0.namespace == "shop" }
    #expect(pods.count == 2)
    #expect(pods[0].spec[.containers][0][.name].string == "api")
    #expect(bench.run("create cm c --from-literal=a=1 --from-literal=b=x=y").status == .success)
    #expect(bench.stored("ConfigMap")["c"]?[.data] == ["a": "1", "b": "x=y"])
    #expect(bench.run("create secret generic s --from-literal=p=hunter2").out == "secret/s created\n")
    #expect(bench.stored("Secret")["s"]?[.data] == ["p": "aHVudGVyMg=="])
    #expect(bench.run("create service nodeport api --tcp=80:8080").status == .success)
    #expect(bench.stored("Service")["api"]?.spec[.ports][0][.targetPort] == 8080)
    #expect(bench.run("create job j --image=busybox -- sh -c true").status == .success)
    #expect(
      bench.stored("Job")["j"]?.spec[.template][.spec][.containers][0][.command] == ["sh", "-c", "true"])
    #expect(
      bench.run(["create", "cronjob", "c", "--image=busybox", "--schedule=0 3 * * *"]).status == .success)
    #expect(bench.run("create job now --from=cronjob/c").out == "job.batch/now created\n")
    #expect(bench.stored("Job")["now"]?.controllerReference?[.name].string == "c")
    #expect(
      bench.run("create ns shop").err
        == "Error from server (AlreadyExists): namespaces \"shop\" already exists\n")
    #expect(bench.run("create deployment x").err == "error: required flag(s) \"image\" not set\n")
    #expect(bench.run("create thing x").status == .usage)
    #expect(bench.run("rollout").err.contains("rollout needs a second word"))
  }

  @Test func fromFiles() {
    let bench = VerbBench()
    let file = bench.folder.write(
      "x.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: '1'}\n")
    #expect(bench.run("create -f \(file)").out == "configmap/x created\n")
    #expect(bench.run("delete -f \(file)").out == "configmap \"x\" deleted from default namespace\n")
    #expect(
      bench.run("label -f \(file) a=b").err == "Error from server (NotFound): configmaps \"x\" not found\n")
  }

  @Test func runExposeAutoscale() {
    let bench = VerbBench()
    #expect(
      bench.run("run shell --image=busybox --env=A=1 --restart=Never --port=80 -- sleep 1d").out
        == "pod/shell created\n")
    let pod = bench.stored("Pod")["shell"] ?? .null
    #expect(pod.labels == ["run": "shell"])
    #expect(pod.spec[.containers][0][.args] == ["sleep", "1d"])
    #expect(bench.run("expose deploy web --port=80 --target-port=8080").out == "service/web exposed\n")
    #expect(bench.stored("Service")["web"]?.spec[.selector] == ["app": "web"])
    #expect(bench.run("expose pod shell --name=s").status == .success)
    #expect(bench.stored("Service")["s"]?.spec[.ports][0][.port] == 80)
    #expect(bench.run("expose cm m --port=1").err == "error: cannot expose a ConfigMap\n")
    #expect(
      bench.run("autoscale deploy web --min=2 --max=5 --cpu=70%").out
        == "horizontalpodautoscaler.autoscaling/web autoscaled\n")
    #expect(bench.stored("HorizontalPodAutoscaler")["web"]?.spec[.maxReplicas] == 5)
    #expect(bench.run("autoscale deploy web --min=6 --max=5").status == .failure)
  }
}
