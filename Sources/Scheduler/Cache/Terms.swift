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

  /// The only namespace this can match, if there is just one.
  var onlyNamespace: Key? { namespaceSelector == nil && namespaces.count == 1 ? namespaces.first : nil }
}

/// One term with its topology.
struct PodAffinityTerm {
  var matcher: PodMatcher
  var topologyKey: Key
  var weight: Int
  /// What tells it apart: the term as written, resolved, and its namespace.
  var identity: Value

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
    identity = [
      .array(namespaces.sorted().map { .string($0) }), namespaceSelector ?? .null, selector,
      .string(topologyKey), .int(weight),
    ]
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
  var counter: SelectorCounter?

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

/// How many placed pods match something, per node; kept up to date pod by pod.
final class SelectorCounter {
  enum Matcher {
    case selector(Key, LabelSelector)
    case terms([PodMatcher])
  }
  let matcher: Matcher
  let countsTerminating: Bool
  var counts: [Int32]
  var total = 0

  init(_ matcher: Matcher, countsTerminating: Bool, slots: Int) {
    self.matcher = matcher
    self.countsTerminating = countsTerminating
    counts = [Int32](repeating: 0, count: slots)
  }

  func matches(namespace: Key, labels: Value, _ namespaceLabels: (Key) -> Value) -> Bool {
    switch matcher {
    case .selector(let wanted, let selector):
      return wanted == namespace && !selector.isEverything && selector.matches(labels: labels)
    case .terms(let terms):
      return terms.allSatisfy { $0.matches(namespace: namespace, labels: labels, namespaceLabels) }
    }
  }
}

/// A term that placed pods carry and that may concern incoming pods, with how many carry it per node.
final class CarriedTerm {
  enum Kind: Int { case requiredAffinity, requiredAnti, preferred, preferredAnti }
  let kind: Kind
  let term: PodAffinityTerm
  var counts: [Int32]
  var total = 0

  init(_ kind: Kind, _ term: PodAffinityTerm, slots: Int) {
    self.kind = kind
    self.term = term
    counts = [Int32](repeating: 0, count: slots)
  }
}

/// The values of one node label as small numbers, per slot; -1 where a node has no such label.
final class TopologyDomains {
  let key: Key
  var ids: [Int32] = []
  private var numbers: [Value.Name: Int32] = [:]
  var count: Int { numbers.count }

  init(_ key: Key) { self.key = key }

  func read(_ slot: Int, _ labels: Value) {
    while ids.count <= slot { ids.append(-1) }
    guard let value = labels.get(key) else {
      ids[slot] = -1
      return
    }
    let name = Value.Name(value: value)
    if let known = numbers[name] {
      ids[slot] = known
    } else {
      ids[slot] = Int32(numbers.count)
      numbers[name] = ids[slot]
    }
  }
}

extension Value {
  /// A value as a dictionary key.
  struct Name: Hashable {
    let value: Value
    func hash(into hasher: inout Hasher) { hasher.combine(value.hash) }
  }
}
