import APIMachinery
import Basics
import Foundation
import Testing

@testable import Store

/// Damage done to the state, and the error with its place.
@Suite struct CorruptionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var file: String
    var damage: @Sendable (String) -> String?
    var code: StateError.Code
    var line: Int
    var words: String
    var testDescription: String { name }
  }

  static let pods = "objects/core/v1/pods/shop.jsonl"
  static let cluster = "cluster.json"

  static func lines(_ text: String, _ edit: (inout [String]) -> Void) -> String {
    var all = text.split(separator: "\n").map(String.init)
    edit(&all)
    return all.joined(separator: "\n") + "\n"
  }

  static let cases: [Case] = [
    Case(
      name: "bad JSON", file: pods, damage: { lines($0) { $0[1] = "{\"apiVersion\":}" } },
      code: .malformed, line: 2, words: "is no JSON"),
    Case(
      name: "zeroes", file: pods, damage: { String(repeating: "\0", count: $0.utf8.count) },
      code: .halfWritten, line: 1,
      words: "ends in its middle"),
    Case(
      name: "half a line", file: pods, damage: { String($0.dropLast(20)) }, code: .halfWritten, line: 3,
      words: "ends in its middle"),
    Case(
      name: "no last newline", file: pods, damage: { String($0.dropLast()) }, code: .halfWritten, line: 3,
      words: "newline"),
    Case(name: "empty", file: pods, damage: { _ in "" }, code: .halfWritten, line: 0, words: "empty"),
    Case(
      name: "out of order", file: pods, damage: { lines($0) { $0.swapAt(0, 1) } }, code: .order, line: 2,
      words: "a stands after b"),
    Case(
      name: "twice", file: pods, damage: { lines($0) { $0.insert($0[2], at: 2) } }, code: .order, line: 4,
      words: "c stands twice"),
    Case(
      name: "blank line", file: pods, damage: { lines($0) { $0.insert("", at: 1) } }, code: .malformed,
      line: 2,
      words: "is no JSON"),
    Case(
      name: "no object", file: pods, damage: { lines($0) { $0[0] = "[1]" } }, code: .malformed, line: 1,
      words: "is no object"),
    Case(
      name: "other namespace", file: pods,
      damage: { lines($0) { $0[1] = $0[1].replacingOccurrences(of: "shop", with: "mall") } },
      code: .wrongShard, line: 2, words: "mall"),
    Case(
      name: "other kind", file: pods,
      damage: { lines($0) { $0[1] = $0[1].replacingOccurrences(of: "\"Pod\"", with: "\"Service\"") } },
      code: .wrongShard, line: 2, words: "Service stands in a file of Pod"),
    Case(
      name: "all of another kind", file: pods,
      damage: { $0.replacingOccurrences(of: "\"Pod\"", with: "\"Service\"") },
      code: .wrongShard, line: 1, words: "services"),
    Case(
      name: "other version", file: pods,
      damage: { lines($0) { $0[2] = $0[2].replacingOccurrences(of: "\"v1\"", with: "\"v2\"") } },
      code: .wrongShard, line: 3, words: "v2"),
    Case(
      name: "no name", file: pods,
      damage: { lines($0) { $0[2] = $0[2].replacingOccurrences(of: "\"name\":\"c\",", with: "") } },
      code: .malformed, line: 3, words: "metadata.name"),
    Case(name: "gone", file: pods, damage: { _ in nil }, code: .missingShard, line: 0, words: "is missing"),
    Case(
      name: "newer format", file: cluster,
      damage: { $0.replacingOccurrences(of: "\"format_version\": 2", with: "\"format_version\": 9") },
      code: .newerFormat, line: 0, words: "format version 9; this plimsoll reads versions up to 2"),
    Case(
      name: "half a cluster file", file: cluster, damage: { String($0.prefix(100)) }, code: .halfWritten,
      line: 3, words: "ends in its middle"),
    Case(
      name: "cluster file of something else", file: cluster, damage: { _ in "{}" }, code: .malformed, line: 0,
      words: "format_version"),
    Case(
      name: "cluster file without serial", file: cluster,
      damage: { $0.replacingOccurrences(of: "\"serial\": 1", with: "\"serial\": -1") }, code: .malformed,
      line: 0, words: "serial"),
    Case(
      name: "cluster file with a broken line", file: cluster,
      damage: { $0.replacingOccurrences(of: "\"serial\": 1", with: "\"serial\" 1") }, code: .malformed,
      line: 10, words: "is no JSON"),
  ]

  @Test(arguments: cases) func isReportedWithItsPlace(_ one: Case) throws {
    let folder = Folder()
    try commit(openOrCreate(folder), fill)
    if let text = one.damage(folder.read(one.file)) {
      folder.write(one.file, text)
    } else {
      try FileManager.default.removeItem(atPath: folder.state + "/" + one.file)
    }
    let before = folder.contents()
    let directory = try openState(folder)
    let error = try #require(throws: StateError.self) { try directory.load() }
    #expect(error.code == one.code)
    #expect(error.line == one.line)
    #expect(error.path == folder.state + "/" + one.file)
    #expect(error.message.contains(one.words), "\(error)")
    #expect(error.remedy != nil)
    #expect(directory.verify().contains { $0.code == one.code && $0.line == one.line })
    #expect(throws: StateError.self) { try commit(directory) { $0.put(pod("shop", "z")) } }
    #expect(folder.contents() == before)
  }

  @Test func verifyFindsEditsStraysAndCounters() throws {
    let folder = Folder()
    try commit(openOrCreate(folder), fill)
    let deployments = "objects/apps/v1/deployments/shop.jsonl"
    folder.write(deployments, folder.read(deployments).replacingOccurrences(of: ":0", with: ":5"))
    folder.write("objects/core/README", "x")
    folder.write("objects/core/v1/pods/notes.txt", "x")
    folder.write(
      "objects/core/v1/pods/late.jsonl",
      CanonicalJSON.string(
        pod("late", "l").setting(.metadata, ["name": "l", "namespace": "late", "resourceVersion": "99"]))
        + "\n")
    let directory = try openState(folder)
    #expect(try directory.load().store.count == 8)
    #expect(
      directory.verify().map { "\($0.code.rawValue) \($0.path.dropFirst(folder.state.count + 1)):\($0.line)" }
        == [
          "state-digest objects/apps/v1/deployments/shop.jsonl:0", "state-stray-file objects/core/README:0",
          "state-digest objects/core/v1/pods/late.jsonl:0", "state-order objects/core/v1/pods/late.jsonl:1",
          "state-stray-file objects/core/v1/pods/notes.txt:0",
        ])
  }

  /// A single changed bit in any byte of a file of objects is found.
  @Test func verifyFindsEveryFlippedBit() throws {
    let folder = Folder()
    let directory = try openOrCreate(folder)
    try commit(directory) { $0.put(deployment("shop", "web")) }
    let file = URL(fileURLWithPath: folder.state + "/objects/apps/v1/deployments/shop.jsonl")
    let bytes = try [UInt8](Data(contentsOf: file))
    for i in bytes.indices {
      var damaged = bytes
      damaged[i] ^= 1 << UInt8(i % 8)
      try Data(damaged).write(to: file)
      #expect(!directory.verify().isEmpty, "byte \(i)")
    }
  }

  /// A file that is cut into many segments gives what it gives as one, errors and lines included.
  @Test(arguments: [100, 333, 1000, 5000]) func segmentsAreSeamless(size: Int) throws {
    let folder = Folder()
    try commit(openOrCreate(folder)) { store in
      for i in 0..<200 { store.put(pod("big", "p\(1000 + i)", note: i)) }
    }
    let whole = try openState(folder)
    let cut = try openState(folder)
    cut.segmentSize = size
    #expect(try dump(cut.load().store) == dump(whole.load().store))
    #expect(try cut.load().position == whole.load().position)
    let file = "objects/core/v1/pods/big.jsonl"
    let text = folder.read(file)
    for (damage, line) in [
      (Self.lines(text) { $0[150] = "{" }, 151), (Self.lines(text) { $0.swapAt(120, 121) }, 122),
    ] {
      folder.write(file, damage)
      let error = #expect(throws: StateError.self) { try cut.load() }
      #expect(error?.line == line)
    }
  }
}
