import Foundation

/// The package as text: what the tidy tests look at.
struct SourceTree: Sendable {
  struct File: Sendable {
    /// From the package's folder: `Sources/Store/Bucket.swift`.
    var path: String
    var text: String
    var lines: [String] { text.components(separatedBy: "\n") }
    /// The target: the folder below `Sources` or `Tests`.
    var target: String { path.components(separatedBy: "/")[1] }
  }

  static let shared = SourceTree()

  let root: URL
  let sources: [File]
  let tests: [File]
  let layers: LayerTable

  init() {
    // Tests/TidyTests/SourceTree.swift → the package.
    root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    sources = SourceTree.files(root, "Sources")
    tests = SourceTree.files(root, "Tests")
    layers = LayerTable(SourceTree.text(root, "Package.swift"))
  }

  func text(_ path: String) -> String { SourceTree.text(root, path) }

  static func text(_ root: URL, _ path: String) -> String {
    (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
  }

  private static func files(_ root: URL, _ folder: String) -> [File] {
    let names =
      (try? FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path)) ?? []
    return names.filter { $0.hasSuffix(".swift") }.sorted().map {
      File(path: "\(folder)/\($0)", text: text(root, "\(folder)/\($0)"))
    }
  }
}

/// The table `layers` of Package.swift.
struct LayerTable: Sendable {
  struct Target: Sendable {
    var name: String
    var layer: Int
    var dependencies: [String]
  }

  private(set) var targets: [Target] = []

  func target(_ name: String) -> Target? { targets.first { $0.name == name } }

  init(_ manifest: String) {
    guard let start = manifest.range(of: "let layers"),
      let end = manifest.range(of: "\n]", range: start.upperBound..<manifest.endIndex),
      let open = manifest.range(of: "= [", range: start.upperBound..<end.lowerBound)
    else { return }
    var layer = -1
    var inList = false
    for line in manifest[open.upperBound..<end.lowerBound].components(separatedBy: "\n") {
      let trimmed = line.trimmingCharacters(in: .whitespaces)
      if trimmed.hasPrefix("//") {
        layer = Int(trimmed.dropFirst(2).trimmingCharacters(in: .whitespaces)) ?? layer
        continue
      }
      // Between quotes stand names; a bracket before them makes them dependencies.
      for (index, part) in trimmed.components(separatedBy: "\"").enumerated() {
        if index % 2 == 1 {
          if inList {
            targets[targets.count - 1].dependencies.append(part)
          } else {
            targets.append(Target(name: part, layer: layer, dependencies: []))
          }
        } else {
          if part.contains("[") { inList = true }
          if part.contains("]") { inList = false }
        }
      }
    }
  }
}
