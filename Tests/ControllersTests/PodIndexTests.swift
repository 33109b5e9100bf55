import APIMachinery
import Basics
import ControllerRuntime
import Testing

/// The shared projection of pods: by owner, by labels, by what selects them.
@Suite struct PodIndexTests {
  private static let now = Instant(seconds: 1_800_000_000)

  private static func pod(_ name: String, _ labels: Value, owner: String? = nil, ready: Bool = false) -> Value
  {
    var meta: Value = ["name": .string(name), "namespace": "default", "labels": labels]
    if let owner {
      meta[.ownerReferences] = [
        [
          "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": .string(owner), "uid": .string("u-" + owner),
          "controller": true,
        ]
      ]
    }
    let condition: Value = [
      "type": "Ready", "status": ready ? "True" : "False", "lastTransitionTime": "2027-01-15T08:00:00Z",
    ]
    return [
      "apiVersion": "v1", "kind": "Pod", "metadata": meta,
      "status": ["phase": "Running", "conditions": [condition]],
    ]
  }

  private static func service(_ name: String, _ selector: Value) -> Value {
    [
      "apiVersion": "v1", "kind": "Service", "metadata": ["name": .string(name), "namespace": "default"],
      "spec": ["selector": selector],
    ]
  }

  private static func added(_ object: Value) -> WatchEvent {
    WatchEvent(.added, ObjectKey(of: object), old: nil, object: object)
  }

  private static func names(_ informer: PodInformer, _ service: Value) -> [String] {
    informer.pods.services.selection(ObjectKey(of: service))?.pods.map(\.key.name.string) ?? []
  }

  @Test(arguments: [true, false]) func whicheverComesFirst(servicesFirst: Bool) {
    let informer = PodInformer(PodIndex())
    let services = [
      Self.service("web", ["app": "web"]), Self.service("all", ["tier": "front"]),
      Self.service("both", ["app": "web", "tier": "front"]), Self.service("none", [:]),
    ]
    let pods = [
      Self.pod("c", ["app": "web", "tier": "front"]), Self.pod("b", ["app": "db"]),
      Self.pod("a", ["app": "web"]), Self.pod("d", ["app": "web", "tier": "front"]),
    ]
    let all = servicesFirst ? services + pods : pods + services
    for object in all { informer.observe(Self.added(object), now: Self.now) }
    #expect(Self.names(informer, services[0]) == ["a", "c", "d"])
    #expect(Self.names(informer, services[1]) == ["c", "d"])
    #expect(Self.names(informer, services[2]) == ["c", "d"])
    #expect(Self.names(informer, services[3]).isEmpty)
    #expect(informer.pods.services.selection(ObjectKey(of: services[0]))?.count == 3)
  }

  @Test func followsLabelsSelectorsAndDeletions() {
    let informer = PodInformer(PodIndex())
    let service = Self.service("web", ["app": "web"])
    let old = Self.pod("a", ["app": "web"])
    let new = Self.pod("a", ["app": "db"])
    let key = ObjectKey(of: old)
    informer.observe(Self.added(service), now: Self.now)
    informer.observe(Self.added(old), now: Self.now)
    #expect(Self.names(informer, service) == ["a"])
    informer.observe(WatchEvent(.modified, key, old: old, object: new), now: Self.now)
    #expect(informer.pods.change?.leftGroup?.selections.map(\.key) == [ObjectKey(of: service)])
    #expect(Self.names(informer, service).isEmpty)
    let changed = Self.service("web", ["app": "db"])
    informer.observe(
      WatchEvent(.modified, ObjectKey(of: service), old: service, object: changed), now: Self.now)
    #expect(Self.names(informer, service) == ["a"])
    informer.observe(WatchEvent(.deleted, key, old: new, object: new), now: Self.now)
    #expect(informer.pods.change?.pod.group.selections.count == 1)
    #expect(Self.names(informer, service).isEmpty)
    #expect(informer.pods.services.selection(ObjectKey(of: service))?.count == 0)
  }

  @Test func followsOwners() {
    let index = PodIndex()
    let set = ObjectKey(.replicaSet, namespace: "default", name: "web")
    let key = ObjectKey(.pod, namespace: "default", name: "a")
    func owned() -> [String] { index.owned(by: set, uid: "u-web").map(\.key.name.string).sorted() }
    let orphan = Self.pod("a", [:])
    index.observe(Self.added(orphan))
    index.observe(Self.added(Self.pod("b", [:], owner: "web")))
    #expect(owned() == ["b"])
    #expect(index.orphans(in: "default").map(\.key) == [key])
    let adopted = Self.pod("a", [:], owner: "web")
    index.observe(WatchEvent(.modified, key, old: orphan, object: adopted))
    #expect(index.change?.isOwnerNew == true)
    #expect(owned() == ["a", "b"])
    #expect(index.orphans(in: "default").isEmpty)
    let released = Self.pod("a", [:])
    index.observe(WatchEvent(.modified, key, old: adopted, object: released))
    #expect(index.change?.leftOwner == set)
    #expect(owned() == ["b"])
    index.observe(WatchEvent(.deleted, key, old: released, object: released))
    #expect(index.orphans(in: "default").isEmpty)
  }

  @Test func knowsWhatOwnersCount() {
    let index = PodIndex()
    let waiting = Self.pod("a", [:], owner: "web")
    let key = ObjectKey(of: waiting)
    index.observe(Self.added(waiting))
    #expect(index.change?.isCounted == true)
    var bound = waiting
    bound[.spec] = ["nodeName": "n1"]
    index.observe(WatchEvent(.modified, key, old: waiting, object: bound))
    #expect(index.change?.isCounted == false)
    #expect(index.change?.isNodeNew == true)
    var ready = Self.pod("a", [:], owner: "web", ready: true)
    ready[.spec] = bound.spec
    index.observe(WatchEvent(.modified, key, old: bound, object: ready))
    #expect(index.change?.isCounted == true)
    let facts = index.pod(key)?.facts
    #expect(facts?.isAvailable(after: 0, now: Self.now) == true)
    #expect(facts?.isAvailable(after: 10, now: Self.now) == false)
    #expect(facts?.availableAt(after: 10) == Instant(seconds: 1_800_000_010))
  }
}
