import API
import APIMachinery

/// Which pods a term of pod (anti-)affinity is about: namespaces and labels (`framework.AffinityTerm.Matches`).
struct PodMatcher {
  var namespaces: Set<Key>
  /// nil when absent.
  var namespaceSelector: LabelSelector?
  var selector: LabelSelector

  func matches(namespace: Key, labels: Value, _ namespaceLabels: (Key) -> Value) -> Bool {
    if !namespaces.contains(namespace) {
      guard let namespaceSelector, namespaceSelector.matches(labels: namespaceLabels(namespace)) else {
        return false
      }
    }
    return selector.matches(labels: labels)
  }
}

/// One term with its topology.
struct PodAffinityTerm {
  var matcher: PodMatcher
  var topologyKey: Key
  var weight: Int
  /// What tells it apart: the term as written, resolved, and its namespace.
  var identity: Value
  /// What tells apart whom it matches: namespaces and selectors, without topology and weight.
  var matcherIdentity: Value

  init(_ term: Value, weight: Int, pod: Value) {
    var namespaces = Set(term[.namespaces].items.map(\.key))
    let namespaceSelector = term.get(.namespaceSelector).flatMap { $0.isObject ? $0 : nil }
    if namespaces.isEmpty && namespaceSelector == nil { namespaces = [pod.namespaceKey] }
    var selector = term[.labelSelector]
    selector = Self.merged(selector, term[.matchLabelKeys], "In", pod.labels)
    selector = Self.merged(selector, term[.mismatchLabelKeys], "NotIn", pod.labels)
    matcher = PodMatcher(
      namespaces: namespaces, namespaceSelector: namespaceSelector.map { LabelSelector($0) },
      selector: LabelSelector(selector))
    topologyKey = term[.topologyKey].key
    self.weight = weight
    matcherIdentity = [
      .array(namespaces.sorted().map { .string($0) }), namespaceSelector ?? .null, selector,
    ]
    identity = [matcherIdentity, .string(topologyKey), .int(weight)]
  }

  /// Adds the pod's own values of some label keys to a selector (`matchLabelKeys`, KEP-3633).
  static func merged(_ selector: Value, _ keys: Value, _ op: String, _ labels: Value) -> Value {
    guard selector.isObject else { return selector }
    var selector = selector
    for key in keys.items {
      guard let value = labels.get(key.key) else { continue }
      let expression: Value = ["key": key, "operator": .string(op), "values": [value]]
      if !selector[.matchExpressions].items.contains(expression) {
        var all = selector[.matchExpressions]
        all.append(expression)
        selector[.matchExpressions] = all
      }
    }
    return selector
  }
}

/// The pod (anti-)affinity of a pod.
struct PodAffinityTerms {
  var required: [PodAffinityTerm] = []
  var requiredAnti: [PodAffinityTerm] = []
  var preferred: [PodAffinityTerm] = []
  var preferredAnti: [PodAffinityTerm] = []
  /// Whether there is any affinity or anti-affinity at all, even an empty one.
  var any = false

  init(_ pod: Value) {
    let affinity = pod.spec[.affinity]
    guard affinity.isObject else { return }
    func required(_ from: Value) -> [PodAffinityTerm] {
      from[.requiredDuringSchedulingIgnoredDuringExecution].items.map {
        PodAffinityTerm($0, weight: 1, pod: pod)
      }
    }
    func preferred(_ from: Value) -> [PodAffinityTerm] {
      from[.preferredDuringSchedulingIgnoredDuringExecution].items.map {
        PodAffinityTerm($0[.podAffinityTerm], weight: $0[.weight].int ?? 0, pod: pod)
      }
    }
    self.required = required(affinity[.podAffinity])
    self.preferred = preferred(affinity[.podAffinity])
    requiredAnti = required(affinity[.podAntiAffinity])
    preferredAnti = preferred(affinity[.podAntiAffinity])
    any = affinity[.podAffinity].isObject || affinity[.podAntiAffinity].isObject
  }
}

/// A constraint on how pods spread over the values of a node label.
struct SpreadConstraint {
  var maxSkew: Int
  var topologyKey: Key
  var selector: LabelSelector
  var selectorIdentity: Value
  var minDomains: Int
  var honorsAffinity: Bool
  var honorsTaints: Bool

  init(_ constraint: Value, _ pod: Value) {
    maxSkew = constraint[.maxSkew].int ?? 1
    topologyKey = constraint[.topologyKey].key
    let merged = PodAffinityTerm.merged(
      constraint[.labelSelector], constraint[.matchLabelKeys], "In", pod.labels)
    selector = LabelSelector(merged)
    selectorIdentity = merged
    minDomains = constraint[.minDomains].int ?? 1
    honorsAffinity = (constraint[.nodeAffinityPolicy].string ?? "Honor") == "Honor"
    honorsTaints = (constraint[.nodeTaintsPolicy].string ?? "Ignore") == "Honor"
  }

  /// A constraint of the scheduler's defaults.
  init(_ key: Key, maxSkew: Int, _ selector: LabelSelector, _ identity: Value) {
    self.maxSkew = maxSkew
    topologyKey = key
    self.selector = selector
    selectorIdentity = identity
    minDomains = 1
    honorsAffinity = true
    honorsTaints = false
  }
}
