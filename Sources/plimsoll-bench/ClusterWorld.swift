import Foundation

/// Manifests of a large cluster: nodes in three zones and ten pools; Deployments, StatefulSets and DaemonSets with
/// Services in namespaces of 75 workloads. One file for a namespace, one for the nodes.
struct ClusterWorld {
  let nodes: Int
  let pods: Int
  let workloads: Int
  /// Of every Deployment; the first ones have one more until `pods` is reached.
  private(set) var deployments = 0
  private(set) var statefulSets = 0
  private(set) var daemonSets = 0
  static let replicasOfSets = 10

  init(nodes: Int, pods: Int, workloads: Int) {
    self.nodes = nodes
    self.pods = pods
    self.workloads = workloads
    daemonSets = max(1, workloads / 1000)
    statefulSets = workloads / 10
    deployments = max(1, workloads - statefulSets - daemonSets)
  }

  /// Deployments only.
  init(nodes: Int, deployments: Int, replicas: Int) {
    self.nodes = nodes
    pods = deployments * replicas
    workloads = deployments
    self.deployments = deployments
  }

  private var poolNodes: Int { nodes / 10 }

  private func replicas(_ i: Int) -> Int {
    let left = max(deployments, pods - daemonSets * poolNodes - statefulSets * Self.replicasOfSets)
    return left / deployments + (i < left % deployments ? 1 : 0)
  }

  func write(to folder: String) throws {
    let files = FileManager.default
    try? files.removeItem(atPath: folder)
    try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    func put(_ name: String, _ text: String) throws {
      try text.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
    }
    try put("nodes.yaml", (0..<nodes).map(node).joined(separator: "---\n"))
    let perNamespace = 75
    for first in stride(from: 0, to: workloads, by: perNamespace) {
      let namespace = "team-\(first / perNamespace)"
      var documents = ["apiVersion: v1\nkind: Namespace\nmetadata: {name: \(namespace)}\n"]
      for i in first..<min(first + perNamespace, workloads) { documents += workload(i, namespace) }
      try put("\(namespace).yaml", documents.joined(separator: "---\n"))
    }
  }

  private func node(_ i: Int) -> String {
    """
    apiVersion: v1
    kind: Node
    metadata:
      name: node-\(i)
      labels: {topology.kubernetes.io/zone: zone-\(i % 3), pool: pool-\(i % 10)}
    spec: {podCIDR: 11.\(i / 256).\(i % 256).0/24, podCIDRs: [11.\(i / 256).\(i % 256).0/24]}
    status:
      capacity: {cpu: "16", memory: 64Gi, pods: "110"}
      allocatable: {cpu: "15500m", memory: 60Gi, pods: "110"}

    """
  }

  private func workload(_ i: Int, _ namespace: String) -> [String] {
    let name = "app-\(i)"
    if i < deployments {
      return [
        head("Deployment", name, namespace) + "  replicas: \(replicas(i))\n"
          + template(i, name, probe: i % 2 == 0),
        service(name, namespace, headless: false),
      ]
    }
    if i < deployments + statefulSets {
      let policy = i % 2 == 0 ? "Parallel" : "OrderedReady"
      return [
        head("StatefulSet", name, namespace)
          + "  serviceName: \(name)\n  podManagementPolicy: \(policy)\n  replicas: \(Self.replicasOfSets)\n"
          + template(i, name, probe: false),
        service(name, namespace, headless: true),
      ]
    }
    return [
      head("DaemonSet", name, namespace) + template(i, name, probe: false)
        + "      nodeSelector: {pool: pool-\(i % 10)}\n"
    ]
  }

  private func head(_ kind: String, _ name: String, _ namespace: String) -> String {
    "apiVersion: apps/v1\nkind: \(kind)\n"
      + "metadata: {name: \(name), namespace: \(namespace), labels: {app: \(name)}}\n"
      + "spec:\n  selector: {matchLabels: {app: \(name)}}\n"
  }

  private func template(_ i: Int, _ name: String, probe: Bool) -> String {
    let readiness = "\n        readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 10}"
    let requests = "{cpu: \(50 * (1 + i % 5))m, memory: \(64 * (1 + i % 8))Mi}"
    return """
        template:
          metadata:
            labels: {app: \(name), tier: tier-\(i % 4)}
            annotations: {prometheus.io/scrape: "true"}
          spec:
            containers:
            - name: main
              image: registry.example/\(name):1.\(i % 9).0
              args: ["--port=8080", "--log-format=json"]
              ports: [{name: http, containerPort: 8080}]
              env:
              - {name: MODE, value: production}
              - name: NODE
                valueFrom: {fieldRef: {fieldPath: spec.nodeName}}
              resources: {requests: \(requests), limits: {memory: 1Gi}}\(probe ? readiness : "")

      """
  }

  private func service(_ name: String, _ namespace: String, headless: Bool) -> String {
    "apiVersion: v1\nkind: Service\nmetadata: {name: \(name), namespace: \(namespace)}\nspec:\n"
      + (headless ? "  clusterIP: None\n" : "")
      + "  selector: {app: \(name)}\n  ports: [{name: http, port: 80, targetPort: http}]\n"
  }
}
