import APIMachinery
import Testing

@Suite struct TreePrefetchTests {
  private static let pod: Value = [
    "kind": "Pod",
    "metadata": ["name": "a", "labels": ["app": "web", "tier": "front"]],
    "spec": ["containers": [["name": "c", "args": ["x", "y"]]], "replicas": 3],
  ]

  private static func count(_ roots: [Value], levels: Int) -> Int {
    var prefetch = TreePrefetch()
    prefetch.load(roots, levels: levels)
    return prefetch.count
  }

  @Test("Level by level: objects and the texts in them, items of lists with what holds the list")
  func levels() {
    #expect(Self.count([], levels: 4) == 0)
    #expect(Self.count([Self.pod], levels: 0) == 0)
    // The root and its kind.
    #expect(Self.count([Self.pod], levels: 1) == 2)
    // Metadata with a name, and the spec.
    #expect(Self.count([Self.pod], levels: 2) == 5)
    // Labels with two texts; a container with a name and two arguments.
    #expect(Self.count([Self.pod], levels: 3) == 12)
    #expect(Self.count([Self.pod], levels: 9) == 12)
    #expect(Self.count([Self.pod, Self.pod], levels: 3) == 24)
  }

  @Test("Templates are left out; what is no object is passed over")
  func leftOut() {
    let set: Value = ["spec": ["template": Self.pod, "minReadySeconds": 1]]
    #expect(Self.count([set], levels: 9) == 2)
    #expect(Self.count([.null, 7, true, []], levels: 4) == 0)
    #expect(Self.count(["text"], levels: 4) == 1)
  }

  @Test("A tree of more fields than a line holds, and one that is deep, are read to their ends")
  func large() {
    var wide = Value.emptyObject
    for i in 0..<100 { wide[Key("field\(i)")] = .string("text \(i)") }
    #expect(Self.count([wide], levels: 2) == 101)
    var deep: Value = [:]
    for _ in 0..<5000 { deep = ["spec": deep] }
    #expect(Self.count([deep], levels: 10_000) == 5001)
  }
}
