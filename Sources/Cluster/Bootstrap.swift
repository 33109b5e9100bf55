public import APIMachinery
public import APIServer
import Basics

/// The objects that a control plane makes for itself when it starts on an empty store
/// (`controlplane/controller/systemnamespaces`, `kubernetesservice`, `scheduling/rest`).
public enum Bootstrap {
  /// The address of the API server behind the service `kubernetes`.
  static let apiServerAddress: Value = "172.18.0.2"

  /// Creates what is missing; does nothing on a state that has it.
  public static func run(_ server: APIServer) throws(APIError) {
    if server.get(ObjectKey(.namespace, name: "kube-system")) != nil { return }
    for object in objects() {
      do {
        try server.create(object)
      } catch  where error.reason == .alreadyExists {
        continue
      }
    }
  }

  static func objects() -> [Value] {
    ["kube-system", "kube-public", "default", "kube-node-lease"].map { namespace($0) }
      + [
        priorityClass(
          "system-node-critical", 2_000_001_000,
          "Used for system critical pods that must not be moved from their current node."),
        priorityClass(
          "system-cluster-critical", 2_000_000_000,
          "Used for system critical pods that must run in the cluster, but can be moved to another node if "
            + "necessary."),
        service, endpoints, endpointSlice,
      ]
  }

  private static func namespace(_ name: String) -> Value {
    ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]]
  }

  private static func priorityClass(_ name: String, _ value: Int, _ description: String) -> Value {
    [
      "apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": ["name": .string(name)],
      "value": .int(value), "description": .string(description), "preemptionPolicy": "PreemptLowerPriority",
    ]
  }

  private static let service: Value = [
    "apiVersion": "v1", "kind": "Service",
    "metadata": [
      "name": "kubernetes", "namespace": "default",
      "labels": ["component": "apiserver", "provider": "kubernetes"],
    ],
    "spec": [
      "clusterIP": "10.96.0.1", "clusterIPs": ["10.96.0.1"], "ipFamilies": ["IPv4"],
      "ipFamilyPolicy": "SingleStack", "internalTrafficPolicy": "Cluster", "sessionAffinity": "None",
      "type": "ClusterIP",
      "ports": [["name": "https", "port": 443, "protocol": "TCP", "targetPort": 6443]],
    ],
  ]

  private static let endpoints: Value = [
    "apiVersion": "v1", "kind": "Endpoints",
    "metadata": [
      "name": "kubernetes", "namespace": "default",
      "labels": ["endpointslice.kubernetes.io/skip-mirror": "true"],
    ],
    "subsets": [
      [
        "addresses": [["ip": apiServerAddress]],
        "ports": [["name": "https", "port": 6443, "protocol": "TCP"]],
      ]
    ],
  ]

  private static let endpointSlice: Value = [
    "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
    "metadata": [
      "name": "kubernetes", "namespace": "default",
      "labels": ["kubernetes.io/service-name": "kubernetes"],
    ],
    "endpoints": [["addresses": [apiServerAddress], "conditions": ["ready": true]]],
    "ports": [["name": "https", "port": 6443, "protocol": "TCP"]],
  ]
}
