public import APIMachinery
public import Basics
public import ControllerRuntime

/// Keeps a config map `kube-root-ca.crt` in every namespace (`pkg/controller/certificates/rootcacertpublisher`).
///
/// The authority of a cluster whose objects were imported is the one that they tell of, in kube-system first:
/// what is read there is only followed where it is changed in a pass.
public final class RootCACertPublisher: Controller {
  public let name = "root-ca-certificate-publisher-controller"
  public let watches: Set<GroupKind>? = [.namespace, .configMap]
  private static let configMap = ClusterAuthority.configMap
  private static let description =
    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as "
    + "the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of "
    + "Kubernetes clusters."

  /// What kube-system's map said before it was changed or taken away in this pass.
  private var authority: Value?

  public init() {}

  public func observe(_ event: WatchEvent, _ queue: WorkQueue, now: Instant) {
    switch event.key.kind {
    case .namespace where event.type == .added: queue.add(event.key)
    case .configMap where event.key.name == Self.configMap && event.type != .added:
      if event.key.namespace == ClusterAuthority.home && authority == nil {
        authority = ClusterAuthority.certificate(in: event.type == .deleted ? event.object : event.old)
      }
      queue.add(ObjectKey(.namespace, .empty, event.key.namespace))
    default: break
    }
  }

  public func reconcile(_ key: ObjectKey, _ context: Context, _ queue: WorkQueue) throws(APIError) {
    guard let namespace = context.client.get(key), !namespace.isTerminating,
      !namespace.status[.phase].says("Terminating")
    else { return }
    let stored = context.client.get(ObjectKey(.configMap, key.name, Self.configMap))
    let certificate =
      authority ?? ClusterAuthority.known(context.client, near: key.name) ?? ClusterAuthority.simulated
    let wanted = Value.fields((ClusterAuthority.certificateKey, certificate))
    guard var existing = stored else {
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
}
