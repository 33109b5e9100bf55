import APIMachinery
import Basics
import Foundation
import PlanReport
import Testing

@testable import Renderers

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Every format of a plan, on a report with every kind of change and with text that wants to break out.
@Suite struct PlanFormatsTests {
  static let hostile = "<script>alert(1)</script>```\u{1b}[31m%0A|x"

  static func report() -> PlanReport {
    var report = PlanReport(
      inputs: .init(manifests: "manifests", documents: 3, digest: "sha256:0"),
      state: .init(lineage: "l", serial: 4, digest: "d"), begin: Instant(seconds: 0),
      end: Instant(seconds: 60),
      ending: .settled)
    func name(_ kind: String, _ name: String) -> ObjectName {
      ObjectName(apiVersion: "apps/v1", kind: kind, namespace: "shop", name: name)
    }
    let source = Place(file: "manifests/a b.yaml", line: 3)
    var update = Change(
      object: name("Deployment", "web"), action: .update, reason: .fieldsChanged, source: source, wave: 2)
    update.fields = [
      FieldDifference(
        path: "spec.template.spec.containers[name=web].image", before: "web:1", after: .string(hostile),
        sensitive: false, effect: .forcesRollout),
      FieldDifference(path: "data.token", before: "b2xk", after: "bmV3", sensitive: true, effect: .inPlace),
    ]
    var rollout = Rollout(strategy: "RollingUpdate", replicas: 2)
    var started = PodChange(object: name("Pod", "web-1"), fate: .created)
    started.node = "node-a"
    started.readyAfter = 4
    var pending = PodChange(object: name("Pod", "web-2"), fate: .created)
    pending.pending = "0/1 nodes are available: 1 Insufficient cpu."
    rollout.pods = [started, pending]
    rollout.stuck = "1 of 2 updated replicas available"
    update.rollout = rollout
    var delete = Change(
      object: name("Service", "old"), action: .delete, reason: .notInManifests, source: nil, wave: 2)
    delete.takesWithIt = [name("EndpointSlice", "old-x")]
    let create = Change(
      object: name("ConfigMap", "new"), action: .create, reason: .notInState, source: source, wave: 1)
    report.changes = [create, update, delete]
    report.pods = [started, pending]
    report.consequences.podsUnschedulable = 1
    report.nodes = [
      NodeCapacity(
        name: "node-a", status: "Ready", cpu: .init(allocatable: 4000, before: 0, after: 3900),
        memory: .init(allocatable: 100, before: 10, after: 20),
        pods: .init(allocatable: 110, before: 0, after: 1))
    ]
    report.findings = [
      Finding(.error, .unschedulable, name("Pod", "web-2"), hostile, source: source),
      Finding(.warning, .noReadyBackend, name("Service", "old"), "no ready pod"),
    ]
    return report
  }

  static func text(_ format: String, _ report: PlanReport, _ options: RenderOptions = .init()) -> String {
    String(decoding: PlanRenderers.named(format)?.render(report, options) ?? [], as: UTF8.self)
  }

  @Test(arguments: PlanRenderers.all.map { type(of: $0).format })
  func noFormatShowsSecretsOrControls(_ format: String) {
    let text = Self.text(format, Self.report())
    #expect(!text.isEmpty)
    #expect(!text.contains("b2xk") && !text.contains("bmV3"))
    #expect(!text.unicodeScalars.contains("\u{1b}"))
    #expect(text == Self.text(format, Self.report()))
  }

  @Test("A format that tells a digest says so, for else it is not made", arguments: PlanRenderers.all.indices)
  func digests(_ number: Int) {
    let renderer = PlanRenderers.all[number]
    var other = Self.report()
    other.digest = "sha256:1"
    other.inputs.digest = "sha256:2"
    let isTold = renderer.render(Self.report(), .init()) != renderer.render(other, .init())
    #expect(isTold == type(of: renderer).tellsDigests)
  }

  static func empty() -> PlanReport {
    PlanReport(
      inputs: .init(manifests: "manifests", documents: 0, digest: ""),
      state: .init(lineage: "", serial: 0, digest: ""), begin: Instant(seconds: 0), end: Instant(seconds: 0),
      ending: .settled)
  }

  @Test(arguments: ["text", "markdown", "html"])
  func anEmptyPlanSaysSo(_ format: String) {
    #expect(Self.text(format, Self.empty()).contains("No changes. Your infrastructure matches"))
  }

  @Test func markdownKeepsItsFencesAndItsLength() {
    let text = Self.text("markdown", Self.report())
    #expect(text.hasPrefix(MarkdownRenderer.marker))
    #expect(text.contains("### Plan: 1 to add, 1 to change, 1 to destroy"))
    #expect(text.contains("````diff"))
    #expect(text.contains("\n- "))
    #expect(text.contains("\n! "))
    #expect(!text.contains("<script>alert(1)</script>\n|"))
    var many = Self.report()
    many.changes = (0..<400).map { i in
      Change(
        object: ObjectName(apiVersion: "v1", kind: "ConfigMap", namespace: "shop", name: "c\(i)"),
        action: .create, reason: .notInState, source: nil, wave: 0)
    }
    var options = RenderOptions()
    options.maxBytes = 4000
    let cut = Self.text("markdown", many, options)
    #expect(cut.utf8.count <= 4000)
    #expect(cut.contains("more objects"))
  }

  @Test func htmlLetsNothingOut() {
    let text = Self.text("html", Self.report())
    #expect(!text.contains("<script>alert"))
    #expect(text.contains("default-src 'none'"))
    #expect(!text.contains("http://") && !text.contains("https://"))
    #expect(text.contains("Insufficient cpu"))
  }

  @Test func junitIsXML() {
    let text = Self.text("junit", Self.report())
    #expect(XMLParser(data: Data(text.utf8)).parse())
    #expect(text.contains("classname=\"Deployment@apps/v1\" name=\"shop/web\""))
    #expect(text.contains("<failure type=\"K001\""))
  }

  @Test func sarifNamesRuleAndPlace() throws {
    let log = try JSON.parse(Self.text("sarif", Self.report())).get()
    let results = log["runs"].items[0]["results"]
    #expect(results.count == 2)
    #expect(results.items[0]["ruleId"] == "K001")
    let place = results.items[0]["locations"].items[0]["physicalLocation"]
    #expect(place["artifactLocation"]["uri"] == "manifests/a%20b.yaml")
    #expect(place["region"]["startLine"] == 3)
  }

  @Test func githubAndGitlabSpeakTheirTongues() {
    let lines = Self.text("github", Self.report()).split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("::error file=manifests/a b.yaml,line=3,title=K001 unschedulable::"))
    #expect(lines[0].contains("%250A"))
    #expect(Self.text("gitlab", Self.report()) == "{\"create\":1,\"delete\":1,\"update\":1}\n")
  }
}
