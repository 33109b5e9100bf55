import Basics
import Foundation
import Testing

@testable import Commands

/// The commands on the example of the repository, in process, each on a state of its own.
@Suite struct EndToEndTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  static let now = "2026-11-24T08:00:00Z"

  final class Folder {
    let path: String
    init() {
      path = NSTemporaryDirectory() + "plimsoll-" + UUID().uuidString
      try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
    func write(_ name: String, _ text: String) -> String {
      let file = path + "/" + name
      try? text.write(toFile: file, atomically: true, encoding: .utf8)
      return file
    }
    var state: String { path + "/state" }
  }

  static func run(_ words: String...) -> (status: Status, out: String, err: String) { run(words) }

  static func run(_ words: [String]) -> (status: Status, out: String, err: String) {
    let console = Console(buffered: true, environment: [:])
    let status = Commands.run(words, console)
    return (
      status, String(decoding: console.out, as: UTF8.self), String(decoding: console.err, as: UTF8.self)
    )
  }

  static let pod = """
    apiVersion: v1
    kind: Node
    metadata: {name: n1}
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

    """

  @Test func applyThenPlanHasNoChanges() {
    let folder = Folder()
    let manifests = Self.root + "/manifests"
    let first = Self.run("apply", manifests, "--state", folder.state, "--yes", "--now", Self.now)
    #expect(first.status == .success, "\(first.err)")
    #expect(first.out.contains("Apply complete!"))
    let second = Self.run("plan", manifests, "--state", folder.state, "--now", "2026-11-24T08:30:00Z")
    #expect(second.out.hasSuffix("No changes. Your infrastructure matches the configuration.\n"))
    #expect(Self.run("state", "verify", "--state", folder.state).status == .success)
  }

  @Test func theSameInputGivesTheSameBytes() {
    let one = Folder()
    let two = Folder()
    var texts: [String] = []
    for folder in [one, two] {
      let file = folder.write("web.yaml", Self.pod)
      #expect(
        Self.run("apply", "-f", file, "--state", folder.state, "--yes", "--now", Self.now).status == .success)
      texts.append(Self.run("export", "--state", folder.state).out)
    }
    #expect(texts[0] == texts[1])
    #expect(texts[0].contains("\"phase\":\"Running\""))
  }

  @Test func aSavedPlanIsAppliedAsItSaidAndRefusedWhenTheStateMoved() {
    let folder = Folder()
    let file = folder.write("web.yaml", Self.pod)
    let plan = folder.path + "/p"
    #expect(
      Self.run("plan", "-f", file, "--state", folder.state, "--now", Self.now, "--out", plan).status
        == .success)
    #expect(Self.run("apply", plan, "--state", folder.state).status == .success)
    let scaled = folder.write(
      "web.yaml", Self.pod.replacingOccurrences(of: "replicas: 2", with: "replicas: 3"))
    let later = "2026-11-24T09:00:00Z"
    #expect(
      Self.run("plan", "-f", scaled, "--state", folder.state, "--now", later, "--out", plan).status
        == .success)
    #expect(
      Self.run("apply", "-f", scaled, "--state", folder.state, "--yes", "--now", "2026-11-24T09:10:00Z")
        .status
        == .success)
    #expect(Self.run("apply", plan, "--state", folder.state).status == .stale)
  }

  @Test func anErrorNamesItsPlaceAndLeavesTheState() {
    let folder = Folder()
    let file = folder.write("web.yaml", Self.pod.replacingOccurrences(of: "  replicas:", with: "  replica:"))
    let result = Self.run("apply", "-f", file, "--state", folder.state, "--yes", "--now", Self.now)
    #expect(result.status == .failure)
    #expect(result.err.contains("web.yaml:"))
    #expect(result.err.contains("replica"))
    #expect(!FileManager.default.fileExists(atPath: folder.state + "/cluster.json"))
  }

  @Test func secretsStayInTheState() {
    let folder = Folder()
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: hunter2}\n"
    let file = folder.write("s.yaml", secret)
    let plan = folder.path + "/p"
    let out = Self.run(
      "plan", "-f", file, "--state", folder.state, "--now", Self.now, "--out", plan, "-o", "json")
    let saved = (try? String(contentsOfFile: plan, encoding: .utf8)) ?? "?"
    for text in [out.out, out.err, saved] {
      #expect(!text.contains("hunter2"))
      #expect(!text.contains("aHVudGVyMg=="))
    }
  }

  @Test(arguments: [
    (["plan", "--bogus"], Status.usage), (["nonsense"], .usage), (["version"], .success),
    (["help", "plan"], .success), (["plan", "/nonexistent"], .failure), (["completion", "bash"], .success),
  ])
  func exitStatuses(_ words: [String], _ status: Status) {
    let console = Console(buffered: true, environment: [:])
    #expect(Commands.run(words, console) == status)
  }
}
