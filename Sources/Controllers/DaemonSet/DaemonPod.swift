import API
import APIMachinery
import ControllerRuntime

/// Where the pods of a DaemonSet may be, and what they get (`daemon/util/daemonset_util.go`).
struct DaemonPod {
  /// Whether a pod should run on a node, and whether one that is there may stay.
  struct Verdict: Equatable {
    var shouldRun: Bool
    var mayStay: Bool
  }

  private let wanted: RequiredNodes
  private let nodeName: Key
  private let tolerations: [TolerationView]

  init(_ template: Value) {
    let spec = template[.spec]
    wanted = RequiredNodes(spec)
    nodeName = spec[.nodeName].key
    tolerations = Self.withTolerations(spec)[.tolerations].items.map { TolerationView($0) }
  }

  func verdict(_ node: Value) -> Verdict {
    if !nodeName.isEmpty && nodeName != node.nameKey { return Verdict(shouldRun: false, mayStay: false) }
    guard wanted.isEverything || wanted.matches(node) else {
      return Verdict(shouldRun: false, mayStay: false)
    }
    var isTolerated = true
    for item in node.spec[.taints].items {
      let taint = TaintView(item)
      guard taint.effect == .noSchedule || taint.effect == .noExecute, !tolerations.tolerate(taint) else {
        continue
      }
      if taint.effect == .noExecute { return Verdict(shouldRun: false, mayStay: false) }
      isTolerated = false
    }
    return Verdict(shouldRun: isTolerated, mayStay: true)
  }

  private static let always: [(key: String, effect: String)] = [
    ("node.kubernetes.io/not-ready", "NoExecute"), ("node.kubernetes.io/unreachable", "NoExecute"),
    ("node.kubernetes.io/disk-pressure", "NoSchedule"), ("node.kubernetes.io/memory-pressure", "NoSchedule"),
    ("node.kubernetes.io/pid-pressure", "NoSchedule"), ("node.kubernetes.io/unschedulable", "NoSchedule"),
  ]

  /// The tolerations that every daemon pod gets; those of the template stay.
  static func withTolerations(_ spec: Value) -> Value {
    var all = Array(spec[.tolerations].items)
    let network =
      spec[.hostNetwork].bool == true
      ? [(key: "node.kubernetes.io/network-unavailable", effect: "NoSchedule")] : []
    for (key, effect) in always + network {
      let next: Value = ["key": .string(key), "operator": "Exists", "effect": .string(effect)]
      if let at = all.firstIndex(where: {
        $0[.key] == next[.key] && $0[.effect] == next[.effect] && $0[.operator] == next[.operator]
          && !$0.has(.value)
      }) {
        all[at] = next
      } else {
        all.append(next)
      }
    }
    return spec.setting(.tolerations, .array(all))
  }

  /// Makes the pods of a set; what they have in common is made once.
  struct Maker {
    private let pod: Value
    private let affinity: Value
    private let nodeAffinity: Value

    init(_ set: Value, hash: String) {
      var pod = PodControl.pod(from: set.spec[.template], owner: set)
      pod.setLabel(DaemonSetSync.hashLabel, hash)
      if let generation = set.annotation(DaemonSetSync.generationKey) {
        pod.setLabel("pod-template-generation", generation)
      }
      pod.spec = DaemonPod.withTolerations(pod.spec)
      self.pod = pod
      affinity = pod.spec[.affinity]
      nodeAffinity = affinity[.nodeAffinity]
    }

    /// The pod for one node: pinned there by its name.
    func pod(for node: Key) -> Value {
      let field: Value = .fields(
        (.key, "metadata.name"), (.operator, "In"), (.values, .array([.string(node)])))
      // The terms of the template are replaced; they were asked when the node was chosen.
      let terms: Value = .fields((.nodeSelectorTerms, [.fields((.matchFields, [field]))]))
      let pinned = affinity.setting(
        .nodeAffinity, nodeAffinity.setting(.requiredDuringSchedulingIgnoredDuringExecution, terms))
      return pod.setting(.spec, pod.spec.setting(.affinity, pinned))
    }
  }

  /// The node that a pod is on, or that it is pinned to.
  static func node(of pod: PodRecord) -> Key? {
    if !pod.node.isEmpty { return pod.node }
    let required =
      pod.object.spec[.affinity][.nodeAffinity][.requiredDuringSchedulingIgnoredDuringExecution]
    for term in required[.nodeSelectorTerms].items {
      for field in term[.matchFields].items
      where field[.key].says("metadata.name") && field[.operator].says("In") {
        return field[.values][0].key
      }
    }
    return nil
  }
}
