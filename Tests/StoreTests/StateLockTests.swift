import APIMachinery
import Basics
import Foundation
import Testing

@testable import Store

@Suite struct StateLockTests {
  @Test func oneWriterAtATimeAndItsNameInTheMessage() throws {
    let folder = Folder()
    try commit(openOrCreate(folder), fill)
    let one = try openState(folder)
    let two = try openState(folder)
    let lock = try one.lock(LockRequest(command: "plimsoll apply", now: start))
    var refusal: StateError?
    do {
      _ = try two.lock(
        LockRequest(
          command: "plimsoll import", now: Instant(seconds: start.seconds + 180),
          timeout: .milliseconds(50)))
    } catch {
      refusal = error
    }
    #expect(refusal?.code == .lockHeld && refusal?.isConflict == true)
    #expect(refusal?.message.contains("held by plimsoll apply (process \(getpid()) on ") == true)
    #expect(refusal?.message.contains("since 2027-01-15T08:00:00Z, 3m ago") == true)
    #expect(refusal?.remedy?.contains("--lock-timeout") == true)
    // Readers wait too.
    let reading = #expect(throws: StateError.self) { try two.load() }
    #expect(reading?.code == .lockHeld)
    #expect(try one.load(under: lock).store.count == 7)
    lock.release()
    #expect(try two.load().store.count == 7)
    #expect(folder.read(StateLock.file).isEmpty)
    let again = try two.lock(asking)
    again.release()
  }

  @Test func aWaitingWriterGetsTheLock() async throws {
    let folder = Folder()
    try commit(openOrCreate(folder), fill)
    let path = folder.state
    let one = try openState(folder)
    let lock = try one.lock(asking)
    let waiter = Task.detached { () -> Int in
      let two = try StateDirectory.open(path, layout: FixtureLayout(), request: asking)
      let lock = try two.lock(LockRequest(command: "b", now: start, timeout: .seconds(60)))
      let count = try two.load(under: lock).store.count
      lock.release()
      return count
    }
    usleep(60_000)
    lock.release()
    #expect(try await waiter.value == 7)
  }

  @Test func aLastingLockHoldsUntilItIsReleased() throws {
    let folder = Folder()
    try commit(openOrCreate(folder), fill)
    let directory = try openState(folder)
    #expect(try directory.release() == nil)
    try directory.hold(LockRequest(command: "maintenance", now: start))
    let refusal = #expect(throws: StateError.self) {
      try commit(openState(folder)) { $0.put(pod("shop", "q")) }
    }
    #expect(refusal?.code == .lockHeld && refusal?.message.contains("maintenance") == true)
    #expect(try openState(folder).load().store.count == 7)
    #expect(try directory.release()?.command == "maintenance")
    try commit(directory) { $0.put(pod("shop", "q")) }
  }

  /// Readers while a writer commits again and again see whole states only.
  @Test func readersSeeWholeStates() async throws {
    let folder = Folder()
    try commit(openOrCreate(folder), { $0.put(object("v1", "Node", nil, "n0", note: 0)) })
    let path = folder.state
    let patient = LockRequest(command: "t", now: start, timeout: .seconds(60))
    let writer = Task.detached {
      for i in 1...15 {
        let directory = try StateDirectory.open(path, layout: FixtureLayout(), request: patient)
        let lock = try directory.lock(patient)
        let loaded = try directory.load(under: lock)
        let over = loaded.store.overlay()
        over.put(object("v1", "Node", nil, "n0", note: i))
        over.put(pod("a", "p", note: i))
        _ = try directory.commit(over, meta: loaded.meta, note: note, under: lock)
        lock.release()
      }
    }
    var seen = 0
    while seen < 15 {
      let loaded = try StateDirectory.open(path, layout: FixtureLayout(), request: patient).load()
      let node = loaded.store.get(ObjectKey(.node, name: "n0"))?[.spec][.replicas].int
      let pod = loaded.store.get(ObjectKey(.pod, namespace: "a", name: "p"))?[.spec][.replicas].int
      #expect(pod == nil && node == 0 || pod == node)
      #expect(loaded.meta.serial == (node ?? -1) + 1)
      #expect(node ?? 0 >= seen)
      seen = node ?? 0
      usleep(2_000)
    }
    try await writer.value
  }
}
