import Foundation
import Testing

@testable import Commands

/// What a manifest or a state can have wrong: the place and the remedy are named, the state stays as it was.
@Suite struct BadInputTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// Makes the directory of manifests at this path.
    var make: @Sendable (String) throws -> Void
    var place: String
    var words: String
  }

  static let config = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"

  private static func bytes(_ name: String, _ bytes: [UInt8], _ place: String, _ words: String) -> Case {
    Case(
      testDescription: name, make: { try Data(bytes).write(to: URL(fileURLWithPath: $0 + "/a.yaml")) },
      place: place, words: words)
  }

  private static func text(_ name: String, _ text: String, _ place: String, _ words: String) -> Case {
    bytes(name, Array(text.utf8), place, words)
  }

  private static func bomb() -> String {
    "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
      + (1..<7).map {
        "a\($0): &a\($0) [" + Array(repeating: "*a\($0 - 1)", count: 10).joined(separator: ",") + "]\n"
      }
      .joined()
  }

  static let cases: [Case] = [
    Case(testDescription: "empty directory", make: { _ in }, place: "", words: "holds no manifest"),
    Case(
      testDescription: "unreadable file",
      make: {
        try FileManager.default.createSymbolicLink(atPath: $0 + "/a.yaml", withDestinationPath: "gone.yaml")
      }, place: "a.yaml", words: "is a link to nothing"),
    Case(
      testDescription: "link that leaves the directory",
      make: {
        try FileManager.default.createSymbolicLink(atPath: $0 + "/a.yaml", withDestinationPath: "/etc/passwd")
      }, place: "a.yaml", words: "leaves the directory"),
    Case(
      testDescription: "1 GiB",
      make: {
        try Data(config.utf8).write(to: URL(fileURLWithPath: $0 + "/a.yaml"))
        truncate($0 + "/a.yaml", 1 << 30)
      }, place: "a.yaml", words: "is larger than 256 MiB"),
    text("tabs", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: a\n", "a.yaml:4:2", "use spaces"),
    text("duplicate keys", config + "  name: b\n", "a.yaml:5:3", "the key 'name' stands twice"),
    text("unknown field", config + "datum: {}\n", "a.yaml:5:1", "did you mean `data`?"),
    text(
      "unknown field far down",
      "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: c\n    image: x\n    imagePolicy: a\n",
      "a.yaml:8:5", #"unknown field "spec.containers[0].imagePolicy""#),
    text(
      "wrong type", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  replicas: many\n",
      "a.yaml:5:3", "cannot unmarshal string"),
    text("two of one name", config + "---\n" + config, "a.yaml:6:1", "is described twice"),
    text("cyclic anchor", "a: &x [*x]\n", "a.yaml:1:8", "contains itself"),
    text("alias expansion", bomb(), "a.yaml:", "expand to too much"),
    bytes(
      "nesting", Array(repeating: UInt8(ascii: "["), count: 100_000), "a.yaml:1:", "nested too deeply"),
    text("NUL", "apiVersion: v1\nkind: \"Config\0Map\"\n", "a.yaml:2:14", "a NUL byte is not allowed"),
    bytes("invalid UTF-8", Array(config.utf8) + [0x23, 0xFF, 0x0A], "a.yaml:5:2", "is not valid UTF-8"),
  ]

  /// A state that each case begins with.
  nonisolated(unsafe) private static let prepared: EndToEndTests.Folder = {
    let folder = EndToEndTests.Folder()
    let good = folder.write("good.yaml", EndToEndTests.pod)
    let words = ["apply", "-f", good, "--state", folder.state, "--yes", "--now", EndToEndTests.now]
    #expect(EndToEndTests.run(words).status == .success)
    return folder
  }()

  @Test(.timeLimit(.minutes(1)), arguments: cases)
  func manifests(_ one: Case) throws {
    let folder = EndToEndTests.Folder()
    let state = folder.state
    try FileManager.default.copyItem(atPath: Self.prepared.state, toPath: state)
    let before = try contents(state)
    let manifests = folder.path + "/bad"
    try FileManager.default.createDirectory(atPath: manifests, withIntermediateDirectories: true)
    try one.make(manifests)
    for command in [["plan"], ["apply", "--yes"]] {
      let result = EndToEndTests.run(command + [manifests, "--state", state])
      #expect(result.status == .failure)
      #expect(result.err.contains("bad" + (one.place.isEmpty ? "" : "/" + one.place)), "\(result.err)")
      #expect(result.err.contains(one.words), "\(result.err)")
    }
    #expect(try contents(state) == before)
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      ("cluster.json", "\"format_version\": 2", "\"format_version\": 99", "Use a newer plimsoll"),
      ("objects/core/v1/nodes/_cluster.jsonl", "}}\n", "}", "the line ends in its middle"),
    ])
  func states(_ file: String, _ from: String, _ to: String, _ words: String) throws {
    let folder = EndToEndTests.Folder()
    let good = folder.write("good.yaml", EndToEndTests.pod)
    let words1 = ["apply", "-f", good, "--state", folder.state, "--yes", "--now", EndToEndTests.now]
    #expect(EndToEndTests.run(words1).status == .success)
    let path = folder.state + "/" + file
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains(from))
    try text.replacingOccurrences(of: from, with: to).write(toFile: path, atomically: true, encoding: .utf8)
    let before = try contents(folder.state)
    let result = EndToEndTests.run(words1)
    #expect(result.status == .failure)
    #expect(result.err.contains(file) && result.err.contains(words), "\(result.err)")
    #expect(try contents(folder.state) == before)
  }

  private func contents(_ path: String) throws -> [String: Data] {
    var all: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: path) where !name.hasSuffix(".lock") {
      all[name] = FileManager.default.contents(atPath: path + "/" + name)
    }
    return all
  }
}
