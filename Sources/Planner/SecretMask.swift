import APIMachinery

/// Keeps secret values out of everything that is printed or saved.
public enum SecretMask {
  /// Whether a field of this kind holds secret values: the data of Secrets, and the copy in kubectl's annotation.
  static func isSensitive(_ kind: String, _ path: String) -> Bool {
    if path.contains("kubectl.kubernetes.io/last-applied-configuration") { return true }
    return kind == "Secret" && (path.hasPrefix("data") || path.hasPrefix("stringData"))
  }

  /// The object for printing: each value of `data` and `stringData` is `***`, kubectl's annotation is gone.
  public static func masked(_ object: Value) -> Value {
    var out = object
    if out.annotation(.kubectlKubernetesIoLastAppliedConfiguration) != nil {
      out.setAnnotation(.kubectlKubernetesIoLastAppliedConfiguration, nil)
    }
    guard object.kindName == "Secret" else { return out }
    for map in [Key.data, .stringData] where out.has(map) {
      out[map] = .object(out[map].fields.map { Field($0.key, "***") })
    }
    return out
  }
}
