import API
import APIMachinery
import APIServer
import Basics
import Cluster
import ControllerRuntime
import Store
import Testing

@Suite struct EventRecorderTests {
  private let server: APIServer
  private let start = Instant(seconds: 1_800_000_000)
  private let set: Value = [
    "apiVersion": "apps/v1", "kind": "ReplicaSet",
    "metadata": ["name": "web", "namespace": "default", "uid": "u-1", "resourceVersion": "5"],
  ]

  init() throws { server = try ClusterTests.server() }

  private func events() -> [Value] {
    server.list(.event, namespace: nil).sorted { $0.resourceVersion < $1.resourceVersion }
  }

  private func say(
    _ recorder: EventRecorder, _ message: String, source: String = "replicaset-controller",
    type: String = "Normal", after: Int = 0
  ) {
    recorder.event(
      set, type: type, reason: "SuccessfulCreate", message: message, source: source,
      now: start + .seconds(after))
  }

  @Test func storesWhatWasSaidOnceWithACount() throws {
    let recorder = EventRecorder(server)
    say(recorder, "Created pod: a")
    say(recorder, "Created pod: a", after: 7)
    #expect(events().isEmpty)
    recorder.flush()
    let event = try #require(events().first)
    #expect(events().count == 1)
    #expect(event[.count] == 2)
    #expect(event[.firstTimestamp] == "2027-01-15T08:00:00Z")
    #expect(event[.lastTimestamp] == "2027-01-15T08:00:07Z")
    #expect(event[.involvedObject][.resourceVersion] == "5")
    #expect(event[.metadata][.creationTimestamp].string != nil)
    say(recorder, "Created pod: a", after: 9)
    recorder.flush()
    #expect(events().map { $0[.count] } == [3])
    #expect(events().first?.uid == event.uid)
  }

  /// Expected: the messages in the order of the events, and the count of the last.
  /// A later pass goes on with what is stored; what everybody says again at its start is no news.
  @Test func goesOnWithTheEventsOfEarlierPasses() throws {
    let first = EventRecorder(server)
    say(first, "Error creating: no", type: "Warning")
    say(first, String(repeating: "long ", count: 300), type: "Warning")
    first.flush()
    server.clock.advance(to: start + .seconds(60))
    let before = events()
    let second = EventRecorder(server)
    say(second, "Error creating: no", type: "Warning", after: 60)
    say(second, String(repeating: "long ", count: 300), type: "Warning", after: 60)
    second.flush()
    #expect(events() == before)
    say(second, "Error creating: no", type: "Warning", after: 90)
    second.flush()
    let event = try #require(events().first { $0[.message] == "Error creating: no" })
    #expect(events().count == 2)
    #expect(event[.count] == 2)
    #expect(event[.firstTimestamp] == "2027-01-15T08:00:00Z")
    #expect(event[.lastTimestamp] == "2027-01-15T08:01:30Z")
  }

  @Test(arguments: [
    // Nine are told one by one, the others together.
    (20, "replicaset-controller", 10, "(combined from similar events): Created pod: 19", 11),
    // 25 tokens: 9 single ones and 16 together.
    (60, "replicaset-controller", 10, "(combined from similar events): Created pod: 24", 16),
    // The newer API of the scheduler does not combine, but what is said too often is dropped as well.
    (20, "default-scheduler", 20, "Created pod: 19", 1),
  ])
  func gathersWhatIsMuchAlike(_ said: Int, _ source: String, _ stored: Int, _ last: String, _ count: Int) {
    let recorder = EventRecorder(server)
    for i in 0..<said { say(recorder, "Created pod: \(i)", source: source) }
    recorder.flush()
    #expect(events().count == stored)
    #expect(events().last?[.message].string == last)
    #expect(events().last?[.count].int == count)
  }

  @Test func lateMessagesAreNotMuchAlike() {
    let recorder = EventRecorder(server)
    for i in 0..<9 { say(recorder, "Created pod: \(i)") }
    say(recorder, "Created pod: 9", after: 601)
    recorder.flush()
    #expect(!events().contains { $0[.message].string?.hasPrefix("(combined") ?? true })
  }

  @Test func keepsTheNewestNormalEventsAndEveryWarning() {
    let recorder = EventRecorder(server, limit: 3)
    func pod(_ i: Int) -> Value {
      [
        "kind": "Pod",
        "metadata": ["name": .string("p\(i)"), "namespace": "default", "uid": .string("u\(i)")],
      ]
    }
    for i in 0..<20 {
      recorder.event(
        pod(i), type: i % 5 == 0 ? "Warning" : "Normal", reason: "R", message: "m",
        source: "default-scheduler",
        now: start)
      if i == 7 { recorder.flush() }
    }
    recorder.flush()
    let names = events().compactMap { $0[.involvedObject][.name].string }
    #expect(Set(names) == ["p0", "p5", "p10", "p15", "p17", "p18", "p19"])
    #expect(names.count == 7)
  }

  @Test func expiresAfterAnHour() {
    let recorder = EventRecorder(server)
    say(recorder, "old")
    say(recorder, "newer", after: 100)
    recorder.flush()
    recorder.expire(now: start + .seconds(3600))
    #expect(events().count == 2)
    recorder.expire(now: start + .seconds(3601))
    #expect(events().map { $0[.message] } == ["newer"])
  }

  @Test func namespacesThatGoTakeNoEvents() throws {
    let recorder = EventRecorder(server)
    try server.create(["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "shop"]])
    try server.delete(ObjectKey(.namespace, name: "shop"), DeleteOptions())
    for namespace in ["shop", "absent"] {
      let pod: Value = ["kind": "Pod", "metadata": ["name": "p", "namespace": .string(namespace)]]
      recorder.event(pod, type: "Normal", reason: "R", message: "m", source: "kubelet", now: start)
    }
    recorder.flush()
    #expect(events().isEmpty)
  }
}

@Suite struct EventLoopTests {
  private final class Watcher: Component {
    let name: String
    let watches: Set<GroupKind>?
    var seen: [ObjectKey] = []
    var work: [Instant]
    init(_ name: String, _ watches: Set<GroupKind>?, work: [Instant] = []) {
      self.name = name
      self.watches = watches
      self.work = work
    }
    func observe(_ event: WatchEvent, now: Instant) { seen.append(event.key) }
    var nextDue: Instant? { work.first }
    func step(_ context: Context) {
      work.removeFirst()
      log.append("\(name)@\(context.now.seconds - 1_800_000_000)")
    }
    var log: [String] = []
  }

  @Test func tellsComponentsOnlyOfWhatTheyWatch() throws {
    let server = try ClusterTests.server()
    let some = Watcher("some", [.configMap])
    let all = Watcher("all", nil)
    let context = Context(
      client: server, clock: server.clock, recorder: EventRecorder(server), seed: 1)
    let loop = EventLoop(components: [some, all], context: context, drain: { server.drainEvents() })
    _ = loop.run(until: server.clock.now)
    #expect(some.seen.isEmpty && !all.seen.isEmpty)
    try server.create([
      "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "c", "namespace": "default"],
    ])
    _ = loop.run(until: server.clock.now)
    #expect(some.seen == [ObjectKey(.configMap, namespace: "default", name: "c")])
    #expect(all.seen.last == some.seen.last)
  }

  @Test func runsTheEarliestAndOfEqualOnesTheFirst() throws {
    let server = try ClusterTests.server()
    let at = { (s: Int64) in Instant(seconds: 1_800_000_000 + s) }
    let a = Watcher("a", [], work: [at(5), at(9)])
    let b = Watcher("b", [], work: [at(3), at(5), at(20)])
    let context = Context(
      client: server, clock: server.clock, recorder: EventRecorder(server), seed: 1)
    let loop = EventLoop(components: [a, b], context: context, drain: { server.drainEvents() })
    guard case .horizon(let pending) = loop.run(until: at(10)) else {
      Issue.record("work is left")
      return
    }
    #expect(a.log == ["a@5", "a@9"] && b.log == ["b@3", "b@5"])
    #expect(pending == [PendingWork(component: "b", key: nil, due: at(20))])
    #expect(server.clock.now == at(10))
  }
}
