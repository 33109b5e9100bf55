import API
import APIMachinery
import Basics

/// A pod as the scheduler needs it. What its spec says is in its class, which like pods share.
final class PodInfo {
  let key: ObjectKey
  let uid: Value
  var podClass: PodClass
  var terminating: Bool
  /// `status.startTime` as it is written; null if it has not started.
  var startTime: Value
  var node: NodeInfo?
  /// Where it stands in its node's and its class's list.
  var position = 0
  var classPosition = 0
  var nominatedNode: Key = .empty
  /// A pod that preemption asked to go.
  var isVictim = false
  let hasGates: Bool
  // Queue
  var sequence = 0
  var isQueued = false
  /// The plugins that rejected it last.
  var rejectors: UInt32 = 0
  var isUnschedulable = false
  var lastMessage = ""

  var priority: Int { podClass.priority }
  /// The slot of its node, or -1.
  var slot: Int { node?.slot ?? -1 }
  /// When it started, in seconds; nil if it has not.
  var started: Int64? { startTime.string.flatMap { RFC3339.parse($0)?.seconds } }

  /// One that its controller makes in the place of `pod`.
  init(replacing pod: PodInfo) {
    key = pod.key
    uid = .null
    podClass = pod.podClass
    terminating = false
    startTime = .null
    hasGates = false
  }

  /// One that differs from `model` in nothing but its name, uid and node.
  init(like model: PodInfo, _ key: ObjectKey, uid: Value) {
    self.key = key
    self.uid = uid
    podClass = model.podClass
    terminating = model.terminating
    startTime = model.startTime
    nominatedNode = model.nominatedNode
    isVictim = model.isVictim
    hasGates = model.hasGates
  }

  init(_ pod: Value, _ key: ObjectKey, _ podClass: PodClass) {
    self.key = key
    self.podClass = podClass
    let metadata = pod[.metadata]
    uid = metadata[.uid]
    terminating = metadata.has(.deletionTimestamp)
    let status = pod[.status]
    startTime = status[.startTime]
    nominatedNode = status[.nominatedNodeName].key
    hasGates = !pod[.spec][.schedulingGates].isEmpty
    isVictim = Self.isVictim(status)
  }

  static func isVictim(_ status: Value) -> Bool {
    var isVictim = false
    for condition in status[.conditions].items where condition[.type].says("DisruptionTarget") {
      isVictim =
        condition[.status].says("True") && condition[.reason].says("PreemptionByScheduler")
    }
    return isVictim
  }
}
