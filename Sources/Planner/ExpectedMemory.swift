import APIMachinery
import Basics
import ManifestReader
import Store

/// How much memory a pass will take at least, told ahead (`LargePages.expect`).
enum ExpectedMemory {
  /// What a pod takes that is made, placed and started; it is more in fact.
  private static let bytesOfPod = 5 << 10
  /// So many pods are counted on at most, whatever the documents ask for.
  private static let mostPods = 1 << 20

  static func announce(_ desired: DesiredSet, _ base: ObjectStore) {
    LargePages.expect((pods(desired) - base.count(.pod)) * bytesOfPod)
  }

  /// The pods that the documents ask for in numbers.
  static func pods(_ desired: DesiredSet) -> Int {
    var pods = 0
    for entry in desired.entries where sized.contains(entry.key.kind) {
      pods += min(max(0, entry.manifest.value.spec[.replicas].int ?? 1), mostPods - pods)
    }
    return pods
  }

  private static let sized: Set<GroupKind> = [.deployment, .statefulSet, .replicaSet, .replicationController]
}
