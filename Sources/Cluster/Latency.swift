import APIMachinery
import Basics

/// The virtual times that things take which a real cluster does not do at once. All of them are here.
enum Latency {
  /// From a pod's binding to its containers running: drawn from the pod's own stream, in
  /// steps, so that pods that start together are seen together.
  static func podStart(_ pod: Value, seed: UInt64) -> Nanoseconds {
    var stream = RandomStream(seed: seed, label: "pod-start/\(pod.uid)")
    return .milliseconds(10 + 25 * Int(stream.below(4)))
  }
}
