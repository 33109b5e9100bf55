public import APIMachinery

/// What a pod's `status.phase` says (`pkg/api/v1/pod/util.go`).
public enum PodPhase {
  /// All containers have ended and none will start again.
  public static func isTerminal(_ pod: Value) -> Bool {
    guard let phase = pod[.status, .phase].text else { return false }
    return phase.equals("Succeeded") || phase.equals("Failed")
  }
}
