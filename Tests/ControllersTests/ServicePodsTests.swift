import APIMachinery
import Testing

@testable import Controllers

@Suite struct ServicePodsTests {
  private static func pod(_ name: String, _ labels: Value) -> Value {
    [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": ["name": .string(name), "namespace": "default", "labels": labels],
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

  @Test(arguments: [true, false]) func whicheverComesFirst(servicesFirst: Bool) {
    let index = ServicePods()
    let services = [Self.service("web", ["app": "web"]), Self.service("all", ["tier": "front"])]
    let pods = [
      Self.pod("a", ["app": "web", "tier": "front"]), Self.pod("b", ["app": "db"]),
      Self.pod("c", ["app": "web"]),
    ]
    if servicesFirst { for service in services { index.observe(service: Self.added(service)) } }
    for pod in pods { _ = index.observe(pod: Self.added(pod)) }
    if !servicesFirst { for service in services { index.observe(service: Self.added(service)) } }
    #expect(index.pods(of: ObjectKey(of: services[0])).map(\.name.string) == ["a", "c"])
    #expect(index.pods(of: ObjectKey(of: services[1])).map(\.name.string) == ["a"])
    #expect(index.count(of: ObjectKey(of: services[0])) == 2)
  }

  @Test func followsLabelsSelectorsAndDeletions() {
    let index = ServicePods()
    let service = Self.service("web", ["app": "web"])
    index.observe(service: Self.added(service))
    let old = Self.pod("a", ["app": "web"])
    let new = Self.pod("a", ["app": "db"])
    let key = ObjectKey(of: service)
    #expect(index.observe(pod: Self.added(old)) == [key])
    let moved = index.observe(pod: WatchEvent(.modified, ObjectKey(of: old), old: old, object: new))
    #expect(moved == [key])
    #expect(index.pods(of: key).isEmpty)
    let changed = Self.service("web", ["app": "db"])
    index.observe(service: WatchEvent(.modified, key, old: service, object: changed))
    #expect(index.pods(of: key).map(\.name.string) == ["a"])
    #expect(index.observe(pod: WatchEvent(.deleted, ObjectKey(of: new), old: new, object: new)) == [key])
    #expect(index.pods(of: key).isEmpty)
  }
}
