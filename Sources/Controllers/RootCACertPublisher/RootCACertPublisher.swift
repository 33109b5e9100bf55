public import APIMachinery
public import Basics
public import ControllerRuntime

/// Keeps the config map `kube-root-ca.crt` in every active namespace
/// (`pkg/controller/certificates/rootcacertpublisher`).
public final class RootCACertPublisher: Controller {
  public let name = "root-ca-certificate-publisher-controller"
  private static let mapName: Key = "kube-root-ca.crt"
  private static let descriptionKey: Key = "kubernetes.io/description"
  private static let description =
    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as "
    + "the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of "
    + "Kubernetes clusters."
  /// There are no keys in a simulation: the text says so where a certificate would stand.
  private static let data: Value = [
    "ca.crt": """
    -----BEGIN CERTIFICATE-----
    c2ltdWxhdGVkIGNsdXN0ZXI6IG5vIGNlcnRpZmljYXRlIGF1dGhvcml0eQ==
    -----END CERTIFICATE-----

    """
  ]

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    if event.key.kind == .namespace {
      if event.type != .deleted { queue.add(event.key) }
    } else if event.key.kind == .configMap, event.type != .added, event.key.name == Self.mapName {
      queue.add(ObjectKey(.namespace, .empty, event.key.namespace))
    }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let namespace = context.client.get(key), namespace.status[.phase].string == "Active" else { return }
    guard var map = context.client.get(ObjectKey(.configMap, key.name, Self.mapName)) else {
      try context.client.create([
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": [
          "name": .string(Self.mapName), "namespace": .string(key.name),
          "annotations": [Self.descriptionKey: .string(Self.description)],
        ],
        "data": Self.data,
      ])
      return
    }
    if map[.data] == Self.data && map.annotation(Self.descriptionKey) == Self.description { return }
    map[.data] = Self.data
    map.setAnnotation(Self.descriptionKey, Self.description)
    try context.client.update(map)
  }
}
