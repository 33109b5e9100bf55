/// Where the token of a pod's service account is found (`plugin/pkg/admission/serviceaccount`).
public enum ServiceAccountToken {
  public static let mountPath = "/var/run/secrets/kubernetes.io/serviceaccount"
  /// With what the names of the volumes begin that admission adds.
  public static let volumePrefix = "kube-api-access-"
}
