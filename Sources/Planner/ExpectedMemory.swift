import APIMachinery
import Basics
import ManifestReader
import Store

/// How much memory a pass will take at least, told ahead (`LargePages.expect`).
enum ExpectedMemory {
  /// What a pod takes that is made, placed and started; it is more in fact.
  private static let bytesOfPod = 5 << 10
  /// So many pods and sets on each node are counted on at most, whatever the documents ask for.
  private static let mostPods = 1 << 20
  private static let mostSets = 64

  static func announce(_ desired: DesiredSet, _ base: ObjectStore) {
    LargePages.expect((pods(desired, base) - base.count(.pod)) * bytesOfPod)
  }

  /// The pods that the documents ask for.
  private static func pods(_ desired: DesiredSet, _ base: ObjectStore) -> Int {
    var nodes = base.count(.node)
    var sets = 0
    var pods = 0
    for entry in desired.entries {
      switch entry.key.kind {
      case .node: nodes += 1
      case .daemonSet: sets += 1
      case .deployment, .statefulSet, .replicaSet:
        pods += min(max(0, entry.manifest.value.spec[.replicas].int ?? 1), mostPods - pods)
      default: break
      }
    }
    return min(mostPods, pods + min(sets, mostSets) * nodes)
  }
}
