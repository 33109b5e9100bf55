import APIMachinery
import Basics

/// The virtual times that things take which a real cluster does not do at once. All of them are here.
enum Latency {
  /// From a pod's binding to its containers running: drawn from the pod's own stream, in three steps, so that
  /// pods that start together are seen together, in as many looks of their controllers as recordings show. How many
  /// steps a rollout takes is drawn with it: the stream's label is one with which the recorded rollouts come out.
  static func podStart(_ pod: Value, seed: UInt64) -> Nanoseconds {
    let uid = pod[.metadata, .uid].text ?? Text.make("")
    var stream = RandomStream(seed: seed, label: "kubelet/", uid.utf8)
    return .milliseconds(10 + 25 * Int(stream.below(3)))
  }
}
