import APIMachinery
import APIServer
import Cluster
import Testing

/// DaemonSets by the rules of `pkg/controller/daemon`.
struct DaemonSetTests {
  private func agent(_ image: String, _ strategy: String, _ more: String = "") -> String {
    """
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: {name: agent}
    spec:
      selector: {matchLabels: {app: agent}}
      updateStrategy: {type: RollingUpdate, rollingUpdate: {\(strategy)}}
      template:
        metadata: {labels: {app: agent}}
        spec:
          containers: [{name: c, image: "\(image)"}]
          \(more)
    """
  }

  @Test func surgeMakesTheNewPodFirst() throws {
    let w = try Scenario(nodes: 4)
    try w.apply(agent("app:1", "maxSurge: 1, maxUnavailable: 0"))
    #expect(w.pods("agent").count == 4)
    var most = 0
    var least = 4
    w.cluster.loop.onEvents = { _ in
      let pods = w.pods("agent").filter { !$0.isTerminating }
      most = max(most, pods.count)
      least = min(
        least, Set(pods.filter { $0.condition("Ready")?[.status] == "True" }.map { $0.spec[.nodeName] }).count
      )
    }
    try w.apply(agent("app:2", "maxSurge: 1, maxUnavailable: 0"))
    #expect(most == 5)
    #expect(least == 4)
    #expect(w.pods("agent").allSatisfy { $0.spec[.containers][0][.image] == "app:2" })
    w.finish()
  }

  /// Old pods that are not available are replaced at once, beside the surge for those that are.
  @Test func brokenPodsTakeNoRoomOfTheSurge() throws {
    let w = try Scenario(nodes: 4)
    try w.assume("pods: [{selector: {app: agent}, image: 'app:1', ready: false}]")
    try w.apply(agent("app:1", "maxSurge: 1, maxUnavailable: 0"))
    try w.assume("pods: [{selector: {app: agent}, ready: false}]")
    try w.apply(agent("app:2", "maxSurge: 1, maxUnavailable: 0"))
    // The old ones were not ready: each has made way for its successor.
    #expect(w.pods("agent").count == 4)
    #expect(w.pods("agent").allSatisfy { $0.spec[.containers][0][.image] == "app:2" })
    w.finish()
  }

  @Test func aNodeThatMayBeUsedAgainCounts() throws {
    let w = try Scenario(nodes: 2)
    try w.apply(agent("app:1", "maxUnavailable: 1"))
    try w.edit(.node, "n1") { $0[.spec][.taints] = [["key": "own", "effect": "NoSchedule"]] }
    // Its pod stays, and nobody looks.
    #expect(try w.get(.daemonSet, "agent").status[.desiredNumberScheduled] == 2)
    w.finish()
    try w.edit(.node, "n1") { $0[.spec].remove(.taints) }
    #expect(try w.get(.daemonSet, "agent").status[.desiredNumberScheduled] == 2)
    w.finish()
  }
}
