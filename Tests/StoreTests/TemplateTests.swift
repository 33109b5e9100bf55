import APIMachinery
import Basics
import Foundation
import Testing

@testable import Store

/// Objects that are much alike: one template at the head of the file, a short line for each.
@Suite struct TemplateTests {
  static let pods = "objects/core/v1/pods/shop.jsonl"

  static func alike(_ owner: String, _ name: String, node: String) -> Value {
    var made = pod("shop", name, node: node)
    made[.metadata][.ownerReferences] = [
      [
        "apiVersion": "apps/v1", "controller": true, "kind": "ReplicaSet", "name": .string(owner),
        "uid": .string("uid-of-\(owner)"),
      ]
    ]
    made[.spec][.containers] = [
      [
        "name": "web", "image": .string("registry.example.com/\(owner):1.2.3"),
        "args": ["--verbose", "--listen=0.0.0.0:8080", "--upstream=http://backend.shop.svc.cluster.local"],
        "volumeMounts": [["name": .string("token-\(name)"), "mountPath": "/var/run/secrets/token"]],
      ]
    ]
    made[.spec][.volumes] = [["name": .string("token-\(name)"), "emptyDir": .emptyObject]]
    return made
  }

  static func fill(_ store: ObjectStore) {
    for i in 0..<6 {
      store.put(alike("api", "api-\(i)", node: "n\(i % 2)"))
      store.put(alike("web", "web-\(i)", node: "n\(i % 3)"))
    }
    store.put(pod("shop", "lonely"))
  }

  private func filled(_ folder: Folder) throws {
    try commit(openOrCreate(folder), Self.fill)
  }

  private func lines(_ folder: Folder) -> [String] {
    folder.read(Self.pods).split(separator: "\n").map(String.init)
  }

  @Test func theFileSaysOnceWhatIsCommon() throws {
    let folder = Folder()
    try filled(folder)
    let lines = lines(folder)
    #expect(lines.count == 15)
    #expect(lines[0].hasPrefix(#"{"$template":"api","object":{"apiVersion":"v1","kind":"Pod","#))
    #expect(lines[1].hasPrefix(#"{"$template":"web","object":{"apiVersion":"v1","kind":"Pod","#))
    #expect(lines[2].hasPrefix(#"{"$":"api","name":"api-0","nodeName":"n0","#))
    #expect(lines[2].hasSuffix(#""volumeMounts.name":"token-api-0"}"#))
    #expect(lines[8].hasPrefix(#"{"apiVersion":"v1","kind":"Pod","#))
    #expect(lines[9].hasPrefix(#"{"$":"web","name":"web-0","#))
    #expect(try openState(folder).verify().isEmpty)
  }

  @Test(arguments: [8 << 20, 4000, 700, 64])
  func readsWhatWasWritten(segmentSize: Int) throws {
    let folder = Folder()
    try filled(folder)
    let expected = ObjectStore()
    Self.fill(expected)
    let directory = try openState(folder)
    directory.segmentSize = segmentSize
    let loaded = try directory.load()
    #expect(dump(loaded.store) == dump(expected))
    #expect(loaded.edited.isEmpty)
    let (a, b) = (loaded.store.list(.pod)[0], loaded.store.list(.pod)[1])
    #expect(a[.metadata][.ownerReferences].identity == b[.metadata][.ownerReferences].identity)
  }

  @Test func aChangeOfOneObjectIsAChangeOfOneLine() throws {
    let folder = Folder()
    try filled(folder)
    let before = lines(folder)
    try commit(openState(folder)) { $0.put(Self.alike("web", "web-3", node: "n9")) }
    let after = lines(folder)
    #expect(zip(before, after).filter { $0 != $1 }.map(\.0) == [before[12]])
    try commit(openState(folder)) { store in
      for i in 0..<6 { store.remove(ObjectKey(.pod, namespace: "shop", name: "web-\(i)")) }
    }
    #expect(lines(folder) == [before[0]] + before[2...8])
  }

  @Test func aStateOfFormat1IsReadAndBecomesFormat2() throws {
    let folder = Folder()
    try commit(openOrCreate(folder), { $0.put(pod("other", "x")) })
    let old = (0..<6).map { CanonicalJSON.string(Self.alike("api", "api-\($0)", node: "n1")) + "\n" }.joined()
    folder.write(Self.pods, old)
    let cluster = folder.read("cluster.json")
    folder.write(
      "cluster.json",
      cluster.split(separator: "\n", omittingEmptySubsequences: false).map {
        $0.contains("format_version") ? "  \"format_version\": 1," : String($0)
      }.joined(separator: "\n"))
    #expect(try openState(folder).load().store.count(.pod) == 7)
    try commit(openState(folder)) { $0.put(pod("other", "y")) }
    #expect(folder.read("cluster.json").contains("\"format_version\": 2"))
    #expect(folder.read(Self.pods) == old)
    try commit(openState(folder)) { $0.put(pod("shop", "z")) }
    #expect(lines(folder)[0].hasPrefix(#"{"$template":"api""#))
    #expect(try openState(folder).verify().isEmpty)
  }

  @Test func whatLooksLikeAHoleIsWrittenOut() throws {
    let folder = Folder()
    let odd = (0..<6).map { i in
      var made = Self.alike("api", "api-\(i)", node: "n1")
      made[.metadata][.annotations] = ["$": "name"]
      return made
    }
    try commit(openOrCreate(folder)) { store in for value in odd { store.put(value) } }
    #expect(lines(folder).count == 6)
    #expect(try openState(folder).load().store.list(.pod) == odd)
  }

  struct Damage: Sendable, CustomTestStringConvertible {
    var from: String
    var to: String
    var line: Int
    var words: String
    var testDescription: String { words }
  }

  @Test(arguments: [
    Damage(
      from: #"{"$":"api","name":"api-1""#, to: #"{"$":"gone","name":"api-1""#, line: 4,
      words: "no template gone"),
    Damage(from: #""name":"api-1","#, to: "", line: 4, words: "template api takes the fields name, nodeName"),
    Damage(
      from: #""name":"api-1","#, to: #""name":"api-1","other":1,"#, line: 4,
      words: "template api takes the fields"),
    Damage(from: #""name":"api-1","#, to: #""name":7,"#, line: 4, words: "no metadata.name"),
    Damage(from: #""name":"api-1","#, to: #""name":"api-9","#, line: 5, words: "api-2 stands after api-9"),
    Damage(
      from: #""kind":"Pod","#, to: #""kind":"Service","#, line: 9, words: "Pod stands in a file of Service"),
    Damage(
      from: #"{"$template":"web","#, to: #"{"$template":"api","#, line: 2, words: "template api stands twice"),
    Damage(
      from: #"{"$template":"web","#, to: #"{"$template":"a","#, line: 2, words: "template a stands after api"),
    Damage(from: #"{"$":"nodeName"}"#, to: #"{"$":7}"#, line: 1, words: "a hole without a name"),
    Damage(from: #","object":{"#, to: #","thing":{"#, line: 1, words: "is no template"),
    Damage(from: #"{"$":"api","name":"api-2""#, to: #"{"$":1,"name":"api-2""#, line: 5, words: "is no text"),
  ])
  func damageIsReportedWithItsLine(_ one: Damage) throws {
    let folder = Folder()
    try filled(folder)
    let text = folder.read(Self.pods)
    let place = try #require(text.range(of: one.from))
    folder.write(Self.pods, text.replacingCharacters(in: place, with: one.to))
    let error = try #require(throws: StateError.self) { try openState(folder).load() }
    #expect(error.message.contains(one.words))
    #expect(error.line == one.line)
    #expect(try openState(folder).verify().contains { $0.message == error.message })
  }

  @Test func aTemplateAfterAnObjectIsRefused() throws {
    let folder = Folder()
    try filled(folder)
    var all = lines(folder)
    all.append(all.remove(at: 1))
    folder.write(Self.pods, all.joined(separator: "\n") + "\n")
    for size in [8 << 20, 700] {
      let directory = try openState(folder)
      directory.segmentSize = size
      let messages = directory.verify().map(\.message)
      #expect(messages.contains { $0.contains("a template stands after an object") }, "\(messages)")
    }
  }
}
