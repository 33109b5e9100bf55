import APIMachinery
import Basics
import Cluster
import ControllerRuntime
import Testing

/// Objects that are written without end are found, and who writes much is let go on.
@Suite struct WriteGuardTests {
  /// Has one piece of work after the other, all within a second; each writes the next of some objects.
  private final class Writer: Component {
    let name = "writer"
    let watches: Set<GroupKind>? = []
    let objects: [ObjectKey]
    var left: Int
    var written = 0
    var events: [WatchEvent] = []

    /// Time passes between two writes.
    let pause: Int64

    init(objects: Int, writes: Int, kind: GroupKind = .configMap, pause: Int64) {
      self.objects = (0..<objects).map { ObjectKey(kind, namespace: "d", name: "c\($0)") }
      left = writes
      self.pause = pause
    }

    func observe(_ event: WatchEvent, now: Instant) {}
    var nextDue: Instant? {
      left > 0 ? Instant(nanoseconds: 100_000_000_000 + Int64(written) * pause) : nil
    }
    func step(_ context: Context) {
      left -= 1
      events.append(
        WatchEvent(.modified, objects[written % objects.count], old: nil, object: ["kind": "ConfigMap"]))
      written += 1
    }
  }

  private func run(_ writer: Writer, limit: Int) throws -> Convergence {
    let server = try ClusterTests.server()
    let context = Context(
      client: server, clock: VirtualClock(Instant(seconds: 100)), recorder: EventRecorder(server), seed: 1)
    let drain = {
      defer { writer.events = [] }
      return writer.events
    }
    let loop = EventLoop(components: [writer], context: context, drain: drain, writeLimit: limit)
    return loop.run(until: Instant(seconds: 200))
  }

  @Test(
    "Two objects that change each other within a second are named, not much later than the limit says",
    arguments: [50, 4096])
  func oscillation(limit: Int) throws {
    let writer = Writer(objects: 2, writes: 8 * limit, pause: 1000)
    guard case .oscillating(let a, let b) = try run(writer, limit: limit) else {
      Issue.record("nothing was found")
      return
    }
    #expect(Set([a, b]) == Set(writer.objects))
    #expect(writer.written > limit && writer.written < 4 * limit)
  }

  @Test("At one instant a twentieth of the writes is too much", arguments: [50, 4096, 20_000])
  func oscillationAtOnce(limit: Int) throws {
    let writer = Writer(objects: 2, writes: limit, pause: 0)
    guard case .oscillating(let a, let b) = try run(writer, limit: limit) else {
      Issue.record("nothing was found")
      return
    }
    #expect(Set([a, b]) == Set(writer.objects))
    #expect(writer.written > limit / 20 && writer.written < limit / 2)
  }

  @Test("Many objects that are written a few times each are no oscillation", arguments: [50, 4096])
  func manyWrites(limit: Int) throws {
    for (objects, pause) in [(20, Int64(1000)), (400, 0)] {
      let writer = Writer(objects: objects, writes: 8 * limit, pause: pause)
      guard case .quiescent = try run(writer, limit: limit) else {
        Issue.record("the loop was stopped")
        return
      }
      #expect(writer.written == 8 * limit)
    }
  }

  @Test func quotasAreWrittenWithEveryObjectThatTheyCount() throws {
    let writer = Writer(objects: 1, writes: 4000, kind: .resourceQuota, pause: 0)
    #expect(try run(writer, limit: 4096).isStable)
  }

  /// Has work at the same instant without ever writing.
  private final class Idler: Component {
    let name = "idler"
    let watches: Set<GroupKind>? = []
    var left: Int
    init(steps: Int) { left = steps }
    func observe(_ event: WatchEvent, now: Instant) {}
    var nextDue: Instant? { left > 0 ? Instant(seconds: 100) : nil }
    func step(_ context: Context) { left -= 1 }
  }

  @Test(
    "Work without end that writes nothing is stopped and named; much work is not", arguments: [true, false])
  func spinning(isEndless: Bool) throws {
    let server = try ClusterTests.server()
    let context = Context(
      client: server, clock: VirtualClock(Instant(seconds: 100)), recorder: EventRecorder(server), seed: 1)
    let limit = 1000
    let idler = Idler(steps: isEndless ? 100 * limit : limit)
    let loop = EventLoop(components: [idler], context: context, drain: { [] }, idleLimit: limit)
    let end = loop.run(until: Instant(seconds: 200))
    if isEndless {
      guard case .spinning("idler", nil) = end else {
        Issue.record("the loop was not stopped: \(end)")
        return
      }
      #expect(loop.steps == limit + 1)
    } else {
      #expect(end.isStable)
    }
  }

  @Test("A controller that looks at one object for ever is told of with the object")
  func spinningController() throws {
    final class Looker: Controller {
      let name = "looker"
      func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) { queue.add(event.key) }
      func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) { queue.add(key) }
    }
    let server = try ClusterTests.server()
    let context = Context(
      client: server, clock: VirtualClock(Instant(seconds: 100)), recorder: EventRecorder(server), seed: 1)
    let loop = EventLoop(
      components: [ControllerComponent(Looker())], context: context, drain: { [] }, idleLimit: 1000)
    let key = ObjectKey(.configMap, namespace: "d", name: "c")
    loop.sync([key], [["kind": "ConfigMap"]])
    guard case .spinning("looker", key) = loop.run(until: Instant(seconds: 200)) else {
      Issue.record("the loop was not stopped")
      return
    }
  }
}
