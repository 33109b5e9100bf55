public import APIMachinery

/// What the server makes of a new pod (`pkg/registry/core/pod/strategy.go`).
public enum PodPreparation {
  static func create(_ pod: inout Value) {
    let name = pod[.spec][.serviceAccountName].string ?? ""
    if !name.isEmpty, pod[.spec][.serviceAccount].string != name {
      pod[.spec][.serviceAccount] = .string(name)
    }
    if pod[.spec][.terminationGracePeriodSeconds].int ?? 0 < 0 {
      pod[.spec][.terminationGracePeriodSeconds] = 1
    }
    appArmor(&pod)
    spreadSelectors(&pod)
    let given = pod[.status][.qosClass].string ?? ""
    var status: Value = [
      "phase": "Pending", "qosClass": .string(given.isEmpty ? PodQOS.qosClass(pod) : given),
    ]
    if !pod[.spec][.schedulingGates].isEmpty {
      status[.conditions] = [gatedCondition(pod)]
    }
    pod[.status] = status
  }

  /// `applySchedulingGatedCondition`.
  private static func gatedCondition(_ pod: Value) -> Value {
    [
      "type": "PodScheduled", "status": "False", "reason": "SchedulingGated", "lastProbeTime": .null,
      "message": "Scheduling is blocked due to non-empty scheduling gates",
      "lastTransitionTime": pod[.metadata][.creationTimestamp],
    ]
  }

  /// A pod that comes from elsewhere, with what every server would have written about its scheduling gates.
  public static func imported(_ pod: Value) -> Value {
    guard !pod.spec[.schedulingGates].isEmpty, pod.condition("PodScheduled") == nil else { return pod }
    var pod = pod
    pod[.status][.conditions] = .array(Array(pod.status[.conditions].items) + [gatedCondition(pod)])
    return pod
  }

  private static let appArmorProfile = Key.appArmorProfile

  /// Profiles that stand in annotations get into the fields (`applyAppArmorVersionSkew`).
  private static func appArmor(_ pod: inout Value) {
    let prefix = "container.apparmor.security.beta.kubernetes.io/"
    let annotations = pod.annotations
    guard annotations.fields.contains(where: { $0.key.string.hasPrefix(prefix) }) else { return }
    for list in [Key.containers, .initContainers] {
      PodDefaults.map(&pod[.spec], list) { container in
        guard !container[.securityContext].has(appArmorProfile),
          let text = annotations[Key(prefix + (container[.name].string ?? ""))].string
        else { return }
        let profile: Value? =
          switch text {
          case "runtime/default": ["type": "RuntimeDefault"]
          case "unconfined": ["type": "Unconfined"]
          default:
            text.hasPrefix("localhost/")
              ? ["type": "Localhost", "localhostProfile": .string(String(text.dropFirst(10)))] : nil
          }
        if let profile { container[.securityContext][appArmorProfile] = profile }
      }
    }
  }

  /// `matchLabelKeys` of affinity terms and spread constraints become requirements of their selectors.
  private static func spreadSelectors(_ pod: inout Value) {
    let labels = pod[.metadata][.labels]
    if !pod[.spec][.topologySpreadConstraints].isEmpty {
      PodDefaults.map(&pod[.spec], .topologySpreadConstraints) { merge(&$0, .matchLabelKeys, "In", labels) }
    }
    for part in [Key.podAffinity, .podAntiAffinity] where pod[.spec][.affinity].has(part) {
      PodDefaults.map(
        &pod[.spec][.affinity][part], .requiredDuringSchedulingIgnoredDuringExecution
      ) { term in
        merge(&term, .matchLabelKeys, "In", labels)
        merge(&term, .mismatchLabelKeys, "NotIn", labels)
      }
      PodDefaults.map(
        &pod[.spec][.affinity][part], .preferredDuringSchedulingIgnoredDuringExecution
      ) { weighted in
        let term = weighted[.podAffinityTerm]
        guard term.has(.matchLabelKeys) || term.has(.mismatchLabelKeys) else { return }
        merge(&weighted[.podAffinityTerm], .matchLabelKeys, "In", labels)
        merge(&weighted[.podAffinityTerm], .mismatchLabelKeys, "NotIn", labels)
      }
    }
  }

  private static func merge(_ term: inout Value, _ keys: Key, _ op: String, _ labels: Value) {
    guard !term[keys].isEmpty, term.has(.labelSelector) else { return }
    var all = Array(term[.labelSelector][.matchExpressions].items)
    for key in term[keys].items {
      guard let value = labels.get(key.key) else { continue }
      all.append(["key": key, "operator": .string(op), "values": .array([value])])
    }
    if !all.isEmpty { term[.labelSelector][.matchExpressions] = .array(all) }
  }
}

/// `component-helpers`' quality of service (`pkg/apis/core/v1/helper/qos.ComputePodQOS`).
public enum PodQOS {
  public static func qosClass(_ pod: Value) -> String {
    let spec = pod[.spec]
    let own = spec[.resources]
    let containers =
      own[.requests].isEmpty && own[.limits].isEmpty
      ? Array(spec[.containers].items) + Array(spec[.initContainers].items) : [["resources": own]]
    var hasAny = false
    var guaranteed = true
    for container in containers {
      for name in [Key.cpu, .memory] {
        let request = amount(container[.resources][.requests][name])
        let limit = amount(container[.resources][.limits][name])
        if request != nil || limit != nil { hasAny = true }
        if let limit {
          if let request, !(request == limit) { guaranteed = false }
        } else {
          guaranteed = false
        }
      }
    }
    if !hasAny { return "BestEffort" }
    return guaranteed ? "Guaranteed" : "Burstable"
  }

  private static func amount(_ value: Value) -> Quantity? {
    guard let quantity = Quantity(value), !quantity.isZero else { return nil }
    return quantity
  }
}
