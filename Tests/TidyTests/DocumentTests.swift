import Foundation
import Testing

/// The documents tell of what is there.
@Suite struct DocumentTests {
  private let tree = SourceTree.shared

  /// The names that the commands declare: `static let name = "state verify"`.
  private var commands: [String] {
    tree.sources.filter { $0.target == "Commands" }.flatMap { file in
      file.lines.compactMap { line in
        let parts = line.components(separatedBy: "static let name = \"")
        return parts.count == 2 ? parts[1].components(separatedBy: "\"")[0] : nil
      }
    }
  }

  @Test func readmeListsEveryCommand() {
    let readme = tree.text("README.md")
    let missing = commands.filter { !readme.contains("`plimsoll \($0)") }
    #expect(missing.isEmpty, "README.md does not tell of: \(missing)")
  }

  @Test func mapNamesEveryTarget() {
    let map = tree.text("Sources/README.md")
    let missing = (tree.layers.targets.map(\.name) + ["plimsoll", "plimsoll-bench"]).filter {
      !map.contains("`\($0)`")
    }
    #expect(missing.isEmpty, "Sources/README.md does not name: \(missing)")
  }

  @Test func changelogHasUnreleased() { #expect(tree.text("CHANGELOG.md").contains("\n## [Unreleased]\n")) }

  @Test func exampleIsPlainManifests() throws {
    let folder = tree.root.appending(path: "manifests").path
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder)
    #expect(files.contains { $0.hasSuffix(".yaml") })
    let rendered: Set<String> = ["kustomization.yaml", "kustomization.yml", "Kustomization", "Chart.yaml"]
    #expect(files.filter { rendered.contains(URL(filePath: $0).lastPathComponent) } == [])
  }
}
