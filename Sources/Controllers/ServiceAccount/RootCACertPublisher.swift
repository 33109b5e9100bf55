public import APIMachinery
public import Basics
public import ControllerRuntime

/// Keeps a config map `kube-root-ca.crt` in every namespace (`pkg/controller/certificates/rootcacertpublisher`).
public final class RootCACertPublisher: Controller {
  public let name = "root-ca-certificate-publisher-controller"
  public let watches: Set<GroupKind>? = [.namespace, .configMap]
  private static let configMap: Key = "kube-root-ca.crt"
  private static let description =
    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as "
    + "the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of "
    + "Kubernetes clusters."

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    switch event.key.kind {
    case .namespace where event.type == .added: queue.add(event.key)
    case .configMap where event.key.name == Self.configMap && event.type != .added:
      queue.add(ObjectKey(.namespace, .empty, event.key.namespace))
    default: break
    }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let namespace = context.client.get(key), !namespace.isTerminating,
      !namespace.status[.phase].says("Terminating")
    else { return }
    let wanted: Value = ["ca.crt": .string(Self.certificate)]
    guard var existing = context.client.get(ObjectKey(.configMap, key.name, Self.configMap)) else {
      try context.client.create([
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": [
          "name": .string(Self.configMap), "namespace": .string(key.name),
          "annotations": ["kubernetes.io/description": .string(Self.description)],
        ],
        "data": wanted,
      ])
      return
    }
    if existing[.data] == wanted && existing.annotation("kubernetes.io/description") == Self.description {
      return
    }
    existing.setAnnotation("kubernetes.io/description", Self.description)
    existing[.data] = wanted
    try context.client.update(existing)
  }

  /// The simulated cluster's authority; nobody ever checks a signature with it.
  static let certificate =
    "-----BEGIN CERTIFICATE-----\nc2ltdWxhdGVkIGNsdXN0ZXIgYXV0aG9yaXR5\n-----END CERTIFICATE-----\n"
}
