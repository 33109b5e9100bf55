import APIMachinery
import Basics
import Foundation
import Synchronization
import Testing

@testable import Store

#if canImport(Glibc)
  import Glibc
#endif

/// Breaks the process off, or lets a call fail, at one step.
final class FaultAt: StateFaults {
  enum Kind: Sendable, CaseIterable { case kill, killHalfway, fullDisk }
  private let at: Int
  private let kind: Kind
  private let state = Mutex((count: 0, dead: false))

  init(_ at: Int, _ kind: Kind) {
    self.at = at
    self.kind = kind
  }

  /// Steps so far.
  var count: Int { state.withLock { $0.count } }

  func next(_ step: String) -> StateFault {
    state.withLock { state in
      state.count += 1
      if state.dead { return .kill }
      guard state.count - 1 == at else { return .proceed }
      switch kind {
      case .kill:
        state.dead = true
        return .kill
      case .killHalfway:
        state.dead = true
        return .killHalfway
      case .fullDisk: return .fail(ENOSPC)
      }
    }
  }
}

@Suite struct CrashTests {
  static func change(_ store: ObjectStore) {
    store.put(pod("shop", "b", note: 4))
    store.put(pod("fresh", "z"))
    store.remove(ObjectKey(.pod, namespace: "other", name: "x"))
    store.remove(ObjectKey(.deployment, namespace: "shop", name: "web"))
    store.put(object("v1", "Node", nil, "n3"))
  }

  /// The files of the state before (nil: none) and after the change, as an undisturbed run leaves them.
  private func expected(first: Bool) throws -> (old: [String: String], new: [String: String]) {
    let folder = Folder()
    if !first { try commit(openOrCreate(folder), fill) }
    let old = folder.contents()
    try commit(openOrCreate(folder), first ? fill : Self.change)
    return (old, folder.contents())
  }

  /// At every step of a commit: what is found afterwards is the old state or the new one, and it can be written.
  @Test(arguments: FaultAt.Kind.allCases, [true, false])
  func aCommitThatBreaksOff(kind: FaultAt.Kind, first: Bool) throws {
    let (old, new) = try expected(first: first)
    var outcomes: Set<String> = []
    var step = 0
    while true {
      let folder = Folder()
      if !first { try commit(openOrCreate(folder), fill) }
      let directory = try openOrCreate(folder)
      let faults = FaultAt(step, kind)
      directory.files.faults = faults
      var failure: StateError?
      do {
        try commit(directory, first ? fill : Self.change)
      } catch {
        failure = error as? StateError
      }
      if faults.count <= step {
        #expect(failure == nil)
        break
      }
      if kind == .fullDisk, failure != nil, failure?.code != .incomplete {
        #expect(failure?.code == .unwritable && failure?.message.contains("No space left") == true)
        #expect(folder.contents() == old, "a failed commit leaves the state as it was, step \(step)")
      }
      let after = try openOrCreate(folder)
      _ = try after.load()
      let found = folder.contents()
      #expect(found == old || found == new, "step \(step)")
      outcomes.insert(found == new ? "new" : "old")
      if found == old && !old.isEmpty || found == new { #expect(after.verify() == [], "step \(step)") }
      if failure == nil { #expect(found == new) }
      if found == old { try commit(after, first ? fill : Self.change) }
      #expect(folder.contents() == new, "step \(step)")
      #expect(after.verify() == [])
      step += 1
    }
    #expect(step > 25, "the commit has that many steps")
    #expect(outcomes == ["old", "new"])
  }

  /// A recovery that breaks off itself is completed by the next one.
  @Test(arguments: [FaultAt.Kind.kill, .killHalfway]) func aRecoveryThatBreaksOff(kind: FaultAt.Kind) throws {
    let (_, new) = try expected(first: false)
    // The step at which the journal has just taken its name.
    var committed: Int?
    var step = 0
    while committed == nil {
      let folder = Folder()
      try commit(openOrCreate(folder), fill)
      let directory = try openState(folder)
      directory.files.faults = FaultAt(step, .kill)
      _ = try? commit(directory, Self.change)
      if folder.contents()[StateJournal.name] != nil { committed = step } else { step += 1 }
      try #require(step < 200)
    }
    var second = 0
    while true {
      let folder = Folder()
      try commit(openOrCreate(folder), fill)
      let directory = try openState(folder)
      directory.files.faults = FaultAt(step, .kill)
      _ = try? commit(directory, Self.change)
      let recovering = try openState(folder)
      let faults = FaultAt(second, kind)
      recovering.files.faults = faults
      _ = try? recovering.load()
      #expect(try dump(openState(folder).load().store).count == 7)
      #expect(folder.contents() == new, "recovery step \(second)")
      if faults.count <= second { break }
      second += 1
    }
    #expect(second > 8)
  }

  @Test func aDamagedJournalIsNotFollowed() throws {
    let folder = Folder()
    try commit(openOrCreate(folder), fill)
    let before = folder.contents()
    let journal = StateJournal(
      serial: 2, steps: [.delete(target: "objects/core/v1/nodes/_cluster.jsonl")], historyLine: [10],
      historySize: 0)
    var bytes = journal.bytes
    #expect(StateJournal(bytes)?.steps == journal.steps)
    bytes[30] ^= 1
    folder.write("journal", String(decoding: bytes, as: UTF8.self))
    let error = #expect(throws: StateError.self) { try openState(folder).load() }
    #expect(error?.code == .damagedJournal)
    #expect(try openState(folder).verify().map(\.code) == [.damagedJournal])
    for target in ["../x", "objects/../../a/b/c.jsonl", "/etc/x", "history.jsonl"] {
      let hostile = StateJournal(
        serial: 2, steps: [.delete(target: target)], historyLine: [10], historySize: 0)
      #expect(StateJournal(hostile.bytes) == nil)
    }
    try FileManager.default.removeItem(atPath: folder.state + "/journal")
    #expect(folder.contents() == before)
  }
}
