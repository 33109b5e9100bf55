import APIMachinery
import Basics
import Foundation
import Testing

@testable import Store

@Suite struct StateDirectoryTests {
  @Test func whatIsCommittedIsLoaded() throws {
    let folder = Folder()
    let directory = try openOrCreate(folder)
    #expect(try directory.load().store.count == 0)
    #expect(folder.contents().isEmpty)
    let written = try commit(directory, fill) { meta in
      meta.now = Instant(nanoseconds: start.nanoseconds + 1_500)
      meta.resourceVersion = 12
      meta.inventory = [ObjectKey(.deployment, namespace: "shop", name: "web"), ObjectKey(.node, name: "n1")]
      meta.components = ["ports": [30000, 30001]]
    }
    #expect(written.serial == 1)
    let again = try openState(folder)
    let loaded = try again.load()
    #expect(loaded.edited.isEmpty)
    #expect(loaded.meta.lineage == written.lineage && loaded.meta.serial == 1 && loaded.meta.seed == 7)
    #expect(loaded.meta.now.nanoseconds == start.nanoseconds + 1_500)
    #expect(loaded.meta.inventory.map(\.description) == ["Deployment.apps shop/web", "Node n1"])
    #expect(loaded.meta.components == ["ports": [30000, 30001]])
    #expect(loaded.meta.digest == written.digest && loaded.meta.digest.count == 64)
    let wanted = ObjectStore()
    fill(wanted)
    #expect(dump(loaded.store) == dump(wanted))
    #expect(again.verify() == [])
    #expect(
      folder.contents().keys.sorted() == [
        "cluster.json", "history.jsonl", "objects/apps/v1/deployments/shop.jsonl",
        "objects/core/v1/nodes/_cluster.jsonl", "objects/core/v1/pods/other.jsonl",
        "objects/core/v1/pods/shop.jsonl",
      ])
    let history = try again.history()
    #expect(history.count == 1 && history[0].added == 7 && history[0].command == "apply")
  }

  @Test func theLineageComesFromSeedAndTime() throws {
    let one = StateMeta.new(seed: 1, now: start)
    #expect(one == StateMeta.new(seed: 1, now: start))
    #expect(one.lineage != StateMeta.new(seed: 2, now: start).lineage)
    #expect(one.lineage != StateMeta.new(seed: 1, now: Instant(seconds: 5)).lineage)
    #expect(one.lineage.count == 36)
  }

  @Test func onlyTouchedFilesAreWritten() throws {
    let folder = Folder()
    let directory = try openOrCreate(folder)
    try commit(directory, fill)
    func number(_ relative: String) throws -> UInt64 {
      let attributes = try FileManager.default.attributesOfItem(atPath: folder.state + "/" + relative)
      return (attributes[.systemFileNumber] as? UInt64) ?? 0
    }
    let files = folder.contents().keys.filter { $0.hasPrefix("objects") }.sorted()
    let before = try files.map { try number($0) }
    try commit(directory) { store in
      store.put(pod("shop", "b", note: 4))
      store.remove(ObjectKey(.pod, namespace: "other", name: "x"))
      store.put(pod("fresh", "z"))
      // Set back to what it was: no change.
      store.remove(ObjectKey(.node, name: "n1"))
      store.put(object("v1", "Node", nil, "n1"))
    }
    var touched: [String] = []
    for (file, old) in zip(files, before) {
      guard FileManager.default.fileExists(atPath: folder.state + "/" + file) else {
        touched.append("-" + file)
        continue
      }
      if try number(file) != old { touched.append(file) }
    }
    #expect(touched == ["-objects/core/v1/pods/other.jsonl", "objects/core/v1/pods/shop.jsonl"])
    #expect(folder.read("objects/core/v1/pods/fresh.jsonl").hasSuffix("}\n"))
    #expect(directory.verify() == [])
    let history = try directory.history()
    #expect(history.map(\.serial) == [1, 2])
    #expect(history[1].added == 1 && history[1].changed == 1 && history[1].removed == 1)
  }

  @Test func aCommitWithoutChangesWritesNothing() throws {
    let folder = Folder()
    let directory = try openOrCreate(folder)
    let first = try commit(directory, fill)
    let before = folder.contents()
    #expect(try commit(directory) { _ in } == first)
    #expect(folder.contents() == before)
    #expect(try commit(directory, { _ in }, meta: { $0.now = Instant(seconds: 1_900_000_000) }).serial == 2)
  }

  @Test func twoStatesOfTheSameHistoryHaveTheSameBytes() throws {
    let one = Folder()
    let two = Folder()
    for folder in [one, two] {
      let directory = try openOrCreate(folder)
      try commit(directory, fill)
      try commit(directory) { $0.put(pod("shop", "d")) }
    }
    #expect(one.contents() == two.contents())
  }

  @Test func aSymbolicLinkToTheDirectoryWorks() throws {
    let folder = Folder()
    try FileManager.default.createDirectory(atPath: folder.path + "/real", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: folder.state, withDestinationPath: "real")
    try commit(openOrCreate(folder), fill)
    #expect(FileManager.default.fileExists(atPath: folder.path + "/real/cluster.json"))
    #expect(try openState(folder).load().store.count == 7)
  }

  @Test func customKindsAreReadAsTheDirectoryNamesThem() throws {
    let folder = Folder()
    try commit(openOrCreate(folder), fill)
    let widget = object("example.com/v1", "Widget", "shop", "w")
    folder.write("objects/example.com/v1/widgets/shop.jsonl", CanonicalJSON.string(widget) + "\n")
    let directory = try openState(folder)
    let loaded = try directory.load()
    #expect(loaded.edited == [folder.state + "/objects/example.com/v1/widgets/shop.jsonl"])
    #expect(loaded.store.get(ObjectKey(of: widget)) == widget)
    try commit(directory) { $0.put(object("example.com/v1", "Widget", "shop", "v")) }
    #expect(folder.read("objects/example.com/v1/widgets/shop.jsonl").split(separator: "\n").count == 2)
    #expect(directory.verify() == [])
    let error = #expect(throws: StateError.self) {
      try commit(directory) { $0.put(object("example.com/v1", "Gadget", "shop", "v")) }
    }
    #expect(error?.code == .unknownKind)
    #expect(directory.verify() == [])
  }

  @Test(arguments: ["../../escape", "A", "_cluster", ".hidden", "a/b"]) func namesThatMakeNoPath(
    namespace: String
  ) throws {
    let folder = Folder()
    let directory = try openOrCreate(folder)
    try commit(directory, fill)
    let before = folder.contents()
    let error = #expect(throws: StateError.self) { try commit(directory) { $0.put(pod(namespace, "p")) } }
    #expect(error?.code == .unknownKind)
    #expect(folder.contents() == before)
  }

  @Test func absentAndImpossiblePlaces() throws {
    let folder = Folder()
    let absent = #expect(throws: StateError.self) { try openState(folder) }
    #expect(absent?.code == .absent)
    try Data("x".utf8).write(to: URL(fileURLWithPath: folder.state))
    let file = #expect(throws: StateError.self) { try openState(folder) }
    #expect(file?.code == .notADirectory)
    let other = Folder()
    try commit(openOrCreate(other), fill)
    let exists = #expect(throws: StateError.self) {
      try StateDirectory.create(other.state, layout: FixtureLayout(), request: asking, seed: 1, now: start)
    }
    #expect(exists?.code == .exists)
    try FileManager.default.removeItem(atPath: other.state + "/cluster.json")
    let headless = #expect(throws: StateError.self) { try openState(other) }
    #expect(headless?.code == .malformed && headless?.path.hasSuffix("cluster.json") == true)
  }

  @Test func staleAndForeignPlansAreRefused() throws {
    let folder = Folder()
    let directory = try openOrCreate(folder)
    let first = try commit(directory, fill)
    let saved = try #require(StateLineage(first.position.value))
    try saved.check(against: directory.load().position, path: "state")
    // A commit from what was read before another commit.
    let old = try directory.load()
    try commit(directory) { $0.put(pod("shop", "d")) }
    let lock = try directory.lock(asking)
    let over = old.store.overlay()
    over.put(pod("shop", "e"))
    var stale: StateError?
    do {
      _ = try directory.commit(over, meta: old.meta, note: note, under: lock)
    } catch {
      stale = error
    }
    lock.release()
    #expect(stale?.code == .stale && stale?.isConflict == true)
    let late = #expect(throws: StateError.self) {
      try saved.check(against: directory.load().position, path: "state")
    }
    #expect(late?.code == .stale)
    // An edit by hand counts too.
    let position = try directory.load().position
    let nodes = "objects/core/v1/nodes/_cluster.jsonl"
    folder.write(nodes, folder.read(nodes).replacingOccurrences(of: "\"replicas\":0", with: "\"replicas\":1"))
    let edited = #expect(throws: StateError.self) {
      try position.check(against: directory.load().position, path: "state")
    }
    #expect(edited?.code == .stale)
    #expect(directory.verify().map(\.code) == [.digest])
    let foreign = #expect(throws: StateError.self) {
      try StateLineage(lineage: "x", serial: 1, digest: "").check(against: position, path: "state")
    }
    #expect(foreign?.code == .foreignLineage)
  }
}
