import APIMachinery
import ControllerRuntime

/// The authority that signs for the API server: of a cluster whose objects were imported the one that its config
/// maps `kube-root-ca.crt` tell of, else a simulated one.
enum ClusterAuthority {
  static let configMap: Key = "kube-root-ca.crt"
  static let certificateKey: Key = "ca.crt"
  /// The namespace whose config map counts most.
  static let home: Key = "kube-system"

  /// What stands in the config map of kube-system, else in that of this namespace or of `default`.
  static func known(_ client: any ObjectReader, near namespace: Key) -> Value? {
    let places: [Key] = [home, namespace, "default"]
    for place in places {
      if let known = certificate(in: client.get(ObjectKey(.configMap, place, configMap))) { return known }
    }
    return nil
  }

  static func certificate(in map: Value?) -> Value? {
    guard let found = map?[.data].get(certificateKey), found.text?.count ?? 0 > 0 else { return nil }
    return found
  }

  /// Nobody ever checks a signature with it.
  static let simulated: Value =
    "-----BEGIN CERTIFICATE-----\nc2ltdWxhdGVkIGNsdXN0ZXIgYXV0aG9yaXR5\n-----END CERTIFICATE-----\n"
}
