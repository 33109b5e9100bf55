import Foundation
import Testing

/// Who may import whom: the table in Package.swift, checked against every `import`.
@Suite struct LayeringTests {
  private let tree = SourceTree.shared

  /// Modules of the toolchain, and the targets that may use them; no entry: nobody.
  static let toolchain: [String: Set<String>] = [
    "Foundation": ["ManifestReader", "Store", "Commands", "plimsoll", "plimsoll-bench"],
    "Glibc": ["Basics", "ManifestReader", "Store", "Commands"],
    "Musl": ["Basics", "ManifestReader", "Store", "Commands"],
    "Darwin": ["Basics", "ManifestReader", "Store", "Commands"],
    "Dispatch": ["Basics"],
    "Synchronization": ["Basics", "APIMachinery", "API", "ManifestReader", "Store"],
  ]

  /// The module of an import line: `public import struct A.B` → A.
  static func module(_ line: String) -> String? {
    var words = line.split(separator: " ")
    while let first = words.first,
      first.hasPrefix("@") || ["public", "package", "internal", "private", "fileprivate"].contains(first)
    {
      words.removeFirst()
    }
    guard words.first == "import", words.count >= 2 else { return nil }
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
    let name = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
    return name.split(separator: ".").first.map(String.init)
  }

  @Test(arguments: [
    ("import Basics", "Basics"), ("public import API", "API"), ("@testable import Store", "Store"),
    ("  import Glibc", "Glibc"), ("import struct Foundation.Data", "Foundation"),
  ])
  func readsImports(line: String, module: String) { #expect(Self.module(line) == module) }

  @Test func readsNoImportWhereNoneIs() {
    #expect(Self.module("importer.run()") == nil)
    #expect(Self.module("// import Basics") == nil)
  }

  @Test func tableIsRead() throws {
    #expect(tree.layers.targets.count >= 16)
    #expect(tree.layers.target("Basics")?.dependencies == [])
    let cluster = try #require(tree.layers.target("Cluster"))
    #expect(cluster.dependencies.contains("Kubelet"))
    #expect(cluster.layer > (tree.layers.target("Kubelet")?.layer ?? .max))
  }

  @Test func dependenciesAreOfLowerLayers() {
    for target in tree.layers.targets {
      for name in target.dependencies {
        let layer = tree.layers.target(name)?.layer
        #expect(layer != nil, "\(target.name) depends on \(name), which is not in the table")
        #expect((layer ?? -1) < target.layer, "\(target.name) depends on \(name), which is not below it")
      }
    }
  }

  @Test func treeIsRead() {
    #expect(tree.sources.count > 100)
    #expect(tree.tests.count > 20)
    #expect(tree.sources.allSatisfy { !$0.text.isEmpty })
  }

  @Test func everyFolderIsATarget() {
    let known = Set(tree.layers.targets.map(\.name) + ["plimsoll", "plimsoll-bench"])
    let strangers = Set(tree.sources.map(\.target)).subtracting(known).sorted()
    #expect(strangers.isEmpty, "folders of Sources that Package.swift does not name: \(strangers)")
  }

  @Test func importsFollowTheTable() {
    let everything = tree.layers.targets.map(\.name)
    var wrong: [String] = []
    for file in tree.sources {
      let allowed: [String] =
        switch file.target {
        case "plimsoll": ["Basics", "Commands"]
        case "plimsoll-bench": everything
        default: tree.layers.target(file.target)?.dependencies ?? []
        }
      for (index, line) in file.lines.enumerated() where line.contains("import ") {
        guard let module = Self.module(line) else { continue }
        let fine = allowed.contains(module) || Self.toolchain[module]?.contains(file.target) == true
        if !fine { wrong.append("\(file.path):\(index + 1): \(file.target) must not import \(module)") }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
  }
}
