import API
import APIMachinery
import Basics

/// A pod as the scheduler needs it. What its spec says is in its class, which like pods share.
final class PodInfo {
  let key: ObjectKey
  let uid: String
  let podClass: PodClass
  let priority: Int
  let neverPreempts: Bool
  var terminating: Bool
  /// When it started, in seconds; nil if it has not.
  var started: Int64?
  /// The slot of its node, or -1.
  var slot = -1
  var position = 0
  var nominatedNode: Key = .empty
  /// A pod that preemption asked to go.
  var isVictim = false
  let hasGates: Bool
  // Queue
  var sequence = 0
  var attempts = 0
  var isQueued = false
  /// The plugins that rejected it last.
  var rejectors: UInt32 = 0
  var isUnschedulable = false
  var lastMessage = ""

  init(_ pod: Value, _ key: ObjectKey, _ podClass: PodClass) {
    self.key = key
    self.podClass = podClass
    uid = pod.uid
    priority = pod.spec[.priority].int ?? 0
    neverPreempts = pod.spec[.preemptionPolicy].string == "Never"
    terminating = pod.isTerminating
    started = pod.status[.startTime].string.flatMap { RFC3339.parse($0)?.seconds }
    nominatedNode = pod.status[.nominatedNodeName].key
    hasGates = !pod.spec[.schedulingGates].isEmpty
    isVictim =
      Condition.find(pod.status[.conditions], "DisruptionTarget").map {
        $0[.status].string == "True" && $0[.reason].string == "PreemptionByScheduler"
      } ?? false
  }
}
