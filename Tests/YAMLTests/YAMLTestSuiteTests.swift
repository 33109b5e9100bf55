import Foundation
import Testing
import YAML

/// The public YAML test suite: events for what is YAML, an error for what is not.
@Suite struct YAMLTestSuiteTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var yaml: String
    var events: [String]?
    var json: String?
    var fails: Bool
    var testDescription: String { name }
  }

  @Test func events() throws {
    let cases = try Self.load()
    if cases.isEmpty { return }
    var wrong: [String] = []
    for one in cases where !one.fails {
      guard let expected = one.events else { continue }
      do {
        let got = try YAMLTests.events(one.yaml)
        if got != expected { wrong.append("\(one.name): \(difference(got, expected))") }
      } catch { wrong.append("\(one.name): \(error)") }
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
    print("yaml-test-suite: \(cases.count) cases, \(wrong.count) wrong")
  }

  @Test func refusals() throws {
    for one in try Self.load() where one.fails {
      #expect(throws: YAMLError.self, "\(one.name)") { _ = try trees(one.yaml) }
    }
  }

  @Test func json() throws {
    for one in try Self.load() where !one.fails {
      // Aliases and explicit tags are the business of the reader above this one.
      guard let json = one.json, !one.yaml.contains("*"), !one.yaml.contains("!") else { continue }
      let got = try trees(one.yaml).map { canonical($0) }
      var expected: [String] = []
      // A stream of values; scalars that are alone are one a line.
      let lines = json.split(separator: "\n")
      let alone = lines.allSatisfy { !$0.hasPrefix("{") && !$0.hasPrefix("[") && !$0.hasPrefix(" ") }
      for piece in alone ? lines.map(String.init) : [json] {
        var parser = Parser(SourceBytes(piece))
        while try parser.nextValue() {
          var at = 0
          expected.append(canonical(tree(parser, &at)))
        }
      }
      #expect(got == expected, "\(one.name)")
    }
  }

  private func difference(_ got: [String], _ expected: [String]) -> String {
    for at in 0..<max(got.count, expected.count) {
      let mine = at < got.count ? got[at] : "nothing"
      let theirs = at < expected.count ? expected[at] : "nothing"
      if mine != theirs { return "event \(at): \(mine) instead of \(theirs)" }
    }
    return ""
  }

  // MARK: Reading the suite's own files, which are YAML

  static func load() throws -> [Case] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder = root.appending(path: "../shared/conformance/yaml-test-suite/src").standardizedFileURL
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
      print("SKIPPED: the YAML test suite is not at \(folder.path)")
      return []
    }
    var cases: [Case] = []
    for name in names.sorted() where name.hasSuffix(".yaml") {
      let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      var cache: [String: String] = [:]
      for (number, test) in try (trees(text).first?.items ?? []).enumerated() {
        if test["skip"] != nil { continue }
        let fails = test["fail"]?.text == "true"
        for field in ["yaml", "tree", "json"] {
          if let value = test[field]?.text { cache[field] = value }
        }
        guard let yaml = cache["yaml"] else { continue }
        let tree = cache["tree"].map { tree in
          tree.split(separator: "\n").map { canonicalEvent(visible(String($0))) }
        }
        cases.append(
          Case(
            name: "\(name.dropLast(5))/\(number)", yaml: visible(yaml), events: tree,
            json: test["json"]?.text ?? (number == 0 ? nil : cache["json"]), fails: fails))
      }
    }
    return cases
  }

  /// An event of the suite without the marks that tests do not compare.
  private static func canonicalEvent(_ line: String) -> String {
    var line = line
    while line.hasPrefix(" ") { line.removeFirst() }
    if line.hasPrefix("+DOC") { return "+DOC" }
    if line.hasPrefix("-DOC") { return "-DOC" }
    for prefix in ["+SEQ []", "+MAP {}"] where line.hasPrefix(prefix) {
      return String(line.prefix(4)) + line.dropFirst(prefix.count)
    }
    return line
  }

  /// The suite's visible stand-ins for characters that are hard to see.
  private static func visible(_ text: String) -> String {
    var out = String.UnicodeScalarView()
    var scalars = Array(text.unicodeScalars)
    if let end = scalars.lastIndex(of: "∎") { scalars.removeSubrange(end...) }
    for scalar in scalars {
      switch scalar {
      case "␣": out.append(" ")
      case "—", "↵": continue
      case "»": out.append("\t")
      case "←": out.append("\r")
      case "⇔": out.append("\u{FEFF}")
      default: out.append(scalar)
      }
    }
    return String(out)
  }
}
