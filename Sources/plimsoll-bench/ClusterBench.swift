import API
import APIMachinery
import APIServer
import Basics
import Cluster
import Foundation
import Store

/// `cluster NODES DEPLOYMENTS REPLICAS`: places and starts all pods on an empty cluster, then runs a pass with
/// nothing to do.
func benchCluster(_ arguments: [String]) {
  let numbers = arguments.compactMap { Int($0) }
  let (nodes, deployments, replicas) =
    numbers.count == 3 ? (numbers[0], numbers[1], numbers[2]) : (400, 200, 100)
  let clock = VirtualClock(Instant(seconds: 1_800_000_000))
  let server = APIServer(store: ObjectStore(), scheme: .builtin, clock: clock, seed: 1, resourceVersion: 1)
  func pass(_ what: String, _ change: () throws -> Void) rethrows {
    let cluster = Cluster(server: server)
    var mark = Date()
    func lap(_ part: String) {
      print("\(what) \(part): \(Int(Date().timeIntervalSince(mark) * 1000)) ms")
      mark = Date()
    }
    cluster.sync()
    lap("sync")
    _ = cluster.run(until: clock.now)
    try change()
    lap("change")
    let end = cluster.run(until: clock.now + .seconds(60))
    lap("run (\(cluster.loop.steps) steps, \(end.isStable ? "stable" : "unstable"))")
  }
  do {
    try Bootstrap.run(server)
    try pass("first") {
      for i in 0..<nodes {
        try server.create([
          "apiVersion": "v1", "kind": "Node",
          "metadata": [
            "name": .string("node-\(i)"), "labels": ["topology.kubernetes.io/zone": .string("z\(i % 3)")],
          ],
        ])
      }
      for i in 0..<deployments {
        let labels: Value = ["app": .string("app-\(i)")]
        try server.create([
          "apiVersion": "apps/v1", "kind": "Deployment",
          "metadata": ["name": .string("app-\(i)"), "namespace": "default"],
          "spec": [
            "replicas": .int(replicas), "selector": ["matchLabels": labels],
            "template": [
              "metadata": ["labels": labels],
              "spec": [
                "containers": [
                  [
                    "name": "c", "image": "nginx:1.25",
                    "resources": ["requests": ["cpu": "50m", "memory": "64Mi"]],
                  ]
                ]
              ],
            ],
          ],
        ])
      }
    }
    let running = server.list(.pod, namespace: nil).filter { $0.status[.phase].string == "Running" }.count
    print("running pods: \(running)")
    pass("second") {}
  } catch { print("refused: \(error)") }
}
