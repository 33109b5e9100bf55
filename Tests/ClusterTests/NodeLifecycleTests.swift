import APIMachinery
import APIServer
import Testing

@testable import Controllers

/// How fast nodes that are lost lose their pods, by the rules of `pkg/controller/nodelifecycle`.
struct NodeLifecycleTests {
  @Test(
    arguments: [
      (3, 0, 10), (3, 1, 10), (3, 2, 10), (2, 3, nil), (3, 3, 10), (1, 2, 10), (0, 3, 10), (22, 28, nil),
      (22, 29, 100), (40, 40, 10), (36, 44, 100),
    ] as [(Int, Int, Int?)])
  func pauses(ready: Int, unready: Int, seconds: Int?) {
    #expect(ZoneStates.pause(ready: ready, unready: unready) == seconds)
  }

  private func silence(_ nodes: [String], of count: Int, seconds: Int) throws -> Scenario {
    let w = try Scenario(nodes: count)
    try w.assume(
      "nodes: [" + nodes.map { "{name: \($0), ready: false}" }.joined(separator: ", ") + "]")
    w.run(seconds)
    return w
  }

  private func tainted(_ w: Scenario) -> [String] {
    w.server.list(.node, namespace: nil).filter { node in
      node.spec[.taints].items.contains { $0[.effect] == "NoExecute" }
    }.map(\.name)
  }

  @Test func oneNodeAfterTheOther() throws {
    let w = try silence(["n1", "n2"], of: 5, seconds: 5)
    #expect(tainted(w) == ["n1"])
    #expect(w.server.list(.node, namespace: nil).count { !$0.spec[.taints].isEmpty } == 2)
    w.finish()
    w.run(6)
    #expect(tainted(w) == ["n1", "n2"])
    w.finish()
  }

  @Test func nobodyIsEvictedWhereMostOfAZoneIsLost() throws {
    let w = try silence(["n1", "n2", "n3"], of: 5, seconds: 120)
    #expect(tainted(w).isEmpty)
    w.finish()
  }

  @Test func nobodyIsEvictedWhenAllNodesAreLost() throws {
    let w = try silence(["n1"], of: 2, seconds: 20)
    #expect(tainted(w) == ["n1"])
    try w.assume("nodes: [{name: n1, ready: false}, {name: n2, ready: false}]")
    w.run(20)
    #expect(tainted(w).isEmpty)
    try w.assume("nodes: [{name: n1, ready: false}]")
    w.run(20)
    #expect(tainted(w) == ["n1"])
    w.finish()
  }
}
