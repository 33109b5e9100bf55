import APIMachinery
import Basics
import Testing

@testable import Store

func object(
  _ apiVersion: String, _ kind: String, _ namespace: String?, _ name: String, node: String? = nil,
  owners: [(uid: String, controller: Bool)] = [], note: Int = 0
) -> Value {
  let references: [Value] = owners.map {
    [
      "apiVersion": "v1", "kind": "Owner", "name": "o", "uid": .string($0.uid),
      "controller": .bool($0.controller),
    ]
  }
  return .fields(
    (.apiVersion, .string(apiVersion)), (.kind, .string(kind)),
    (
      .metadata,
      .fields(
        (.name, .string(name)), (.namespace, namespace.map { .string($0) }),
        (.ownerReferences, references.isEmpty ? nil : .array(references)))
    ),
    (.spec, .fields((.nodeName, node.map { .string($0) }), (.replicas, .int(note)))))
}

func pod(_ namespace: String, _ name: String, node: String? = nil, owner: String? = nil, note: Int = 0)
  -> Value
{
  object(
    "v1", "Pod", namespace, name, node: node, owners: owner.map { [($0, true)] } ?? [], note: note)
}

@Suite struct ObjectStoreTests {
  @Test func listsAreInByteOrderOfNamespaceAndName() {
    let store = ObjectStore()
    for (namespace, name) in [("b", "z"), ("a-b", "x"), ("a", "b10"), ("a", "b2"), ("a", "B"), ("ab", "q")] {
      store.put(pod(namespace, name))
    }
    #expect(
      store.keys(.pod).map(\.description) == [
        "Pod a/B", "Pod a/b10", "Pod a/b2", "Pod a-b/x", "Pod ab/q", "Pod b/z",
      ])
    #expect(store.list(.pod).map { $0.namespace + "/" + $0.name }.first == "a/B")
    #expect(store.list(.pod, namespace: "a").map(\.name) == ["B", "b10", "b2"])
    #expect(store.count(.pod) == 6 && store.count(.pod, namespace: "a") == 3)
    #expect(store.kinds == [.pod])
    #expect(store.list(.service).isEmpty && store.list(.pod, namespace: "none").isEmpty)
  }

  @Test func anOverlayKeepsItsWritesAndTellsThem() {
    let base = ObjectStore()
    for name in ["a", "b", "c"] { base.put(pod("n", name)) }
    base.put(object("v1", "Node", nil, "n1"))
    let over = base.overlay()
    #expect(over.list(.pod).map(\.name) == ["a", "b", "c"])
    over.put(pod("n", "b", note: 1))
    over.put(pod("n", "bb"))
    over.remove(ObjectKey(.pod, namespace: "n", name: "a"))
    over.put(pod("m", "x"))
    over.remove(ObjectKey(.pod, namespace: "m", name: "x"))
    over.put(pod("n", "c"))
    over.remove(ObjectKey(.node, name: "n1"))
    #expect(over.list(.pod).map(\.name) == ["b", "bb", "c"])
    #expect(base.list(.pod).map(\.name) == ["a", "b", "c"])
    #expect(over.kinds == [.pod] && base.kinds == [.node, .pod])
    #expect(over.namespaces(of: .pod) == ["n"])
    #expect(
      over.changes.map { "\($0.key) \($0.old != nil) \($0.new != nil)" } == [
        "Node n1 true false", "Pod n/a true false", "Pod n/b true true", "Pod n/bb false true",
      ])
    over.put(pod("n", "b"))
    over.put(pod("n", "a"))
    #expect(over.changedKeys.map(\.description) == ["Node n1", "Pod n/bb"])
    let third = over.overlay()
    third.remove(ObjectKey(.pod, namespace: "n", name: "bb"))
    #expect(third.changedKeys.map(\.description) == ["Pod n/bb"])
    #expect(third.list(.pod).count == 3 && over.list(.pod).count == 4)
    #expect(third.get(ObjectKey(.pod, namespace: "n", name: "bb")) == nil)
  }

  @Test func indexesFollowOwnersAndNodes() {
    let base = ObjectStore()
    base.put(pod("n", "a", node: "n1", owner: "u1"))
    base.put(pod("n", "b", node: "n1", owner: "u1"))
    base.put(
      object("v1", "ConfigMap", "n", "shared", owners: [("u1", false), ("u2", true)]))
    #expect(base.owned(by: "u1").map(\.description) == ["ConfigMap n/shared", "Pod n/a", "Pod n/b"])
    let over = base.overlay()
    over.put(pod("n", "a", node: "n2", owner: "u2"))
    #expect(over.owned(by: "u1").map(\.description) == ["ConfigMap n/shared", "Pod n/b"])
    #expect(over.owned(by: "u2").map(\.description) == ["ConfigMap n/shared", "Pod n/a"])
    #expect(over.controlled(by: "u1").map(\.name) == ["b"])
    #expect(over.pods(onNode: "n1").map(\.name) == ["b"])
    over.remove(ObjectKey(.pod, namespace: "n", name: "b"))
    over.put(pod("n", "c", node: "n1"))
    #expect(over.pods(onNode: "n1").map(\.name) == ["c"])
    #expect(base.pods(onNode: "n1").map(\.name) == ["a", "b"])
    #expect(base.pods(onNode: "n2").isEmpty && base.owned(by: "none").isEmpty)
  }

  /// A long random history against a plain dictionary.
  @Test(arguments: [1, 2, 3, 4] as [UInt64]) func agreesWithAModel(seed: UInt64) {
    var random = RandomStream(seed: seed)
    var store = ObjectStore()
    var model: [ObjectKey: Value] = [:]
    var bases: [ObjectStore] = []
    var baseModel: [ObjectKey: Value] = [:]
    for step in 0..<3000 {
      if step == 1000 || step == 2000 {
        bases.append(store)
        baseModel = model
        store = store.overlay()
      }
      let namespace = "n\(random.below(3))"
      let value = pod(
        namespace, "p\(random.below(40))", node: random.below(3) == 0 ? nil : "node\(random.below(4))",
        owner: "u\(random.below(5))", note: Int(random.below(3)))
      let key = ObjectKey(of: value)
      if random.below(3) == 0 {
        #expect(store.remove(key) == model.removeValue(forKey: key))
      } else {
        store.put(key, value)
        model[key] = value
      }
      if random.below(10) == 0 { compare(store, model, namespace: Key(namespace)) }
    }
    let changes = store.changes
    let keys = Set(model.keys).union(baseModel.keys).filter { model[$0] != baseModel[$0] }.sorted()
    #expect(changes.map(\.key) == keys)
    #expect(changes.allSatisfy { $0.old == baseModel[$0.key] && $0.new == model[$0.key] })
  }

  private func compare(_ store: ObjectStore, _ model: [ObjectKey: Value], namespace: Key) {
    let keys = model.keys.sorted()
    #expect(store.keys(.pod) == keys)
    #expect(store.list(.pod) == keys.compactMap { model[$0] })
    #expect(store.count(.pod) == keys.count)
    #expect(
      store.list(.pod, namespace: namespace)
        == keys.filter { $0.namespace == namespace }.compactMap { model[$0] })
    for node: Key in ["node0", "node3"] {
      #expect(store.podKeys(onNode: node) == keys.filter { model[$0]?[.spec][.nodeName].key == node })
    }
    for uid: Key in ["u0", "u4"] {
      #expect(store.owned(by: uid) == keys.filter { model[$0]?.controllerReference?[.uid].key == uid })
    }
  }
}
