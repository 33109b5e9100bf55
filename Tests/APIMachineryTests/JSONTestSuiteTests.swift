import APIMachinery
import Foundation
import Testing

/// The JSON Parsing Test Suite: every `y_` file must be read, every `n_` file refused. Runs where the files lie
/// beside the checkout (`../shared/conformance`).
private let folder: URL = {
  var root = URL(fileURLWithPath: #filePath)
  for _ in 0..<4 { root.deleteLastPathComponent() }
  return root.appendingPathComponent("shared/conformance/json-test-suite/test_parsing")
}()

private let files: [String] =
  ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".json") }
  .sorted()

@Suite(.enabled(if: !files.isEmpty)) struct JSONTestSuiteTests {
  @Test func everyFile() throws {
    var wrong: [String] = []
    for file in files {
      let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(file)))
      switch (file.first, JSON.parse(bytes)) {
      case ("y", .failure(let error)): wrong.append("\(file) is refused: \(error)")
      case ("n", .success): wrong.append("\(file) is accepted")
      case (_, .success(let value)):
        // What is read is written so that it reads the same.
        if try JSON.parse(CanonicalJSON.bytes(value)).get() != value { wrong.append("\(file) changes") }
        if try JSON.parse(JSONPretty.bytes(value)).get() != value {
          wrong.append("\(file) changes, indented")
        }
      default: break
      }
    }
    #expect(wrong == [])
    #expect(files.count > 150)
  }
}
