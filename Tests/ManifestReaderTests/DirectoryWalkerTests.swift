import APIMachinery
import Basics
import Foundation
import Testing

@testable import ManifestReader

/// Which files of a directory are manifests, and which directories are refused.
@Suite struct DirectoryWalkerTests {
  /// A new directory with these files; removed afterwards.
  private func withDirectory(_ files: [String: String], _ body: (String) throws -> Void) throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "walk-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: root) }
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    for (name, text) in files {
      let path = root + "/" + name
      let folder = (path as NSString).deletingLastPathComponent
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: path))
    }
    try body(root)
  }

  private func names(_ result: ManifestReader.Result, _ root: String) -> [String] {
    result.files.map { String($0.dropFirst(root.count + 1)) }
  }

  @Test func order() throws {
    let files = [
      "b.yaml": "kind: B", "a/z.yml": "kind: Z", "a.json": "{\"kind\": \"A\"}", "c.txt": "x",
      ".h/x.yaml": "[",
      "values.yaml": "x: 1",
    ]
    try withDirectory(files) { root in
      let found = ManifestReader.read([root])
      #expect(names(found, root) == ["a.json", "a/z.yml", "b.yaml"])
      #expect(found.manifests.compactMap { $0.value["kind"].string } == ["A", "Z", "B"])
      #expect(found.diagnostics.map(\.code) == ["values-file"])
    }
  }

  @Test(arguments: [("kustomization.yaml", "kubectl kustomize"), ("Chart.yaml", "helm template")])
  func rendered(_ name: String, _ remedy: String) throws {
    try withDirectory(["sub/" + name: "a: b", "sub/x.yaml": "a: b", "y.yaml": "kind: Y"]) { root in
      let found = ManifestReader.read([root])
      #expect(names(found, root) == ["y.yaml"])
      #expect(found.diagnostics.map(\.code) == ["needs-rendering"])
      #expect(found.diagnostics.first?.remedy?.hasPrefix(remedy) == true)
      #expect(ManifestReader.read([root + "/sub/" + name]).manifests.count == 1)
    }
  }

  @Test func links() throws {
    try withDirectory(["in/a.yaml": "kind: A", "in/.data/c.yaml": "kind: C", "out.yaml": "kind: O"]) { root in
      let links = [
        ("in/b.yaml", "a.yaml"), ("in/c.yaml", ".data/c.yaml"), ("in/out.yaml", "../out.yaml"),
        ("in/none.yaml", "nowhere"), ("in/loop", "../in"), ("in/up", ".."),
      ]
      for (name, target) in links {
        try FileManager.default.createSymbolicLink(
          atPath: root + "/" + name, withDestinationPath: target)
      }
      let found = ManifestReader.read([root + "/in"])
      #expect(names(found, root) == ["in/a.yaml", "in/c.yaml"])
      #expect(found.diagnostics.map(\.code).sorted() == ["link-outside", "link-outside", "unreadable"])
    }
  }

  @Test func nothing() throws {
    try withDirectory(["x.txt": "", "e/e.yaml": "# empty\n"]) { root in
      #expect(ManifestReader.read([root + "/nowhere"]).diagnostics.map(\.code) == ["unreadable"])
      #expect(ManifestReader.read([root + "/e"]).diagnostics.map(\.code) == ["empty-input"])
      try FileManager.default.removeItem(atPath: root + "/e")
      #expect(ManifestReader.read([root]).diagnostics.map(\.code) == ["empty-input"])
      var options = ManifestReader.Options()
      options.allowsEmpty = true
      #expect(ManifestReader.read([root], options: options).diagnostics.isEmpty)
    }
  }

  @Test func tooLarge() throws {
    try withDirectory(["a.yaml": "a: b"]) { root in
      let handle = try FileHandle(forWritingTo: URL(filePath: root + "/a.yaml"))
      try handle.truncate(atOffset: 1 << 30)
      try handle.close()
      #expect(ManifestReader.read([root]).diagnostics.map(\.code) == ["too-large"])
    }
  }
}
