import API
import APIMachinery
import Testing

@testable import Kubectl

/// The words of the command line.
@Suite struct ArgumentTests {
  static func named(_ words: String..., lists: Bool = false) -> String {
    do throws(KubectlError) {
      switch try ResourceArguments.parse(words, .builtin, lists: lists) {
      case .named(let all): return all.map { "\($0.info.printedName)/\($0.name)" }.joined(separator: " ")
      case .listed(let kinds): return kinds.map(\.resourceName).joined(separator: " ")
      }
    } catch { return error.text.split(separator: "\n").first.map(String.init) ?? "" }
  }

  @Test(arguments: [
    (["deploy", "web"], "deployment.apps/web"),
    (["deployments.apps", "a", "b"], "deployment.apps/a deployment.apps/b"),
    (["po/a", "svc/b"], "pod/a service/b"), (["po,svc", "a"], "pod/a service/a"),
    (
      ["deploy/web", "x"],
      "error: there is no need to specify a resource type as a separate argument when passing "
    ),
    (["po/a/b"], "error: arguments in resource/name form may not have more than one slash"),
    (["po/"], "error: arguments in resource/name form must have a single resource and name"),
    (["pods"], "error: resource(s) were provided, but no name was specified"),
    (["foo", "x"], "error: the server doesn't have a resource type \"foo\""),
    ([], "error: You must provide one or more resources by argument or filename."),
  ])
  func resources(_ words: [String], _ expected: String) {
    let text: String
    do throws(KubectlError) {
      guard case .named(let all) = try ResourceArguments.parse(words, .builtin, lists: false) else {
        Issue.record("a list")
        return
      }
      text = all.map { "\($0.info.printedName)/\($0.name)" }.joined(separator: " ")
    } catch { text = error.text }
    #expect(text.hasPrefix(expected), "\(text)")
  }

  @Test func categoriesMeanSeveralKinds() {
    #expect(Self.named("all", lists: true).hasPrefix("pods replicationcontrollers services daemonsets.apps"))
    #expect(Self.named("po,rs", lists: true) == "pods replicasets.apps")
  }

  @Test(arguments: [
    (["po", "a", "x=1", "y-"], "po a | x=1 | y"), (["po/a", "x="], "po/a | x= | "),
    (["po", "x=1", "a"], "error: all resources must be specified before label changes: a"),
    (["po", "a", "x=1=2"], "error: invalid label spec: x=1=2"),
    (["po", "a", "x=1", "x-"], "error: can not both modify and remove a label in the same command"),
    (["po", "a", "x=%"], "error: invalid label value: \"x=%\""),
  ])
  func labels(_ words: [String], _ expected: String) {
    let text: String
    do throws(KubectlError) {
      let pairs = try PairArguments(words, "label")
      let changes = try pairs.labels()
      let set = changes.set.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
      text = "\(pairs.resources.joined(separator: " ")) | \(set) | \(changes.remove.joined(separator: " "))"
    } catch { text = error.text }
    #expect(text.hasPrefix(expected), "\(text)")
  }

  @Test func valuesKeepFurtherEqualSigns() throws {
    let changes = try PairArguments(["po", "a", "url=http://x/?a=b"], "annotation").values("annotation")
    #expect(changes.set.map(\.value) == ["http://x/?a=b"])
    #expect(changes.overwritten(in: ["url": "y"]).map(\.value) == ["y"])
  }

  @Test(arguments: [
    (["k=v:NoSchedule"], false, "tainted", "k=v:NoSchedule,old:NoExecute"),
    (["old:NoExecute-"], false, "untainted", ""), (["old-"], false, "untainted", ""),
    (["a:NoSchedule", "old-"], false, "modified", "a:NoSchedule"),
    (["old=x:NoExecute"], true, "modified", "old=x:NoExecute"),
    (["old=x:NoExecute"], false, "error: node n1 already has old taint(s) with same effect(s) and", ""),
    (["gone-"], false, "error: taint \"gone\" not found", ""),
    (["k"], false, "error: invalid taint spec: k", ""),
    (["k=v:Bad"], false, "error: invalid taint effect: Bad, unsupported taint effect", ""),
    (["k:NoSchedule", "k-"], false, "error: can not both modify and remove the following taint(s)", ""),
  ])
  func taints(_ words: [String], _ overwrite: Bool, _ done: String, _ expected: String) {
    let node: Value = [
      "apiVersion": "v1", "kind": "Node", "metadata": ["name": "n1"],
      "spec": ["taints": [["key": "old", "effect": "NoExecute"]]],
    ]
    do throws(KubectlError) {
      let (changed, what) = try Taints(words).applied(to: node, overwrite: overwrite)
      let texts = changed.spec[.taints].items.map { taint in
        let value = taint[.value].string.map { "=\($0)" } ?? ""
        return "\(taint[.key].string ?? "")\(value):\(taint[.effect].string ?? "")"
      }
      #expect(texts.joined(separator: ",") == expected)
      #expect(what == done)
    } catch { #expect(error.text.hasPrefix(done), "\(error.text)") }
  }

  @Test(arguments: [
    ("web", "web", true), ("web", "web2", false), ("*", "x", true), ("w*", "web", true), ("*b", "web", true),
    ("w*b", "web", true), ("w*x", "web", false), ("*e*", "web", true), ("", "web", false),
  ])
  func wildcards(_ pattern: String, _ text: String, _ matches: Bool) {
    #expect(Wildcard.matches(pattern, text) == matches)
  }

  @Test func errorsAreToldAsKubectlDoes() {
    let cause = APIError.Cause(
      reason: "FieldValueInvalid", message: "Invalid value: -1: no", field: "spec.replicas")
    #expect(
      KubectlError.api(.invalid("Deployment.apps", "web", [cause])).text
        == "The Deployment \"web\" is invalid: spec.replicas: Invalid value: -1: no")
    #expect(
      KubectlError.api(.invalid("", "", [cause])).text
        == "The request is invalid: spec.replicas: Invalid value: -1: no")
    #expect(
      KubectlError.api(.notFound("pods", "x")).text == "Error from server (NotFound): pods \"x\" not found")
    #expect(KubectlError.aggregate([.client("a"), .client("b")]).text == "a\nb")
  }

  @Test func columnsAreSetAsTabwriterDoes() {
    #expect(
      TabbedText.aligned(["Name:\ta", "Longer:\tb", "", "x\ty\tz", "long cell\tw\tv"])
        == ["Name:    a", "Longer:  b", "", "x          y  z", "long cell  w  v"])
  }
}
