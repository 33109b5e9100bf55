import APIMachinery
import Basics
import Foundation
import Testing
import YAML

@testable import ManifestReader

/// Files and directories into manifests with places.
@Suite struct ManifestReaderTests {
  private func read(_ text: String, strict: Bool = true) -> ManifestReader.Result {
    var options = ManifestReader.Options()
    options.refusesDuplicateKeys = strict
    return ManifestReader.read(text: Array(text.utf8), name: "t.yaml", options: options)
  }

  private func places(_ result: ManifestReader.Result) -> [String] {
    result.diagnostics.map { "\($0.code) \($0.place.map { "\($0.line):\($0.column)" } ?? "-")" }
  }

  // MARK: Documents

  @Test func documents() {
    let text = """
      # a comment
      ---
      kind: A
      ---   # nothing here
      --- # again
      {"kind": "B"}
      {"kind": "C"}
      ---
      null
      ---
      {
        kind: "D",  # KYAML
        list: [1, 2,],
      }
      """
    let found = read(text)
    #expect(found.diagnostics.isEmpty)
    #expect(found.manifests.map { $0.value["kind"].string } == ["A", "B", "C", "D"])
    #expect(found.manifests.map(\.line) == [3, 6, 7, 11])
  }

  @Test func errorEndsTheFile() {
    let found = read("a: 1\n---\nb: [\n---\nc: 1\n")
    #expect(found.manifests.count == 1)
    #expect(places(found) == ["yaml-syntax 3:4"])
  }

  @Test(arguments: [
    ("a: 1\nb: \u{1}\n", "encoding 2:4"), ("a: 1\n---\nb: \0\n", "nul-byte 3:4"),
    ("a: 1\r\nb: 2\r\n c: 3\r\n", "yaml-syntax 3:3"), ("é: ü\né: 3\n", "duplicate-key 2:1"),
    ("- a\n", "not-an-object 1:1"), ("a:\n\t- b\n", "yaml-syntax 2:2"),
    ("{\"a\": 1, \"b\": 2,\n \"a\": 3}", "duplicate-key 2:2"),
    ("a: &x [*x]\n", "yaml-alias 1:8"), ("a: *b\n", "yaml-alias 1:4"), ("a: .inf\n", "yaml-value 1:4"),
    ("kind: List\nitems:\n- 1\n", "not-an-object 3:3"),
  ])
  func refused(_ text: String, _ expected: String) { #expect(places(read(text)) == [expected]) }

  @Test func duplicateKeys() {
    let text = "spec:\n  b: 1\n  a: 2\n  b: 3\n"
    let strict = read(text)
    #expect(strict.manifests.isEmpty)
    #expect(places(strict) == ["duplicate-key 4:3"])
    #expect(strict.diagnostics.first?.notes.first?.place == Place(file: "t.yaml", line: 2, column: 3))
    let lenient = read(text, strict: false)
    #expect(lenient.manifests.first.map { CanonicalJSON.string($0.value) } == #"{"spec":{"a":2,"b":3}}"#)
    #expect(lenient.diagnostics.map(\.severity) == [.warning])
  }

  @Test func aliasBomb() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      text += "a\(level): &a\(level) [" + String(repeating: "*a\(level - 1), ", count: 10) + "]\n"
    }
    #expect(read(text).diagnostics.map(\.code) == ["yaml-alias"])
  }

  @Test(arguments: ["[", "{\"a\":", "{a: [", "- ", "? "])
  func nesting(_ piece: String) {
    #expect(read(String(repeating: piece, count: 100_000)).diagnostics.hasErrors)
  }

  /// Many mistakes on one long line are told a few times, and cost no more than that.
  @Test(arguments: [("{", "x: 1, "), ("{", "\"x\": 1, ")])
  func manyDuplicates(_ open: String, _ pair: String) {
    let text = open + String(repeating: pair, count: 20_000) + "\"y\": 2}"
    let found = read(text, strict: false)
    #expect(found.manifests.count == 1)
    #expect(found.diagnostics.count == 50)
  }

  @Test func lists() {
    let found = read(
      "apiVersion: v1\nkind: List\nitems:\n- kind: A\n- kind: List\n  items:\n  - kind: B\n---\n"
        + "apiVersion: v1\nkind: ConfigMapList\nitems:\n- data: {a: b}\n")
    #expect(found.diagnostics.isEmpty)
    #expect(found.manifests.map { $0.value["kind"].string } == ["A", "B", "ConfigMap"])
    #expect(found.manifests.map(\.line) == [4, 7, 12])
    #expect(found.manifests.last?.spans.span(.key("data"), .key("a")).place.column == 10)
  }

  // MARK: Places

  @Test func places() {
    let found = read(
      """
      metadata:
        annotations:
          example.com/a.b: "x"
      base: &base {image: a, tag: b}
      spec:
        containers:
        - name: web
          image: x
        - name: "db"
          <<: *base
      """)
    guard let spans = found.manifests.first?.spans else {
      Issue.record("nothing was read")
      return
    }
    func at(_ path: String) -> String {
      let span = spans.span(path: path)
      return "\(span.place.line):\(span.place.column)" + (span.isExact ? "" : " near")
    }
    #expect(at("metadata.annotations.example.com/a.b") == "3:5")
    #expect(at("metadata.annotations[example.com/a.b]") == "3:5")
    #expect(at("spec.containers[1].name") == "9:5")
    #expect(at("spec.containers[name=db].name") == "9:5")
    #expect(at(".spec.containers[name=\"web\"].image") == "8:5")
    #expect(at("spec.containers[1].image") == "4:14")
    #expect(at("spec.containers[0].ports") == "7:5 near")
    #expect(at("spec.nothing") == "5:1 near")
    let value = spans.span(.key("spec"), .key("containers"), .index(0), .key("image")).value
    #expect(value == Place(file: "t.yaml", line: 8, column: 12))
    #expect(spans.span(path: "spec.containers[1].name").excerpt == "  - name: \"db\"")
  }

  @Test(
    "A file that may hold a Secret shows no lines",
    arguments: [
      ("kind: Secret\na: 1", true), ("{\"kind\":\"SecretList\"}", true), ("kind: !!str Secret", true),
      ("Secret", true),
      ("imagePullSecrets: []", false), ("secretKeyRef: {}", false), ("kind: SealedSecret", false),
      ("", false),
    ])
  func excerpts(text: String, isHidden: Bool) {
    let file = SourceFile(path: "t.yaml", text: SourceBytes(Array(text.utf8)))
    #expect((file.excerpt(at: 0) == nil) == isHidden)
  }

  @Test func placesInJSON() {
    let found = read("{\"kind\": \"A\",\n \"a\": {\"😀\\ud83d\\ude00\": [1, {\"b\": 2}]}}\n{\"kind\": \"B\"}")
    #expect(found.manifests.count == 2)
    let span = found.manifests.first?.spans.span(.key("a"), .key("😀😀"), .index(1), .key("b"))
    #expect(span?.place == Place(file: "t.yaml", line: 2, column: 30))
    #expect(found.manifests.last?.spans.start.line == 3)
  }

  @Test(arguments: ["utf-16le", "utf-16be", "utf-8"])
  func encodings(_ name: String) {
    let text = "a: é\r\nb: 2\r\nb: 3\r\n"
    var bytes: [UInt8] = name == "utf-8" ? [0xEF, 0xBB, 0xBF] + Array(text.utf8) : []
    if bytes.isEmpty {
      for unit in ("\u{FEFF}" + text).utf16 {
        let pair = [UInt8(truncatingIfNeeded: unit), UInt8(truncatingIfNeeded: unit >> 8)]
        bytes += name == "utf-16be" ? pair.reversed() : pair
      }
    }
    #expect(places(ManifestReader.read(text: bytes, name: "t")) == ["duplicate-key 3:1"])
  }
}
