import APIMachinery
import APIServer
import Testing

/// Hints of endpoints by the rules of `k8s.io/endpointslice/trafficdist`.
struct TrafficDistributionTests {
  private func service(_ wish: String?, mode: String? = nil) -> String {
    """
    apiVersion: v1
    kind: Service
    metadata:
      name: web
      \(mode.map { "annotations: {service.kubernetes.io/topology-mode: \($0)}" } ?? "")
    spec:
      selector: {app: web}
      ports: [{port: 80}]
      \(wish.map { "trafficDistribution: \($0)" } ?? "")
    """
  }

  private let pod = """
    apiVersion: v1
    kind: Pod
    metadata: {name: web, labels: {app: web}}
    spec:
      containers: [{name: c, image: x}]
    """

  @Test(
    arguments: [
      (nil, nil, nil), ("PreferClose", nil, ["forZones": [["name": "z1"]]]),
      ("PreferSameZone", nil, ["forZones": [["name": "z1"]]]),
      ("PreferSameNode", nil, ["forNodes": [["name": "n1"]], "forZones": [["name": "z1"]]]),
      ("PreferSameZone", "Auto", nil),
    ] as [(String?, String?, Value?)])
  func hints(wish: String?, mode: String?, expected: Value?) throws {
    let w = try Scenario(nodes: 1)
    try w.edit(.node, "n1") { $0.setLabel("topology.kubernetes.io/zone", "z1") }
    try w.apply(service(wish, mode: mode) + "\n---\n" + pod)
    let slice = try #require(
      w.server.list(.endpointSlice, namespace: "default").first { $0.name.hasPrefix("web-") })
    #expect(slice[.endpoints][0].get("hints") == expected)
    w.finish()
    try w.assume("pods: [{selector: {app: web}, ready: false}]")
    w.run(5)
    let after = try #require(
      w.server.list(.endpointSlice, namespace: "default").first { $0.name.hasPrefix("web-") })
    #expect(after[.endpoints][0].get("hints") == nil)
  }
}
