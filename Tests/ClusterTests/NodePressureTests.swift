import APIMachinery
import Testing

/// Nodes that are assumed to run short of something.
struct NodePressureTests {
  private func pod(_ name: String, request: String? = nil, priority: Int = 0) -> String {
    let resources = request.map { ", resources: {requests: {memory: \($0)}}" } ?? ""
    return """
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: \(name), labels: {app: \(name)}}
      spec:
        containers: [{name: c, image: x\(resources)}]
      """
  }

  @Test func podsThatExceedTheirRequestsGo() throws {
    let w = try Scenario(nodes: 1)
    try w.apply(pod("modest", request: "100Mi") + "\n" + pod("greedy", request: "100Mi") + "\n" + pod("best"))
    try w.assume(
      """
      nodes: [{name: n1, pressure: [memory]}]
      pods:
      - {selector: {app: modest}, usage: {memory: 50Mi}}
      - {selector: {app: greedy}, usage: {memory: 300Mi}}
      """)
    w.run(5)
    let node = try w.get(.node, "n1")
    #expect(node.condition("MemoryPressure")?[.reason] == "KubeletHasInsufficientMemory")
    #expect(node.spec[.taints][0][.key] == "node.kubernetes.io/memory-pressure")
    #expect(w.pods("greedy")[0].status[.phase] == "Running")
    w.run(10)
    let gone = w.pods("greedy")[0]
    #expect(gone.status[.phase] == "Failed")
    #expect(gone.status[.reason] == "Evicted")
    #expect(
      gone.status[.message].string
        == "The node was low on resource: memory. Container c was using 300Mi, request is 100Mi, has larger "
        + "consumption of memory. ")
    #expect(gone.condition("DisruptionTarget")?[.reason] == "TerminationByKubelet")
    // One at a time.
    #expect(w.pods("best")[0].status[.phase] == "Running")
    w.run(10)
    #expect(w.pods("best")[0].status[.phase] == "Failed")
    w.run(60)
    #expect(w.pods("modest")[0].status[.phase] == "Running")
    w.finish()
  }

  @Test func aNodeUnderPressureRefusesBestEffort() throws {
    let w = try Scenario(nodes: 1)
    try w.assume("nodes: [{name: n1, pressure: [memory]}]")
    w.run(5)
    try w.apply(pod("best").replacingName("nodeName: n1"))
    let pod = w.pods("best")[0]
    #expect(pod.status[.reason] == "Evicted")
    #expect(pod.status[.message] == "Pod was rejected: The node had condition: [MemoryPressure]. ")
  }
}

extension String {
  /// The pod bound to its node from the start.
  fileprivate func replacingName(_ line: String) -> String { self + "\n  \(line)" }
}
